/** What a text of Postgres, or JSON as Postgres reads it, cannot hold: a zero byte, half of a surrogate pair. Where a caller or a service can write one, nothing fails by it. */
import { createSystemClock } from '@tollgate/gateway'
import type { Take } from 'tollgate/engine'
import { applyOne, type Command } from 'tollgate/stores'
import type { PostgresStore } from 'tollgate/stores/postgres'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { row } from '../../packages/tollgate/src/testing/journal-conformance.ts'
import { freshDatabase } from '../servers/postgres.ts'
import { createPostgresDatabase } from './stores.ts'

let store: PostgresStore
beforeEach(async () => {
  store = await (await createPostgresDatabase(await freshDatabase())).open({ clock: createSystemClock() })
  await applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g', units: 100, reason: 'test' })
})
afterEach(() => store.close())

const credit: Take = { subject: 'account:a', name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: 10 }
const admission = { kind: 'admit', takes: [credit], call: { id: 'c1', accountId: 'a', holdMs: 60_000, onExpiry: 'release' }, admission: '1', dispatch: true } as const
const settlement = (body: string, reason = 'test'): Command => ({ kind: 'settle', callId: 'c1', outcome: 'done', reason, answer: { status: 200, headers: [], body, encoding: 'utf8' } })

test.each([['a zero byte', 'a\0b'], ['the escape of one', String.raw`{"a":"\u0000"}`], ['half of a surrogate pair', 'a\uD800b']])('an answer with %s is paid for and kept', async (_, body) => {
  await applyOne(store, { kind: 'claim', claim: { scope: 'a 1', fingerprint: 'f', keptMs: 60_000 }, call: admission.call })
  await store.apply([admission])
  await store.apply([settlement(body, body)])
  expect(await store.balance('account:a', 'credit')).toMatchObject({ chargedUnits: 10, heldUnits: 0 })
  expect((await store.call('c1'))?.answer?.body).toBe(body)
  expect((await store.ledger({ callId: 'c1', order: 'newest', limit: 1 }))[0]?.reason).toBe(body)
})

test('a document may hold them', async () => {
  const value = { text: 'a\0b \uD800' }
  await applyOne(store, { kind: 'put', collection: 'notes', id: 'n', value })
  expect((await store.get('notes', 'n'))?.value).toEqual(value)
})

test('what is written together with a row of the request log is not refused for what a column cannot hold, nor for a row that comes twice', async () => {
  await store.apply([admission])
  const odd = { ...row('r1', Date.now()), clientRequestId: 'a\0b' }
  await store.apply([settlement('ok'), { kind: 'log', row: odd }, { kind: 'log', row: odd }])
  expect(await store.balance('account:a', 'credit')).toMatchObject({ chargedUnits: 10 })
  expect((await store.request('r1'))?.clientRequestId).toBe('a\uFFFDb')
})
