/** The database in its own thread, as the program has it. Its disk is held from here: a commit ends when the test lets it. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Take } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import { createManualClock, storeConformanceCases, type ManualClock } from 'tollgate/testing'
import { openStore } from '../program/open-store.ts'
import { isProving } from '../../../../test/runs.ts'

const dist = join(import.meta.dirname, '../../dist/platform')
const plain = pathToFileURL(join(dist, 'sqlite-thread.js'))
const CREDIT: Take = { subject: 'account:a', name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: 10 }
const burst = (limit: number): Take => ({ subject: 'account:a', name: 'burst', meter: { kind: 'window', windowMs: 60_000 }, limit, cost: 1 })

let directory: string
let clock: ManualClock
let deaths: string[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-slow-'))
  clock = createManualClock(Date.UTC(2026, 10, 22))
  deaths = []
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const at = (name: string): string => join(directory, name)
const open = async (thread = plain, used = clock) =>
  (await openStore({ kind: 'sqlite', file: at('tollgate.db') }, used, () => undefined, { thread, died: ({ message }) => void deaths.push(message) })).store

/** The thread's own program, but each commit waits as long as a file `shut` is there, says so by one named `waiting`, and takes the thread with it by one named `die`. */
function heldThread(): URL {
  writeFileSync(
    at('held.mjs'),
    `import { existsSync, writeFileSync } from 'node:fs'
     import { createRequire } from 'node:module'
     const [shut, waiting, die] = ${JSON.stringify([at('shut'), at('waiting'), at('die')])}
     const sleep = new Int32Array(new SharedArrayBuffer(4))
     const hold = (Database) => {
       const exec = Database.prototype.exec
       Database.prototype.exec = function (sql) {
         if (sql === 'COMMIT' && existsSync(shut)) {
           writeFileSync(waiting, '')
           while (existsSync(shut)) Atomics.wait(sleep, 0, 0, 5)
           if (existsSync(die)) process.exit(7)
         }
         return exec.call(this, sql)
       }
     }
     hold(createRequire(${JSON.stringify(at('held.mjs'))})(${JSON.stringify(join(import.meta.dirname, '../../../../node_modules/libsql'))}))
     process.emitWarning = () => undefined
     const own = process.getBuiltinModule?.('node:sqlite')
     if (own !== undefined) hold(own.DatabaseSync)
     await import(${JSON.stringify(plain.href)})`,
  )
  return pathToFileURL(at('held.mjs'))
}

it('while a commit hangs, refusals, counts, streams and probes go on; only what waits for the disk waits', async () => {
  const store = await open(heldThread())
  await applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g1', units: 100, reason: 'test' })
  await applyOne(store, { kind: 'admit', takes: [burst(1)] })
  const server = createServer((request, response) => {
    if (request.url === '/health') return void response.end('ok')
    let chunks = 0
    const more = (): void => {
      response.write(`${(chunks += 1)}\n`)
      if (chunks < 100) setImmediate(more)
      else response.end()
    }
    more()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const order: string[] = []
  writeFileSync(at('shut'), '')
  const call = { id: 'c1', accountId: 'a', holdMs: 60_000, onExpiry: 'release' } as const
  const paid = applyOne(store, { kind: 'admit', takes: [CREDIT], call, dispatch: true }).then(({ admitted }) => order.push(`paid ${admitted}`))
  await expect.poll(() => existsSync(at('waiting')), { interval: 5 }).toBe(true)

  for (let refused = 0; refused < 100; refused += 1) expect(await applyOne(store, { kind: 'admit', takes: [burst(1)] })).toMatchObject({ admitted: false })
  order.push('100 refusals')
  // A subject that nobody has seen: that it has no row is known without the disk.
  expect(await applyOne(store, { kind: 'admit', takes: [{ ...burst(1), subject: 'ip:stranger' }] })).toMatchObject({ admitted: true })
  expect(await (await fetch(`${url}/health`)).text()).toBe('ok')
  expect((await (await fetch(url)).text()).trim().split('\n')).toHaveLength(100)
  order.push('stream and probe')
  // A paid call that comes meanwhile gathers for the next commit.
  const next = applyOne(store, { kind: 'admit', takes: [CREDIT], call: { ...call, id: 'c2' }, dispatch: true }).then(({ admitted }) => order.push(`next ${admitted}`))
  const read = store.request('none').then(() => order.push('read'))
  expect(order).toEqual(['100 refusals', 'stream and probe'])

  // A second without a commit is too long: what is counted would be forgotten by a crash.
  clock.advance(1_001)
  await expect(applyOne(store, { kind: 'admit', takes: [burst(9)] })).rejects.toThrow('the store cannot write what is counted')
  rmSync(at('shut'))
  await Promise.all([paid, next, read])
  expect(order.slice(0, 3)).toEqual(['100 refusals', 'stream and probe', 'paid true'])
  expect(await applyOne(store, { kind: 'admit', takes: [burst(9)] })).toMatchObject({ admitted: true })
  expect(await store.balance('account:a', 'credit')).toMatchObject({ availableUnits: 80, heldUnits: 20 })
  server.close()
  await store.close()
  const again = await open()
  expect(await again.balance('account:a', 'credit')).toMatchObject({ availableUnits: 80, heldUnits: 20 })
  await again.close()
})

it('a thread that ends by itself fails all that waits, is told once, and nothing is admitted against memory any more', async () => {
  const store = await open(heldThread())
  await applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g1', units: 100, reason: 'test' })
  writeFileSync(at('die'), '')
  writeFileSync(at('shut'), '')
  const grant = (grantId: string) => applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId, units: 5, reason: 'test' })
  const lost = grant('g2').catch((error: unknown) => error)
  await expect.poll(() => existsSync(at('waiting')), { interval: 5 }).toBe(true)
  rmSync(at('shut'))
  expect(await lost).toMatchObject({ applied: 'unknown', message: expect.stringContaining('has ended (exit 7); what it was writing may be there or not') })
  await expect(grant('g3')).rejects.toMatchObject({ name: 'StoreUnavailableError', applied: 'no' })
  await expect(store.requests({ limit: 1 })).rejects.toThrow('has ended')
  expect(deaths).toEqual([expect.stringContaining('has ended (exit 7)')])
  await store.close().catch(() => undefined)
  // The lock went with it, and the file has what was told.
  const again = await open()
  expect((await again.balance('account:a', 'credit'))?.availableUnits).toBe(100)
  await again.close()
})

it('what is wrong with the file is said, from whichever thread', async () => {
  writeFileSync(at('tollgate.db'), 'no database, but a text that is long enough to be taken for one '.repeat(20))
  await expect(open()).rejects.toThrow(`${at('tollgate.db')}: the database cannot be used: it is not a SQLite database`)
  rmSync(at('tollgate.db'))
  const store = await open()
  await expect(open()).rejects.toThrow('it is owned by another process; stop that one first')
  await store.close()
})

// Each opens a thread. That the cases hold over SQLite is said beside it; here some of them are enough to say that a thread is no other disk.
for (const { name, run } of storeConformanceCases.filter((_, place) => isProving || place % 6 === 0)) {
  it(`in a thread of its own: ${name}`, () => expect(run({ create: (used) => open(plain, used as ManualClock), reopen: (_, used) => open(plain, used as ManualClock) })).resolves.toBeUndefined())
}
