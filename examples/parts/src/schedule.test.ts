import { expect, test } from 'vitest'
import { createManualClock } from './testing/manual-clock.ts'
import { exponentialDelays, tryOnSchedule } from './schedule.ts'

test('delays grow by the factor', () => {
  expect(exponentialDelays(5_000, 5, 4)).toEqual([5_000, 25_000, 125_000, 625_000])
  expect(exponentialDelays(2_000, 2, 5, 30_000)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000])
})

test('attempts come at once and after each delay, until the schedule is at its end', async () => {
  const clock = createManualClock(0)
  const made: [atMs: number, nextInMs: number | null][] = []
  const outcome = tryOnSchedule(clock, [10, 100], async (nextInMs) => {
    made.push([clock.wallMs(), nextInMs])
    return false
  })
  for (const ms of [10, 100]) {
    await expect.poll(() => clock.pending()).toBe(1)
    clock.advance(ms)
  }
  expect(await outcome).toBe(false)
  expect(made).toEqual([
    [0, 10],
    [10, 100],
    [110, null],
  ])
})

test('the first success is the last attempt', async () => {
  const clock = createManualClock(0)
  expect(await tryOnSchedule(clock, [10], async () => true)).toBe(true)
  expect(clock.pending()).toBe(0)
})
