/** Mixed paid traffic before a process that dies again and again, at any of its steps, in half of all histories on a disk in trouble; at last both are well, all deadlines pass, and the judge has the word. */
import { createCaller, type Caller } from '../chaos/caller.ts'
import { plainConduct, randomConduct } from '../chaos/conduct.ts'
import { isWhole, type History, type Order } from '../chaos/history.ts'
import { codeOf } from '../chaos/judge-keys.ts'
import { judge } from '../chaos/judge.ts'
import { HOLD_MS, SWEPT_MS } from '../chaos/shop.ts'
import { createTreasurer } from '../chaos/treasurer.ts'
import { judgeLimits } from './judge-limits.ts'
import { inShop, type ShopFaults, type ShopWorld } from './shop-world.ts'
import { noTrouble, randomTrouble } from './troubles.ts'

export interface Outcome {
  readonly wrong: readonly string[]
  readonly history: History
  readonly deaths: number
}

/** So many steps a process lives at most: one call, some, and now and then dozens. With lives a third as long there are more crashes in a second, and the auditor takes longer to find what is planted. */
const STEPS_MAX = [12, 30, 30, 60, 60, 300] as const
const STORM_PAST_MS = 6_000
/** Callers who ask at once. */
const WORKERS = [2, 4, 12] as const
/** How long a process may stand still, as on a machine that is suspended: also for longer than anything is held. */
const STANDS_MS = [40, 600, HOLD_MS + 200, 3 * HOLD_MS] as const
/** After its end most processes are back at once; some are away for longer than anything is held. */
const AWAY_MS_MAX = 40

export function simulateCrashes(seed: number, rounds: number, faults: ShopFaults = {}): Promise<Outcome> {
  return inShop(seed, (world) => crashAndJudge(world, rounds), faults)
}

async function crashAndJudge(world: ShopWorld, rounds: number): Promise<Outcome> {
  const { timeline, random, workshop } = world
  const caller = createCaller(world.line, random, random.oneOf(WORKERS))
  workshop.conductBy(() => randomConduct(random))
  if (random.chance(0.3)) await storm(world, caller)
  const troubled = random.chance(0.5)
  const treasurer = createTreasurer(world.give, timeline, random)
  caller.begin()
  for (let round = 0; round < rounds; round += 1) {
    // Some die while they start, most in the middle of traffic.
    const last = random.chance(0.1) ? random.whole(1, 12) : random.whole(1, random.oneOf(STEPS_MAX))
    const trouble = troubled ? randomTrouble(random) : noTrouble
    world.troubleBy(() => trouble)
    const stands = troubled && random.chance(0.2) ? startStand(world) : () => undefined
    const process = await world.start((_, number) => {
      stands()
      return number === last
    })
    if (process !== undefined) {
      caller.open()
      await process.life.end
      caller.shut()
    }
    await timeline.pause(random.chance(0.03) ? HOLD_MS + random.whole(0, 500) : random.whole(0, AWAY_MS_MAX))
  }
  world.troubleBy(() => noTrouble)
  workshop.onMoment(() => undefined)
  await world.start()
  caller.open()
  await caller.heard(40)
  await caller.stop()
  const grants = [...world.grants, ...(await treasurer.stop())]
  const shown = await askToTheEnd(world, caller)
  const endedAtMs = timeline.nowMs()
  const books = await world.read(endedAtMs)
  const history: History = { orders: caller.orders, probes: caller.probes, runs: workshop.runs, grants, troubled, deaths: world.deaths, errors: world.errors.filter((error) => (troubled ? /^internal/ : /^(?:internal|store)/).test(error)) }
  const wrong = [...judge(history, books), ...judgeLimits(world, troubled), ...shown]
  return { wrong, history, deaths: world.deaths.length }
}

/** The process stands still once: at one of its steps, or while an answer is half out, whose price is charged late then. Returns what is to be called at each step. */
function startStand({ workshop, random, stand }: ShopWorld): () => void {
  const isAtAnswer = random.chance(0.5)
  let left = random.whole(1, isAtAnswer ? 5 : 30)
  const pass = (): void => {
    left -= 1
    if (left === 0) stand(random.oneOf(STANDS_MS))
  }
  workshop.onMoment((moment) => (isAtAnswer && moment === 'begun' ? pass() : undefined))
  return isAtAnswer ? () => undefined : pass
}

/** More at once than the window of an account admits, and its money would pay for; and more than another has slots. */
async function storm(world: ShopWorld, caller: Caller): Promise<void> {
  await world.start()
  const order = (at: number): Order => (at % 6 === 0 ? caller.order('slot', 'rich') : caller.order('words', 'poor'))
  await Promise.all(Array.from({ length: 72 }, (_, at) => caller.ask(order(at))))
  // So that no crash is an excuse: by then all that was counted is written.
  await world.timeline.pause(STORM_PAST_MS)
  world.stop()
}

/** After all deadlines every key gets its answer from a service that is well again, and every slot is free. Returns what is not so. */
export async function askToTheEnd({ timeline, workshop }: Pick<ShopWorld, 'timeline' | 'workshop'>, caller: Caller): Promise<string[]> {
  workshop.conductBy(() => plainConduct)
  await workshop.settled()
  await timeline.pause(HOLD_MS)
  const left = caller.orders.filter(({ key }) => key !== undefined)
  const askAll = async (): Promise<void> => {
    for (let order = left.pop(); order !== undefined; order = left.pop()) {
      for (;;) {
        await caller.ask(order)
        const last = order.attempts.at(-1)
        if (last === undefined || codeOf(last) !== 'rate.limited') break
        await timeline.pause(100)
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, askAll))
  await workshop.settled()
  await timeline.pause(SWEPT_MS)
  const wrong: string[] = []
  // One after the other: as many as there are slots, and more.
  for (let calls = 0; calls < 4; calls += 1) {
    const reply = await caller.ask(caller.order('slot', 'rich'))
    if (!isWhole(reply)) wrong.push(`a slot is not free in the end: ${JSON.stringify(reply)}`)
  }
  const look = await caller.ask(caller.order('look', 'rich'))
  const meters = look.kind === 'answer' ? (JSON.parse(look.body) as { readonly meters?: { readonly credit: { readonly held: string }; readonly slots: { readonly used: number } } }).meters : undefined
  if (meters?.credit.held !== '0.00' || meters.slots.used !== 0) wrong.push(`in the end is shown ${JSON.stringify(look)}`)
  return wrong
}
