/** What other retry budgets would do: how much goodput a fleet keeps in the dip, beside how many single faults are mended. */
import { createRetryBudget, type RetryBudget } from 'tollgate/client'
import { createRandom } from '../soak/random.ts'
import { tollgateWith } from './contenders/tollgate.ts'
import type { Contender } from './contender.ts'
import { runLoad, type LoadFigures } from './run-load.ts'
import { always, failing, hanging, queueing, refuse } from './server-model.ts'
import { DIP, dipFrom, type Load } from './set-ups.ts'
import { createTimeline } from './timeline.ts'

export interface BudgetFigures {
  readonly name: string
  readonly dip: readonly { readonly clients: number; readonly succeeded: number }[]
  /** Of 1,200 calls around the dip, when 100 clients had two good minutes before it. */
  readonly warm: number
  /** Attempts per call of 100 clients, all fresh. */
  readonly outage: number
  readonly faults: number
  /** Where 3 % of the requests are not answered: of one client, of 100. */
  readonly timeouts: readonly [number, number]
}

/** As most describe it: so much at the start, so much for a success, one for a retry. */
export function bucket(capacity: number, start: number, perSuccess: number): RetryBudget {
  let left = start
  return {
    succeeded: () => void (left = Math.min(capacity, left + perSuccess)),
    failed: () => {},
    mayRetry: () => left >= 1 && (left -= 1) >= 0,
  }
}

const variants: readonly Contender[] = [
  tollgateWith('no retries', undefined, () => ({ attempts: 1 })),
  tollgateWith('the default'),
  tollgateWith('`start: 1`', () => createRetryBudget({ start: 1 })),
  tollgateWith('`start: 0`', () => createRetryBudget({ start: 0 })),
  tollgateWith('`capacity: 10`', () => createRetryBudget({ capacity: 10 })),
  tollgateWith('`evidenceMs: Infinity`', () => createRetryBudget({ evidenceMs: Infinity })),
  tollgateWith('bucket of 10, starts at 1, +0.2', () => bucket(10, 1, 0.2)),
  tollgateWith('bucket of 10, starts full, +0.1', () => bucket(10, 10, 0.1)),
  tollgateWith('bucket of 500, starts full, 14 a retry', () => bucket(500 / 14, 500 / 14, 1 / 14)),
  tollgateWith('`budget: false`', () => false),
]

const SIZES = [1, 10, 100, 1_000]
const PER_SECOND = 40
const WARM_S = 120

const loadOf = (clients: number, seconds: number, server: Load['server']): Load => ({ name: 'budget', title: '', clients, perSecond: PER_SECOND, seconds, server })
const dipOf = (clients: number): Load => loadOf(clients, 30, (timeline) => queueing(timeline, DIP))
const warmDip = loadOf(100, WARM_S + 25, (timeline) => queueing(timeline, dipFrom(WARM_S * 1_000)))
const outage = loadOf(100, 20, (timeline) => always(timeline, refuse(503, 'overloaded')))
const faulty = loadOf(100, 30, (timeline, random) => failing(timeline, 0.08, random))
const silent = (clients: number): Load => loadOf(clients, 30, (timeline, random) => hanging(timeline, 0.03, random))

export async function runBudgets(seeds: readonly number[], progress: (line: string) => void): Promise<readonly BudgetFigures[]> {
  const figures: BudgetFigures[] = []
  for (const variant of variants) {
    progress(`budgets: ${variant.name}`)
    const run = (load: Load): Promise<readonly LoadFigures[]> => Promise.all(seeds.map(async (seed) => runLoad(variant, load, { timeline: createTimeline(), random: createRandom(seed) })))
    const mean = async (load: Load, of: (one: LoadFigures) => number): Promise<number> => {
      const runs = await run(load)
      return runs.reduce((sum, one) => sum + of(one), 0) / runs.length
    }
    const okShare = (load: Load): Promise<number> => mean(load, ({ succeeded }) => succeeded / (load.perSecond * load.seconds))
    const dip: { clients: number; succeeded: number }[] = []
    for (const clients of SIZES) dip.push({ clients, succeeded: Math.round(await mean(dipOf(clients), ({ succeeded }) => succeeded)) })
    const around = (WARM_S - 5) * PER_SECOND
    figures.push({
      name: variant.name,
      dip,
      warm: Math.round(await mean(warmDip, ({ succeeded }) => succeeded)) - around,
      outage: Number((await mean(outage, ({ attemptsPerCall }) => attemptsPerCall)).toFixed(3)),
      faults: Number((await okShare(faulty)).toFixed(5)),
      timeouts: [Number((await okShare(silent(1))).toFixed(5)), Number((await okShare(silent(100))).toFixed(5))],
    })
  }
  return figures
}
