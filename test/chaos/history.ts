/** What callers and service saw of the program, written down by themselves; and what its file says in the end. */
import type { BalanceStatement, CallRecord, Lease, LedgerRow } from 'tollgate/engine'
import type { Counted, Outage } from './counts.ts'
import type { KindName } from './shop.ts'

/** One thing that a caller wants, however often it has to ask. */
export interface Order {
  /** `said-17`: begins with its kind, and stands in each of its requests. */
  readonly id: string
  readonly kind: KindName
  readonly account: string
  readonly key: string | undefined
  readonly path: string
  readonly body: { readonly [field: string]: unknown } | undefined
  readonly attempts: Attempt[]
}

/** A request that must be refused with one of these codes. */
export interface Probe {
  readonly about: string
  readonly codes: readonly string[]
  readonly attempt: Attempt
}

export interface Attempt {
  readonly startMs: number
  readonly endMs: number
  readonly reply: Reply
}

/** `gateway`: which of several was asked. */
export type Reply =
  | { readonly kind: 'answer'; readonly status: number; readonly type: string; readonly body: string; readonly callId: string; readonly replayed: boolean; readonly gateway?: string }
  /** No whole answer. `aborted`: the caller itself went away. */
  | { readonly kind: 'broken'; readonly aborted: boolean; readonly gateway?: string }

/** A success that came to its end: a stream of events says so itself. */
export function isWhole(reply: Reply): reply is Extract<Reply, { kind: 'answer' }> {
  return reply.kind === 'answer' && reply.status < 300 && (!reply.type.startsWith('text/event-stream') || reply.body.endsWith('data: [DONE]\n\n'))
}

/** A request that came to the service, and what the service made of it. */
export interface Run {
  readonly seq: number
  readonly atMs: number
  readonly order: string
  readonly kind: KindName
  readonly account: string
  readonly callId: string
  readonly callUrl: string | undefined
  readonly key: string | undefined
  /** Of its answer, once it has begun to send one. */
  status?: number
  whole?: boolean
  /** What the service says of the price in its head, or of what was used. */
  saidUnits?: number
  tokens?: number
  events?: number
  readonly acts: Act[]
}

/** What the service did with the address of a call. `status` undefined: nobody knows whether it was heard. */
export interface Act {
  readonly action: 'charge' | 'release' | 'lease' | 'renew' | 'end'
  readonly units?: number
  readonly lease?: string
  readonly expiresAtMs?: number
  readonly status: number | undefined
  readonly type?: string
  readonly body?: string
}

export interface Grant {
  readonly account: string
  readonly id: string
  readonly units: number
  readonly acknowledged: boolean
}

export interface History {
  readonly orders: readonly Order[]
  readonly probes: readonly Probe[]
  readonly runs: readonly Run[]
  readonly grants: readonly Grant[]
  /** The disk could not always do its work, or a process stood still: that this is said of a request is no fault. */
  readonly troubled: boolean
  /** When its processes died, the first one first. */
  readonly deaths: readonly number[]
  /** Of several gateways, each one's own. */
  readonly deathsOf?: { readonly [gateway: string]: readonly number[] }
  /** What several gateways have counted together, and when their engines could not. */
  readonly counts?: readonly Counted[]
  readonly outages?: readonly Outage[]
  /** What the program itself logged as an error, and what may not be. */
  readonly errors: readonly string[]
}

/** The file, read after the program has ended, without resolving anything that may still be due. */
export interface Books {
  readonly endedAtMs: number
  readonly rows: readonly LedgerRow[]
  readonly calls: readonly CallRecord[]
  readonly leases: readonly Lease[]
  /** What is said to be alive, by subject and meter. */
  readonly alive: readonly { readonly subject: string; readonly name: string; readonly used: number }[]
  readonly balances: readonly BalanceStatement[]
  /** The request log, where it is judged. */
  readonly logged?: readonly { readonly requestId: string; readonly status: number }[]
}
