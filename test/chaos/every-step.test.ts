/**
 * The program dies at every step of a paid call under a key: before each command of its store, when it is decided and when it is written, and at
 * each moment of the service's work. The next program on the same file is asked again under the same key, at once and after the deadline.
 */
import { rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCaller, isWhole, type Caller } from './caller.ts'
import type { Attempt, Books, Order, Reply } from './history.ts'
import { judge } from './judge.ts'
import { codeOf } from './judge-keys.ts'
import { copyPrograms, type Fault, type Program } from './program.ts'
import { createRandom } from './random.ts'
import { plainConduct, type Moment } from './service.ts'
import { HOLD_MS, kindOf, scopeOf, type KindName } from './shop.ts'
import { createWorld, type World } from './world.ts'

/** What the same key is told. `answered`: the answer of a new run, or of the old one. */
type Told = 'answered' | 'replayed' | 'in progress' | 'unknown'

interface Crash {
  readonly kind: KindName
  readonly at: Fault | Moment | 'heard'
  readonly atOnce: Told
  /** After the deadline. */
  readonly inTheEnd: Told
  /** The first answer never comes, and the crash meets the second try, which takes the call over. */
  readonly afterHang?: true
  /** Nothing waits for a fresh claim to be written. On a busy machine it may be by then, all the same: then the key is locked until the deadline. */
  readonly claimMayBeWritten?: true
}

const command = (kind: string, at: Fault['at'], nth?: number): Fault => ({ kind, at, ...(nth !== undefined && { nth }) })

const crashes: readonly Crash[] = [
  // All steps, one by one: what comes after the hold may still refuse, so that the dispatch is a commit of its own. What is written is what the next
  // command meets before it is decided.
  { kind: 'said', at: command('claim', 'decided'), atOnce: 'answered', inTheEnd: 'replayed' },
  { kind: 'said', at: command('claim', 'written'), atOnce: 'answered', inTheEnd: 'replayed' },
  { kind: 'said', at: command('admit', 'decided'), claimMayBeWritten: true, atOnce: 'answered', inTheEnd: 'replayed' },
  { kind: 'said', at: command('admit', 'written'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: command('dispatch', 'decided'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: command('dispatch', 'written'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: 'received', atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: 'worked', atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: 'begun', atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: command('settle', 'before'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: command('settle', 'decided'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: command('settle', 'written'), atOnce: 'replayed', inTheEnd: 'replayed' },
  { kind: 'said', at: 'heard', atOnce: 'replayed', inTheEnd: 'replayed' },

  // Whatever may have run is charged at the deadline, and not run again; what was never sent is released.
  { kind: 'kept', at: command('admit', 'written'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'kept', at: command('dispatch', 'decided'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'kept', at: command('dispatch', 'written'), atOnce: 'in progress', inTheEnd: 'unknown' },
  { kind: 'kept', at: 'received', atOnce: 'in progress', inTheEnd: 'unknown' },
  { kind: 'kept', at: command('settle', 'decided'), atOnce: 'in progress', inTheEnd: 'unknown' },

  // Held and dispatched in one commit; and the service knows the key again: it is asked again for nothing.
  { kind: 'againKept', at: command('admit', 'decided'), claimMayBeWritten: true, atOnce: 'answered', inTheEnd: 'replayed' },
  { kind: 'againKept', at: command('admit', 'written'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'againKept', at: command('settle', 'decided'), atOnce: 'in progress', inTheEnd: 'answered' },

  // The second try takes over what the first one holds.
  { kind: 'again', afterHang: true, at: command('claim', 'decided', 2), atOnce: 'answered', inTheEnd: 'replayed' },
  { kind: 'again', afterHang: true, at: command('claim', 'written', 2), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'again', afterHang: true, at: command('admit', 'written'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'again', afterHang: true, at: command('settle', 'decided'), atOnce: 'in progress', inTheEnd: 'answered' },

  // The price comes through the call API. What the service charges before the answer is kept leaves a key without an answer.
  { kind: 'laterKept', at: command('settle', 'decided'), atOnce: 'unknown', inTheEnd: 'unknown' },
  { kind: 'laterKept', at: command('settle', 'written'), atOnce: 'replayed', inTheEnd: 'replayed' },
  { kind: 'laterKept', at: command('settle', 'decided', 2), atOnce: 'replayed', inTheEnd: 'replayed' },
  { kind: 'laterKept', at: command('settle', 'written', 2), atOnce: 'replayed', inTheEnd: 'replayed' },

  // A session is named while its call runs.
  { kind: 'open', at: command('bind-lease', 'decided'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'open', at: command('bind-lease', 'written'), atOnce: 'in progress', inTheEnd: 'answered' },
]

const steps: { readonly [name in KindName]?: readonly string[] } = {
  said: ['claim', 'admit', 'dispatch', 'settle'],
  kept: ['claim', 'admit', 'dispatch', 'settle'],
  againKept: ['claim', 'admit', 'settle'],
  laterKept: ['claim', 'admit', 'settle', 'settle'],
  open: ['claim', 'admit', 'bind-lease', 'settle'],
}

const titled = crashes.map((crash, place) => ({ ...crash, place, title: titleOf(crash) }))

function titleOf({ kind, at, afterHang }: Crash): string {
  const step = typeof at === 'string' ? at : `${at.kind} ${at.at}${at.nth === undefined ? '' : ` (${at.nth})`}`
  return `${kind}${afterHang === true ? ' taken over' : ''}, ${step}`
}

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
  expect(await program.started).toBe(true)
}

beforeAll(async () => {
  compiled = copyPrograms()
  world = await createWorld(compiled)
  caller = createCaller(world.url, createRandom(1))
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

function told(attempt: Attempt | undefined): Told | string {
  if (attempt === undefined || attempt.reply.kind === 'broken') return 'nothing'
  if (isWhole(attempt.reply)) return attempt.reply.replayed ? 'replayed' : 'answered'
  const code = codeOf(attempt)
  return code === 'idempotency.in_progress' ? 'in progress' : code === 'upstream.timeout' ? 'unknown' : JSON.stringify(attempt.reply)
}

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
    const history = { orders: caller.orders, probes: [], runs: world.service.runs, grants: world.grants, errors: [] }
    expect(judge(history, books)).toEqual([])
  })
})
