/** The database in its own thread, as the program has it. Its disk does what the test says: a commit ends when it lets it, or fails. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Take } from 'tollgate/engine'
import { applyOne, type Store } from 'tollgate/stores'
import { createManualClock, storeConformanceCases, type ManualClock } from 'tollgate/testing'
import { builtThread, writeFaultyThread } from '../fixtures/faulty-thread.ts'
import { openStore } from '../program/open-store.ts'
import { isProving, storeCases } from '../../../../test/runs.ts'

const CREDIT: Take = { subject: 'account:a', name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: 10 }
const burst = (limit: number): Take => ({ subject: 'account:a', name: 'burst', meter: { kind: 'window', windowMs: 60_000 }, limit, cost: 1 })

let directory: string
let clock: ManualClock
let deaths: string[]
let alerts: string[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-slow-'))
  clock = createManualClock(Date.UTC(2026, 10, 22))
  deaths = []
  alerts = []
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const at = (name: string): string => join(directory, name)
const open = async (thread = builtThread, used = clock) =>
  (await openStore({ kind: 'sqlite', file: at('tollgate.db') }, used, ({ message }) => void alerts.push(message), { thread, died: ({ message }) => void deaths.push(message) })).store

const grant = (store: Store, grantId: string) => applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId, units: 100, reason: 'test' })

it('while a commit hangs, refusals, counts, streams and probes go on; only what waits for the disk waits', async () => {
  const disk = writeFaultyThread(directory)
  const store = await open(disk.program)
  await grant(store, 'g1')
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
  disk.hold()
  const call = { id: 'c1', accountId: 'a', holdMs: 60_000, onExpiry: 'release' } as const
  const paid = applyOne(store, { kind: 'admit', takes: [CREDIT], call, dispatch: true }).then(({ admitted }) => order.push(`paid ${admitted}`))
  await expect.poll(disk.isHeld, { interval: 5, timeout: 20_000 }).toBe(true)

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
  disk.release()
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
  const disk = writeFaultyThread(directory)
  const store = await open(disk.program)
  await grant(store, 'g1')
  disk.dieWhenReleased()
  disk.hold()
  const lost = grant(store, 'g2').catch((error: unknown) => error)
  await expect.poll(disk.isHeld, { interval: 5, timeout: 20_000 }).toBe(true)
  disk.release()
  expect(await lost).toMatchObject({ applied: 'unknown', message: expect.stringContaining('has ended (exit 7); what it was writing may be there or not') })
  await expect(grant(store, 'g3')).rejects.toMatchObject({ name: 'StoreUnavailableError', applied: 'no' })
  await expect(store.requests({ limit: 1 })).rejects.toThrow('has ended')
  expect(deaths).toEqual([expect.stringContaining('has ended (exit 7)')])
  await store.close().catch(() => undefined)
  // The lock went with it, and the file has what was told.
  const again = await open()
  expect((await again.balance('account:a', 'credit'))?.availableUnits).toBe(100)
  await again.close()
})

it.each([
  ['SQLITE_FULL', 'the store cannot write: the disk is full'],
  ['SQLITE_IOERR_FSYNC', 'the store cannot write: the disk reports an input/output error'],
] as const)('a commit that fails with %s in the other thread is undone in this one, and nothing that must last is begun until one works', async (fault, message) => {
  const disk = writeFaultyThread(directory)
  const store = await open(disk.program)
  await grant(store, 'g1')
  const call = { id: 'c1', accountId: 'a', holdMs: 60_000, onExpiry: 'release' } as const
  const paid = (id: string) => applyOne(store, { kind: 'admit', takes: [burst(100), CREDIT], call: { ...call, id }, dispatch: true })
  expect(await paid('c1')).toMatchObject({ admitted: true })

  disk.fail(fault)
  // The first goes to the disk, the others gather meanwhile: none of them is told before all are undone.
  const lost = await Promise.all([paid('c2'), applyOne(store, { kind: 'settle', callId: 'c1', outcome: 'done', reason: 'test' }), grant(store, 'g2')].map((each) => each.catch((error: unknown) => error)))
  for (const error of lost) expect(error).toMatchObject({ name: 'StoreUnavailableError', message, applied: 'no' })
  expect(alerts).toEqual([message])
  expect(await store.balance('account:a', 'credit')).toMatchObject({ availableUnits: 90, heldUnits: 10 })
  await expect(paid('c3')).rejects.toThrow(message)
  // Counts need no disk for a second.
  expect(await applyOne(store, { kind: 'admit', takes: [burst(100)] })).toMatchObject({ admitted: true })

  disk.fail(undefined)
  clock.advance(250)
  expect(await applyOne(store, { kind: 'settle', callId: 'c1', outcome: 'done', chargeUnits: 10, reason: 'test' })).toMatchObject({ settled: true })
  expect(alerts).toEqual([message, 'the store writes again'])
  await store.close()
  const again = await open()
  expect(await again.balance('account:a', 'credit')).toMatchObject({ availableUnits: 90, heldUnits: 0 })
  expect((await again.ledger({ subject: 'account:a', order: 'oldest', limit: 10 })).map(({ number, kind }) => [number, kind])).toEqual([[1, 'grant'], [2, 'hold'], [3, 'settle']])
  expect(deaths).toEqual([])
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
for (const { name, run } of storeCases(storeConformanceCases).filter((_, place) => isProving || place % 6 === 0)) {
  it(`in a thread of its own: ${name}`, () => expect(run({ create: (used) => open(builtThread, used as ManualClock), reopen: (_, used) => open(builtThread, used as ManualClock) })).resolves.toBeUndefined())
}
