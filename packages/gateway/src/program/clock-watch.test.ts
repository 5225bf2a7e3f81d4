import { expect, it } from 'vitest'
import { spanText, watchClock } from './clock-watch.ts'
import { createSystemClock } from '../platform/system-clock.ts'

const HOUR = 3_600_000

function world() {
  const time = { systemMs: Date.UTC(2026, 10, 22), monotonicMs: 0 }
  const clock = createSystemClock({ now: () => time.systemMs, monotonicNow: () => time.monotonicMs })
  const alerts: string[] = []
  let look = (): void => undefined
  const timed = { ...clock, after: (_: number, run: () => void) => ((look = run), () => undefined) }
  const watch = (): void => void watchClock({ clock: timed, alert: ({ message }) => void alerts.push(message) })
  /** Both go on; the system's own may leap besides. */
  const pass = (ms: number, leapMs = 0): void => {
    time.monotonicMs += ms
    time.systemMs += ms + leapMs
    look()
  }
  return { clock, alerts, watch, pass }
}

it('a leap forward is said once, with its length; small corrections are not', () => {
  const { alerts, watch, pass } = world()
  watch()
  pass(5_000)
  pass(5_000, 2_000)
  expect(alerts).toEqual([])
  pass(5_000, HOUR + 5 * 60_000)
  pass(5_000)
  expect(alerts).toEqual([expect.stringContaining('leapt forward by 1 h 5 min')])
})

it('time that is set right again is behind, which is said once, until it has caught up', () => {
  const { clock, alerts, watch, pass } = world()
  watch()
  pass(5_000, HOUR)
  pass(5_000, -HOUR)
  pass(5_000)
  expect(alerts.slice(1)).toEqual([expect.stringContaining('goes by a time that is 1 h ahead of this machine')])
  expect(clock.aheadMs()).toBe(HOUR)
  const wallMs = clock.wallMs()
  pass(5_000)
  expect(clock.wallMs()).toBe(wallMs + 5_000)
  pass(5_000, HOUR)
  expect(alerts.at(-1)).toContain('has caught up')
  expect(clock.aheadMs()).toBe(0)
})

it('a database that has seen a later time is said at the start', () => {
  const { clock, alerts, watch } = world()
  clock.notBefore(clock.wallMs() + 365 * 24 * HOUR)
  watch()
  expect(alerts).toEqual([expect.stringContaining('365 days ahead of this machine')])
})

it('spans are told in their two greatest units', () => {
  expect([0, 999, 61_000, 90 * 60_000, 26 * HOUR].map(spanText)).toEqual(['0 s', '0 s', '1 min 1 s', '1 h 30 min', '1 days 2 h'])
})
