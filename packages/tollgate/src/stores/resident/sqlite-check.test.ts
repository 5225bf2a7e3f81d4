import { mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync, closeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RequestRow } from '../../journal/request-row.ts'
import { applyOne } from '../store.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createSqliteStore } from './sqlite.ts'

const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase
const NOON = Date.UTC(2026, 2, 10, 12)

let directory: string
let path: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-check-'))
  path = join(directory, 'store.db')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const open = (clock = createManualClock(NOON)) => createSqliteStore({ database: new Database(path), clock })

async function fill(): Promise<void> {
  const store = open()
  for (let batch = 0; batch < 10; batch += 1) {
    await store.apply(
      Array.from({ length: 100 }, (_, at) => ({ kind: 'grant', subject: 'account:acme', name: 'credit', scale: 2, grantId: `grant number ${batch} ${at}`, units: 100, reason: 'a reason of some length' }) as const),
    )
  }
  await store.close()
}

/** Over the whole page on which the text first stands. */
function spoilPageOf(text: string): void {
  const bytes = readFileSync(path)
  const page = Math.floor(bytes.indexOf(text) / 4096) * 4096
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(4096, 0xaa), 0, 4096, page)
  closeSync(file)
}

test('a database with a damaged page of the ledger is not opened, and the message says what to do', async () => {
  await fill()
  open().close()
  spoilPageOf('grant number 5 50')
  expect(() => open()).toThrow(/it is damaged \(table ledger: .+\); restore a backup/)
})

test('damage of the request log keeps nobody from starting, and is found by looking', async () => {
  const first = open()
  const row = (at: number): RequestRow => ({ requestId: `request number ${at}`, atMs: NOON, path: 'x'.repeat(200) }) as RequestRow
  await first.apply(Array.from({ length: 1_000 }, (_, at) => ({ kind: 'log', row: row(at) }) as const))
  expect(await first.damage()).toEqual([])
  await first.close()
  spoilPageOf('request number 500')
  const store = open()
  expect((await store.damage()).join()).toMatch(/^table requests: /)
  await store.close()
})

test('damage among documents keeps nobody from starting, is told to who asks for one, and is found by looking', async () => {
  const first = open()
  const id = (at: number): string => `key number ${String(at).padStart(4, '0')}`
  await first.apply(Array.from({ length: 1_000 }, (_, at) => ({ kind: 'put', collection: 'keys', id: id(at), value: 'x'.repeat(200) }) as const))
  await first.close()
  spoilPageOf(id(500))
  const store = open()
  await expect(store.get('keys', id(500))).rejects.toThrow('it is damaged')
  expect((await store.damage()).join()).toMatch(/^table documents: /)
  await store.close()
})

test('half a minute after a commit at the latest it lies in the database itself, however quiet it is', async () => {
  const clock = createManualClock(NOON)
  const store = open(clock)
  const before = statSync(path).size
  await applyOne(store, { kind: 'put', collection: 'c', id: 'x', value: 'y'.repeat(50_000) })
  expect(statSync(path).size).toBe(before)
  clock.advance(30_000)
  expect(statSync(path).size).toBeGreaterThan(before + 50_000)
  await store.close()
})
