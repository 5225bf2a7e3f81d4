/** A file with more than a store begins with: more open calls, sessions, subjects whose money expires, and names of calls. */
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { admit, balance, claim, creditOf, grant, HOLD_MS, keyOf, leaseOf, NOON, settle, termsFor } from '../../testing/paid-call.ts'
import { createStoreTime } from '../../testing/timed-store.ts'
import { applyOne } from '../store.ts'
import type { Disk, DiskContents, DiskQuestion } from './disk.ts'
import { createResidentStore } from './resident-store.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createSqliteDisk } from './sqlite-disk.ts'

const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase
const CALLS = 40
const DAY_MS = 86_400_000
const subjectOf = (at: number): string => `account:${at}`

/** Forty accounts with money that expires in a day, each with an open call under a key that holds some of it, and a session. */
async function world() {
  const clock = createManualClock(NOON)
  const inner = createSqliteDisk(new Database(':memory:'))
  const asked: DiskQuestion[] = []
  const disk: Disk = {
    ...inner,
    ask(question, told) {
      asked.push(question)
      inner.ask(question, told)
    },
    close: (_, told) => told(),
  }
  const open = (most: { readonly recordsMax: number; readonly livingMax: number; readonly namesMax: number }) => {
    let contents: DiskContents | undefined
    disk.ask({ kind: 'open', ...most }, (outcome) => (contents = outcome.kind === 'done' ? outcome.value : undefined))
    const time = createStoreTime(clock)
    return { contents, store: time.over(createResidentStore(disk, contents as unknown as DiskContents, { clock: time.clock })) }
  }
  const { store: before } = open({ recordsMax: 100, livingMax: 100, namesMax: 100 })
  for (let at = 0; at < CALLS; at += 1) {
    const subject = subjectOf(at)
    await grant(before, 100, { subject, grantId: `grant ${at}`, expiresAtMs: NOON + DAY_MS })
    await claim(before, termsFor(`call ${at}`, { accountId: String(at) }), keyOf(`scope ${at}`))
    await admit(before, [creditOf(30, subject), leaseOf('session', 1, 1, subject)], termsFor(`call ${at}`, { accountId: String(at) }), { dispatch: true })
  }
  await before.close()
  const opened = open({ recordsMax: 2, livingMax: 3, namesMax: 5 })
  asked.length = 0
  return { ...opened, asked }
}

test('it reads a bound of each, however many there are', async () => {
  const { contents, store } = await world()
  expect(contents).toMatchObject({ hasAllRecords: false, callNames: undefined })
  expect([contents?.records.length, contents?.calls.length]).toEqual([2, 3])
  await store.close()
})

test('an open call that it did not begin with is known by its id and its key, and ends as any other', async () => {
  const { store } = await world()
  for (const at of [0, 17, 39]) {
    expect(await claim(store, termsFor(`again ${at}`), keyOf(`scope ${at}`))).toMatchObject({ outcome: 'in_progress' })
    expect(await settle(store, `call ${at}`, 'done', { chargeUnits: 10, answer: { status: 200, headers: [], body: 'x', encoding: 'utf8' } })).toMatchObject({ settled: true })
    expect(await balance(store, NOON, subjectOf(at))).toEqual([90, 0])
    expect(await claim(store, termsFor(`later ${at}`), keyOf(`scope ${at}`))).toMatchObject({ outcome: 'replay', call: { id: `call ${at}` } })
  }
  expect((await claim(store, termsFor('new'), keyOf('new'))).outcome).toBe('claimed')
  await store.close()
})

test('what falls due of all of them is resolved by sweeps, each with a few questions to the disk', async () => {
  const { store, asked } = await world()
  const sweepAt = (nowMs: number) => applyOne(store.at(nowMs), { kind: 'sweep', limit: 15 })
  expect(await sweepAt(NOON)).toEqual({ calls: 0, leases: 0, grants: 0, nextDueMs: NOON + HOLD_MS })
  const resolved: number[] = []
  for (let round = 0; round < 4; round += 1) {
    asked.length = 0
    resolved.push((await sweepAt(NOON + HOLD_MS)).calls)
    expect(asked.length).toBeLessThanOrEqual(4)
  }
  expect(resolved).toEqual([15, 15, 10, 0])
  for (let at = 0; at < CALLS; at += 1) expect(await balance(store, NOON + HOLD_MS, subjectOf(at))).toEqual([100, 0])
  expect((await sweepAt(NOON + HOLD_MS)).nextDueMs).toBe(NOON + DAY_MS)
  const expired: number[] = []
  for (let round = 0; round < 4; round += 1) expired.push((await sweepAt(NOON + DAY_MS)).grants)
  expect(expired).toEqual([15, 15, 10, 0])
  expect(await balance(store, NOON + DAY_MS, subjectOf(20))).toEqual([0, 0])
  await store.close()
})
