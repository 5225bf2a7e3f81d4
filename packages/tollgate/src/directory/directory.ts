/**
 * Who may call: accounts, keys and switches, read from the store through a bounded cache. A write is durable before it resolves, and the cache
 * forgets the row at once, so that a revoked key is refused from the next call on; where other gateways write to the same store, within two seconds
 * (`change-feed.ts`). If the store fails, the rejection goes through.
 */
import type { Account, ApiKey } from './account.ts'
import { equalsInConstantTime, SECRET_CHARS_MAX } from './api-key.ts'
import { createCachedRows } from './cached-rows.ts'
import { createChangeFeed } from './change-feed.ts'
import type { Clock } from '../engine/clock.ts'
import { applyDocument, type Documents } from './documents.ts'

/** What an operator turns on for a whole API. */
export interface Switches {
  readonly maintenance?: { readonly on: boolean; readonly untilMs?: number }
  readonly overload?: { readonly on: boolean }
}

/** A key and whose it is. Status and expiry are not looked at: what to say of a revoked key is for whoever asked. */
export interface FoundKey {
  readonly key: ApiKey
  readonly account: Account
}

/** One line of the audit trail. Never a secret. */
export interface AuditRow {
  readonly id: string
  readonly atMs: number
  /** `account.create`, `key.revoke`, … */
  readonly action: string
  /** JSON: who, what, before and after. */
  readonly detail: { readonly [name: string]: unknown }
}

/** On what a write depends. */
export interface PutOptions {
  /** The version that must stand there, 0 for none. Left out: whatever stands there is replaced. */
  readonly expect?: number
}

/** Whether a write was made, and the version that stands there. */
export interface PutOutcome {
  /** False: another version stands there (or the key's id is taken by another secret, or its secret by another key), and nothing changed. */
  readonly written: boolean
  /** The version that stands there now, 0 for none. */
  readonly version: number
}

/** What stays of an account: its ledger is under its id. */
export interface DeletedAccount {
  readonly id: string
  readonly api: string
  readonly deletedAtMs: number
}

/** One page of a list in order of id. */
export interface PageOptions {
  /** The id after which to go on. */
  readonly after?: string | undefined
  /** Default 100. */
  readonly limit?: number
}

/**
 * Accounts, keys, switches and the audit trail. What it rejects with is the store's: `StoreUnavailableError`.
 *
 * @example
 * await directory.updateAccount('acme', (account) => ({ ...account, plan: 'pro' }))
 * await directory.updateKey('key_1', (key) => ({ ...key, status: 'revoked', revokedAtMs: Date.now() }))
 * await directory.updateSwitches('reports', (switches) => ({ ...switches, maintenance: { on: true, untilMs: Date.now() + 600_000 } }))
 */
export interface Directory {
  /** The key with this secret for this API, whatever its status, with its account. Undefined unless the whole secret matched. */
  findKey(api: string, secret: string): Promise<FoundKey | undefined>
  account(id: string): Promise<Account | undefined>
  putAccount(account: Account, options?: PutOptions): Promise<PutOutcome>
  /** Reads, changes, writes; again if another write came between. Undefined if there is no such account. */
  updateAccount(id: string, change: (account: Account) => Account): Promise<Account | undefined>
  /** With all its keys; `gone` is what stays under its id, which is not free again. Returns how many keys there were. */
  deleteAccount(id: string, gone: DeletedAccount): Promise<number>
  deletedAccount(id: string): Promise<DeletedAccount | undefined>
  /** In order of id. */
  listAccounts(options?: PageOptions): Promise<readonly Account[]>
  putKey(key: ApiKey, options?: PutOptions): Promise<PutOutcome>
  /** As `updateAccount`. The hash and the id cannot change. */
  updateKey(id: string, change: (key: ApiKey) => ApiKey): Promise<ApiKey | undefined>
  keyById(id: string): Promise<ApiKey | undefined>
  /** Oldest first. */
  keysOf(accountId: string): Promise<readonly ApiKey[]>
  /** Empty when nothing was ever switched. */
  switches(api: string): Promise<Switches>
  /** Reads, changes, writes; again if another write came between. */
  updateSwitches(api: string, change: (switches: Switches) => Switches): Promise<{ readonly before: Switches; readonly after: Switches }>
  audit(action: string, detail: AuditRow['detail']): Promise<void>
  /** Newest first; `after` is the id of the last row of the page before. */
  listAudit(options?: PageOptions): Promise<readonly AuditRow[]>
}

