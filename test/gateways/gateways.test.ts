/**
 * Several gateways over the same engines, as processes of their own, with clocks an hour apart: mixed paid traffic, retry storms and calls that are only counted go to whichever lives, while gateways and
 * servers are killed and connections are cut. In the end all deadlines have passed, and what callers and service wrote down must agree with what the engines say: by the judge of the chaos test of one gateway.
 *
 * The seed decides the traffic, the service's moods and the faults; what meets when is the machine's. Short in `npm test`; in `npm run prove` so many minutes over all
 * engines and seeds as `PROVE_MINUTES` says.
 */
import { rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createCaller, type Caller } from '../chaos/caller.ts'
import { randomConduct } from '../chaos/conduct.ts'
import { figuresOf } from '../chaos/figures.ts'
import { isWhole, type History, type Order } from '../chaos/history.ts'
import { judge } from '../chaos/judge.ts'
import { copyPrograms } from '../chaos/program.ts'
import { createRandom, type Random } from '../chaos/random.ts'
import { machineTime, SLACK_MS } from '../chaos/time.ts'
import { askToTheEnd } from '../chaos/to-the-end.ts'
import { ADMIN_TOKEN } from '../chaos/shop.ts'
import { createTreasurer, giveOver, type Give } from '../chaos/treasurer.ts'
import { atOnce, isProving, proveMinutes, seeds, stormKeys } from '../runs.ts'
import { startCounting } from './counting-callers.ts'
import { createFaults, type FaultName, type Faults } from './faults.ts'
import { createGatewaysLine } from './gateways-line.ts'
import { tellHistory } from './told-history.ts'
import { createSharedWorld, engineSets, purseKey, type SharedWorld } from './shared-world.ts'

const HOUR_MS = 3_600_000
const skewsMs = isProving ? [0, HOUR_MS, -HOUR_MS, 0] : [HOUR_MS, -HOUR_MS]
/** Of one key at once. */
const COPIES = 5
/** Keys that are asked for at the same time. */
const STORM_WIDTH = 20
/** So many gateways are called at once. */
const counts = isProving ? [1, 4] : [2]
/** Without a prove: one of each that there is, over all engines that there are. */
const shortFaults: readonly FaultName[] = ['gateway', 'postgresWay', 'counters', 'postgres']
const chosen = isProving ? engineSets : engineSets.slice(0, 2)
const runs = chosen.flatMap((engines) => (isProving ? seeds : seeds.slice(0, 1)).map((seed) => ({ engines, seed })))

let compiled: string
beforeAll(() => void (compiled = copyPrograms()))
afterAll(() => rmSync(compiled, { recursive: true, force: true }))

describe.each(runs)('over $engines, seed $seed', ({ engines, seed }) => {
  let world: SharedWorld
  let random: Random
  beforeAll(async () => {
    random = createRandom(seed)
    world = await createSharedWorld({ engines, compiled, skewsMs, purses: Object.fromEntries(counts.map((count) => [`purse-${count}`, 500])) })
    await Promise.all(world.gateways.map((gateway) => gateway.start()))
    // Before that each takes all of a limit for its share of it.
    for (const { adminUrl } of world.gateways) await vi.waitUntil(async () => (await seenBy(adminUrl)) === world.gateways.length, { timeout: 120_000, interval: 100 })
  })
  // Undefined where it could not be made.
  afterAll(() => (world as SharedWorld | undefined)?.close())

  it.each(counts)(`of ${atOnce} calls of 0.10 at once on 5.00 exactly 50 are admitted, by %i gateways`, async (count) => {
    const id = `purse-${count}`
    const asked = await Promise.all(Array.from({ length: atOnce }, (_, at) => takeCoin(world.gateways[at % count]?.url ?? '', purseKey(id))))
    expect(tally(asked)).toEqual({ 200: 50, 402: atOnce - 50 })
    expect(await world.purseBalance(id)).toMatchObject({ availableUnits: 0, heldUnits: 0, chargedUnits: 500 })
  })

  it.runIf(isProving || engines === chosen.at(-1))('faults lose no money, charge no key twice, lock nothing, admit nobody beyond a limit, and leave no answer out of the log', async () => {
    const caller = createCaller(createGatewaysLine(world.next), random)
    const faults = createFaults(world, random)
    world.service.conductBy(() => randomConduct(random))
    const give: Give = (...given) => giveOver(world.next().adminUrl)(...given)
    const treasurer = createTreasurer(give, machineTime, random)
    const callers = startCounting(world, random)
    caller.begin()
    caller.open()
    await chaos(caller, faults, random)
    caller.shut()
    await storm(caller, faults, random)
    caller.open()
    await caller.heard(40)
    await caller.stop()
    const counted = await callers.stop()
    const grants = [...world.grants, ...(await treasurer.stop())]

    const sample = createRandom(seed)
    const { endedAtMs, meters } = await askToTheEnd(world.service, caller, () => !isProving || sample.chance(0.1))
    const codes = await Promise.all(world.gateways.map((gateway) => gateway.stop()))
    const { books, violations } = await world.read(endedAtMs)
    const deathsOf = Object.fromEntries(world.gateways.map(({ name, deaths }) => [name, deaths]))
    const errors = world.gateways.flatMap((gateway) => gateway.errors()).filter(isWrong)
    const history: History = { orders: caller.orders, probes: caller.probes, runs: world.service.runs, troubled: true, deaths: [], deathsOf, counts: counted, outages: faults.outages, grants, errors }
    const wrong = [...judge(history, books, SLACK_MS), ...violations.map((message) => `ledger of all: ${message}`)]
    const said = JSON.stringify({ engines, seed, faults: faults.done, ...figuresOf(history), counted: tally(counted.map(({ outcome }) => outcome)), logged: books.logged?.length, ledger: books.rows.length })
    const file = wrong.length === 0 ? '' : tellHistory(history, books, wrong)
    expect(wrong.length, `${wrong.slice(0, 20).join('\n')}\n${file}\nPROVE_SEED=${seed} npm run prove -- test/gateways\n${said}`).toBe(0)
    process.stdout.write(`${said}\n`)
    expect(codes).toEqual(codes.map(() => 0))
    expect(meters).toMatchObject({ credit: { held: '0.00' }, slots: { used: 0 } })
    expectMuch(history)
  })
})

