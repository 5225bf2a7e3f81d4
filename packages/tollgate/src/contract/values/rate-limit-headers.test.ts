import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatRateLimitHeaders, parseRateLimitHeaders } from './rate-limit-headers.ts'
import { resetUnits, type ResetUnit } from '../declare/declaration.ts'
import { toReceivedHeaders } from '../read/received-headers.ts'

const names = { limit: 'X-L', remaining: 'X-R', reset: 'X-S' } as const
const NOW_MS = 1_770_000_000_500

it('a reset is written in the unit of the dialect', () => {
  const limits = [{ name: 'm', limit: 60, remaining: 0, resetAtMs: NOW_MS + 359_001 }]
  const written = Object.fromEntries(resetUnits.map((resetUnit) => [resetUnit, formatRateLimitHeaders({ reset: 'X-S', resetUnit }, limits, NOW_MS)[1]]))
  expect(written).toEqual({ unix: '1770000360', 'unix-ms': '1770000359501', seconds: '360', ms: '359001', duration: '6m0s', date: 'Mon, 02 Feb 2026 02:46:00 GMT', timestamp: '2026-02-02T02:46:00Z' })
})

it.each(resetUnits)('what is written in %s is read again, at most a second late and never early', (resetUnit) => {
  fc.assert(fc.property(fc.nat(), fc.nat(), fc.nat(100_000_000), (limit, remaining, afterMs) => {
    const resetAtMs = NOW_MS + afterMs
    const headers = formatRateLimitHeaders({ ...names, resetUnit }, [{ name: 'm', limit, remaining, resetAtMs }], NOW_MS)
    const [read] = parseRateLimitHeaders({ ...names, resetUnit }, toReceivedHeaders(headers), NOW_MS)
    expect(read).toMatchObject({ limit, remaining })
    expect((read?.resetAtMs ?? 0) - resetAtMs).toBeGreaterThanOrEqual(0)
    expect((read?.resetAtMs ?? 0) - resetAtMs).toBeLessThan(1_000)
  }))
})

it('what cannot be read is left out', () => {
  const read = (headers: { readonly [name: string]: string }, resetUnit: ResetUnit = 'duration') => parseRateLimitHeaders({ ...names, resetUnit }, headers, NOW_MS)
  expect(read({})).toEqual([])
  expect(read({ 'x-l': 'many', 'x-r': '-1', 'x-s': 'soon' })).toEqual([])
  expect(read({ 'x-l': ' 60 ', 'x-s': '99999999999999999' })).toEqual([{ limit: 60 }])
  for (const unit of resetUnits.filter((each) => each !== 'duration')) expect(read({ 'x-s': '1s' }, unit)).toEqual([])
  expect(read({ 'x-s': '7.66s' })).toEqual([{ resetAtMs: NOW_MS + 7_660 }])
})

describe('several sets of headers', () => {
  const sets = [{ limit: 'X-Limit', remaining: 'X-Left', reset: 'X-Reset', resetUnit: 'ms' }, { of: 'tokens', remaining: 'X-Tokens' }, { of: 'credits', remaining: 'X-Credits', used: 'X-Credits-Used' }] as const

  it('each tell their own limit, as far as there is one and they have a name for it', () => {
    const limits = [
      { name: 'credit', of: 'credits', remaining: { units: 1_250, scale: 2 } },
      { name: 'requests', of: undefined, limit: 5, remaining: 2, used: 3, resetAtMs: NOW_MS + 10 },
      { name: 'other', of: 'other', limit: 1, remaining: 1 },
    ]
    const headers = formatRateLimitHeaders(sets, limits, NOW_MS)
    expect(headers).toEqual(['X-Limit', '5', 'X-Left', '2', 'X-Reset', '10', 'X-Credits', '12.5'])
    expect(parseRateLimitHeaders(sets, toReceivedHeaders(headers), NOW_MS)).toEqual([{ limit: 5, remaining: 2, resetAtMs: NOW_MS + 10 }, { of: 'credits', remaining: 12.5 }])
  })
})

describe('the fields of draft 11', () => {
  const read = (policy: string | undefined, state: string | undefined) => parseRateLimitHeaders('draft-11', { 'ratelimit-policy': policy, ratelimit: state }, 0)

  it('name each limit as a policy, and leave money out', () => {
    const limits = [
      { name: 'burst', of: 'burst', limit: 100, remaining: 50, resetAtMs: 29_001, windowMs: 60_000 },
      { name: 'say "hi"\\', of: 'x', limit: 5, remaining: -1, isConcurrency: true },
      { name: 'credit', of: 'credit', remaining: { units: 5, scale: 0 } },
    ]
    const headers = formatRateLimitHeaders('draft-11', limits, 0)
    expect(headers).toEqual([
      'RateLimit-Policy', '"burst";q=100;w=60, "say \\"hi\\"\\\\";q=5;qu="concurrent-requests"',
      'RateLimit', '"burst";r=50;t=30, "say \\"hi\\"\\\\";r=0',
    ])
    const [policy, state] = [headers[1], headers[3]]
    expect(read(policy, state)).toEqual([{ of: 'burst', limit: 100, remaining: 50, resetAtMs: 30_000, windowMs: 60_000 }, { of: 'say "hi"\\', limit: 5, remaining: 0, unit: 'concurrent-requests' }])
  })

  // From the text of the draft, its appendix, and what servers send.
  it.each([
    ['"default";q=100;w=10', '"default";r=50;t=30', [{ of: 'default', limit: 100, remaining: 50, resetAtMs: 30_000, windowMs: 10_000 }]],
    ['"permin";q=50;w=60,"perhr";q=1000;w=3600', '"permin";r=10', [{ of: 'permin', limit: 50, remaining: 10, windowMs: 60_000 }, { of: 'perhr', limit: 1_000, windowMs: 3_600_000 }]],
    ['"peruser";q=65535;qu="content-bytes";w=10;pk=:sdfjLJUOUH==:', undefined, [{ of: 'peruser', limit: 65_535, windowMs: 10_000, unit: 'content-bytes', partition: 'sdfjLJUOUH==' }]],
    ['"a"; q=1; acme-burst=?1', '"a"; r=0; t=5; pk=:YQ==:', [{ of: 'a', limit: 1, remaining: 0, resetAtMs: 5_000, partition: 'YQ==' }]],
    [undefined, '"default";r=-1', []],
    [undefined, '"default";t=1', []],
    [undefined, 'default;r=5', []],
    [undefined, '"default";r=5,', []],
    [undefined, '"default";r=5, ', []],
    [undefined, '"default', []],
    [undefined, '', []],
    [undefined, '"é";r=1', []],
    [undefined, 'limit=100, remaining=50, reset=5', []],
    [undefined, `"${'x'.repeat(9_000)}";r=1`, []],
  ])('%s, %s', (policy, state, expected) => {
    expect(read(policy, state)).toEqual(expected)
  })
})