/** What a directory is made from. */
export interface DirectoryOptions {
  readonly store: Documents
  readonly clock: Clock
  /** SHA-256 of a UTF-8 string, lower-case hex. */
  readonly sha256Hex: (text: string) => string
  /** Rows kept in memory of each sort. Default 10,000. */
  readonly cacheMax?: number
}

const CACHE_MAX = 10_000
const PAGE_MAX = 100
/** Attempts of a read-change-write before it gives up: so many writers at one row are a fault. */
const UPDATE_TRIES = 100
/** Audit ids count down from here, so that the store's order by id is newest first. Later than any instant, in 15 digits. */
const LAST_INSTANT_MS = 999_999_999_999_999

/**
 * Collections: `accounts` by id, `deleted-accounts` by id, `keys` by hash (parent: account), `key-ids` by id (value: hash), `switches` by API, `audit` by falling instant.
 *
 * @example
 * const directory = createDirectory({ store, clock, sha256Hex })
 * await directory.putAccount({ id: 'acme', api: 'reports', name: 'Acme', status: 'active', plan: 'basic', createdAtMs: clock.wallMs() })
 * const found = await directory.findKey('reports', 'rp_…')
 */
export function createDirectory({ store, clock, sha256Hex, cacheMax = CACHE_MAX }: DirectoryOptions): Directory {
  const cacheOptions = { store, clock, feed: createChangeFeed({ store, clock }), max: cacheMax }
  const accounts = createCachedRows<Account>('accounts', cacheOptions)
  const keys = createCachedRows<ApiKey>('keys', cacheOptions)
  const switchRows = createCachedRows<Switches>('switches', cacheOptions)

  async function put(collection: string, id: string, value: unknown, options: { readonly parent?: string; readonly expect?: number }): Promise<PutOutcome> {
    const { written, document } = await applyDocument(store, { kind: 'put', collection, id, value, ...options })
    return { written, version: document?.version ?? 0 }
  }

  /** Reads past the cache: the version must be the one that stands there. */
  async function update<T>(collection: string, id: string, write: (current: T, expect: number) => Promise<{ readonly written: boolean; readonly next: T | undefined }>, fresh?: T) {
    for (let tries = 0; tries < UPDATE_TRIES; tries += 1) {
      const document = await store.get(collection, id)
      const current = document === undefined ? fresh : (document.value as T)
      if (current === undefined) return undefined
      const { written, next } = await write(current, document?.version ?? 0)
      if (written) return next
    }
    throw crowded(collection, id)
  }

  async function hashOf(keyId: string): Promise<string | undefined> {
    const document = await store.get('key-ids', keyId)
    return (document?.value as { readonly hash: string } | undefined)?.hash
  }

  const putKeyRow = (key: ApiKey, expect: number): Promise<PutOutcome> => keys.during(key.hash, () => put('keys', key.hash, key, { parent: key.accountId, expect }))

  /** One secret never opens as two keys: where it is another's, nothing is written. */
  async function putOwnRow(key: ApiKey, { expect }: PutOptions): Promise<PutOutcome & { readonly isOthers: boolean }> {
    for (let tries = 0; tries < UPDATE_TRIES; tries += 1) {
      const standing = await store.get('keys', key.hash)
      const version = standing?.version ?? 0
      if (standing !== undefined && (standing.value as ApiKey).id !== key.id) return { written: false, version, isOthers: true }
      if (expect !== undefined && expect !== version) return { written: false, version, isOthers: false }
      const outcome = await putKeyRow(key, version)
      if (outcome.written) return { ...outcome, isOthers: false }
    }
    throw crowded('keys', key.hash)
  }

  const directory: Directory = {
    async findKey(api, secret) {
      if (secret.length > SECRET_CHARS_MAX) return undefined
      const hash = sha256Hex(secret)
      const key = await keys.get(hash)
      if (key === undefined || !equalsInConstantTime(key.hash, hash) || key.api !== api) return undefined
      const account = await accounts.get(key.accountId)
      return account === undefined ? undefined : { key, account }
    },

    account: (id) => accounts.get(id),
    putAccount: (account, options = {}) => accounts.during(account.id, () => put('accounts', account.id, account, { parent: account.api, ...options })),
    updateAccount: (id, change) =>
      update<Account>('accounts', id, async (current, expect) => {
        const next = { ...change(current), id }
        return { ...(await directory.putAccount(next, { expect })), next }
      }),
    async deleteAccount(id, gone) {
      await put('deleted-accounts', id, gone, {})
      const owned = await directory.keysOf(id)
      // First what opens the door; if we die in between, the account is there to be deleted again.
      for (const { hash, id: keyId } of owned) {
        await keys.during(hash, () => applyDocument(store, { kind: 'delete', collection: 'keys', id: hash }))
        await applyDocument(store, { kind: 'delete', collection: 'key-ids', id: keyId })
      }
      await accounts.during(id, () => applyDocument(store, { kind: 'delete', collection: 'accounts', id }))
      return owned.length
    },
    deletedAccount: async (id) => (await store.get('deleted-accounts', id))?.value as DeletedAccount | undefined,
    listAccounts: ({ after, limit = PAGE_MAX } = {}) => listValues<Account>('accounts', { limit, after }),

    async putKey(key, options = {}) {
      // The id is claimed first: one id never names two secrets. If we die in between, the claim waits for the same key.
      const claim = await put('key-ids', key.id, { hash: key.hash }, { expect: 0 })
      if (!claim.written && (await hashOf(key.id)) !== key.hash) return { written: false, version: claim.version }
      const { isOthers, ...outcome } = await putOwnRow(key, options)
      if (isOthers && claim.written) await applyDocument(store, { kind: 'delete', collection: 'key-ids', id: key.id })
      return outcome
    },
    async updateKey(id, change) {
      const hash = await hashOf(id)
      if (hash === undefined) return undefined
      return update<ApiKey>('keys', hash, async (current, expect) => {
        if (current.id !== id) return { written: true, next: undefined }
        const next = { ...change(current), id, hash }
        return { ...(await putKeyRow(next, expect)), next }
      })
    },
    async keyById(id) {
      const hash = await hashOf(id)
      const key = hash === undefined ? undefined : await keys.get(hash)
      // Who died between a claim and its key may have left the id of a secret that is another key's by now.
      return key?.id === id ? key : undefined
    },
    async keysOf(accountId) {
      const found: ApiKey[] = []
      for (let after: string | undefined; ; after = found.at(-1)?.hash) {
        const page = await listValues<ApiKey>('keys', { parent: accountId, limit: PAGE_MAX, after })
        found.push(...page)
        if (page.length < PAGE_MAX) return found.toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))
      }
    },

    async switches(api) {
      return (await switchRows.get(api)) ?? {}
    },
    async updateSwitches(api, change) {
      let before: Switches = {}
      const after = await update<Switches>(
        'switches',
        api,
        async (current, expect) => {
          before = current
          const next = change(current)
          return { ...(await switchRows.during(api, () => put('switches', api, next, { expect }))), next }
        },
        {},
      )
      return { before, after: after ?? before }
    },

    async audit(action, detail) {
      const atMs = clock.wallMs()
      const falling = String(LAST_INSTANT_MS - atMs).padStart(15, '0')
      // Rows of one millisecond: the first number that is free, also falling.
      for (let number = 9_999; number >= 0; number -= 1) {
        const id = `${falling}-${String(number).padStart(4, '0')}`
        const { written } = await put('audit', id, { id, atMs, action, detail } satisfies AuditRow, { expect: 0 })
        if (written) return
      }
      throw new Error('10,000 audit rows within one millisecond')
    },
    listAudit: ({ after, limit = PAGE_MAX } = {}) => listValues<AuditRow>('audit', { limit, after }),
  }

  async function listValues<T>(collection: string, options: { readonly parent?: string; readonly after?: string | undefined; readonly limit: number }): Promise<T[]> {
    const documents = await store.list(collection, options)
    return documents.map((document) => document.value as T)
  }

  return directory
}

function crowded(collection: string, id: string): Error {
  return new Error(`${collection} ${id} changed under each of ${UPDATE_TRIES} attempts to write it`)
}
