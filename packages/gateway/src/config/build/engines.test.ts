import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../tls/fixtures/certificates.ts'
import { engineName } from '../engine-config.ts'
import { fixedChanges } from './fixed-settings.ts'
import { loadConfig } from '../load-config.ts'
import { formatProblem } from '../read/config-problem.ts'
import type { FileInput } from '../shape/file-shape.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-engines-'))
  makeCertificate(folder, 'authority')
  writeFileSync(join(folder, 'empty.pem'), '')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const base: FileInput = { store: 'memory', upstreams: { up: 'http://127.0.0.1:9' }, apis: { a: { mount: '/', upstream: 'up', contract: 'problem', routes: [{ on: 'GET /x', public: true }] } } }
const environment = { DATABASE_URL: 'postgres://tollgate:hunter2@db.internal/app', VALKEY_URL: 'redis://:hunter2@cache.internal' }

function load(change: Partial<FileInput>) {
  const loaded = loadConfig({ ...base, ...change }, { environment, baseDir: folder })
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  return loaded
}

function problemsOf(change: object): readonly string[] {
  const loaded = loadConfig({ ...base, ...change } as FileInput, { environment, baseDir: folder })
  return loaded.ok ? [] : loaded.problems.map(formatProblem)
}

describe('the store', () => {
  it('is a database by its address alone', () => {
    const { store } = load({ store: { postgres: '${DATABASE_URL}' } }).value
    expect(store).toEqual({ kind: 'postgres', host: 'db.internal', port: 5432, user: 'tollgate', password: 'hunter2', database: 'app', lanes: 2, connectTimeoutMs: 5_000, timeoutMs: 5_000, tls: undefined })
    expect(engineName(store)).toBe('postgres db.internal:5432/app')
  })

  it('says how it is reached', () => {
    const { store } = load({ store: { postgres: { url: '${DATABASE_URL}', lanes: 3, connectTimeout: '1s', timeout: '250ms', tls: { ca: 'authority.pem', verify: 'authority', serverName: 'db' } } } }).value
    expect(store).toMatchObject({ lanes: 3, connectTimeoutMs: 1_000, timeoutMs: 250, tls: { verify: 'authority', serverName: 'db', ca: expect.stringContaining('BEGIN CERTIFICATE') } })
  })

  it('may have its counters elsewhere', () => {
    const { counters } = load({ store: { sqlite: 'a.db' }, counters: { valkey: '${VALKEY_URL}' } }).value
    expect(counters).toMatchObject({ kind: 'valkey', host: 'cache.internal', port: 6379, password: 'hunter2', database: 0, prefix: 'tollgate:', isCluster: false, timeoutMs: 2_000 })
    expect(counters && engineName(counters)).toBe('valkey cache.internal:6379/0')
  })
})

describe('workers', () => {
  it('are as many as a shared store is asked for', () => {
    expect(load({ store: { postgres: '${DATABASE_URL}' }, workers: 4 }).value.workers).toBe(4)
  })

  it.each([
    ['memory' as const, 'workers: 4 need a store that they can share, and each would have a memory of its own; write store: { postgres: "${DATABASE_URL}" }, or workers: 1'],
    [{ sqlite: 'a.db' }, 'workers: 4 need a store that they can share, and a SQLite file is owned by one process; write store: { postgres: "${DATABASE_URL}" }, or workers: 1'],
  ])('need one: %j', (store, problem) => {
    expect(problemsOf({ store, workers: 4 })).toEqual([problem])
  })
})

describe('what becomes of calls while the store does not answer', () => {
  it('is that all are refused, where the store is of this process', () => {
    expect(load({}).value.onStoreFailure).toEqual({ credentials: 'refuse', cachedForMs: 60_000, money: 'refuse', quotas: 'refuse', slots: 'refuse', windows: 'refuse', patienceMs: 1_000 })
  })

  it.each([{ store: { postgres: '${DATABASE_URL}' } }, { counters: { valkey: '${VALKEY_URL}' } }])('is that windows and slots go on, where gateways share an engine: %j', (change) => {
    expect(load(change).value.onStoreFailure).toMatchObject({ credentials: 'refuse', money: 'refuse', quotas: 'refuse', slots: 'allowLocally', windows: 'allowLocally' })
  })

  it('is what is declared', () => {
    const { value, warnings } = load({ onStoreFailure: { credentials: 'allowLocally', cachedFor: '5m', money: 'allow', quotas: 'allowLocally', slots: 'allow', windows: 'refuse', patience: '200ms' } })
    expect(value.onStoreFailure).toEqual({ credentials: 'allowLocally', cachedForMs: 300_000, money: 'allow', quotas: 'allowLocally', slots: 'allow', windows: 'refuse', patienceMs: 200 })
    expect(warnings).toEqual([])
  })

  it('is no share of money: two gateways would spend the same', () => {
    expect(problemsOf({ onStoreFailure: { money: 'allowLocally' } })).toEqual(['onStoreFailure.money: must be refuse or allow, not "allowLocally"'])
  })

  it('warns of what has no effect', () => {
    expect(load({ onStoreFailure: { cachedFor: '5m' } }).warnings.map(formatProblem)).toEqual(['onStoreFailure.cachedFor: has no effect as long as credentials is not allowLocally'])
  })
})

