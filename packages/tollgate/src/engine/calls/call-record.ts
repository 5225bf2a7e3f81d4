/**
 * A paid or keyed call: one durable record from the claim of its idempotency key to its end. A released call leaves no record.
 *
 *     claimed ──▶ dispatched ──▶ done       settled; the answer is stored where the key asks for it
 *        │             │  └────▶ released   definite failure: everything given back, the key is free again
 *        │             └───────▶ unknown    nobody can say whether the work was done: the hold stays until its deadline
 *        └─────────────────────▶ released   refused by a later step, or not dispatched when the deadline passed
 *
 * At the deadline a dispatched or unknown call is resolved by `onExpiry`: `release` gives the money back and frees the key, `charge` settles
 * the hold and keeps the failure as the key's answer. Either way: one charge per key, and no key locked beyond its deadline. Who works on a claimed or
 * dispatched call moves its deadline on, so that it comes only when nobody does any more.
 */

import type { HeldPart } from '../money/balance.ts'
import type { Receipt, StageDecision } from '../meters/meter.ts'

/** `settlement`: charged by the gateway or the service. `release`: given back by the service or an operator, and remembered for a day. */
export type EndedBy = 'settlement' | 'operator' | 'deadline' | 'release'

/** Where a call stands; a released one leaves no record. */
export type CallState = 'claimed' | 'dispatched' | 'done' | 'unknown'

/** In which a call still holds something. */
export const openStates = ['claimed', 'dispatched', 'unknown'] as const satisfies readonly CallState[]

/** What a stage needs to know about the call that takes money or leases. */
export interface CallTerms {
  /** The request id: names the hold and the leases. */
  readonly id: string
  readonly accountId: string
  readonly keyId?: string | undefined
  /** So long after it begins an unresolved call is resolved by `onExpiry`: the store dates it. */
  readonly holdMs: number
  readonly onExpiry: 'release' | 'charge'
  /** It has claimed or taken something before: an error where nothing is left of that, since the deadline has come and its key may be another's. */
  readonly begun?: boolean
  /** Whoever asks knows that the store keeps a record of it, so that slots alone are no sign that it lives. Of one engine both end together, and it need not look at this. */
  readonly recorded?: boolean | undefined
}

/** An answer as it is kept for replay. */
export interface StoredAnswer {
  readonly status: number
  /** Flat list; hop-by-hop headers are not kept. */
  readonly headers: readonly string[]
  readonly body: string
  /** `base64` when the body is not valid UTF-8. */
  readonly encoding: 'utf8' | 'base64'
}

/** What a call asks of its key. */
export interface KeyClaim {
  /** Hash of account, method, path and key: never the key itself. */
  readonly scope: string
  /** Hash of the body (bytes or canonical JSON). */
  readonly fingerprint: string
  /** How long a finished answer is replayed, from the claim on. */
  readonly keptMs: number
}

/** The binding of an idempotency key to a call. */
export interface IdempotencyClaim extends Omit<KeyClaim, 'keptMs'> {
  /** Until when a finished answer is replayed, epoch ms. */
  readonly keptUntilMs: number
}

/** Money of one balance that is set aside for a call. */
export interface CallHold {
  readonly subject: string
  readonly name: string
  readonly units: number
  readonly scale: number
  /** Out of which grants it was taken; they add up to `units`. */
  readonly parts: readonly HeldPart[]
}

/** What a call may cost, counted towards a limit of money: in the end what it was charged stays counted, in the period in which it was counted. */
export interface CallCount extends Receipt {
  readonly scale: number
}

/** What a call used, by the names of the meters that reserved for it. */
export interface UsedUnits {
  readonly [meter: string]: number
}

/** An admission that has a name, and what was answered: the same again, if it is asked again. */
export interface Admission {
  readonly name: string
  readonly decision: StageDecision
}

/** What is occupied of one lease meter. */
export interface TakenLease {
  readonly subject: string
  readonly name: string
  readonly quantity: number
}

/** The durable record of a paid or keyed call. All amounts are whole units of the scale of their balance. */
export interface CallRecord extends Omit<CallTerms, 'holdMs' | 'begun' | 'recorded'> {
  /** Epoch ms: when an unresolved call is resolved by `onExpiry`. */
  readonly deadlineMs: number
  readonly state: CallState
  /** Starts at 1 and grows when another call takes over: an ending with an older fence is void. */
  readonly fence: number
  readonly claim?: IdempotencyClaim | undefined
  /** Empty once the call is done. */
  readonly holds: readonly CallHold[]
  /** Of it, what is charged stays counted; the rest is given back as the call ends. Not there once the call is done. */
  readonly counts?: readonly CallCount[] | undefined
  /** Counted until it is known what it used; then that is counted in its place. What nobody tells stays counted as the call ends well, and is given back otherwise. */
  readonly reserved?: readonly Receipt[] | undefined
  /** The decimals of what it was charged where no ledger says them: it was counted alone, and paid out of nothing. */
  readonly countedScale?: number | undefined
  /** Durable leases that no lease of the service's own has taken over yet: they end with the call. */
  readonly leases: readonly TakenLease[]
  /** Those that have a name. Not there once the call is done. */
  readonly admissions?: readonly Admission[] | undefined
  /** What it, or the run that it took over, has bound to ids of the service's: asked again, the service binds the same ids. */
  readonly bound?: readonly { readonly id: string; readonly taken: readonly TakenLease[] }[] | undefined
  readonly chargedUnits: number
  readonly answer?: StoredAnswer | undefined
  readonly createdAtMs: number
  /** Done only. */
  readonly ended?: {
    readonly atMs: number
    readonly by: EndedBy
    /** What was asked beyond the hold, so that the same charge again is told from another one. */
    readonly shortUnits?: number | undefined
    /** When the record may be forgotten. */
    readonly keptUntilMs: number
  } | undefined
}

/** What becomes of a request with an idempotency key. */
export type ClaimResult =
  | { readonly outcome: 'claimed'; readonly fence: number }
  | { readonly outcome: 'replay'; readonly answer: StoredAnswer; readonly call: CallRecord }
  | { readonly outcome: 'mismatch'; readonly call: CallRecord }
  /** Still running; `retryAtMs` is the deadline at the latest. */
  | { readonly outcome: 'in_progress'; readonly call: CallRecord; readonly retryAtMs: number }
  /**
   * The first run ended unknown; its hold still stands. `redispatch` takes over under the same hold. Or it is done and charged and no answer
   * was kept (`call.state` says which): then nothing may run again.
   */
  | { readonly outcome: 'unknown'; readonly call: CallRecord }
