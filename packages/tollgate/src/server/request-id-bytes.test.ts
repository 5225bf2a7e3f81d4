import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createRequestIdMinter } from '../contract/request-id.ts'
import { CHANCE_BYTES, requestIdBytes } from './request-id-bytes.ts'

const NOON = Date.UTC(2026, 2, 10, 12)

test.each(['uuid', 'hex', 'base62'] as const)('ids in the format %s sort by their time, and no two of one millisecond are the same', (format) => {
  const mint = createRequestIdMinter({ format })
  const idAt = (nowMs: number): string => mint(requestIdBytes(nowMs, randomBytes(CHANCE_BYTES)))
  const instants = [0, 1, 255, 256, NOON - 1, NOON, NOON + 1, NOON + 256, NOON + 86_400_000, Date.UTC(2100, 0, 1)]
  const ids = instants.map(idAt)
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(Array.from({ length: 10_000 }, () => idAt(NOON))).size).toBe(10_000)
})

test('the chance that is given is used, and never changed', () => {
  const random = Uint8Array.from({ length: CHANCE_BYTES }, (_, at) => at + 1)
  expect([...requestIdBytes(0x0102_0304_0506, random)]).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect([...random]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})
