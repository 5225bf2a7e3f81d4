/** The rows that say who may call: accounts and their keys. */

export type AccountStatus = 'active' | 'suspended' | 'disabled' | 'not_entitled'

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
  readonly limits?: { readonly [meter: string]: number }
  /** Words that this account wants refused, whole words, any case. */
  readonly blockedWords?: readonly string[]
  readonly createdAtMs: number
}

export type KeyStatus = 'active' | 'disabled' | 'revoked'

export interface ApiKey {
  readonly id: string
  /** Of a key that follows another one: the id of the first of them. What is counted, held and kept for a key is under it. Default: its own id. */
  readonly identity?: string
  readonly api: string
  readonly accountId: string
  readonly userId?: string
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
  readonly limits?: { readonly [meter: string]: number }
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
