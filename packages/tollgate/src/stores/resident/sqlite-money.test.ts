import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkLedger } from '../../engine/money/ledger-check.ts'
import type { Take } from '../../engine/meters/meter.ts'
import { applyOne, type Command } from '../store.ts'
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts'
import { alive, balance, termsFor, claim, creditOf, HOLD_MS, debit, extend, grant, keyOf, leaseOf, NOON, settle, admit } from '../../testing/paid-call.ts'
import { aliveSlots } from '../../testing/slot-conformance.ts'
import { createStoreTime, type TimedStore } from '../../testing/timed-store.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { migrations } from './sqlite-schema.ts'
import { createSqliteStore, type SqliteStoreOptions } from './sqlite.ts'

const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase
const DAILY: Take = { subject: 'account:a', name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 100, cost: 1 }

let directory: string
let path: string
let clock: ManualClock
let failing: boolean

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-'))
  path = join(directory, 'store.db')
  clock = createManualClock(NOON)
  failing = false
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** A store whose commits fail while `failing` says so. */
function open(options: Partial<SqliteStoreOptions> = {}): TimedStore {
  const database = new Database(path)
  const exec = (sql: string): unknown => {
    if (failing && sql === 'COMMIT') throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    return database.exec(sql)
  }
  const time = createStoreTime(clock)
  return time.over(createSqliteStore({ database: { exec, prepare: (sql) => database.prepare(sql), close: () => database.close() }, clock: time.clock, ...options }))
}

test('rows of the ledger are numbered by subject without a gap, many of them in one commit, also after commits that failed', async () => {
  let store = open({ flushMs: 0 })
  const grantTo = (subject: string, grantId: string) => applyOne(store, { kind: 'grant', subject, name: 'credit', scale: 2, grantId, units: 1, reason: 'test' })
  const numbersOf = async (subject: string) => (await store.ledger({ subject, order: 'oldest', limit: 100 })).map(({ number, grantId }) => [number, grantId])
  const ids = (from: string, count: number) => Array.from({ length: count }, (_, at) => `${from}${at}`)
  await Promise.all(ids('a', 19).flatMap((id) => [grantTo('account:a', id), grantTo('account:b', id)]))
  failing = true
  const lost = await Promise.allSettled(ids('lost', 11).map((id) => grantTo('account:a', id)))
  expect(lost.every(({ status }) => status === 'rejected')).toBe(true)
  failing = false
  clock.advance(1)
  await Promise.all(ids('c', 9).map((id) => grantTo('account:a', id)))
  await store.close()
  store = open()
  await grantTo('account:a', 'last')
  expect(await numbersOf('account:a')).toEqual([...ids('a', 19), ...ids('c', 9), 'last'].map((id, at) => [at + 1, id]))
  expect(await numbersOf('account:b')).toEqual(ids('a', 19).map((id, at) => [at + 1, id]))
  await store.close()
})

test('a file of the first schema keeps its counters and gets money', async () => {
  const old = new Database(path)
  old.exec(`${migrations[0]}; PRAGMA application_id = ${0x746f6c6c}; PRAGMA user_version = 1`)
  old.exec(`INSERT INTO subjects VALUES ('account:a', '[1,["daily","period",${Date.UTC(2026, 2, 11)},7]]', ${Date.UTC(2026, 2, 11)})`)
  old.exec(`INSERT INTO documents VALUES ('accounts', 'a', NULL, 3, '{"plan":"pro"}')`)
  old.close()
  const store = open()
  expect((await store.at(NOON).peek([DAILY]))[0]?.used).toBe(7)
  expect(await store.get('accounts', 'a')).toMatchObject({ version: 3, value: { plan: 'pro' } })
  await grant(store, 100)
  expect((await admit(store, [DAILY, creditOf(40)], termsFor('c1'))).admitted).toBe(true)
  await store.close()
  const again = open()
  expect([await balance(again), (await again.at(NOON).peek([DAILY]))[0]?.used]).toEqual([[60, 40], 8])
  await again.close()
})

