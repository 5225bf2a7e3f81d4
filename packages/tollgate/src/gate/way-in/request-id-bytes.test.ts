import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createRequestIdMinter } from '../../contract/values/request-id.ts'
import { requestIdBytes } from './request-id-bytes.ts'

const NOON = Date.UTC(2026, 2, 10, 12)

test.each(['hex', 'base62'] as const)('ids in the format %s sort by their time, and no two of one millisecond are the same', (format) => {
  const mint = createRequestIdMinter({ format })
  const idAt = (nowMs: number): string => mint(requestIdBytes(format, nowMs, randomBytes))
  const instants = [0, 1, 255, 256, NOON - 1, NOON, NOON + 1, NOON + 256, NOON + 86_400_000, Date.UTC(2100, 0, 1)]
  const ids = instants.map(idAt)
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(Array.from({ length: 10_000 }, () => idAt(NOON))).size).toBe(10_000)
})

test('the chance that is given is used, and nothing of it but what is asked for', () => {
  const counted = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, at) => at + 1)
  expect([...requestIdBytes('hex', 0x0102_0304_0506, counted)]).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('a UUID is all chance, as its version says', () => {
  expect([...requestIdBytes('uuid', NOON, (count) => new Uint8Array(count).fill(7))]).toEqual(Array.from({ length: 16 }, () => 7))
})