/** For as long as it is to last, or once through. */
async function chaos(caller: Caller, faults: Faults, random: Random): Promise<void> {
  if (!isProving) {
    for (const name of shortFaults) {
      await caller.heard(random.whole(20, 60))
      await faults.strike(name)
    }
    return
  }
  const untilMs = Date.now() + (proveMinutes * 60_000) / runs.length
  while (Date.now() < untilMs) {
    await Promise.race([caller.heard(random.whole(20, 300)), pause(20_000)])
    await pause(random.whole(0, 500))
    await faults.next()
  }
}

/** Each key five times at once, by whichever gateway; and again, until it has an answer. Meanwhile gateways die. */
async function storm(caller: Caller, faults: Faults, random: Random): Promise<void> {
  const keys = Math.ceil(stormKeys / runs.length)
  const crashes = isProving ? 10 : 1
  let begun = 0
  const askAtOnce = (order: Order): Promise<unknown> => Promise.all(Array.from({ length: COPIES }, () => caller.ask(order)))
  const work = async (): Promise<void> => {
    while (begun < keys) {
      begun += 1
      const order = caller.order(random.oneOf(['said', 'kept', 'again', 'againKept', 'words'] as const), 'rich')
      await askAtOnce(order)
      for (let tries = 0; tries < 3 && !order.attempts.some(({ reply }) => isWhole(reply)); tries += 1) {
        await pause(random.whole(50, 500))
        await askAtOnce(order)
      }
    }
  }
  const crashing = (async () => {
    for (let crash = 1; crash <= crashes; crash += 1) {
      await expect.poll(() => begun, { timeout: 600_000, interval: 5 }).toBeGreaterThanOrEqual(Math.floor((crash * keys) / (crashes + 1)))
      await faults.strike('gateway')
    }
  })()
  await Promise.all([crashing, ...Array.from({ length: STORM_WIDTH }, work)])
}

/** How many gateways one of them knows, itself among them. */
async function seenBy(adminUrl: string): Promise<number> {
  const metrics = await fetch(`${adminUrl}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })
  return Number(/^tollgate_gateways (\d+)/m.exec(await metrics.text())?.[1])
}

async function takeCoin(url: string, key: string): Promise<number> {
  const answer = await fetch(`${url}/shop/v1/coin`, { method: 'POST', headers: { 'x-api-key': key } })
  await answer.arrayBuffer()
  return answer.status
}

function tally(list: readonly (number | string)[]): { readonly [value: string]: number } {
  const found: { [value: string]: number } = {}
  for (const each of list) found[each] = (found[each] ?? 0) + 1
  return found
}

/** Of what gateways log as errors, what they may never have to: that engines are away they must say, also where an answer did not go out since nobody could write down that it is paid, or its key was another call's by then. */
function isWrong(line: string): boolean {
  return !line.startsWith('{') || (line.includes('a request failed unexpectedly') && !/StoreUnavailableError|AnswerOverdueError/.test(line)) || /"kind":"(?:internal|configuration)"/.test(line)
}

/** A test in which nothing happens would say as little as one that fails. */
function expectMuch(history: History): void {
  const { orders, whole, replayed } = figuresOf(history)
  const keys = Math.ceil(stormKeys / runs.length)
  expect(orders).toBeGreaterThan(keys + 50)
  expect(whole).toBeGreaterThan(keys)
  expect(replayed).toBeGreaterThan(keys / 10)
  for (const outcome of ['admitted', 'refused'] as const) expect(history.counts?.filter((each) => each.outcome === outcome).length).toBeGreaterThan(4)
}
