import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Meter } from './meter.ts'
import { decideStage } from './stage.ts'
import { decodeRecord, encodeRecord, pruneRecord, recordExpiresAtMs } from './record-codec.ts'
import { emptyRecord, type SubjectRecord } from './subject-record.ts'

const NOON = Date.UTC(2026, 2, 10, 12)
const WINDOW: Meter = { kind: 'window', windowMs: 60_000 }
const DAY: Meter = { kind: 'quota', period: 'day' }

function count(record: SubjectRecord, name: string, meter: Meter, nowMs: number, limit = 100): SubjectRecord {
  const takes = [{ subject: 's', name, meter, limit, cost: 1 }]
  return decideStage(() => record, takes, nowMs).changed[0]?.record ?? record
}

const anyRecord = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', '__proto__', 'constructor'), fc.constantFrom(WINDOW, DAY), fc.nat(90_000)), { maxLength: 30 })
  .map((counts) => counts.reduce((record, [name, meter, offsetMs]) => count(record, name, meter, NOON + offsetMs, 1_000), emptyRecord))

describe("a subject's record", () => {
  test('is the same after writing and reading', () => {
    fc.assert(fc.property(anyRecord, (record) => {
      expect(decodeRecord(encodeRecord(record))).toEqual(record)
    }))
  })

  test('is compact as text', () => {
    const record = count(count(emptyRecord, 'daily', DAY, NOON), 'burst', WINDOW, NOON)
    expect(encodeRecord(record)).toBe(`[1,["daily","period",${Date.UTC(2026, 2, 11)},1],["burst","sliding",60000,${NOON},1]]`)
  })

  test.each([
    '', '{', 'null', '7', '{}', '[]', '[2]', '[1,2]', '[1,[]]', '[1,["a"]]', '[1,["a","toString",1]]', '[1,["a","period",1]]', '[1,["a","period",1,-1]]',
    '[1,["a","period",1,2,3]]', '[1,["a","period","1",2]]', '[1,[7,"period",1,2]]', '[1,["a","sliding"]]', '[1,["a","sliding",0]]', '[1,["a","sliding",5,1]]', '[1,["a","sliding",5,9,1,0,1]]',
  ])('refuses the text %s', (text) => {
    expect(decodeRecord(text)).toBeUndefined()
  })

  test('never fails on any text or JSON', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.json().map((json) => `[1,["a","sliding",${json}]]`)), (text) => {
      expect(() => decodeRecord(text)).not.toThrow()
    }))
  })

  test('loses what has expired, and only that', () => {
    const record = count(count(emptyRecord, 'daily', DAY, NOON), 'burst', WINDOW, NOON)
    expect(pruneRecord(record, NOON + 59_999)).toBe(record)
    expect(pruneRecord(record, NOON + 60_000).map(({ name }) => name)).toEqual(['daily'])
    expect(pruneRecord(record, Date.UTC(2026, 2, 11))).toEqual([])
    expect(recordExpiresAtMs(record)).toBe(Date.UTC(2026, 2, 11))
  })

  test('starts a meter afresh whose kind changed under its name', () => {
    const record = count(emptyRecord, 'm', WINDOW, NOON)
    const changed = count(record, 'm', DAY, NOON)
    expect(changed).toEqual([{ kind: 'period', name: 'm', endMs: Date.UTC(2026, 2, 11), count: 1 }])
  })

  test('is never changed in place', () => {
    const record = count(count(emptyRecord, 'a', DAY, NOON), 'b', WINDOW, NOON)
    const text = encodeRecord(record)
    count(count(record, 'a', DAY, NOON + 1), 'b', WINDOW, NOON + 1)
    expect(encodeRecord(record)).toBe(text)
  })
})
