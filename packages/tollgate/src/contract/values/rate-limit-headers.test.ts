import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatRateLimitHeaders, parseRateLimitHeaders } from './rate-limit-headers.ts'
import { toReceivedHeaders } from '../read/received-headers.ts'

const names = { limit: 'X-L', remaining: 'X-R', reset: 'X-S' } as const
const units = ['unix', 'seconds', 'duration'] as const
const NOW_MS = 1_770_000_000_500

it('a reset is written as a duration where the dialect says it so', () => {
  const limit = { limit: 60, remaining: 0, resetAtMs: NOW_MS + 359_001 }
  expect(formatRateLimitHeaders({ ...names, resetUnit: 'duration' }, limit, NOW_MS)).toEqual(['X-L', '60', 'X-R', '0', 'X-S', '6m0s'])
})

it.each(units)('what is written in %s is read again, at most a second late and never early', (resetUnit) => {
  fc.assert(fc.property(fc.nat(), fc.nat(), fc.nat(100_000_000), (limit, remaining, afterMs) => {
    const resetAtMs = NOW_MS + afterMs
    const read = parseRateLimitHeaders({ ...names, resetUnit }, toReceivedHeaders(formatRateLimitHeaders({ ...names, resetUnit }, { limit, remaining, resetAtMs }, NOW_MS)), NOW_MS)
    expect(read).toMatchObject({ limit, remaining })
    expect((read?.resetAtMs ?? 0) - resetAtMs).toBeGreaterThanOrEqual(0)
    expect((read?.resetAtMs ?? 0) - resetAtMs).toBeLessThan(1_000)
  }))
})

it('what cannot be read is left out', () => {
  const read = (headers: { readonly [name: string]: string }, resetUnit: (typeof units)[number] = 'duration') => parseRateLimitHeaders({ ...names, resetUnit }, headers, NOW_MS)
  expect(read({})).toBeUndefined()
  expect(read({ 'x-l': 'many', 'x-r': '-1', 'x-s': 'soon' })).toBeUndefined()
  expect(read({ 'x-l': ' 60 ', 'x-s': '99999999999999999' })).toEqual({ limit: 60 })
  expect(read({ 'x-s': '1s' }, 'unix')).toBeUndefined()
  expect(read({ 'x-s': '7.66s' })).toEqual({ resetAtMs: NOW_MS + 7_660 })
})
