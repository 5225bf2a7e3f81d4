import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyBalance } from '../money/balance.ts'
import type { Meter } from './meter.ts'
import { packRecord, pruneKept, recordOfKept, unpackRecord } from './packed-record.ts'
import { pruneRecord } from './record-codec.ts'
import { decideStage, giveBack } from './stage.ts'
import { emptyRecord, type SubjectRecord } from './subject-record.ts'

const NOON = Date.UTC(2026, 2, 10, 12)
const meters: readonly Meter[] = [
  { kind: 'window', windowMs: 60_000 },
  { kind: 'window', windowMs: 60_000, algorithm: 'buckets' },
  { kind: 'window', windowMs: 3_600_000, algorithm: 'fixed' },
  { kind: 'quota', period: 'day' },
]

/** Counted one after the other, of which some is given back. */
const anyRecord = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', '__proto__'), fc.constantFrom(...meters), fc.nat(90_000), fc.boolean()), { maxLength: 30 }).map((counts) =>
  counts.reduce<SubjectRecord>((record, [name, meter, offsetMs, isGivenBack]) => {
    const { changed, counted } = decideStage(() => record, [{ subject: 's', name, meter, limit: 1_000, cost: 2 }], NOON + offsetMs)
    const next = changed[0]?.record ?? record
    return isGivenBack ? (giveBack(() => next, counted, NOON + offsetMs).changed[0]?.record ?? next) : next
  }, emptyRecord))

test('a record is the same when it comes out again, also where others were packed in between', () => {
  fc.assert(fc.property(anyRecord, anyRecord, (one, other) => {
    const [kept, later] = [packRecord(one), packRecord(other)]
    expect(unpackRecord(kept)).toEqual(one)
    expect(unpackRecord(later)).toEqual(other)
  }))
})

test('what says nothing any more goes, as out of the record itself', () => {
  fc.assert(fc.property(anyRecord, fc.integer({ min: 0, max: 90_000_000 }), (record, laterMs) => {
    const kept = packRecord(record)
    const pruned = pruneKept(kept, NOON + laterMs)
    const expected = pruneRecord(record, NOON + laterMs)
    expect(recordOfKept(pruned)).toEqual(expected)
    expect(pruned === kept).toBe(expected.length === record.length && record.length > 0)
    expect(pruned === undefined).toBe(expected.length === 0)
  }))
})

test('subjects with the same meters share what the meters are, and have only numbers of their own', () => {
  const recordOf = (subject: string): SubjectRecord => decideStage(() => emptyRecord, meters.slice(1).map((meter, at) => ({ subject, name: `m${at}`, meter, limit: 1_000, cost: 1 })), NOON).changed[0]?.record ?? emptyRecord
  const [one, other] = [packRecord(recordOf('a')), packRecord(recordOf('b'))] as unknown as readonly { readonly layout: unknown; readonly numbers: readonly number[] }[]
  expect(one?.layout).toBe(other?.layout)
  expect(one?.numbers).toHaveLength(3 + 2 + 2)
})

test('a record with money stays as it is', () => {
  const record = [emptyBalance('credit', 2)]
  expect(packRecord(record)).toBe(record)
  expect(unpackRecord(record)).toBe(record)
})
