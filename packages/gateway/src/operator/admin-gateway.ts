/** What the admin API works on: the running gateway, seen from its operator's side. */
import type { Directory } from 'tollgate/directory'
import type { Clock, Counters, MoneyEngine } from 'tollgate/engine'
import type { Journal } from 'tollgate/journal'
import type { GatewayConfig } from '../config/gateway-config.ts'
import type { ConfigProblem } from '../config/read/config-problem.ts'
import type { AlertEvent } from '../platform/alerts.ts'
import type { Order } from './order.ts'

export type ReloadOutcome = { readonly ok: true } | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** What operators ask about money and what happened. What they change of it is an order; accounts, keys and switches are the directory's. */
export interface AdminStore extends Pick<MoneyEngine, 'call' | 'calls' | 'lease' | 'leases' | 'ledger' | 'balance'>, Pick<Counters, 'peek'>, Pick<Journal, 'request' | 'requests'> {}

export interface AdminGateway {
  /** The configuration that holds now. */
  config(): GatewayConfig
  readonly directory: Directory
  readonly store: AdminStore
  readonly order: Order
  /** The highest instant that the store has seen; 0 when new. */
  storeHighWaterMs(): number
  readonly clock: Clock
  /** How far its time is ahead of the machine's. */
  aheadMs(): number
  readonly randomBytes: (count: number) => Uint8Array
  readonly sha256Hex: (text: string) => string
  reload(): Promise<ReloadOutcome>
  /** Begins the end: what is in flight is answered, this request too. */
  stop(): void
  /** Its process: that of the supervisor, where it has several. */
  readonly pid: number
  /** Undefined where the store has no file. */
  readonly backup: ((file: string) => Promise<void>) | undefined
  /** What is damaged in the store's file. Undefined where it has none. */
  readonly damage: (() => Promise<readonly string[]>) | undefined
  /** The newest last. */
  alerts(): Promise<readonly AlertEvent[]>
  readonly version: string
  readonly startedAtMs: number
  /** Where callers reach the gateway. */
  readonly url: string
}
