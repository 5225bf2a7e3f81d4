/**
 * Who may call: accounts, keys and switches, read from the store through a bounded cache. A write is durable before it resolves, and the cache
 * forgets the row at once, so that a revoked key is refused from the next call on; where other gateways write to the same store, within two seconds
 * (`change-feed.ts`). If the store fails, the rejection goes through.
 */
import type { Account, ApiKey } from './account.ts'
import { createAuditTrail, type AuditRow } from './audit-trail.ts'
import { createCachedRows } from './cached-rows.ts'
import { createChangeFeed, type StaleRows } from './change-feed.ts'
import { whenKnown, type Awaitable } from '../engine/awaitable.ts'
import type { Clock } from '../engine/clock.ts'
import { createDirectoryRows, type PageOptions, type PutOptions, type PutOutcome } from './directory-rows.ts'
import type { Documents } from './documents.ts'
import { createKeys, type KeyId } from './keys.ts'

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

/** A plan of an API. */
export interface PlanOfApi {
  readonly api: string
  readonly plan: string
}

/** What stays of an account: its ledger is under its id. */
export interface DeletedAccount {
  readonly id: string
  readonly api: string
  readonly deletedAtMs: number
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
  /** The key with this secret for this API, whatever its status, with its account: at once where both are in the cache. Undefined unless the whole secret matched. */
  findKey(api: string, secret: string): Awaitable<FoundKey | undefined>
  account(id: string): Awaitable<Account | undefined>
  putAccount(account: Account, options?: PutOptions): Promise<PutOutcome>
  /** Reads, changes, writes; again if another write came between. Undefined if there is no such account. */
  updateAccount(id: string, change: (account: Account) => Account): Promise<Account | undefined>
  /** With all its keys; `gone` is what stays under its id, which is not free again. Returns how many keys there were. */
  deleteAccount(id: string, gone: DeletedAccount): Promise<number>
  deletedAccount(id: string): Promise<DeletedAccount | undefined>
  /** In order of id; `on`: only those that are on a plan. */
  listAccounts(options?: PageOptions & { readonly on?: PlanOfApi | undefined }): Promise<readonly Account[]>
  /** The plans that accounts are on. Reads none of these, so that it takes no longer where they are many. */
  plansInUse(): Promise<readonly PlanOfApi[]>
  putKey(key: ApiKey, options?: PutOptions): Promise<PutOutcome>
  /** As `updateAccount`. The hash and the id cannot change. */
  updateKey(id: string, change: (key: ApiKey) => ApiKey): Promise<ApiKey | undefined>
  keyById(id: string): Promise<ApiKey | undefined>
  /** Oldest first. */
  keysOf(accountId: string): Promise<readonly ApiKey[]>
  /** Empty when nothing was ever switched. */
  switches(api: string): Awaitable<Switches>
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
  /** Whether cached rows are used while the store does not answer, and for how long. Default: they are not, and nobody is let in. */
  readonly stale?: StaleRows | undefined
  /** For how long the switches that are known are good while the store does not answer. Default: as `stale` says. */
  readonly switchesStaleMs?: number | undefined
  /** Rows kept in memory of each sort. Default 10,000. */
  readonly cacheMax?: number
}

const CACHE_MAX = 10_000

/**
 * Collections: `accounts` by id (parent: API and plan), `deleted-accounts` by id, `keys` and `key-ids` (`keys.ts`), `switches` by API, `audit` (`audit-trail.ts`).
 *
 * @example
 * const directory = createDirectory({ store, clock, sha256Hex })
 * await directory.putAccount({ id: 'acme', api: 'reports', name: 'Acme', status: 'active', plan: 'basic', createdAtMs: clock.wallMs() })
 * const found = await directory.findKey('reports', 'rp_…')
 */
export function createDirectory({ store, clock, sha256Hex, stale, switchesStaleMs, cacheMax = CACHE_MAX }: DirectoryOptions): Directory {
  const cacheOptions = { store, clock, feed: createChangeFeed({ store, clock, stale }), max: cacheMax }
  const accounts = createCachedRows<Account>('accounts', cacheOptions)
  const switchRows = createCachedRows<Switches>('switches', { ...cacheOptions, staleMs: switchesStaleMs })
  const rows = createDirectoryRows(store)
  const keys = createKeys({ rows, cached: createCachedRows<ApiKey>('keys', cacheOptions), cachedIds: createCachedRows<KeyId>('key-ids', cacheOptions), sha256Hex })

  const putAccount = (account: Account, options: PutOptions = {}): Promise<PutOutcome> => accounts.during(account.id, () => rows.put('accounts', account.id, account, { parent: planKey(account), ...options }))

  return {
    findKey: (api, secret) => whenKnown(keys.find(api, secret), (key) => key && whenKnown(accounts.get(key.accountId), (account) => account && { key, account })),
    putKey: keys.put,
    updateKey: keys.update,
    keyById: keys.byId,
    keysOf: keys.of,

    account: (id) => accounts.get(id),
    putAccount,
    updateAccount: (id, change) =>
      rows.update<Account>('accounts', id, async (current, expect) => {
        const next = { ...change(current), id }
        return { ...(await putAccount(next, { expect })), next }
      }),
    async deleteAccount(id, gone) {
      await rows.put('deleted-accounts', id, gone, {})
      const owned = await keys.of(id)
      // The account last: if we die in between, it is there to be deleted again.
      for (const key of owned) await keys.delete(key)
      await accounts.during(id, () => rows.delete('accounts', id))
      return owned.length
    },
    deletedAccount: async (id) => (await store.get('deleted-accounts', id))?.value as DeletedAccount | undefined,
    listAccounts: ({ on, ...page } = {}) => rows.list<Account>('accounts', { ...page, parent: on && planKey(on) }),
    plansInUse: async () => (await rows.parents('accounts')).map(fromPlanKey),

    switches: (api) => whenKnown(switchRows.get(api), orNone),
    async updateSwitches(api, change) {
      let before: Switches = {}
      const after = await rows.update<Switches>(
        'switches',
        api,
        async (current, expect) => {
          before = current
          const next = change(current)
          return { ...(await switchRows.during(api, () => rows.put('switches', api, next, { expect }))), next }
        },
        {},
      )
      return { before, after: after ?? before }
    },

    audit: createAuditTrail(rows, clock),
    listAudit: (page = {}) => rows.list<AuditRow>('audit', page),
  }
}

const planKey = ({ api, plan }: PlanOfApi): string => JSON.stringify([api, plan])

function fromPlanKey(key: string): PlanOfApi {
  const [api, plan] = JSON.parse(key) as [api: string, plan: string]
  return { api, plan }
}

const nothingSwitched: Switches = {}

function orNone(switches: Switches | undefined): Switches {
  return switches ?? nothingSwitched
}
