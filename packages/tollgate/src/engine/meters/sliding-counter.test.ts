import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Take, WindowMeter } from './meter.ts'
import { slidingCounter, type SlidingState } from './sliding-counter.ts'

const START = 1_785_000_000_000

function takeOf(meter: Partial<WindowMeter>, limit: number, cost = 1): Take<WindowMeter> {
  return { subject: 's', name: 'm', meter: { kind: 'window', windowMs: 60_000, ...meter }, limit, cost }
}

/** Admits at each instant what fits, and returns what was admitted and what was not. */
function play(take: Take<WindowMeter>, instants: readonly number[]) {
  let state: SlidingState | undefined
  const admitted: number[] = []
  const refused: number[] = []
  for (const atMs of instants) {
    if (slidingCounter.tally(state, take, atMs).used + take.cost <= take.limit) {
      admitted.push(atMs)
      state = slidingCounter.add(state, take, atMs).state
    } else refused.push(atMs)
  }
  return { admitted, refused, state }
}

function toInstants(steps: readonly number[]): number[] {
  let nowMs = START
  return steps.map((step) => (nowMs += step))
}

/** How many instants lie in the window that ends with `endMs`. */
const countUpTo = (instants: readonly number[], endMs: number, windowMs: number): number =>
  instants.filter((atMs) => atMs > endMs - windowMs && atMs <= endMs).length

describe('a sliding window', () => {
  const cases = fc.record({
    windowMs: fc.integer({ min: 1, max: 5_000 }),
    limit: fc.integer({ min: 1, max: 20 }),
    steps: fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 120 }),
  })
  test('as a log admits exactly what any window has room for', () => {
    fc.assert(
      fc.property(cases, ({ windowMs, limit, steps }) => {
        const { admitted, refused } = play(takeOf({ windowMs, algorithm: 'log' }, limit), toInstants(steps))
        for (const atMs of admitted) expect(countUpTo(admitted, atMs, windowMs)).toBeLessThanOrEqual(limit)
        for (const atMs of refused) expect(countUpTo(admitted, atMs, windowMs)).toBe(limit)
      }),
    )
  })

  test('in buckets never admits more than the limit in any window, and refuses at most a sixtieth of it early', () => {
    fc.assert(
      fc.property(cases, ({ windowMs, limit, steps }) => {
        const { admitted, refused } = play(takeOf({ windowMs, algorithm: 'buckets' }, limit), toInstants(steps))
        for (const atMs of admitted) expect(countUpTo(admitted, atMs, windowMs)).toBeLessThanOrEqual(limit)
        for (const atMs of refused) expect(countUpTo(admitted, atMs, windowMs + Math.floor(windowMs / 60))).toBeGreaterThanOrEqual(limit)
      }),
    )
  })

  test('in buckets keeps about sixty numbers, however much is counted', () => {
    const take = takeOf({}, 1_000_000)
    const { state } = play(take, Array.from({ length: 60_000 }, (_, ms) => START + 2 * ms))
    expect(state?.runs.length).toBeLessThanOrEqual(2 * 61)
  })

  test('keeps a log of up to 128 and buckets above, unless told', () => {
    const instantOf = (meter: Partial<WindowMeter>, limit: number): number => slidingCounter.add(undefined, takeOf(meter, limit), START + 1).atMs
    expect(instantOf({}, 128)).toBe(START + 1)
    expect(instantOf({}, 129)).toBe(START + 1_000)
    expect(instantOf({ algorithm: 'log' }, 129)).toBe(START + 1)
    expect(instantOf({ algorithm: 'buckets' }, 1)).toBe(START + 1_000)
  })

  test('stays right when the limit passes from log to buckets and back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.boolean()), { maxLength: 200 }), (steps) => {
        const windowMs = 6_000
        const admitted: number[] = []
        let state: SlidingState | undefined
        let nowMs = START
        for (const [step, large] of steps) {
          nowMs += step
          const take = takeOf({ windowMs, algorithm: large ? 'buckets' : 'log' }, 8)
          if (slidingCounter.tally(state, take, nowMs).used >= 8) continue
          admitted.push(nowMs)
          state = slidingCounter.add(state, take, nowMs).state
        }
        for (const atMs of admitted) expect(countUpTo(admitted, atMs, windowMs)).toBeLessThanOrEqual(8)
      }),
    )
  })

  test('says to the millisecond when the cost fits again', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 5 }), ({ windowMs, limit, steps }, cost) => {
        fc.pre(cost <= limit)
        const take = takeOf({ windowMs, algorithm: 'log' }, limit)
        const { state } = play(take, toInstants(steps))
        const nowMs = toInstants(steps).at(-1) ?? START
        const fitsAtMs = slidingCounter.fitsAtMs(state, { ...take, cost }, nowMs)
        const usedAt = (atMs: number): number => slidingCounter.tally(state, take, atMs).used
        expect(usedAt(fitsAtMs) + cost).toBeLessThanOrEqual(limit)
        expect(fitsAtMs === nowMs || usedAt(fitsAtMs - 1) + cost > limit).toBe(true)
      }),
    )
  })

  test('is not corrupted by time that goes back: what was counted leaves no earlier', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3_000, max: 3_000 }), { maxLength: 100 }), fc.constantFrom('log' as const, 'buckets' as const), (steps, algorithm) => {
        const windowMs = 2_000
        const take = takeOf({ windowMs, algorithm }, 5)
        const counted: number[] = []
        let state: SlidingState | undefined
        let nowMs = START
        for (const step of steps) {
          nowMs += step
          if (slidingCounter.tally(state, take, nowMs).used >= 5) continue
          const next = slidingCounter.add(state, take, nowMs)
          expect(next.atMs).toBeGreaterThanOrEqual(counted.at(-1) ?? -Infinity)
          counted.push(next.atMs)
          state = next.state
        }
        for (const atMs of counted) expect(countUpTo(counted, atMs, windowMs)).toBeLessThanOrEqual(5)
      }),
    )
  })

  test('does not grow with the attempts of a flood', () => {
    const take = takeOf({ counts: 'attempts' }, 10)
    let state: SlidingState | undefined
    for (let ms = 0; ms < 59_000; ms += 1) state = slidingCounter.add(state, take, START + ms).state
    expect(slidingCounter.tally(state, take, START + 59_000).used).toBe(59_000)
    expect(state?.runs.length).toBeLessThanOrEqual(2 * (10 + 128 + 61))
  })

  test('gives back under the instant of the receipt, and nothing twice below zero', () => {
    const take = takeOf({}, 5, 2)
    const first = slidingCounter.add(undefined, take, START)
    const second = slidingCounter.add(first.state, take, START + 10)
    const receipt = { ...take, atMs: first.atMs }
    const once = slidingCounter.remove(second.state, receipt)
    expect(slidingCounter.tally(once, take, START + 10)).toEqual({ used: 2, resetAtMs: START + 60_010 })
    expect(slidingCounter.remove(once, receipt)).toBe(once)
    const empty = slidingCounter.remove(slidingCounter.remove(once, { ...take, atMs: second.atMs }), { ...take, atMs: second.atMs })
    expect(slidingCounter.tally(empty, take, START + 10)).toEqual({ used: 0, resetAtMs: START + 10 })
  })

  test('counts stay safe integers', () => {
    const take = takeOf({}, 5, Number.MAX_SAFE_INTEGER)
    const twice = slidingCounter.add(slidingCounter.add(undefined, take, START).state, take, START)
    expect(slidingCounter.tally(twice.state, take, START).used).toBe(Number.MAX_SAFE_INTEGER)
  })
})
