/** Several gateways at once over one Postgres database, each with connections of its own and the time of the server. */
import { randomBytes } from 'node:crypto'
import { createSystemClock } from '@tollgate/gateway'
import { checkLedger, type Take } from 'tollgate/engine'
import { applyOne, type Store } from 'tollgate/stores'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPostgresDatabase, type PostgresDatabase } from './stores.ts'

const clock = createSystemClock()
let database: PostgresDatabase
let stores: Store[] = []

beforeAll(async () => {
  database = await createPostgresDatabase()
})
beforeEach(() => database.empty())
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()))
  stores = []
})

async function open(gateways: number): Promise<Store> {
  stores = await Promise.all(Array.from({ length: gateways }, () => database.open({ clock })))
  return stores[0] as Store
}
const nth = (at: number): Store => stores[at % stores.length] as Store

const grant = (subject: string, units: number) => ({ kind: 'grant', subject, name: 'credit', scale: 2, grantId: 'g', units, reason: 'test' }) as const
const debit = (subject: string, debitId: string) => ({ kind: 'debit', subject, name: 'credit', scale: 2, debitId, units: 10, reason: 'test' }) as const

test.each([1, 4])('1,000 debits of 0.10 at once take exactly 50 of 5.00, by %i gateways', async (gateways) => {
  const first = await open(gateways)
  await applyOne(first, grant('account:a', 500))
  const debits = await Promise.all(Array.from({ length: 1_000 }, (_, at) => applyOne(nth(at), debit('account:a', `d${at}`))))
  expect(debits.filter(({ debited }) => debited)).toHaveLength(50)
  expect(await first.balance('account:a', 'credit')).toMatchObject({ availableUnits: 0, grantedUnits: 500, chargedUnits: 500 })
  const rows = await first.ledger({ limit: 2_000 })
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 51 }, (_, at) => at + 1))
  expect(checkLedger(rows, [])).toEqual([])
})

test('stages over the same subjects in any order wait for each other and not in a circle, and take all or nothing', async () => {
  await open(4)
  const LIMIT = 30
  const subjects = ['account:a', 'key:k', 'ip:x:::1', 'user:a:u']
  const takeOf = (subject: string): Take => ({ subject, name: 'day', meter: { kind: 'quota', period: 'day' }, limit: LIMIT, cost: 1 })
  const slot: Take = { subject: 'account:a', name: 'parallel', meter: { kind: 'lease', of: 'slot' }, limit: 20, cost: 1 }
  const decisions = await Promise.all(
    Array.from({ length: 400 }, (_, at) => {
      const takes = [0, 1, 2].map((turn) => takeOf(subjects[(at + turn * (at % 2 === 0 ? 1 : 3)) % 4] as string))
      return applyOne(nth(at), { kind: 'admit', takes: at % 3 === 0 ? [...takes, slot] : takes, call: { id: `c${at}`, accountId: `a${at % 5}`, holdMs: 60_000, onExpiry: 'release' } })
    }),
  )
  const counted = new Map<string, number>()
  for (const decision of decisions) if (decision.admitted) for (const { subject } of decision.receipts) counted.set(subject, (counted.get(subject) ?? 0) + 1)
  const readings = await nth(0).peek([...subjects.map(takeOf), slot])
  expect(readings.slice(0, 4).map(({ used }) => used)).toEqual(subjects.map((subject) => counted.get(subject) ?? 0))
  expect(Math.max(...readings.map(({ used }) => used))).toBe(LIMIT)
  expect(readings[4]?.used).toBeLessThanOrEqual(20)
  const connection = await database.connect('reader')
  expect((await connection.query({ text: 'select deadlocks::integer from pg_stat_database where datname = current_database()' })).rows).toEqual([{ deadlocks: 0 }])
  await connection.close()
  expect(decisions.filter(({ admitted }) => admitted).length).toBe([...counted.values()].reduce((sum, each) => sum + each, 0) / 3)
})

test('one idempotency key at four gateways at once is claimed by one', async () => {
  await open(4)
  for (let round = 0; round < 10; round += 1) {
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, at) => applyOne(nth(at), { kind: 'claim', call: { id: `r${round}c${at}`, accountId: 'a', holdMs: 60_000, onExpiry: 'release' }, claim: { scope: `key ${round}`, fingerprint: 'f', keptMs: 60_000 } })),
    )
    expect(claims.map(({ outcome }) => outcome).toSorted()).toEqual(['claimed', ...Array.from({ length: 19 }, () => 'in_progress')])
  }
})

test('whoever reads the ledger by its cursor, while others write, misses no row', async () => {
  const first = await open(3)
  const accounts = Array.from({ length: 12 }, (_, at) => `account:a${at}`)
  await Promise.all(accounts.map((subject) => applyOne(first, grant(subject, 1_000))))
  let isWriting = true
  const read: number[] = []
  const reading = (async () => {
    for (let after = 0; ; ) {
      const isLast = !isWriting
      const rows = await nth(1).ledger({ after, limit: 7 })
      read.push(...rows.map(({ cursor }) => cursor))
      after = rows.at(-1)?.cursor ?? after
      if (isLast && rows.length === 0) return
    }
  })()
  await Promise.all(accounts.flatMap((subject, at) => Array.from({ length: 15 }, (_, turn) => applyOne(nth(at + turn), debit(subject, `d${turn}`)))))
  isWriting = false
  await reading
  const all = await nth(2).ledger({ limit: 1_000 })
  expect(all).toHaveLength(12 * 16)
  expect(read).toEqual(all.map(({ cursor }) => cursor))
  expect(read).toEqual(read.toSorted((a, b) => a - b))
})

test('a command that the database refuses takes down none of those that share its group', async () => {
  const first = await open(1)
  await applyOne(first, grant('account:a', 500))
  const subjects = ['account:a', 'account:\0', `resource:x:y:${randomBytes(20_000).toString('base64')}`, 'account:\ud800', 'account:a']
  const outcomes = await Promise.allSettled(subjects.map((subject, at) => applyOne(first, { ...debit('account:a', `d${at}`), subject, allowance: { scale: 2, units: 100, renew: { period: 'day' } } })))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected', 'fulfilled'])
  for (const outcome of outcomes.slice(1, 4)) expect(outcome).toMatchObject({ reason: { name: 'StoreUnavailableError', applied: 'no' } })
  expect((await first.ledger({ subject: 'account:a', limit: 9 })).map(({ kind }) => kind)).toEqual(['grant', 'grant', 'debit', 'debit'])
})
