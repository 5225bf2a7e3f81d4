/**
 * What tokens are signed with, kept in the store so that tokens outlive a restart, and read again as other gateways change it. Who reads the database, or a
 * backup of it, can sign tokens.
 *
 * A key of some age is followed by another one: it signs from ten seconds later on, when every gateway has heard of it, and those before it go on
 * verifying what they signed.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import { createCachedRows, createChangeFeed, type Documents } from 'tollgate/directory'
import type { Clock } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'

export interface SigningKey {
  readonly kid: string
  readonly key: KeyObject
  readonly createdAtMs: number
}

/** The newest first; all verify. Never empty. */
export type SigningKeys = readonly [SigningKey, ...SigningKey[]]

/** The keys of now. Rejects as the store does. */
export type SigningKeysAt = (nowMs: number) => Promise<SigningKeys>

interface KeptKey {
  readonly kid: string
  /** Hex. */
  readonly secret: string
  readonly createdAtMs: number
}

interface KeptKeys {
  readonly keys: readonly KeptKey[]
}

const COLLECTION = 'gateway'
const ID = 'token-keys'

/** RFC 7518 section 3.2: at least as long as the hash. */
const SECRET_BYTES = 32
const KID_BYTES = 8
const RENEWED_AFTER_MS = 90 * 86_400_000
/** With the age above, what a key has signed is good for 270 days at least. */
const KEPT_MAX = 4
/** Other gateways hear of a key within two seconds; their clocks may differ by some more. */
const KNOWN_AFTER_MS = 10_000

export interface SigningKeysSetup {
  readonly store: Pick<Documents, 'get' | 'changes' | 'apply'>
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
}

export function createSigningKeys({ store, clock, randomBytes }: SigningKeysSetup): SigningKeysAt {
  const rows = createCachedRows<KeptKeys>(COLLECTION, { store, clock, feed: createChangeFeed({ store, clock }), max: 10 })
  let made: { readonly of: KeptKeys; readonly keys: SigningKeys } | undefined

  /** Whoever comes first writes; the others read what was written. */
  async function renew(nowMs: number): Promise<void> {
    const document = await store.get(COLLECTION, ID)
    const kept = (document?.value as KeptKeys | undefined)?.keys ?? []
    if (!isDue(kept[0], nowMs)) return
    const key: KeptKey = { kid: toHex(randomBytes(KID_BYTES)), secret: toHex(randomBytes(SECRET_BYTES)), createdAtMs: nowMs }
    const value: KeptKeys = { keys: [key, ...kept.slice(0, KEPT_MAX - 1)] }
    await applyOne(store, { kind: 'put', collection: COLLECTION, id: ID, value, expect: document?.version ?? 0 })
  }

  return async (nowMs) => {
    let row = await rows.get(ID)
    while (row === undefined || isDue(row.keys[0], nowMs)) {
      await rows.during(ID, () => renew(nowMs))
      row = await rows.get(ID)
    }
    if (made?.of !== row) made = { of: row, keys: row.keys.map(toSigningKey) as unknown as SigningKeys }
    return made.keys
  }
}

/** A new key does not sign before every gateway knows it, unless there is no other. */
export function signingKey(keys: SigningKeys, nowMs: number): SigningKey {
  return keys.find(({ createdAtMs }) => createdAtMs + KNOWN_AFTER_MS <= nowMs) ?? keys.at(-1) ?? keys[0]
}

function isDue(newest: KeptKey | undefined, nowMs: number): boolean {
  return newest === undefined || nowMs - newest.createdAtMs >= RENEWED_AFTER_MS
}

function toSigningKey({ kid, secret, createdAtMs }: KeptKey): SigningKey {
  return { kid, key: createSecretKey(secret, 'hex'), createdAtMs }
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
