import { describe, expect, test } from 'vitest'
import type { Meter, Take } from './meter.ts'
import { assertTakes, decideStage, giveBack, readStage, type ChangedRecord } from './stage.ts'
import { emptyRecord, type SubjectRecord } from './subject-record.ts'

const NOON = Date.UTC(2026, 2, 10, 12)
const MIDNIGHT = Date.UTC(2026, 2, 11)
const WINDOW: Meter = { kind: 'window', windowMs: 60_000 }
const FIXED: Meter = { kind: 'window', windowMs: 60_000, algorithm: 'fixed' }
const DAY: Meter = { kind: 'quota', period: 'day' }
const DAY_ATTEMPTS: Meter = { ...DAY, counts: 'attempts' }

const take = (name: string, meter: Meter, limit: number, cost = 1): Take => ({ subject: 's', name, meter, limit, cost })

/** Records as a store keeps them. */
function createRecords() {
  const records = new Map<string, SubjectRecord>()
  const recordOf = (subject: string): SubjectRecord => records.get(subject) ?? emptyRecord
  const putAll = (changed: readonly ChangedRecord[]): void => changed.forEach(({ subject, record }) => records.set(subject, record))
  return {
    recordOf,
    decide(takes: readonly Take[], nowMs: number) {
      const outcome = decideStage(recordOf, takes, nowMs)
      putAll(outcome.changed)
      return outcome
    },
    undo: (counted: Parameters<typeof giveBack>[1], nowMs: number) => putAll(giveBack(recordOf, counted, nowMs).changed),
    used: (takes: readonly Take[], nowMs: number) => readStage(recordOf, takes, nowMs).map(({ used }) => used),
  }
}

describe('a stage', () => {
  test('the 100th attempt succeeds and the 101st is 101 of 100', () => {
    const records = createRecords()
    const daily = take('daily', DAY_ATTEMPTS, 100)
    const decisions = Array.from({ length: 102 }, () => records.decide([daily], NOON).decision)
    expect(decisions[99]).toMatchObject({ admitted: true, readings: [{ used: 100, remaining: 0 }] })
    expect(decisions[100]).toMatchObject({ admitted: false, refusedBy: { used: 101, limit: 100, remaining: 0, retryAtMs: MIDNIGHT } })
    expect(decisions[101]).toMatchObject({ admitted: false, refusedBy: { used: 102 } })
    expect(records.decide([daily], MIDNIGHT).decision).toMatchObject({ admitted: true, readings: [{ used: 1 }] })
  })

  test('an attempt that fills a meter which still admitted moves the retry', () => {
    const records = createRecords()
    const takes = [take('daily', DAY_ATTEMPTS, 2), take('burst', WINDOW, 1)]
    records.decide(takes, NOON)
    const { decision } = records.decide(takes, NOON + 1)
    expect(decision).toMatchObject({ admitted: false, refusedBy: { name: 'burst', retryAtMs: NOON + 60_000 }, retryAtMs: MIDNIGHT })
  })

  test('a meter named twice is taken twice or not at all', () => {
    const records = createRecords()
    const twice = [take('burst', WINDOW, 3), take('burst', WINDOW, 3)]
    expect(records.decide(twice, NOON).decision.readings.map(({ used }) => used)).toEqual([2, 2])
    expect(records.decide(twice, NOON).decision.admitted).toBe(false)
    expect(records.used(twice, NOON)).toEqual([2, 2])
  })

  test('a limit of zero refuses even what costs nothing, and never says to come back', () => {
    const { decision } = createRecords().decide([take('burst', WINDOW, 0, 0)], NOON)
    expect(decision).toMatchObject({ admitted: false, retryAtMs: undefined })
  })

  test('what costs nothing is admitted up to the limit and changes no count', () => {
    const records = createRecords()
    records.decide([take('daily', DAY, 1)], NOON)
    expect(records.decide([take('daily', DAY, 1, 0)], NOON).decision).toMatchObject({ admitted: true, readings: [{ used: 1 }] })
  })

  test('fixed windows are aligned to the epoch', () => {
    const records = createRecords()
    const fixed = take('fixed', FIXED, 1)
    expect(records.decide([fixed], NOON + 59_999).decision.readings[0]).toMatchObject({ resetAtMs: NOON + 60_000 })
    expect(records.decide([fixed], NOON + 59_999).decision).toMatchObject({ admitted: false, retryAtMs: NOON + 60_000 })
    expect(records.decide([fixed], NOON + 60_000).decision.admitted).toBe(true)
  })

  test('giving back all that a refused stage counted leaves what was before', () => {
    const records = createRecords()
    const takes = [take('daily', DAY_ATTEMPTS, 5), take('burst', WINDOW, 1)]
    records.decide(takes, NOON)
    const before = records.used(takes, NOON)
    const { decision, counted } = records.decide(takes, NOON)
    expect(decision.admitted).toBe(false)
    expect(records.used(takes, NOON)).toEqual([2, 1])
    records.undo(counted, NOON)
    expect(records.used(takes, NOON)).toEqual(before)
  })

  test('an empty stage is admitted', () => {
    expect(createRecords().decide([], NOON).decision).toEqual({ admitted: true, readings: [], receipts: [] })
  })

  test.each([
    [{ cost: -1 }, /cost must be an integer/],
    [{ cost: 1.5 }, /cost must be an integer/],
    [{ limit: Number.NaN }, /limit must be an integer/],
  ])('%o is an error that names the meter', (wrong, message) => {
    expect(() => assertTakes([{ ...take('burst', WINDOW, 1), ...wrong }])).toThrow(message)
    expect(() => assertTakes([{ ...take('burst', WINDOW, 1), ...wrong }])).toThrow(/burst of s/)
  })
})
