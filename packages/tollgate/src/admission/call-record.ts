/**
 * A paid or keyed call: one durable record from the claim of its idempotency key to its end.
 *
 *     claimed ──▶ dispatched ──▶ done       settled; the answer is stored where the key asks for it
 *        │             │  └────▶ released   definite failure: everything given back, the key is free again
 *        │             └───────▶ unknown    nobody can say whether the work was done: the hold stays until its deadline
 *        └─────────────────────▶ released   refused by a later step, or not dispatched when the deadline passed
 *
 * At the deadline a dispatched or unknown call is resolved by `onExpiry`: `release` gives the money back and frees the key, `charge` settles
 * the hold and keeps the failure as the key's answer. Either way: one charge per key, and no key locked beyond its deadline.
 */

export type CallState = 'claimed' | 'dispatched' | 'done' | 'unknown'

/** What a stage needs to know about the call that takes money or leases. */
export interface CallContext {
  /** The request id: names the hold and the leases. */
  readonly id: string
  readonly accountId: string
  readonly keyId?: string
  /** Epoch ms: when an unresolved call is resolved by `onExpiry`. */
  readonly deadlineMs: number
  readonly onExpiry: 'release' | 'charge'
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

export interface IdempotencyClaim {
  /** Hash of account, method, path and key: never the key itself. */
  readonly scope: string
  /** Hash of the body (bytes or canonical JSON). */
  readonly fingerprint: string
  /** Until when a finished answer is replayed, epoch ms. */
  readonly keptUntilMs: number
}

export interface CallRecord extends CallContext {
  readonly state: CallState
  /** Grows with each dispatch under the same claim: an ending with an older fence is void. */
  readonly fence: number
  readonly claim?: IdempotencyClaim
  readonly holds: readonly { readonly subject: string; readonly name: string; readonly units: number; readonly scale: number }[]
  readonly leases: readonly { readonly subject: string; readonly name: string; readonly quantity: number }[]
  readonly chargedUnits: number
  readonly answer?: StoredAnswer
  readonly createdAtMs: number
}

export type ClaimResult =
  | { readonly outcome: 'claimed'; readonly fence: number }
  | { readonly outcome: 'replay'; readonly answer: StoredAnswer; readonly call: CallRecord }
  | { readonly outcome: 'mismatch'; readonly call: CallRecord }
  /** Still running; `retryAtMs` is the deadline at the latest. */
  | { readonly outcome: 'in_progress'; readonly call: CallRecord; readonly retryAtMs: number }
  /** The first run ended unknown; its hold still stands. `redispatch` takes over under the same hold. */
  | { readonly outcome: 'unknown'; readonly call: CallRecord }
