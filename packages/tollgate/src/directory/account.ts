/** The rows that say who may call: accounts and their keys. */
import type { OwnLimits } from '../engine/meters/own-limit.ts'

/** Whether its calls are let in. `not_entitled`: it is known, and has no right to this API. */
export type AccountStatus = 'active' | 'suspended' | 'disabled' | 'not_entitled'

/**
 * A customer of an API: a team or a person, whose keys share a plan, its limits and its money. Kept by `Directory.putAccount`.
 *
 * @example
 * const acme: Account = { id: 'acme', api: 'reports', name: 'Acme', status: 'active', plan: 'basic', limits: { daily: 5_000 }, createdAtMs: Date.now() }
 */
export interface Account {
  readonly id: string
  /** The API this account belongs to. */
  readonly api: string
  readonly name: string
  readonly status: AccountStatus
  /** When a suspension ends, if it does. */
  readonly suspendedUntilMs?: number
  readonly plan: string
  /** Limits by meter name that differ from the plan's. */
  readonly limits?: OwnLimits
  /** Words that this account wants refused, whole words, any case. */
  readonly blockedWords?: readonly string[]
  readonly createdAtMs: number
}

/** A revoked key stays revoked for good; past its `expiresAtMs` an active one counts as expired. */
export type KeyStatus = 'active' | 'disabled' | 'revoked'

/** A key of an account. `createApiKey` makes the row; the secret itself is kept nowhere. */
export interface ApiKey {
  readonly id: string
  /** Of a key that follows another one: the id of the first of them. What is counted, held and kept for a key is under it. Default: its own id. */
  readonly identity?: string
  readonly api: string
  readonly accountId: string
  readonly userId?: string | undefined
  /** SHA-256 of the whole secret, hex. The secret itself is shown once and kept nowhere. */
  readonly hash: string
  /** The first characters, to recognise a key by: `cak_7Fq2`. */
  readonly hint: string
  /** Of the secrets that prove the key where tokens are issued. Several while they are rotated. */
  readonly secretHashes?: readonly SecretHash[]
  readonly label?: string
  readonly status: KeyStatus
  readonly scopes: readonly string[]
  /** Limits by meter name for this key alone. */
  readonly limits?: OwnLimits
  readonly createdAtMs: number
  readonly expiresAtMs?: number
  readonly revokedAtMs?: number
}

export interface SecretHash {
  /** SHA-256 of the whole secret, hex. */
  readonly hash: string
  readonly createdAtMs: number
  /** A secret that was replaced is good until then. */
  readonly expiresAtMs?: number
}
