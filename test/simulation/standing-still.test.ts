/** A process stands still for longer than anything is held, in the middle of an answer: whoever gets it pays for it all the same, once, and gets it again under its key. */
import { describe, expect, it } from 'vitest'
import { createCaller } from '../chaos/caller.ts'
import { plainConduct, type Conduct } from '../chaos/conduct.ts'
import { isWhole, type History } from '../chaos/history.ts'
import { judge } from '../chaos/judge.ts'
import { HOLD_MS, kindOf, usageUnits, type KindName } from '../chaos/shop.ts'
import { askToTheEnd } from './crashing.ts'
import { inShop } from './shop-world.ts'

const { saidUnits, tokens } = plainConduct

/** The first answer to an order stands still in the middle. Resolves to what its call is charged in the end, for what it held. */
function stoodStill(kind: KindName, disk: 'memory' | 'sqlite', conduct: Conduct = plainConduct): Promise<{ readonly charges: readonly unknown[]; readonly heldUnits: number }> {
  return inShop(
    1,
    async (world) => {
      const { timeline, workshop } = world
      const caller = createCaller(world.line, world.random)
      workshop.conductBy(() => ({ ...conduct, delayMs: 3 }))
      await world.start()
      const order = caller.order(kind, 'rich')
      workshop.onMoment((moment) => (moment === 'begun' && workshop.runs.length === 1 ? world.stand(HOLD_MS + 200) : undefined))
      const startMs = timeline.nowMs()
      const first = await caller.ask(order)
      expect(isWhole(first)).toBe(true)
      expect(timeline.nowMs()).toBeGreaterThan(startMs + HOLD_MS)
      const { keyed, heldUnits } = kindOf(kind)
      expect(await caller.ask(order)).toMatchObject({ status: 200, replayed: keyed })
      expect(workshop.runs.length).toBe(keyed ? 1 : 2)
      const shown = await askToTheEnd(world, caller)
      const books = await world.read(timeline.nowMs())
      const history: History = { orders: caller.orders, probes: [], troubled: true, deaths: [], runs: workshop.runs, grants: world.grants, errors: [] }
      expect([...judge(history, books), ...shown]).toEqual([])
      const charges = books.rows.filter((row) => row.callId === workshop.runs[0]?.callId && row.kind === 'settle')
      return { charges: charges.map(({ reason, units }) => [reason, units]), heldUnits: heldUnits(order.body ?? {}) }
    },
    disk === 'sqlite' ? { disk } : {},
  )
}

describe.each(['memory', 'sqlite'] as const)('over %s, an answer that is half out', (disk) => {
  it.each<[KindName, string, number?]>([
    ['plain', 'late: request'],
    ['words', 'late: request'],
    ['said', 'late: price', saidUnits],
    ['usage', 'late: usage', usageUnits(tokens)],
    ['stream', 'late: usage', usageUnits(tokens)],
    ['again', 'late: price', saidUnits],
    ['kept', 'deadline'],
    ['againKept', 'deadline'],
  ])('%s is charged by "%s"', async (kind, reason, units) => {
    const { charges, heldUnits } = await stoodStill(kind, disk)
    expect(charges).toEqual([[reason, units ?? heldUnits]])
  })

  it('is kept for its key where it costs nothing, too', async () => {
    expect((await stoodStill('said', disk, { ...plainConduct, saidUnits: 0 })).charges).toEqual([])
  })
})
