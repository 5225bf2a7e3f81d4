/**
 * The program dies by `kill -9` at steps of a paid call under a key: before each command of its store, when it is decided and when it is written, and at
 * each moment of the service's work. The next program on the same file is asked again under the same key, at once and after the deadline.
 *
 * Here some of the steps, one of each sort; all of them in `npm run prove`, and in simulation.
 */
import { rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCaller, type Caller } from './caller.ts'
import { plainConduct } from './conduct.ts'
import { steps, titled as all, told, type Told } from './crash-table.ts'
import { isWhole, type Books, type Order, type Reply } from './history.ts'
import { untilGivenBack } from './given-back.ts'
import { createHttpLine } from './http-line.ts'
import { judge } from './judge.ts'
import { copyPrograms, type Program } from './program.ts'
import { createRandom } from './random.ts'
import { HOLD_MS, kindOf, scopeOf, SWEPT_MS, type KindName } from './shop.ts'
import { isProving } from '../runs.ts'
import { SLACK_MS } from './time.ts'
import { createWorld, type World } from './world.ts'

const some = new Set(['said, settle decided', 'kept, received', 'again taken over, claim written (2)', 'open, bind-lease written'])
const titled = all.filter(({ title }) => isProving || some.has(title)).map((crash, place) => ({ ...crash, place }))

let compiled: string
let world: World
let caller: Caller
let program: Program
const orders: Order[] = []
/** Orders that were asked again only after their deadline: the machine was too busy to start a program within it. */
const late = new Set<Order>()
/** Orders whose claim was written before the crash, though nothing waits for it. */
const locked = new Set<Order>()
/** Orders whose first run never answers. */
const hanging = new Set<string>()

async function startNext(): Promise<void> {
  program = await world.programs.start()
  expect({ isStarted: await program.started, said: program.errors }).toMatchObject({ isStarted: true })
}

beforeAll(async () => {
  compiled = copyPrograms()
  world = await createWorld(compiled)
  caller = createCaller(createHttpLine(world.url), createRandom(1))
  world.service.conductBy((run) => {
    const isFirst = world.service.runs.find(({ order }) => order === run.order) === run
    return isFirst && hanging.has(run.order) ? { ...plainConduct, does: 'hang' } : { ...plainConduct, delayMs: 20 }
  })
  await startNext()
})

afterAll(async () => {
  await world.close()
  rmSync(compiled, { recursive: true, force: true })
})

async function ask(order: Order): Promise<Told | string> {
  await caller.ask(order)
  return told(order.attempts.at(-1))
}

async function expectHang(order: Order): Promise<void> {
  hanging.add(order.id)
  expect(await ask(order)).toBe('unknown')
}

/** What was broken off is told to nobody. */
function expectWhole(reply: Reply, whole: boolean): void {
  expect({ reply, whole: isWhole(reply) }).toMatchObject({ whole })
}

it('the steps that are chosen are there', () => {
  expect(titled).toHaveLength(isProving ? all.length : some.size)
})

it.each(Object.entries(steps))('%s has these steps and no other', async (kind, expected) => {
  await program.arm({ kind: 'none', at: 'before' })
  expect(await ask(caller.order(kind as KindName, 'rich'))).toBe('answered')
  await world.service.settled()
  expect(await program.commands()).toEqual(expected)
})

describe('a crash leaves the key as it is written: run again, in progress, or answered', () => {
  it.each(titled)('$title', async ({ kind, at, atOnce, inTheEnd, afterHang, claimMayBeWritten, place }) => {
    const order = caller.order(kind, 'rich')
    orders[place] = order
    if (afterHang === true) await expectHang(order)
    const dying = program
    if (typeof at !== 'string') await dying.arm(at)
    const startMs = Date.now()
    world.service.onMoment((moment, run) => (moment === at && run.order === order.id ? dying.kill() : undefined))
    const reply = await caller.ask(order)
    if (at === 'heard') await dying.kill()
    await dying.ended
    await startNext()
    await world.service.settled()
    // A price that comes later comes while the answer is on its way, or after.
    if (kind !== 'laterKept') expectWhole(reply, at === 'heard')
    const met = await ask(order)
    if (Date.now() - startMs >= HOLD_MS) late.add(order)
    if (claimMayBeWritten === true && met === 'in progress') return void locked.add(order)
    expect(late.has(order) ? [atOnce, inTheEnd] : [atOnce]).toContain(met)
  })
})

describe('after the deadline the key is free or answered, and charged once', () => {
  let books: Books
  const last = new Map<Order, Told | string>()

  beforeAll(async () => {
    await pause(HOLD_MS)
    for (const order of orders) last.set(order, await ask(order))
    await pause(SWEPT_MS)
    await untilGivenBack(caller)
    const endedAtMs = Date.now()
    await caller.ask(caller.order('plain', 'rich'))
    await program.stop()
    books = await world.read(endedAtMs)
  })

  it.each(titled)('$title', ({ place, inTheEnd }) => {
    const order = orders[place]
    if (order === undefined) throw new Error('the crash has not come')
    expect(locked.has(order) ? ['answered'] : late.has(order) ? [inTheEnd, 'replayed'] : [inTheEnd]).toContain(last.get(order))
    const own = new Set(world.service.runs.flatMap((run) => (run.order === order.id ? [run.callId] : [])))
    for (const { id, claim } of books.calls) if (claim?.scope === scopeOf(order)) own.add(id)
    const charges = books.rows.filter(({ kind, callId }) => kind === 'settle' && own.has(callId ?? ''))
    const units = kindOf(order.kind).pricing === 'held' || charges[0]?.reason === 'deadline' ? kindOf(order.kind).heldUnits(order.body ?? {}) : plainConduct.saidUnits
    expect(charges.map((charge) => charge.units)).toEqual([units])
  })

  it('a session is the call’s that has named it, if that was written', () => {
    for (const { kind, at, place } of titled) {
      if (kind !== 'open' || typeof at === 'string') continue
      const { id } = orders[place] ?? {}
      const [first, second] = world.service.runs.filter(({ order }) => order === id)
      expect(books.leases.find((lease) => lease.id === `ses_${id}`)?.callId).toBe((at.at === 'written' ? first : second)?.callId)
    }
  })

  it('everything agrees with what callers and service have seen', () => {
    const history = { orders: caller.orders, probes: [], troubled: false, deaths: [], runs: world.service.runs, grants: world.grants, errors: [] }
    expect(judge(history, books, SLACK_MS)).toEqual([])
  })
})