test('a file of the second schema gets the sums of its balances, pages and ages of its leases', async () => {
  const old = new Database(path)
  old.exec(`${migrations[0]}; ${migrations[1]}; PRAGMA application_id = ${0x746f6c6c}; PRAGMA user_version = 2`)
  const record = JSON.stringify([1, ['daily', 'period', Date.UTC(2026, 2, 11), 7], ['credit', 'balance', 2, 0, 'g2', 40, -1], ['session', 'lease', 1]])
  old.prepare('INSERT INTO subjects VALUES (?, ?, ?, NULL)').run('account:a', record, Number.MAX_SAFE_INTEGER)
  const movement = { subject: 'account:a', name: 'credit', scale: 2, atMs: NOON, reason: 'old' }
  const moved = [['grant', 100, 100, 0, 'g1'], ['hold', 30, 70, 30], ['settle', 30, 70, 0], ['expire', 70, 0, 0, 'g1'], ['grant', 40, 40, 0, 'g2']] as const
  for (const [at, [kind, units, availableUnits, heldUnits, grantId]] of moved.entries()) {
    const json = JSON.stringify({ ...movement, seq: at + 1, kind, units, availableUnits, heldUnits, grantId })
    old.prepare('INSERT INTO ledger VALUES (?, ?, ?, NULL, ?, ?)').run(at + 1, 'account:a', 'credit', kind === 'grant' ? grantId : null, json)
  }
  const lease = { api: 'x', accountId: 'a', callId: 'c', taken: [], createdAtMs: NOON - 5 }
  const leases = [{ ...lease, id: 's1', state: 'active' }, { ...lease, id: 's2', state: 'released', endedAtMs: NOON }]
  for (const each of leases) old.prepare('INSERT INTO leases (api, id, account, state, json) VALUES (?, ?, ?, ?, ?)').run('x', each.id, 'a', each.state, JSON.stringify(each))
  old.close()
  const store = open()
  expect((await store.at(NOON).peek([DAILY]))[0]?.used).toBe(7)
  expect(await alive(store, 'session')).toBe(1)
  expect(await store.at(NOON).balance('account:a', 'credit')).toEqual({
    subject: 'account:a', name: 'credit', scale: 2, availableUnits: 40, heldUnits: 0, grantedUnits: 140, chargedUnits: 30, expiredUnits: 70,
    grants: [{ id: 'g2', availableUnits: 40, grantedUnits: 40, grantedAtMs: NOON, reason: 'old' }],
  })
  expect((await store.leases({ accountId: 'a', limit: 5, before: { createdAtMs: NOON - 5, id: 's2', api: 'x' } })).map(({ id }) => id)).toEqual(['s1'])
  await applyOne(store.at(NOON + 30 * 86_400_000), { kind: 'sweep', limit: 10 })
  expect((await store.leases({ accountId: 'a', limit: 5 })).map(({ id }) => id)).toEqual(['s1'])
  await store.close()
})

test('a file of the third schema takes debits, each once under its id', async () => {
  const old = new Database(path)
  old.exec(`${migrations.slice(0, 3).join(';')}; PRAGMA application_id = ${0x746f6c6c}; PRAGMA user_version = 3`)
  const record = JSON.stringify([1, ['credit', 'balance', 2, 0, 'g1', 100, -1, 100, 0]])
  old.prepare('INSERT INTO subjects (subject, record, expires_ms) VALUES (?, ?, ?)').run('account:a', record, Number.MAX_SAFE_INTEGER)
  const row = { seq: 1, subject: 'account:a', name: 'credit', scale: 2, atMs: NOON, kind: 'grant', units: 100, availableUnits: 100, heldUnits: 0, grantId: 'g1', reason: 'old' }
  old.prepare('INSERT INTO ledger (seq, subject, name, grant_id, json) VALUES (1, ?, ?, ?, ?)').run('account:a', 'credit', 'g1', JSON.stringify(row))
  old.close()
  const store = open()
  expect(await debit(store, 30, { debitId: 'g1' })).toMatchObject({ debited: true })
  await store.close()
  const again = open()
  expect(await debit(again, 30, { debitId: 'g1' })).toMatchObject({ debited: false, firstUnits: 30, reading: { remaining: 70 } })
  expect(await grant(again, 5)).toMatchObject({ granted: false, firstUnits: 100 })
  expect(checkLedger(await again.ledger({ limit: 10 }), [])).toEqual([])
  await again.close()
})

test('a debit that cannot be written is not made, and is free to be asked for again', async () => {
  const store = open()
  await grant(store, 100)
  failing = true
  await expect(debit(store, 30)).rejects.toThrow('full')
  failing = false
  clock.advance(1_000)
  expect(await balance(store)).toEqual([100, 0])
  expect(await debit(store, 30)).toMatchObject({ debited: true })
  await store.close()
})

