/** What a million requests cost, in each form of a deployment: processors by the hour, storage by the month. */
import type { Assumptions } from './assumptions.ts'

export interface Cost {
  readonly form: string
  readonly cpuSeconds: number
  readonly cpu: number
  readonly storage: number
  /** Gateways' cores and the database's, for 100,000 requests a second at the assumed use. */
  readonly gatewayCores: number
  readonly databaseCores: number
}

const MILLION = 1_000_000
const PEAK = 100_000
const MONTH_DAYS = 30

/** `paid`: the share of requests that take money; the rest only counts. */
export function costs(assumed: Assumptions, paid: number): readonly Cost[] {
  const { gatewayMicros, storeMicros, databaseMicros, counterClientMicros, counterServerMicros, logMicros } = assumed
  // Half of what it takes to log is the database's.
  const [logHere, logThere] = [logMicros / 2, logMicros / 2]
  const form = (name: string, here: number, there: number): Cost => {
    const cpuSeconds = here + there
    const { vcpuHour, gigabyteMonth, utilisation, copies, rowBytes, rowDays, ledgerBytes, ledgerDays } = assumed
    const gigabyteMonths = (rowBytes * (rowDays / MONTH_DAYS) + paid * ledgerBytes * (ledgerDays / MONTH_DAYS)) * MILLION * copies * 1e-9
    const cores = (micros: number): number => (micros * 1e-6 * PEAK) / utilisation
    return { form: name, cpuSeconds, cpu: ((cpuSeconds / 3_600) * vcpuHour) / utilisation, storage: gigabyteMonths * gigabyteMonth, gatewayCores: cores(here), databaseCores: cores(there) }
  }
  // A call that pays is admitted once and settled once.
  const moves = 2 * paid + (1 - paid)
  return [
    form('all in Postgres', gatewayMicros + moves * storeMicros + logHere, moves * databaseMicros + logThere),
    form('counters in Valkey, money in Postgres', gatewayMicros + counterClientMicros + 2 * paid * storeMicros + logHere, counterServerMicros + 2 * paid * databaseMicros + logThere),
  ]
}
