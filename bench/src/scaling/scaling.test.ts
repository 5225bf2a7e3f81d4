import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readEngines, withEngines } from '../engines/save-engines.ts'
import { assumptionsFrom } from './assumptions.ts'
import { costs } from './costs.ts'
import { simulateLane } from './lane-queue.ts'
import { simulateBudget } from './regional-budget.ts'
import { formatScaling } from './scaling-page.ts'
import { shardLoads } from './shard-load.ts'

const assumed = assumptionsFrom(undefined)

it('the page says what the kept run and the model say', () => {
  const page = readFileSync(new URL('../../../docs/scaling.md', import.meta.url), 'utf8')
  const run = readEngines()
  if (run === undefined) throw new Error('no run was kept')
  expect(withEngines(page, run)).toBe(page)
})

it('the model in a short form says the same each time, and has every table', () => {
  const short = formatScaling(assumed, { accounts: 1_000, requests: 500, calls: 2_000 })
  expect(formatScaling(assumed, { accounts: 1_000, requests: 500, calls: 2_000 })).toBe(short)
  expect(short.match(/^\|---/gm)).toHaveLength(4)
  expect(short).not.toContain('NaN')
})

it('a lane takes those together who come meanwhile: one that is asked more than it could do one by one does not fall behind', () => {
  const options = { perSecond: 2_000, groupMs: 2, eachMs: 0.1, requests: 5_000, seed: 1 }
  const grouped = simulateLane({ ...options, groupMax: 500 })
  expect(grouped.isOver).toBe(false)
  expect(grouped.p50Ms).toBeLessThan(2 * (2 + 0.1 * 10))
  expect(grouped.meanGroup).toBeGreaterThan(3)
  expect(simulateLane({ ...options, groupMax: 1 }).isOver).toBe(true)
  expect(simulateLane({ ...options, perSecond: 1, requests: 200, groupMax: 1 }).p50Ms).toBeCloseTo(2.1, 6)
})

it('shards of many equal accounts are even; no spreading makes the largest account smaller', () => {
  const [one, many] = shardLoads({ accounts: 50_000, exponent: 0, shards: [1, 16] })
  expect(one?.busiest).toBeCloseTo(1, 9)
  expect(many?.busiest).toBeGreaterThan(1)
  expect(many?.busiest).toBeLessThan(1.1)
  const [steep] = shardLoads({ accounts: 1_000, exponent: 1.5, shards: [256] })
  expect(steep?.busiest).toBeGreaterThanOrEqual((steep?.largestShare ?? 0) * 256)
})

it('whatever way a budget is spread over regions, it is never passed; fixed parts refuse too early, recalled ones never do', () => {
  for (const seed of [1, 2, 3]) {
    const options = { regions: 3, budget: 5_000, calls: 9_000, seed }
    const fixed = simulateBudget({ ...options, way: { kind: 'fixed' } })
    const lent = simulateBudget({ ...options, way: { kind: 'lent', share: 0.01, recalls: false } })
    const recalled = simulateBudget({ ...options, way: { kind: 'lent', share: 0.01, recalls: true } })
    const home = simulateBudget({ ...options, way: { kind: 'home' } })
    for (const { admitted } of [fixed, lent, recalled, home]) expect(admitted).toBeLessThanOrEqual(options.budget)
    expect([recalled, home].map(({ admitted, refusedTooEarly }) => [admitted, refusedTooEarly])).toEqual([[5_000, 0], [5_000, 0]])
    expect(fixed.remotePerThousand).toBe(0)
    expect(recalled.remotePerThousand).toBeLessThan(home.remotePerThousand)
  }
  // Where all calls come from is by chance: fixed parts refuse too early in some history.
  expect([1, 2, 3].some((seed) => simulateBudget({ way: { kind: 'fixed' }, regions: 3, budget: 5_000, calls: 5_000, seed }).refusedTooEarly > 0)).toBe(true)
})

it('counting elsewhere costs less where few requests take money, and cores follow from CPU', () => {
  const [postgres, both] = costs(assumed, 0)
  expect(both?.databaseCores).toBeLessThan(postgres?.databaseCores ?? 0)
  expect(postgres?.gatewayCores).toBeCloseTo(((assumed.gatewayMicros + assumed.storeMicros + assumed.logMicros / 2) * 0.1) / assumed.utilisation, 6)
})
