/** What `kill -9` leaves: a process that admits and logs as fast as it can is killed in the midst of it, again and again. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { writeStoreProgram } from './fixtures/store-program.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createSqliteStore } from './sqlite.ts'

const require = createRequire(import.meta.url)
const Database = require('libsql') as new (path: string) => SqlDatabase
const NOON = Date.UTC(2026, 2, 10, 12)
const KILLS = 3
const ACKNOWLEDGED_PER_KILL = 2_000

/** For each number: a log row that nobody waits for, then a durable admission and a document, then the word that these are safe. */
const child = (sqlite: string) => `
import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createSqliteStore } from ${JSON.stringify(sqlite)}
const Database = createRequire(${JSON.stringify(import.meta.url)})('libsql')
const [path, first] = process.argv.slice(2)
const clock = { wallMs: () => ${NOON}, monotonicMs: () => performance.now(), after: (ms, run) => { const timer = setTimeout(run, ms); return () => clearTimeout(timer) } }
const store = createSqliteStore({ database: new Database(path), clock })
const take = { subject: 'account:a', name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 1e9, cost: 1 }
let next = Number(first)
const worker = async () => {
  for (;;) {
    const number = next++
    store.apply([{ kind: 'log', row: { requestId: 'r' + number, atMs: ${NOON} } }])
    await store.apply([
      { kind: 'admit', takes: [take], durable: true },
      { kind: 'put', collection: 'c', id: String(number), value: number, expect: 0 },
    ])
    writeSync(1, number + '\\n')
  }
}
for (let count = 0; count < 16; count += 1) worker()
`

let directory: string

beforeAll(() => {
  directory = writeStoreProgram(child)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Runs the child until it has acknowledged enough, kills it, and returns what it acknowledged. */
async function runAndKill(path: string, first: number): Promise<number[]> {
  const running = spawn(process.execPath, [join(directory, 'child.js'), path, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  running.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    if (text.split('\n').length > ACKNOWLEDGED_PER_KILL) running.kill('SIGKILL')
  })
  await once(running, 'close')
  expect(running.signalCode).toBe('SIGKILL')
  // The last line may be cut off.
  return text.split('\n').slice(0, -1).map(Number)
}

test('kill -9 loses nothing that was acknowledged, and the next start works at once', async () => {
  const path = join(directory, 'store.db')
  const acknowledged: number[] = []
  for (let kill = 0; kill < KILLS; kill += 1) {
    acknowledged.push(...(await runAndKill(path, kill * 1_000_000)))
    const store = createSqliteStore({ database: new Database(path), clock: createManualClock(NOON) })
    for (const number of acknowledged) {
      expect(await store.get('c', String(number))).toMatchObject({ value: number, version: 1 })
      expect(await store.request(`r${number}`)).toMatchObject({ requestId: `r${number}` })
    }
    const documents = (await store.list('c', { limit: 1_000_000 })).length
    const [reading] = await store.peek([{ subject: 'account:a', name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 1e9, cost: 1 }])
    // A group is written whole or not at all: each admission stands with its document.
    expect(reading?.used).toBe(documents)
    expect(documents).toBeGreaterThanOrEqual(acknowledged.length)
    await store.close()
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS * (ACKNOWLEDGED_PER_KILL - 1))
})