test('a damaged call or balance refuses what asks for it, with an error, and nothing else', async () => {
  const store = open()
  await grant(store, 100)
  await admit(store, [creditOf(40)], termsFor('c1'))
  await grant(store, 100, { subject: 'account:b' })
  await store.close()
  const database = new Database(path)
  database.exec(`UPDATE calls SET json = '{"id":'; UPDATE subjects SET record = '[1,["credit","balance",2,0,"g",-5,-1,100,0]]' WHERE subject = 'account:b'`)
  database.close()
  const damaged = open()
  await expect(settle(damaged, 'c1', 'released')).rejects.toThrow('cannot be read')
  await expect(balance(damaged, NOON, 'account:b')).rejects.toThrow('the counters of account:b cannot be read')
  expect(await balance(damaged)).toEqual([60, 40])
  await damaged.close()
})

test('calls that are over leave the memory, and calls that left the memory are found again', async () => {
  const store = open({ recordsMax: 4 })
  await grant(store, 1_000)
  const ids = Array.from({ length: 40 }, (_, at) => `c${at}`)
  for (const id of ids) {
    await claim(store, termsFor(id), keyOf(id))
    await admit(store, [creditOf(10)], termsFor(id), { dispatch: true })
  }
  for (const id of ids) expect((await claim(store, termsFor('x'), keyOf(id))).outcome).toBe('in_progress')
  for (const id of ids) expect((await settle(store, id, 'done', { chargeUnits: 5 })).settled).toBe(true)
  expect(await balance(store)).toEqual([800, 0])
  await store.close()
})

test('an answer that rests on what is not on disk yet waits for the disk', async () => {
  const store = open()
  await claim(store, termsFor('c1'), keyOf('k'))
  await applyOne(store.at(NOON), { kind: 'dispatch', callId: 'c1' })
  failing = true
  const answer = { status: 200, headers: [], body: '', encoding: 'utf8' } as const
  const outcomes = await Promise.allSettled([settle(store, 'c1', 'done', { answer }), claim(store, termsFor('c2'), keyOf('k'))])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  failing = false
  clock.advance(250)
  expect((await claim(store, termsFor('c2'), keyOf('k'))).outcome).toBe('in_progress')
  await store.close()
})

