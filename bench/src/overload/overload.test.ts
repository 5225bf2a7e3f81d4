/** Ours under overload, in simulated time and with the client as it is: a change of the budget or of the rules that misses a target fails here. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createRetryBudget } from 'tollgate/client'
import { createRandom } from '../soak/random.ts'
import { bucket } from './budgets.ts'
import { tollgate, tollgateWith } from './contenders/tollgate.ts'
import { summarise, type ContenderFigures, type LoadSummary } from './figures.ts'
import { goodputSvg } from './goodput-svg.ts'
import { parseOverload } from './overload-order.ts'
import { runProbes } from './probes.ts'
import { runLoad, type LoadFigures, type Simulation } from './run-load.ts'
import { readOverload, withOverload } from './save-overload.ts'
import { dipFrom, loads, type Load } from './set-ups.ts'
import { queueing } from './server-model.ts'
import { targets } from './targets.ts'
import { createTimeline } from './timeline.ts'
import { isProving } from '../../../test/runs.ts'

const simulation = (seed: number): Simulation => ({ timeline: createTimeline(1), random: createRandom(seed) })

async function summaryOf(contender: typeof tollgate, load: Load, seeds: readonly number[]): Promise<LoadSummary> {
  const runs: LoadFigures[] = []
  for (const seed of seeds) runs.push(await runLoad(contender, load, simulation(seed)))
  return summarise(load, runs)
}

const loadNamed = (name: string): Load => loads.find((load) => load.name === name) ?? expect.fail(`no load ${name}`)

it('with its defaults it reaches every target', async () => {
  const found: { [load: string]: LoadSummary } = {}
  for (const load of loads) found[load.name] = await summaryOf(tollgate, load, isProving ? [1, 2] : [1])
  const figures: ContenderFigures = { name: 'tollgate', version: null, note: null, loads: found, probes: await runProbes(tollgate, () => simulation(1)) }
  expect(targets.filter(({ value, isReached }) => !isReached(value(figures))).map(({ title, bound, value }) => `${title}: ${value(figures)}, ${bound}`)).toEqual([])
  expect(found['outage']?.attemptsPerCall).toBe(1.01)
})

it('a fleet that has run for two minutes loses no more in a dip than one that has just started', async () => {
  const seconds = 90
  const warm: Load = { name: 'warm', title: '', clients: 100, perSecond: 40, seconds, server: (timeline) => queueing(timeline, dipFrom(60_000)) }
  const { succeeded } = await summaryOf(tollgate, warm, [1])
  const withoutRetries = await summaryOf(tollgateWith('none', undefined, () => ({ attempts: 1 })), warm, [1])
  expect(succeeded).toBeGreaterThanOrEqual(withoutRetries.succeeded - 40)
})

it('the targets tell budgets apart: a bucket that starts full leaves a fleet without goodput, and no budget one client', async () => {
  const full = await summaryOf(tollgateWith('full', () => bucket(10, 10, 0.1)), loadNamed('dip, fleet'), [1])
  expect(full.recoveredAtS).toBe(null)
  const none = await summaryOf(tollgateWith('none', () => false), loadNamed('dip'), [1])
  expect(none.recoveredAtS).toBe(null)
  const nothing = await summaryOf(tollgateWith('nothing', () => createRetryBudget({ capacity: 0 })), loadNamed('faults'), [1])
  expect(nothing.succeeded).toBeLessThan(1_130)
})

it('a seed gives the same figures again, and another one others', async () => {
  const [first, again, other] = [await runLoad(tollgate, loadNamed('faults'), simulation(7)), await runLoad(tollgate, loadNamed('faults'), simulation(7)), await runLoad(tollgate, loadNamed('faults'), simulation(8))]
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
})

it('the page and the picture say what the kept run says', () => {
  const kept = readOverload()
  if (kept === undefined) throw new Error('bench/results/overload.json is missing: npm run bench:overload -- --save')
  const page = readFileSync(new URL('../../../docs/overload.md', import.meta.url), 'utf8')
  expect(withOverload(page, kept)).toBe(page)
  expect(goodputSvg(kept)).toBe(readFileSync(new URL('../../results/overload.svg', import.meta.url), 'utf8'))
})

it('a wrong argument is named, with what may stand there', () => {
  const known = ['fetch', 'tollgate']
  const all = ['simulation', 'budgets', 'overhead', 'loopback']
  expect(parseOverload(['ftch'], known)).toEqual({ kind: 'wrong', problem: 'there is no client "ftch"; choose from fetch, tollgate' })
  expect(parseOverload(['--only', 'speed'], known)).toEqual({ kind: 'wrong', problem: `--only speed: must be one of ${all.join(', ')}` })
  expect(parseOverload(['--seeds', '0'], known)).toEqual({ kind: 'wrong', problem: '--seeds 0: must be a whole number from 1 to 50' })
  expect(parseOverload(['--seed', '-1.5'], known)).toMatchObject({ kind: 'wrong' })
  expect(parseOverload([], known)).toEqual({ kind: 'run', order: { names: known, seed: 1, seeds: 5, parts: all, save: false } })
  expect(parseOverload(['tollgate', '--only', 'loopback', '--seed', '3', '--save'], known)).toEqual({ kind: 'run', order: { names: ['tollgate'], seed: 3, seeds: 5, parts: ['loopback'], save: true } })
})
