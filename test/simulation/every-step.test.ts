/** The process dies at every single step of each kind of call, and the next one is asked again under the same key: at once, and after the deadline. */
import { describe, expect, it } from 'vitest'
import { createCaller, type Caller } from '../chaos/caller.ts'
import { plainConduct } from '../chaos/conduct.ts'
import { titled, told, type Crash } from '../chaos/crash-table.ts'
import type { History, Order } from '../chaos/history.ts'
import { judge } from '../chaos/judge.ts'
import { HOLD_MS, kindNames, kindOf, scopeOf, type KindName } from '../chaos/shop.ts'
import { isProving } from '../runs.ts'
import { askToTheEnd } from './crashing.ts'
import { judgeLimits } from './judge-limits.ts'
import { inShop, type ShopWorld } from './shop-world.ts'

async function judged(world: ShopWorld, caller: Caller): Promise<readonly string[]> {
  const shown = await askToTheEnd(world, caller)
  const books = await world.read(world.timeline.nowMs())
  const history: History = { orders: caller.orders, probes: [], troubled: false, deaths: world.deaths, runs: world.workshop.runs, grants: world.grants, errors: world.errors.filter((error) => /^(?:internal|store)/.test(error)) }
  return [...judge(history, books), ...judgeLimits(world, false), ...shown]
}

describe('at each step of its kind a crash loses nothing', () => {
  it.each(kindNames)('%s', async (kind: KindName) => {
    const reached = await inShop(1, async (world) => {
      const caller = createCaller(world.line, world.random)
      world.workshop.conductBy(() => ({ ...plainConduct, delayMs: 3 }))
      const steps: string[] = []
      for (let last = 1; ; last += 1) {
        const before = steps.length
        let isAsked = false
        let number = 0
        const process = await world.start((step) => {
          if (!isAsked) return false
          number += 1
          if (number === last) steps.push(step)
          return number === last
        })
        const order = caller.order(kind, 'rich')
        isAsked = true
        await caller.ask(order)
        // What follows its answer, too: the price that comes later, the row of the log, the sweep.
        await Promise.race([world.timeline.pause(1_000), process?.life.end])
        isAsked = false
        if (steps.length === before) {
          await process?.close()
          break
        }
        await world.start()
        await caller.ask(order)
        await world.timeline.pause(1)
        world.stop()
      }
      await world.start()
      expect(await judged(world, caller)).toEqual([])
      return steps
    }, { disk: 'sqlite' })
    // One is the least of a call that pays nothing: the row of the log.
    expect(reached.length).toBeGreaterThan(kindOf(kind).pricing === 'free' ? 5 : 12)
  })
})

describe('a crash leaves the key as it is written: run again, in progress, or answered', () => {
  it.each(titled)('$title', async (crash) => {
    const units = await inShop(1, (world) => crashAsTold(world, crash), isProving ? { disk: 'sqlite' } : {})
    expect(units.charged).toEqual([units.owed])
  })
})

/** Resolves to what its key is charged in the end, and what it owes. */
async function crashAsTold(world: ShopWorld, { kind, at, atOnce, inTheEnd, afterHang }: Crash): Promise<{ readonly charged: readonly number[]; readonly owed: number }> {
  const { workshop, timeline } = world
  const caller = createCaller(world.line, world.random)
  const order = caller.order(kind, 'rich')
  const isFirst = (seq: number): boolean => workshop.runs[0]?.seq === seq
  workshop.conductBy(({ seq }) => (afterHang === true && isFirst(seq) ? { ...plainConduct, does: 'hang' } : { ...plainConduct, delayMs: 20 }))
  let isArmed = false
  let left = typeof at === 'string' ? 0 : (at.nth ?? 1)
  const dying = await world.start((step) => isArmed && typeof at !== 'string' && step === `${at.kind}: ${at.at}` && (left -= 1) === 0)
  // The second try takes the call over.
  expect(afterHang === true ? await ask(caller, order) : 'unknown').toBe('unknown')
  isArmed = true
  workshop.onMoment((moment, run) => (moment === at && run.order === order.id ? dying?.life.die() : undefined))
  await caller.ask(order)
  if (at === 'heard') dying?.life.die()
  await dying?.life.end
  workshop.onMoment(() => undefined)
  await timeline.pause(1)
  await world.start()
  await workshop.settled()
  expect(await ask(caller, order)).toBe(atOnce)
  await timeline.pause(HOLD_MS)
  expect(await ask(caller, order)).toBe(inTheEnd)

  expect(await judged(world, caller)).toEqual([])
  const books = await world.read(timeline.nowMs())
  const own = new Set(workshop.runs.flatMap((run) => (run.order === order.id ? [run.callId] : [])))
  for (const { id, claim } of books.calls) if (claim?.scope === scopeOf(order)) own.add(id)
  const charges = books.rows.filter((row) => row.kind === 'settle' && own.has(row.callId ?? ''))
  const units = kindOf(kind).pricing === 'held' || charges[0]?.reason === 'deadline' ? kindOf(kind).heldUnits(order.body ?? {}) : plainConduct.saidUnits
  return { charged: charges.map((charge) => charge.units), owed: units }
}

async function ask(caller: Caller, order: Order): Promise<string> {
  await caller.ask(order)
  return told(order.attempts.at(-1))
}
