import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryRules } from '../contract/declare/declaration.ts'
import { decideRetry, type RetryInput } from './decide-retry.ts'

const calm: RetryInput = {
  reason: 'upstream.failed',
  retry: 'backoff',
  attempt: 1,
  attemptsMax: 3,
  isRepeatable: true,
  isUndone: false,
  isReplayable: true,
  leftMs: 60_000,
  waitMaxMs: 30_000,
  backoff: { baseMs: 500, maxMs: 20_000 },
  nowMs: 1_000_000,
  random: 0.5,
}
const decide = (input: Partial<RetryInput>) => decideRetry({ ...calm, ...input })
const stopped = (input: Partial<RetryInput>) => {
  const decision = decide(input)
  return decision.kind === 'stop' ? decision.because : decision
}

describe('the rule of the error', () => {
  it('never: one attempt, whatever the server told to wait', () => {
    expect(decide({ retry: 'never', retryAfterMs: 5_000 })).toEqual({ kind: 'stop', because: 'never', retryAtMs: 1_005_000 })
  })

  it('wait: as long as the server says, and a little of our own so that not all come at once', () => {
    expect(decide({ retry: 'wait', retryAfterMs: 2_000, random: 0 })).toEqual({ kind: 'retry', delayMs: 2_000, because: 'told_to_wait' })
    expect(decide({ retry: 'wait', retryAfterMs: 2_000, random: 0.999 })).toEqual({ kind: 'retry', delayMs: 2_199, because: 'told_to_wait' })
    expect(decide({ retry: 'wait', retryAfterMs: 25_000, random: 0.999 })).toEqual({ kind: 'retry', delayMs: 25_999, because: 'told_to_wait' })
  })

  it('wait and nothing told: backoff', () => {
    expect(decide({ retry: 'wait' })).toEqual({ kind: 'retry', delayMs: 250, because: 'backoff' })
    expect(decide({ retry: 'wait', retryAfterMs: 0 })).toEqual({ kind: 'retry', delayMs: 250, because: 'backoff' })
  })

  it('backoff: doubles its bound, up to the largest', () => {
    const bounds = [1, 2, 3, 6, 7, 1_000].map((attempt) => decide({ attempt, attemptsMax: 10_000, random: 0.9999 }))
    expect(bounds.map((decision) => decision.kind === 'retry' && Math.round(decision.delayMs / 100) / 10)).toEqual([0.5, 1, 2, 16, 20, 20])
  })

  it('refresh: once, at once, where there is a way, and beyond the attempts', () => {
    expect(decide({ retry: 'refresh', canRefresh: true, attempt: 3 })).toEqual({ kind: 'retry', delayMs: 0, because: 'refreshed' })
    expect(stopped({ retry: 'refresh', canRefresh: true, hasRefreshed: true })).toBe('refreshed_already')
    expect(stopped({ retry: 'refresh' })).toBe('no_credentials')
  })
})

describe('what the server advises outweighs our table', () => {
  it('against a retry, always', () => {
    expect(stopped({ shouldRetry: false })).toBe('advised_against')
    expect(stopped({ shouldRetry: false, retry: 'refresh', canRefresh: true })).toBe('advised_against')
  })

  it('for one, where nobody knows the error', () => {
    expect(decide({ retry: 'never', shouldRetry: true })).toMatchObject({ kind: 'retry' })
    expect(stopped({ retry: 'never', shouldRetry: true, isKnown: true })).toBe('never')
  })

  it('but it makes nothing safe that is not', () => {
    expect(stopped({ shouldRetry: true, isRepeatable: false })).toBe('not_repeatable')
  })
})

describe('what may not be done', () => {
  it.each([
    ['aborted', { isAborted: true }],
    ['stacked', { isStacked: true }],
    ['body_gone', { isReplayable: false }],
    ['not_repeatable', { isRepeatable: false }],
    ['attempts_used', { attempt: 3 }],
    ['wait_too_long', { retry: 'wait', retryAfterMs: 30_001 }],
    ['time_used', { retry: 'wait', retryAfterMs: 5_000, leftMs: 5_000 }],
  ] as const)('%s', (because, input) => {
    expect(stopped(input)).toBe(because)
  })

  it('a POST without a key is sent again where it is sure that nothing was done', () => {
    expect(decide({ isRepeatable: false, isUndone: true })).toMatchObject({ kind: 'retry' })
  })

  it('a wait beyond the limit is handed on as an instant', () => {
    expect(decide({ retry: 'wait', retryAfterMs: 9_999_999_000 })).toEqual({ kind: 'stop', because: 'wait_too_long', retryAtMs: 10_000_999_000 })
  })
})

it('never sooner than told, never beyond the time or the wait that is left, never twice without leave', () => {
  const input = fc.record({
    retry: fc.constantFrom(...retryRules),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 10_000_000_000 }), { nil: undefined }),
    shouldRetry: fc.option(fc.boolean(), { nil: undefined }),
    isKnown: fc.boolean(),
    attempt: fc.integer({ min: 1, max: 2_000 }),
    attemptsMax: fc.integer({ min: 1, max: 2_000 }),
    isRepeatable: fc.boolean(),
    isUndone: fc.boolean(),
    isReplayable: fc.boolean(),
    canRefresh: fc.boolean(),
    hasRefreshed: fc.boolean(),
    isAborted: fc.boolean(),
    isStacked: fc.boolean(),
    leftMs: fc.oneof(fc.integer({ min: 0, max: 10_000_000 }), fc.constant(Infinity)),
    waitMaxMs: fc.integer({ min: 0, max: 10_000_000 }),
    random: fc.double({ min: 0, max: 0.9999999, noNaN: true }),
  })
  fc.assert(
    fc.property(input, (given) => {
      const decision = decide(given)
      if (decision.kind === 'stop') return
      const isTold = decision.because === 'told_to_wait'
      const { retryAfterMs = 0, isRepeatable, isUndone } = given
      expect(decision.delayMs).toBeGreaterThanOrEqual(isTold ? retryAfterMs : 0)
      expect(decision.delayMs).toBeLessThan(given.leftMs)
      expect(Number.isSafeInteger(decision.delayMs)).toBe(true)
      expect(given.isAborted || !given.isReplayable || given.shouldRetry === false).toBe(false)
      const isFresh = decision.because === 'refreshed' && !given.hasRefreshed && given.canRefresh
      expect(isFresh || ((isRepeatable || isUndone) && given.attempt < given.attemptsMax && retryAfterMs <= (isTold ? given.waitMaxMs : 0))).toBe(true)
    }),
  )
})
