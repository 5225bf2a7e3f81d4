/** A file with more done calls than are kept by name, as after a busy day. */
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { balance, termsFor, claim, creditOf, grant, keyOf, NOON, settle, admit } from '../../testing/paid-call.ts'
import { createStoreTime } from '../../testing/timed-store.ts'
import type { Disk, DiskContents } from './disk.ts'
import { createResidentStore, openingQuestion } from './resident-store.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createSqliteDisk } from './sqlite-disk.ts'

const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase

test('a new paid, keyed call asks the disk for nothing, and a done one is still known by its id and its key', async () => {
  const clock = createManualClock(NOON)
  const inner = createSqliteDisk(new Database(':memory:'))
  const loads: unknown[] = []
  const disk: Disk = {
    ...inner,
    ask(question, told) {
      if (question.kind === 'load') loads.push(question.wanted)
      inner.ask(question, told)
    },
    close: (_, told) => told(),
  }
  /** As if there were too many to be told when the store is opened. */
  const open = () => {
    let contents: DiskContents | undefined
    disk.ask(openingQuestion(), (outcome) => (contents = outcome.kind === 'done' ? { ...outcome.value, callNames: undefined } : undefined))
    const time = createStoreTime(clock)
    return time.over(createResidentStore(disk, contents as unknown as DiskContents, { clock: time.clock }))
  }
  const answer = { status: 201, headers: [], body: '{"made":1}', encoding: 'utf8' } as const
  const before = open()
  await grant(before, 100)
  await claim(before, termsFor('c1'), keyOf('k1'))
  await admit(before, [creditOf(30)], termsFor('c1'), { dispatch: true })
  await settle(before, 'c1', 'done', { chargeUnits: 30, answer })
  await before.close()

  const store = open()
  loads.length = 0
  expect(await claim(store, termsFor('c2'), keyOf('k2'))).toMatchObject({ outcome: 'claimed' })
  expect((await admit(store, [creditOf(30)], termsFor('c2'), { dispatch: true })).admitted).toBe(true)
  await settle(store, 'c2', 'done', { chargeUnits: 30, answer })
  expect((await admit(store, [creditOf(30)], termsFor('c3'), { dispatch: true })).admitted).toBe(true)
  expect(loads).toEqual([])

  expect(await claim(store, termsFor('c4'), keyOf('k1'))).toMatchObject({ outcome: 'replay', call: { id: 'c1' } })
  expect(await claim(store, termsFor('c5'), keyOf('k2'))).toMatchObject({ outcome: 'replay', call: { id: 'c2' } })
  // The same again: it is told what it was told, and charged no second time.
  expect(await settle(store, 'c1', 'done', { chargeUnits: 30 })).toMatchObject({ settled: true })
  expect(loads.length).toBeGreaterThan(0)
  expect(await balance(store)).toEqual([10, 30])
  await store.close()
})