it.each([
  [{ store: { postgres: 'postgres://tollgate:hunter2@/app' } }, ['store.postgres: "postgres://(secret)@/app" must be a URL such as postgres://tollgate@127.0.0.1:5432/tollgate']],
  [{ store: { postgres: { url: 'mysql://tollgate:hunter2@db/app', lanes: 0 } } }, ['store.postgres.lanes: 0 must be a whole number from 1 to 32', 'store.postgres.url: "mysql://(secret)@db/app" must be a URL such as postgres://tollgate@127.0.0.1:5432/tollgate']],
  [{ store: { postgres: { url: 'mysql://tollgate:hunter2@db/app' } } }, ['store.postgres.url: "mysql://(secret)@db/app" must be a URL such as postgres://tollgate@127.0.0.1:5432/tollgate']],
  [{ store: 'postgres://tollgate:hunter2@db/app' }, ['store: must be "memory" or a group of settings, not "postgres://(secret)@db/app"']],
  [{ store: { postgres: '${DATABASE_URL}', sqlite: 'a.db' } }, ['store: must have exactly one of sqlite, postgres']],
  [{ store: { postgress: '${DATABASE_URL}' } }, ['store.postgress: there is no setting "postgress" here; did you mean "postgres"?', 'store: must have exactly one of sqlite, postgres']],
  [{ store: { postgres: '${NO_URL}' } }, ['store.postgres: the environment variable NO_URL is not set; set it, or write a default: ${NO_URL:-…}']],
  [{ counters: { valkey: { url: 'redis://:hunter2@cache', tls: {} } } }, ['counters.valkey.tls: belongs to a rediss URL; write rediss://, or take it away']],
  [{ store: { postgres: { url: '${DATABASE_URL}', tls: { ca: 'empty.pem' } } } }, ['store.postgres.tls.ca: empty.pem holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)']],
  [{ store: { postgres: { url: '${DATABASE_URL}', tls: { certificate: 'authority.pem' } } } }, ['store.postgres.tls: certificate and key belong together; key is missing']],
])('what is wrong is said with the mend, and without the password: %j', (change, problems) => {
  const said = problemsOf(change)
  expect(said).toEqual(problems)
  expect(said.join()).not.toContain('hunter2')
})

it('another database, another engine or other workers need a restart, and the password is in no message', () => {
  const before = load({ store: { postgres: '${DATABASE_URL}' } }).value
  const after = load({ store: { postgres: 'postgres://tollgate:hunter2@other/app' }, counters: { valkey: '${VALKEY_URL}' }, workers: 2 }).value
  expect(fixedChanges(before, after).map(formatProblem)).toEqual([
    'store: is postgres db.internal:5432/app and cannot become postgres other:5432/app while running; restart for that',
    'counters: is not set and cannot become valkey cache.internal:6379/0 while running; restart for that',
    'workers: is 1 and cannot become 2 while running; restart for that',
  ])
})

describe('a stage over counters on a cluster', () => {
  const meters = {
    burst: { window: '60s', per: 'key', limit: 9 },
    team: { window: '60s', per: 'account', limit: 9 },
    strangers: { window: '60s', per: 'ip', limit: 9 },
    tokens: { quota: 'day', per: 'ip', limit: 9 },
    credit: { balance: { scale: 2 }, per: 'account' },
  }
  const withStages = (steps: readonly object[], cluster = true): object => ({
    store: { postgres: '${DATABASE_URL}' },
    counters: { valkey: { url: '${VALKEY_URL}', cluster } },
    apis: { a: { mount: '/', upstream: 'up', contract: 'problem', credentials: { from: [{ header: 'x-api-key' }], prefix: 'k_' }, plans: { basic: {} }, meters, routes: [{ on: 'POST /x', steps }] } },
  })
  const paid = { meter: 'credit', price: '0.10' }

  it('counts for one account, or for one address', () => {
    expect(problemsOf(withStages([{ take: ['burst', 'team', paid] }, { take: ['strangers'] }]))).toEqual([])
  })

  it('does not mix them, which would be refused with each call', () => {
    expect(problemsOf(withStages([{ take: ['burst', paid] }, { take: ['team', { meter: 'strangers', cost: 2 }, 'burst'] }]))).toEqual([
      'apis.a.routes[0].steps[1].take[1].meter: "strangers" counts per ip and "team" per account, which are on different nodes of a cluster; take "strangers" in a step of its own',
    ])
    expect(problemsOf(withStages([{ take: ['team', 'strangers'] }], false))).toEqual([])
  })

  it('may mix what is kept with the money, since some route reserves of it', () => {
    const reserve = { meter: 'tokens', reserve: 5, usage: { amounts: { 'usage.total_tokens': 1 } } }
    expect(problemsOf(withStages([{ take: ['team', 'tokens'] }]))).toHaveLength(1)
    expect(problemsOf(withStages([{ take: ['team', reserve] }]))).toEqual([])
  })
})
