import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { admit, claim, creditOf, grant, keyOf, leaseOf, NOON, settle, termsFor } from '../../testing/paid-call.ts'
import { createStoreTime } from '../../testing/timed-store.ts'
import type { WalkPlace } from './disk.ts'
import { summedTables } from './sqlite-check.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createSqliteStore } from './sqlite.ts'
import { createWalk } from './sqlite-walk.ts'

const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase

let directory: string
let path: string

/** Of each tree several pages, and a row that goes on in pages of its own. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-walk-'))
  path = join(directory, 'store.db')
  const time = createStoreTime(createManualClock(NOON))
  const store = time.over(createSqliteStore({ database: new Database(path), clock: time.clock }))
  await grant(store, 1_000_000)
  for (let at = 0; at < 150; at += 1) {
    const id = `call number ${at}`
    await grant(store, 1, { grantId: `grant number ${at}`, expiresAtMs: NOON + 86_400_000, subject: `account:${at}` })
    await claim(store, termsFor(id), keyOf(`scope number ${at}`))
    await admit(store, [creditOf(1), leaseOf('session', 1_000)], termsFor(id), { dispatch: true })
    await settle(store, id, 'done', { chargeUnits: 1, answer: { status: 200, headers: [], body: 'x'.repeat(at === 7 ? 20_000 : 100), encoding: 'utf8' } })
  }
  await admit(store, [creditOf(1)], termsFor('still open'), { dispatch: true })
  await store.close()
}, 60_000)

afterAll(() => rmSync(directory, { recursive: true, force: true }))

function faultsOf(file: string, limit: number): { readonly faults: readonly string[]; readonly slices: number } {
  const database = new Database(file)
  const walk = createWalk(database)
  const faults: string[] = []
  let slices = 0
  for (let from: WalkPlace | undefined; ; slices += 1) {
    const { fault, next } = walk(from, limit)
    if (fault !== undefined) faults.push(fault)
    if (next === undefined) break
    from = next
  }
  database.close()
  return { faults, slices }
}

test('a whole file has no fault, whatever the size of the slices, also where many entries have one key', () => {
  const slices = [1, 7, 10_000].map((limit) => {
    const walked = faultsOf(path, limit)
    expect(walked.faults).toEqual([])
    return walked.slices
  })
  expect(slices[0]).toBeGreaterThan(2_000)
  expect(slices[2]).toBeLessThan(30)
})

test('a page that is lost is found, whichever it is', () => {
  const database = new Database(path)
  const named = summedTables.map((table) => `'${table}'`).join(', ')
  const pages = database.prepare(`SELECT pageno, name FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name IN (${named}))`).all() as { readonly pageno: number; readonly name: string }[]
  database.close()
  expect(pages.length).toBeGreaterThan(60)
  const unseen = pages.filter(({ pageno }) => {
    const damaged = join(directory, 'damaged.db')
    copyFileSync(path, damaged)
    const file = openSync(damaged, 'r+')
    writeSync(file, Buffer.alloc(4_096, 0xaa), 0, 4_096, (pageno - 1) * 4_096)
    closeSync(file)
    return faultsOf(damaged, 50).faults.length === 0
  })
  expect(unseen).toEqual([])
}, 60_000)

test('a row whose text is another than was written is found, although its page is in order', () => {
  const damaged = join(directory, 'row.db')
  copyFileSync(path, damaged)
  const database = new Database(damaged)
  database.exec("UPDATE calls SET json = substr(json, 2) WHERE id = 'call number 100'")
  database.close()
  expect(faultsOf(damaged, 50).faults).toEqual(['table calls: a row is no JSON'])
})
