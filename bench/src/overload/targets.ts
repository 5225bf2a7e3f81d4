/** What ours shall reach, all of it with its defaults. `npm test` holds it to them with two seeds, the benchmark with as many as it is told. */
import type { ContenderFigures, LoadSummary } from './figures.ts'

export interface Target {
  readonly title: string
  readonly bound: string
  value(figures: ContenderFigures): number | null
  isReached(value: number | null): boolean
  readonly unit?: string
}

const load = (figures: ContenderFigures, name: string): LoadSummary => {
  const found = figures.loads[name]
  if (found === undefined) throw new Error(`no figures of ${name}`)
  return found
}
const percent = ({ calls }: LoadSummary, succeeded: number): number => (100 * succeeded) / calls

/** When a client that never retries has all of its goodput again, in the dip. */
export const RECOVERED_WITHOUT_RETRIES_S = 14

const most = (bound: number, title: string, value: Target['value'], unit = ''): Target => ({ title, bound: `at most ${bound.toLocaleString('en')}${unit}`, value, isReached: (found) => found !== null && found <= bound, unit })
const least = (bound: number, title: string, value: Target['value'], unit = ''): Target => ({ title, bound: `at least ${bound.toLocaleString('en')}${unit}`, value, isReached: (found) => found !== null && found >= bound, unit })

export const targets: readonly Target[] = [
  most(1.05, 'outage: attempts per call', (all) => load(all, 'outage').attemptsPerCall),
  least(842, 'dip, one client: calls that succeed of 1,200', (all) => load(all, 'dip').succeededLeast),
  most(RECOVERED_WITHOUT_RETRIES_S + 5, 'dip, one client: full goodput again from', (all) => load(all, 'dip').recoveredAtS, ' s'),
  least(480, 'dip, 100 clients: calls that succeed of 1,200', (all) => load(all, 'dip, fleet').succeededLeast),
  most(30, 'dip, 100 clients: full goodput again from', (all) => load(all, 'dip, fleet').recoveredAtS, ' s'),
  least(99.7, '8 % faults, one client: success in the worst seed', (all) => percent(load(all, 'faults'), load(all, 'faults').succeededLeast), ' %'),
  least(98.5, '8 % faults, 100 clients: success in the worst seed', (all) => percent(load(all, 'faults, fleet'), load(all, 'faults, fleet').succeededLeast), ' %'),
  // What 8 % of retried calls cost, at 1 / (1 - 0.08): the luck of a seed is not counted.
  most(1.09, '8 % faults: attempts per call, for each 8 % that failed', (all) => faultCost(load(all, 'faults'))),
  most(0, 'errors without hope: requests beyond the first', ({ probes }) => probes.hopeless.wasted),
  most(0, 'requests sent before the moment that was told', ({ probes }) => probes.early.requests),
  most(0, 'paid POSTs that were taken twice without a key', ({ probes }) => probes.paid.duplicates),
  most(20, 'from the abort of a wait to the end of the call', ({ probes }) => probes.abortSettledMs, ' ms'),
]

/** Scaled from the share that failed in these seeds to 8 %. */
function faultCost({ attemptsPerCall, failedShare }: LoadSummary): number {
  return Number((1 + ((attemptsPerCall - 1) * 0.08) / failedShare).toFixed(4))
}
