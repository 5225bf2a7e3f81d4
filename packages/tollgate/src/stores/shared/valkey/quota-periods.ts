/** Calendar periods for a script that has no calendar. */
import { periodAt } from '../../../engine/meters/calendar.ts'
import type { QuotaMeter } from '../../../engine/meters/meter.ts'

const latest = new WeakMap<QuotaMeter, readonly [startMs: number, endMs: number, nextEndMs: number]>()

/** When the period of the instant begins, when it ends, and when the next one does. The server may be past the first end by the time it reads them. */
export function quotaPeriods(meter: QuotaMeter, nowMs: number): readonly [startMs: number, endMs: number, nextEndMs: number] {
  const known = latest.get(meter)
  if (known !== undefined && known[0] <= nowMs && nowMs < known[1]) return known
  const { startMs, endMs } = periodAt(meter, nowMs)
  const found = [startMs, endMs, periodAt(meter, endMs).endMs] as const
  latest.set(meter, found)
  return found
}
