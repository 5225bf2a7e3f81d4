/** Keys in the store: `keys` by the hash of their secret (parent: account), `key-ids` by id (value: hash). One id never names two secrets, and one secret never opens as two keys. */
import { whenKnown, type Awaitable } from '../engine/awaitable.ts'
import { equalsInConstantTime, SECRET_CHARS_MAX } from './api-key.ts'
import type { ApiKey } from './account.ts'
import type { CachedRows } from './cached-rows.ts'
import { crowded, UPDATE_TRIES, type DirectoryRows, type PutOptions, type PutOutcome } from './directory-rows.ts'

export interface Keys {
  /** The key with this secret for this API, whatever its status; at once where it is in the cache. */
  find(api: string, secret: string): Awaitable<ApiKey | undefined>
  put(key: ApiKey, options?: PutOptions): Promise<PutOutcome>
  update(id: string, change: (key: ApiKey) => ApiKey): Promise<ApiKey | undefined>
  byId(id: string): Promise<ApiKey | undefined>
  /** Oldest first. */
  of(accountId: string): Promise<readonly ApiKey[]>
  delete(key: ApiKey): Promise<void>
}

/** Whose secret an id names. */
export interface KeyId {
  readonly hash: string
}

export interface KeysOptions {
  readonly rows: DirectoryRows
  readonly cached: CachedRows<ApiKey>
  readonly cachedIds: CachedRows<KeyId>
  readonly sha256Hex: (text: string) => string
}

export function createKeys({ rows, cached, cachedIds, sha256Hex }: KeysOptions): Keys {
  const { store } = rows

  /** Past the cache: for who writes. */
  async function hashOf(keyId: string): Promise<string | undefined> {
    const document = await store.get('key-ids', keyId)
    return (document?.value as KeyId | undefined)?.hash
  }

  const claimId = ({ id, hash }: ApiKey): Promise<PutOutcome> => cachedIds.during(id, () => rows.put('key-ids', id, { hash } satisfies KeyId, { expect: 0 }))
  const freeId = (id: string): Promise<unknown> => cachedIds.during(id, () => rows.delete('key-ids', id))

  const putRow = (key: ApiKey, expect: number): Promise<PutOutcome> => cached.during(key.hash, () => rows.put('keys', key.hash, key, { parent: key.accountId, expect }))

  /** Where the secret is another key's, nothing is written. */
  async function putOwnRow(key: ApiKey, { expect }: PutOptions): Promise<PutOutcome & { readonly isOthers: boolean }> {
    for (let tries = 0; tries < UPDATE_TRIES; tries += 1) {
      const standing = await store.get('keys', key.hash)
      const version = standing?.version ?? 0
      if (standing !== undefined && (standing.value as ApiKey).id !== key.id) return { written: false, version, isOthers: true }
      if (expect !== undefined && expect !== version) return { written: false, version, isOthers: false }
      const outcome = await putRow(key, version)
      if (outcome.written) return { ...outcome, isOthers: false }
    }
    throw crowded('keys', key.hash)
  }

  return {
    find(api, secret) {
      if (secret.length > SECRET_CHARS_MAX) return undefined
      const hash = sha256Hex(secret)
      return whenKnown(cached.get(hash), (key) => (key === undefined || !equalsInConstantTime(key.hash, hash) || key.api !== api ? undefined : key))
    },

    async put(key, options = {}) {
      // The id is claimed first: one id never names two secrets. If we die in between, the claim waits for the same key.
      const claim = await claimId(key)
      if (!claim.written && (await hashOf(key.id)) !== key.hash) return { written: false, version: claim.version }
      const { isOthers, ...outcome } = await putOwnRow(key, options)
      if (isOthers && claim.written) await freeId(key.id)
      return outcome
    },

    async update(id, change) {
      const hash = await hashOf(id)
      if (hash === undefined) return undefined
      return rows.update<ApiKey>('keys', hash, async (current, expect) => {
        if (current.id !== id) return { written: true, next: undefined }
        const next = { ...change(current), id, hash }
        return { ...(await putRow(next, expect)), next }
      })
    },

    async byId(id) {
      const named = await cachedIds.get(id)
      const key = named && (await cached.get(named.hash))
      // Who died between a claim and its key may have left the id of a secret that is another key's by now.
      return key?.id === id ? key : undefined
    },

    async of(accountId) {
      const found = await rows.listOf<ApiKey>('keys', accountId, ({ hash }) => hash)
      return found.toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))
    },

    // First what opens the door.
    async delete({ hash, id }) {
      await cached.during(hash, () => rows.delete('keys', hash))
      await freeId(id)
    },
  }
}
