import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readToldLimits } from './told-limits.ts'

const NOW_MS = 1_770_000_000_000
const NOW_SECONDS = NOW_MS / 1_000

describe('the three generations of RateLimit', () => {
  it.each([
    [{ 'ratelimit-limit': '100', 'ratelimit-remaining': '50', 'ratelimit-reset': '50' }, [{ limit: 100, remaining: 50, resetAtMs: NOW_MS + 50_000 }]],
    [{ ratelimit: 'limit=100, remaining=50, reset=5', 'ratelimit-policy': '100;w=10' }, [{ limit: 100, windowMs: 10_000, remaining: 50, resetAtMs: NOW_MS + 5_000 }]],
    [{ 'ratelimit-policy': '10;w=1, 50;w=60' }, [{ limit: 10, windowMs: 1_000 }, { limit: 50, windowMs: 60_000 }]],
    [{ ratelimit: '"api"; r=9; t=60', 'ratelimit-policy': '"api"; q=10; w=60; pk=:OTE3ZWU5ZmYwOWFk:' }, [{ of: 'api', limit: 10, remaining: 9, resetAtMs: NOW_MS + 60_000, windowMs: 60_000, partition: 'OTE3ZWU5ZmYwOWFk' }]],
    // In the draft's own appendix, and malformed by its grammar.
    [{ ratelimit: 'quota;t=1' }, []],
    [{ ratelimit: 'limit=5, reset=1' }, []],
    [{ ratelimit: 'remaining=x' }, []],
  ] as const)('%j', (headers, expected) => expect(readToldLimits(headers, NOW_MS)).toEqual(expected))
})

describe('the X-RateLimit families', () => {
  it.each([
    ['GitHub: epoch seconds', { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-used': '5000', 'x-ratelimit-reset': String(NOW_SECONDS + 60), 'x-ratelimit-resource': 'core' }, [{ limit: 5_000, remaining: 0, used: 5_000, resetAtMs: NOW_MS + 60_000 }]],
    ['Twitter', { 'x-rate-limit-limit': '15', 'x-rate-limit-remaining': '3', 'x-rate-limit-reset': String(NOW_SECONDS) }, [{ limit: 15, remaining: 3, resetAtMs: NOW_MS }]],
    ['Zalando: seconds', { 'x-ratelimit-reset': '30' }, [{ resetAtMs: NOW_MS + 30_000 }]],
    ['OpenRouter: epoch milliseconds', { 'x-ratelimit-reset': '1791331200000' }, [{ resetAtMs: 1_791_331_200_000 }]],
    ['OpenAI: Go durations, two sets', { 'x-ratelimit-limit-requests': '60', 'x-ratelimit-reset-requests': '1s', 'x-ratelimit-remaining-tokens': '149984', 'x-ratelimit-reset-tokens': '6m0s' }, [{ of: 'requests', limit: 60, resetAtMs: NOW_MS + 1_000 }, { of: 'tokens', remaining: 149_984, resetAtMs: NOW_MS + 360_000 }]],
    ['Groq', { 'x-ratelimit-reset-tokens': '2m59.56s' }, [{ of: 'tokens', resetAtMs: NOW_MS + 179_560 }]],
    ['Anthropic: RFC 3339', { 'anthropic-ratelimit-input-tokens-remaining': '5', 'anthropic-ratelimit-input-tokens-reset': '2026-02-02T02:40:30Z' }, [{ of: 'input-tokens', remaining: 5, resetAtMs: NOW_MS + 30_000 }]],
    ['Anthropic, priority tier', { 'anthropic-priority-input-tokens-limit': '10' }, [{ of: 'priority-input-tokens', limit: 10 }]],
    ['Akamai: a date', { 'x-ratelimit-next': 'Mon, 02 Feb 2026 02:40:10 GMT' }, [{ resetAtMs: NOW_MS + 10_000 }]],
    ['Kong: windows in the name', { 'x-ratelimit-limit-minute': '5', 'x-ratelimit-remaining-minute': '0' }, [{ of: 'minute', limit: 5, remaining: 0 }]],
    ['Discord: two resets, of which the one from now counts', { 'x-ratelimit-reset': '1770000000.123', 'x-ratelimit-reset-after': '1.470', 'x-ratelimit-bucket': 'abc', 'x-ratelimit-remaining': '0' }, [{ resetAtMs: NOW_MS + 1_470, remaining: 0 }]],
    ['Reddit', { 'x-ratelimit-remaining': '599.0', 'x-ratelimit-used': '1' }, [{ remaining: 599, used: 1 }]],
    ['GitLab', { 'ratelimit-observed': '7', 'ratelimit-limit': '60' }, [{ used: 7, limit: 60 }]],
    ['Shopify', { 'x-shopify-shop-api-call-limit': '32/40' }, [{ used: 32, limit: 40, remaining: 8 }]],
    ['with a window behind the figure', { 'x-ratelimit-limit': '100, 100;window=60' }, [{ limit: 100 }]],
  ])('%s', (_, headers, expected) => expect(readToldLimits(headers, NOW_MS)).toEqual(expected))

  it('the units of a contract count, and its headers are not read twice', () => {
    const headers = { 'x-rate-limit-reset': '600000', 'x-rate-limit-remaining': '1' }
    expect(readToldLimits(headers, NOW_MS, { remaining: 'X-Rate-Limit-Remaining', reset: 'X-Rate-Limit-Reset', resetUnit: 'ms' })).toEqual([{ remaining: 1, resetAtMs: NOW_MS + 600_000 }])
    expect(readToldLimits({ ratelimit: '"a";r=1' }, NOW_MS, 'draft-11')).toEqual([{ of: 'a', remaining: 1 }])
  })

  it('what is measured from a moment that nobody knows is left out', () => {
    expect(readToldLimits({ 'x-ratelimit-reset': '30', 'x-ratelimit-remaining': '1' }, Number.NaN)).toEqual([{ remaining: 1 }])
  })
})

it('any headers are read without a throw, and figures are numbers', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('x-ratelimit-reset', 'ratelimit', 'ratelimit-policy', 'x-ratelimit-__proto__-limit', 'x-ratelimit-limit-constructor', '__proto__'))
  fc.assert(fc.property(fc.dictionary(name, fc.oneof(fc.string(), fc.constantFrom('5', '-1', '6m0s', '"a";r=1', 'limit=1, remaining=0', '9'.repeat(15)))), (headers) => {
    for (const limit of readToldLimits(headers, NOW_MS)) for (const figure of [limit.limit, limit.remaining, limit.used, limit.resetAtMs]) expect(figure === undefined || Number.isFinite(figure)).toBe(true)
  }))
})

it('many headers, and long ones, cost bounded time', () => {
  const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`x-ratelimit-limit-${at}`, '5']))
  expect(readToldLimits(many, NOW_MS).length).toBeLessThanOrEqual(512)
  const long = { ratelimit: '"'.repeat(1_000_000), 'ratelimit-policy': `"a"${';q=1'.repeat(100_000)}`, [`x-ratelimit-${'a-'.repeat(100_000)}reset`]: '1', 'x-ratelimit-reset': '1h'.repeat(100_000) }
  expect(readToldLimits(long, NOW_MS)).toEqual([])
})
