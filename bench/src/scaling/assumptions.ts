/** What the model takes for given. What was measured comes from `bench/results/engines.json`; the rest is an assumption, and stands in the page. */
import type { EnginesRun, SituationResult } from '../engines/engine-run.ts'

export interface Assumptions {
  /** CPU µs of one request in a gateway, besides its store: HTTP, gate, proxy. */
  readonly gatewayMicros: number
  /** CPU µs of one admission with four meters and a debit, grouped: of the gateway's store, and of the database. */
  readonly storeMicros: number
  readonly databaseMicros: number
  /** The same of four meters alone, on the counters' server. */
  readonly counterClientMicros: number
  readonly counterServerMicros: number
  /** A round trip between gateway and database: same zone; and between regions. */
  readonly zoneMs: number
  readonly regionMs: number
  readonly vcpuHour: number
  readonly gigabyteMonth: number
  /** For zones, standby and peaks: so much of what is paid for is used. */
  readonly utilisation: number
  /** Each byte of a database is kept so many times. */
  readonly copies: number
  readonly rowBytes: number
  readonly rowDays: number
  readonly ledgerBytes: number
  readonly ledgerDays: number
  /** CPU µs to write one row of the log, in groups, gateway and database. */
  readonly logMicros: number
}

/** From `docs/performance.md`, "accepted", without its store; and row sizes of a database with a million of them. */
const fixed = {
  gatewayMicros: 75,
  zoneMs: 0.5,
  regionMs: 80,
  vcpuHour: 0.045,
  gigabyteMonth: 0.12,
  utilisation: 0.4,
  copies: 2,
  rowBytes: 500,
  rowDays: 30,
  ledgerBytes: 550,
  ledgerDays: 365,
  logMicros: 25,
} as const

/** Where nothing was measured yet. */
const UNMEASURED = { storeMicros: 60, databaseMicros: 50, counterClientMicros: 15, counterServerMicros: 8 } as const

export function assumptionsFrom(run: Pick<EnginesRun, 'admissions'> | undefined): Assumptions {
  const of = (engine: SituationResult['engine']) =>
    run?.admissions.find((each) => each.engine === engine && each.callers === 512 && each.accounts > 1 && each.processes === 1)?.contenders.find(({ name }) => name === 'tollgate')
  const [money, counters] = [of('postgres'), of('valkey')]
  return {
    ...fixed,
    storeMicros: Math.round(money?.clientMicros ?? UNMEASURED.storeMicros),
    databaseMicros: Math.round(money?.serverMicros ?? UNMEASURED.databaseMicros),
    counterClientMicros: Math.round(counters?.clientMicros ?? UNMEASURED.counterClientMicros),
    counterServerMicros: Math.round(counters?.serverMicros ?? UNMEASURED.counterServerMicros),
  }
}
