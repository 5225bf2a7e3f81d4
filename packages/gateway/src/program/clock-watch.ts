/** Says when the machine's time leaps: the gateway's own never goes back, so that a wrong year would stay for a year, and nobody would know. */
import type { Alerts } from '../platform/alerts.ts'
import type { SystemClock } from '../platform/system-clock.ts'

export interface ClockWatchOptions {
  readonly clock: Pick<SystemClock, 'aheadMs' | 'takeLeapMs' | 'after'>
  readonly alert: Alerts['raise']
}

const LOOK_EVERY_MS = 5_000
/** As much as a time service may correct at once. */
const AHEAD_MS = 10_000

/** Looks now, then every five seconds, until the returned function has stopped it. Each change is said once. */
export function watchClock({ clock, alert }: ClockWatchOptions): () => void {
  let isAhead = false
  let cancel: (() => void) | undefined

  function look(): void {
    const leapMs = clock.takeLeapMs()
    const aheadMs = clock.aheadMs()
    if (leapMs > 0) {
      alert({ kind: 'clock', message: `the time of this machine leapt forward by ${spanText(leapMs)} (or it slept for so long): windows, quotas, holds and keys of that time are over. If the time is wrong, set it right, then see docs/operations.md, "Time"` })
    }
    if (aheadMs > AHEAD_MS && !isAhead) {
      alert({ kind: 'clock', message: `the gateway goes by a time that is ${spanText(aheadMs)} ahead of this machine's, since that was so far once: it waits until it is reached again. To go back: docs/operations.md, "Time"` })
    }
    if (aheadMs <= AHEAD_MS && isAhead) alert({ kind: 'clock', message: 'the time of this machine has caught up with that of the gateway' })
    isAhead = aheadMs > AHEAD_MS
    cancel = clock.after(LOOK_EVERY_MS, look)
  }

  look()
  return () => cancel?.()
}

/** `1 h 5 min`: the two greatest units. */
export function spanText(spanMs: number): string {
  const units: readonly (readonly [name: string, ms: number])[] = [['days', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1_000]]
  let leftMs = spanMs
  const parts: string[] = []
  for (const [name, ms] of units) {
    const count = Math.floor(leftMs / ms)
    leftMs -= count * ms
    if (count > 0) parts.push(`${count} ${name}`)
  }
  return parts.slice(0, 2).join(' ') || '0 s'
}
