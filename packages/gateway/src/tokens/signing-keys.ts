/**
 * What tokens are signed with, kept in the store so that tokens outlive a restart. Who reads the database, or a backup of it, can sign tokens.
 *
 * At a start with a newest key of some age another one is made: it signs from then on, and those before it go on verifying what they signed.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import { applyOne, type Store } from 'tollgate/admission'

export interface SigningKey {
  readonly kid: string
  readonly key: KeyObject
}

/** The newest first, which signs; all verify. Never empty. */
export type SigningKeys = readonly [SigningKey, ...SigningKey[]]

interface KeptKey {
  readonly kid: string
  /** Hex. */
  readonly secret: string
  readonly createdAtMs: number
}

const PLACE = { collection: 'gateway', id: 'token-keys' } as const

/** RFC 7518 section 3.2: at least as long as the hash. */
const SECRET_BYTES = 32
const KID_BYTES = 8
const RENEWED_AFTER_MS = 90 * 86_400_000
/** With the age above, what a key has signed is good for 270 days at least. */
const KEPT_MAX = 4

export interface SigningKeysSetup {
  readonly store: Store
  readonly randomBytes: (count: number) => Uint8Array
  readonly nowMs: number
}

export async function openSigningKeys(setup: SigningKeysSetup): Promise<SigningKeys> {
  const { store, randomBytes, nowMs } = setup
  const document = await store.get(PLACE.collection, PLACE.id)
  const kept = (document?.value as { readonly keys: readonly KeptKey[] } | undefined)?.keys ?? []
  const [newest, ...older] = kept
  if (newest !== undefined && nowMs - newest.createdAtMs < RENEWED_AFTER_MS) return [toSigningKey(newest), ...older.map(toSigningKey)]
  const made: KeptKey = { kid: toHex(randomBytes(KID_BYTES)), secret: toHex(randomBytes(SECRET_BYTES)), createdAtMs: nowMs }
  const before = kept.slice(0, KEPT_MAX - 1)
  const { written } = await applyOne(store, { kind: 'put', ...PLACE, value: { keys: [made, ...before] }, expect: document?.version ?? 0 })
  return !written ? openSigningKeys(setup) : [toSigningKey(made), ...before.map(toSigningKey)]
}

function toSigningKey({ kid, secret }: KeptKey): SigningKey {
  return { kid, key: createSecretKey(secret, 'hex') }
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
