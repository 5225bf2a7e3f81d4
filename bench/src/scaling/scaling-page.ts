/** The model's output as it stands in `docs/scaling.md`. */
import { number, table } from '../engines/tables.ts'
import type { Assumptions } from './assumptions.ts'
import { costs } from './costs.ts'
import { simulateLane } from './lane-queue.ts'
import { simulateBudget, type BudgetWay } from './regional-budget.ts'
import { shardLoads } from './shard-load.ts'

export interface ScalingSize {
  readonly accounts: number
  readonly requests: number
  readonly calls: number
}

export const whole: ScalingSize = { accounts: 1_000_000, requests: 60_000, calls: 200_000 }

const SEED = 20_261_129
const BUDGET_SHARE = 0.8
const REGIONS = 3
const COMMIT_MS = 0.5
/** Round trips of a group, and of a transaction that locks, writes twice and commits. */
const GROUP_TRIPS = 2
const SINGLE_TRIPS = 5

export function formatScaling(assumed: Assumptions, size: ScalingSize = whole): string {
  return [formatAssumptions(assumed), formatLane(assumed, size), formatShards(size), formatBudgets(size), formatCosts(assumed)].join('\n\n')
}

function formatAssumptions(assumed: Assumptions): string {
  return `**Assumed**: a request takes ${assumed.gatewayMicros} µs of CPU in the gateway besides its store; an admission with four meters and a debit ${assumed.storeMicros} µs there and ${assumed.databaseMicros} µs in Postgres, four meters ${assumed.counterClientMicros} and
${assumed.counterServerMicros} µs with Valkey (both measured, 512 callers, many accounts); a row of the log ${assumed.logMicros} µs of both together. A round trip takes ${assumed.zoneMs} ms within a zone and ${assumed.regionMs} ms between regions, a commit ${COMMIT_MS} ms. A vCPU costs ${assumed.vcpuHour} USD an
hour, of which ${assumed.utilisation * 100} % is used; a gigabyte ${assumed.gigabyteMonth} USD a month, kept ${assumed.copies} times; a row of the log has ${assumed.rowBytes} bytes with its indexes and is kept ${assumed.rowDays} days, a row of the ledger ${assumed.ledgerBytes} and ${assumed.ledgerDays} days.`
}

function formatLane({ storeMicros, databaseMicros, zoneMs }: Assumptions, { requests }: ScalingSize): string {
  const eachMs = (storeMicros + databaseMicros) / 1_000
  const rows = [50, 200, 1_000, 2_000, 4_000, 8_000].map((perSecond) => {
    const grouped = simulateLane({ perSecond, groupMs: GROUP_TRIPS * zoneMs + COMMIT_MS, eachMs, groupMax: 500, requests, seed: SEED })
    const single = simulateLane({ perSecond, groupMs: SINGLE_TRIPS * zoneMs + COMMIT_MS, eachMs, groupMax: 1, requests, seed: SEED })
    const say = ({ isOver, p50Ms, p99Ms }: typeof grouped): string => (isOver ? 'falls behind' : `${number(p50Ms, 1)} / ${number(p99Ms, 1)}`)
    return [perSecond.toLocaleString('en'), say(grouped), number(grouped.meanGroup, 1), say(single)]
  })
  return `**One hot account**: calls that come by chance; ms until each is admitted, p50 / p99, in groups and with one transaction for each, which holds the lock of the row meanwhile

${table(['calls a second', 'in groups', 'calls in a group', 'one by one'], rows)}`
}

function formatShards({ accounts }: ScalingSize): string {
  const shards = [1, 4, 16, 64, 256]
  const [even = [], steep = []] = [0.8, 1].map((exponent) => shardLoads({ accounts, exponent, shards }))
  const rows = shards.map((count, at) => [String(count), number(even[at]?.busiest ?? NaN, 2), number(steep[at]?.busiest ?? NaN, 2)])
  return `**Shards by the hash of the account**, ${accounts.toLocaleString('en')} accounts, the n-th of which asks in proportion to n⁻⁰·⁸ or to n⁻¹: what the busiest has of the average. The largest account alone asks ${number((even[0]?.largestShare ?? NaN) * 100, 1)} % of all, or
${number((steep[0]?.largestShare ?? NaN) * 100, 1)} %

${table(['shards', 'n⁻⁰·⁸', 'n⁻¹'], rows)}`
}

function formatBudgets({ calls }: ScalingSize): string {
  const ways: readonly (readonly [string, BudgetWay])[] = [
    ['each call asks the account\'s home', { kind: 'home' }],
    ['a fixed third for each region', { kind: 'fixed' }],
    ['lent, a tenth of what is left', { kind: 'lent', share: 0.1, recalls: false }],
    ['lent, a hundredth of what is left', { kind: 'lent', share: 0.01, recalls: false }],
    ['lent, a hundredth, called back before a refusal', { kind: 'lent', share: 0.01, recalls: true }],
  ]
  const budget = Math.floor(calls * BUDGET_SHARE)
  const rows = ways.map(([name, way]) => {
    const { admitted, refusedTooEarly, remotePerThousand } = simulateBudget({ way, regions: REGIONS, budget, calls, seed: SEED })
    return [name, admitted.toLocaleString('en'), String(Math.max(0, admitted - budget)), refusedTooEarly.toLocaleString('en'), number(remotePerThousand, 1)]
  })
  return `**One budget, ${REGIONS} regions**: ${budget.toLocaleString('en')} may be spent, ${calls.toLocaleString('en')} calls of one each come, from regions whose shares drift

${table(['', 'admitted', 'over the budget', 'refused while some was left', 'of 1,000 admitted, waited for another region'], rows)}`
}

function formatCosts(assumed: Assumptions): string {
  const rows = [0.05, 0.5, 1].flatMap((paid) =>
    costs(assumed, paid).map(({ form, cpuSeconds, cpu, storage, gatewayCores, databaseCores }) => [
      `${form}, ${paid * 100} % paid`, number(cpuSeconds, 0), number(cpu, 4), number(storage, 2), number(cpu + storage, 2), `${number(gatewayCores, 0)} + ${number(databaseCores, 0)}`,
    ]),
  )
  return `**A million requests**, USD

${table(['', 'CPU s', 'processors', 'storage, in all', 'together', 'vCPU at 100,000 a second: gateways + engines'], rows)}`
}
