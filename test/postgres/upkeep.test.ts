/** What a sweep deletes beside what it decides: rows that say nothing any more, so that tables stay as small as what lives. */
import type { Take } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import type { PostgresStore } from 'tollgate/stores/postgres'
import { createManualClock, type ManualClock } from 'tollgate/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPostgresDatabase, type PostgresDatabase } from './stores.ts'

const NOON = Date.UTC(2026, 2, 10, 12)
const HOUR_MS = 3_600_000

let database: PostgresDatabase
let clock: ManualClock
let store: PostgresStore
beforeEach(async () => {
  database = await createPostgresDatabase()
  clock = createManualClock(NOON)
  store = await database.open({ clock, datedBy: 'clock' })
})
afterEach(() => store.close())

async function count(table: string): Promise<number> {
  const connection = await database.connect('reader')
  const { rows } = await connection.query({ text: `select count(*)::integer as count from tollgate.${table}` })
  await connection.close()
  return Number(rows[0]?.['count'])
}

const sweep = (limit = 1_000) => applyOne(store, { kind: 'sweep', limit })
const take = (subject: string): Take => ({ subject, name: 'minute', meter: { kind: 'window', windowMs: 60_000 }, limit: 9, cost: 1 })

test('subjects for whom nothing counts any more go within two hours, a bound of them with each sweep; who has a ledger stays', async () => {
  await store.apply(Array.from({ length: 40 }, (_, at) => ({ kind: 'admit', takes: [take(`ip:x:${at}`)] }) as const))
  await applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g', units: 5, expiresAtMs: NOON + 1_000, reason: 'test' })
  await sweep()
  expect(await count('subjects')).toBe(41)
  clock.advance(2 * HOUR_MS)
  await sweep()
  await sweep(30)
  expect(await count('subjects')).toBe(1)
  // Its number goes on.
  await applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g2', units: 5, reason: 'test' })
  expect((await store.ledger({ limit: 9 })).map(({ number, kind }) => [number, kind])).toEqual([[1, 'grant'], [2, 'expire'], [3, 'grant']])
})

test('slots past their deadline go, and gateways that are gone; the ledger is in its order without being read', async () => {
  await applyOne(store, { kind: 'beat', owner: 'gw', ttlMs: 10_000 })
  const slot: Take = { subject: 'account:a', name: 'parallel', meter: { kind: 'lease', of: 'slot' }, limit: 9, cost: 1 }
  await applyOne(store, { kind: 'admit', takes: [slot], owner: 'gw', call: { id: 'c1', accountId: 'a', holdMs: 60_000, onExpiry: 'release' } })
  await applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g', units: 5, reason: 'test' })
  expect([await count('slots'), await count('owners'), await count('ledger')]).toEqual([1, 1, 0])
  await sweep()
  expect([await count('slots'), await count('owners'), await count('ledger'), await count('ledger_new')]).toEqual([1, 1, 1, 0])
  clock.advance(2 * HOUR_MS)
  await sweep()
  await sweep()
  expect([await count('slots'), await count('owners')]).toEqual([0, 0])
})
