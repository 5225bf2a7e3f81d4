/** What the request log keeps of one request: every decision, never a secret. */
import type { Facts } from '../contract/declare/facts.ts'
import type { Reason } from '../contract/declare/reason.ts'
import type { Source } from '../contract/declare/refusal.ts'
import type { Reading } from '../engine/meters/meter.ts'

/** One attempt to ask a service. */
export interface UpstreamAttempt {
  readonly target: string
  /** The upstream's status, if it answered. */
  readonly status?: number | undefined
  /** `refused`, `timeout`, `reset`, `garbage`, …, if it did not. */
  readonly error?: string | undefined
  readonly durationMs: number
}

/** What the request log keeps of one request: every decision, and never a secret. Instants are epoch milliseconds. */
export interface RequestRow {
  readonly requestId: string
  /** The caller's own `X-Request-Id`, kept as another searchable field. */
  readonly clientRequestId?: string | undefined
  readonly traceId?: string | undefined
  readonly atMs: number
  readonly durationMs: number
  readonly method: string
  /** Without the query, which may hold secrets. */
  readonly path: string
  readonly remoteAddress: string
  readonly api?: string | undefined
  readonly route?: string | undefined
  readonly accountId?: string | undefined
  readonly userId?: string | undefined
  readonly keyId?: string | undefined
  readonly plan?: string | undefined
  readonly status: number
  /** Set when the request was refused or failed. */
  readonly refusal?: {
    readonly entry: string
    readonly code: string | number
    readonly reason: Reason
    readonly source: Source
    readonly message: string
    readonly facts: Facts
    /** Private: for the operator, never on the wire. */
    readonly cause?: string | undefined
    readonly midStream?: boolean | undefined
  } | undefined
  readonly meters: readonly Reading[]
  /** Meters that got their count back because of the outcome. */
  readonly uncounted?: readonly string[] | undefined
  readonly upstream: readonly UpstreamAttempt[]
  /** The beginning of what the service answered, where it was not understood; bounded, and without what looks like a credential. */
  readonly serviceSaid?: string | undefined
  /** Milliseconds since the request arrived, by step: `identified`, `admitted`, `dispatched`, `answered`. */
  readonly timings: { readonly [step: string]: number }
  readonly bytesIn: number
  readonly bytesOut: number
}
