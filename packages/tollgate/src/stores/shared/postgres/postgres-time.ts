/** The time of the server, which never goes back: by its clock, and never before what was seen. */
import type { Clock } from '../../../engine/clock.ts'

export interface PostgresTime {
  /** An expression of SQL whose one parameter is `parameter`. */
  sql(place: number): string
  parameter(): number
  /** Returns the instant that holds. */
  saw(ms: number): number
  highWaterMs(): number
}

/** `clock`: dates instead of the server, for tests. */
export function createPostgresTime(clock: Pick<Clock, 'wallMs'> | undefined): PostgresTime {
  let highMs = 0
  return {
    sql: (place) => (clock === undefined ? `greatest($${place}::bigint, floor(extract(epoch from clock_timestamp()) * 1000)::bigint)` : `$${place}::bigint`),
    parameter: () => Math.max(highMs, clock?.wallMs() ?? 0),
    saw: (ms) => (highMs = Math.max(highMs, ms)),
    highWaterMs: () => highMs,
  }
}