describe('when a commit fails', () => {
  test('money, calls, leases and the ledger are as they were; what nobody waited for stays', async () => {
    const store = open()
    await grant(store, 100)
    await admit(store, [creditOf(30), leaseOf('slot', 9), leaseOf('session', 9)], termsFor('c1'), { dispatch: true })
    const call = await store.call('c1')
    failing = true
    const outcomes = await Promise.allSettled([
      settle(store, 'c1', 'done', { chargeUnits: 10 }),
      grant(store, 50, { grantId: 'g2' }),
      admit(store, [DAILY, creditOf(40), leaseOf('slot', 9)], termsFor('c2')),
      applyOne(store.at(NOON), { kind: 'admit', takes: [DAILY] }),
      claim(store, termsFor('c3'), keyOf('k')),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled', 'fulfilled'])
    expect([await balance(store), ...(await store.at(NOON).peek([leaseOf('session', 9), DAILY])).map(({ used }) => used)]).toEqual([[70, 30], 1, 1])
    expect([await store.call('c1'), await store.call('c2'), (await store.call('c3'))?.state]).toEqual([call, undefined, 'claimed'])
    // Until the disk works again nothing is begun, but the end of a call frees its slot.
    await admit(store, [leaseOf('slot', 9)], termsFor('c4'))
    await expect(admit(store, [creditOf(1)], termsFor('c4'))).rejects.toThrow('the disk is full')
    await expect(settle(store, 'c1', 'done')).rejects.toThrow('the disk is full')
    expect((await settle(store, 'c4', 'done')).settled).toBe(true)
    expect(await aliveSlots(store)).toBe(0)
    failing = false
    clock.advance(250)
    expect((await settle(store, 'c1', 'done', { chargeUnits: 10 })).chargedUnits).toBe(10)
    expect((await claim(store, termsFor('c5'), keyOf('k'))).outcome).toBe('in_progress')
    expect(await balance(store)).toEqual([90, 0])
    expect(checkLedger(await store.ledger({ limit: 100 }), await store.calls({ limit: 100 }))).toEqual([])
    await store.close()
  })

  test('an extension is undone, for the call as for its slots, and comes again', async () => {
    const store = open()
    await grant(store, 100)
    await admit(store, [creditOf(30), leaseOf('slot', 9)], termsFor('c1'), { dispatch: true })
    failing = true
    await expect(extend(store, 'c1', NOON + 3 * HOLD_MS)).rejects.toThrow('the disk is full')
    failing = false
    clock.advance(250)
    expect((await store.call('c1'))?.deadlineMs).toBe(NOON + HOLD_MS)
    expect(await extend(store, 'c1', NOON + 2 * HOLD_MS)).toBe(true)
    await applyOne(store.at(NOON + HOLD_MS), { kind: 'sweep', limit: 9 })
    expect([await balance(store, NOON + HOLD_MS), await aliveSlots(store)]).toEqual([[70, 30], 1])
    await applyOne(store.at(NOON + 2 * HOLD_MS), { kind: 'sweep', limit: 9 })
    expect([await balance(store, NOON + 2 * HOLD_MS), await aliveSlots(store)]).toEqual([[100, 0], 0])
    await store.close()
  })

  test('whatever was decided together is undone exactly, in any order', async () => {
    const ids = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6']
    const id = fc.constantFrom(...ids)
    const command: fc.Arbitrary<Command> = fc.oneof(
      fc.record({ kind: fc.constant('settle' as const), callId: id, outcome: fc.constantFrom('done' as const, 'released' as const, 'unknown' as const), chargeUnits: fc.nat(12), reason: fc.constant('r') }),
      fc.record({ kind: fc.constant('grant' as const), subject: fc.constant('account:a'), name: fc.constant('credit'), scale: fc.constant(2), grantId: fc.constantFrom('g2', 'g3'), units: fc.integer({ min: 1, max: 9 }), reason: fc.constant('r'), expiresAtMs: fc.constantFrom(NOON + 1, NOON + 9) }),
      fc.record({ kind: fc.constant('bind-lease' as const), callId: id, api: fc.constant('x'), id: fc.constantFrom('s1', 's2') }),
      fc.record({ kind: fc.constant('end-lease' as const), accountId: fc.constant('a'), id: fc.constantFrom('s0', 's1'), as: fc.constant('released' as const) }),
      fc.tuple(fc.constantFrom('n1', 'n2', 'n3'), fc.nat(20), fc.boolean()).map(([callId, cost, dispatch]): Command => ({ kind: 'admit', takes: [DAILY, creditOf(cost), leaseOf('session', 5)], call: termsFor(callId), dispatch, durable: true })),
      fc.record({ kind: fc.constant('claim' as const), claim: fc.constantFrom(keyOf('k1'), keyOf('k2')), call: fc.constantFrom(termsFor('t1'), termsFor('t2')), redispatch: fc.constant(true) }),
      fc.record({ kind: fc.constant('extend' as const), callId: id, holdMs: fc.constantFrom(1, 2 * HOLD_MS) }),
      fc.record({ kind: fc.constant('sweep' as const), limit: fc.constant(9) }),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 12 }), async (commands) => {
        path = join(directory, `${(run += 1)}.db`)
        const store = open()
        await grant(store, 100, { expiresAtMs: NOON + HOLD_MS / 2 })
        for (const [at, callId] of ids.entries()) {
          if (at < 2) await claim(store, termsFor(callId), keyOf(`k${at + 1}`))
          await admit(store, [creditOf(at * 4), leaseOf('session', 99)], termsFor(callId), { dispatch: at !== 3 })
        }
        await settle(store, 'c1', 'unknown')
        await applyOne(store.at(NOON), { kind: 'bind-lease', callId: 'c6', api: 'x', id: 's0' })
        const look = async () => ({
          readings: await store.at(NOON).peek([DAILY, creditOf(0), leaseOf('session', 99)]),
          calls: await Promise.all([...ids, 'n1', 'n2', 'n3', 't1', 't2'].map((callId) => store.call(callId))),
          leases: await Promise.all(['s0', 's1', 's2'].map((each) => store.lease('x', each))),
        })
        const [before, rows] = [await look(), await store.ledger({ limit: 1_000 })]
        failing = true
        await Promise.allSettled(commands.map((each) => applyOne(store.at(each.kind === 'sweep' ? NOON + HOLD_MS : NOON), each)))
        failing = false
        const after = await look()
        expect([after.calls, after.leases]).toEqual([before.calls, before.leases])
        // A sweep moves the store's time, and with it what a peek shows.
        const isLater = commands.some(({ kind }) => kind === 'sweep')
        expect(isLater ? before.readings : after.readings).toEqual(before.readings)
        clock.advance(250)
        expect((await store.ledger({ limit: 1_000 })).slice(0, rows.length)).toEqual(rows)
        // Afterwards the same commands do what they would have done.
        await Promise.allSettled(commands.map((each) => applyOne(store.at(each.kind === 'sweep' ? NOON + HOLD_MS : NOON), each)))
        const calls = await store.calls({ limit: 1_000 })
        expect(checkLedger(await store.ledger({ limit: 1_000 }), calls)).toEqual([])
        await store.close()
      }),
    )
  })
})
