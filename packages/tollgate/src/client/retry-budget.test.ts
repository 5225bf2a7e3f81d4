import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRetryBudget, sharedRetryBudget, type RetryBudget, type RetryCause } from './retry-budget.ts'

/** What a client does: tells, then asks. */
function fails(budget: RetryBudget, cause: RetryCause, nowMs = 0, startedAtMs = nowMs): boolean {
  budget.failed(cause, nowMs)
  return budget.mayRetry(cause, nowMs, startedAtMs)
}

const countRetries = (budget: RetryBudget, cause: RetryCause, failures: number, everyMs = 50): number =>
  Array.from({ length: failures }, (_, at) => fails(budget, cause, at * everyMs)).filter(Boolean).length

const loads: readonly RetryCause[] = ['failed', 'timeout', 'network']
const anyCause = fc.constantFrom<RetryCause>('throttled', ...loads)
const anyEvent = fc.record({ kind: fc.constantFrom('succeeded', ...loads), passedMs: fc.nat(5_000) })

it('a server that only fails is asked again four times, by a fresh client and by one that has seen a thousand successes', () => {
  expect(countRetries(createRetryBudget(), 'failed', 400)).toBe(4)
  const seasoned = createRetryBudget()
  for (let at = 0; at < 1_000; at += 1) seasoned.succeeded(0)
  expect(countRetries(seasoned, 'failed', 400)).toBe(4)
})

it('one call of three attempts is always possible for a fresh client', () => {
  const budget = createRetryBudget()
  expect([fails(budget, 'failed'), fails(budget, 'failed')]).toEqual([true, true])
})

it('timeouts are repeated twice, by a fresh client and by one that is sure of its server, and then not until successes have paid for it', () => {
  const seasoned = (): RetryBudget => {
    const budget = createRetryBudget()
    budget.succeeded(0)
    return budget
  }
  expect([createRetryBudget(), seasoned()].map((budget) => countRetries(budget, 'timeout', 100, 1))).toEqual([2, 2])
  const paid = seasoned()
  countRetries(paid, 'timeout', 3, 1)
  expect(fails(paid, 'timeout')).toBe(false)
  for (let at = 0; at < 4; at += 1) paid.succeeded(0)
  expect(fails(paid, 'timeout')).toBe(true)
})

it('a timeout is repeated only if the server was seen to work within a second before the request was sent, or never', () => {
  const budget = createRetryBudget()
  expect(fails(budget, 'timeout', 61_000, 60_000)).toBe(true)
  const seen = (succeededAtMs: number): boolean => {
    const one = createRetryBudget()
    one.succeeded(succeededAtMs)
    return fails(one, 'timeout', 70_000, 10_000)
  }
  expect([seen(8_999), seen(9_000), seen(30_000)]).toEqual([false, true, true])
})

it('what a limit refuses costs nothing and may be repeated, whatever else has failed', () => {
  const budget = createRetryBudget()
  countRetries(budget, 'failed', 100)
  expect(fails(budget, 'throttled')).toBe(true)
  const other = createRetryBudget()
  countRetries(other, 'throttled', 100)
  expect(countRetries(other, 'failed', 100)).toBe(4)
})

it('as long as every repeat succeeds, repeats do not end', () => {
  const budget = createRetryBudget()
  for (let at = 0; at < 10_000; at += 1) {
    expect(fails(budget, 'failed')).toBe(true)
    budget.succeeded(0)
  }
})

it('a client whose server was down repeats again ten minutes later', () => {
  const budget = createRetryBudget()
  countRetries(budget, 'failed', 1_000, 1)
  expect(fails(budget, 'failed', 2_000)).toBe(false)
  expect(fails(budget, 'failed', 602_000)).toBe(true)
})

it('what starts with nothing repeats nothing before it has been earned', () => {
  const budget = createRetryBudget({ start: 0 })
  expect([fails(budget, 'failed'), fails(budget, 'timeout'), fails(budget, 'network')]).toEqual([false, false, false])
  for (let at = 0; at < 4; at += 1) budget.succeeded(0)
  expect(fails(budget, 'failed')).toBe(true)
})

it('retries are at most one for each success, and what there was at the start', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 400 }), fc.double({ min: 0, max: 10, noNaN: true }), (events, capacity) => {
      const budget = createRetryBudget({ capacity })
      let nowMs = 0
      let [retries, successes] = [0, 0]
      for (const { kind, passedMs } of events) {
        nowMs += passedMs
        if (kind === 'succeeded') {
          successes += 1
          budget.succeeded(nowMs)
        } else if (fails(budget, kind, nowMs)) retries += 1
      }
      // A retry takes at least 0.3 of the allowance; a success brings 0.3, ten minutes what there was at the start.
      expect(retries).toBeLessThanOrEqual(successes + (capacity + (capacity * nowMs) / 600_000) / 0.3 + 1)
    }),
  )
})

it('however many clients a load comes from, the timeouts that they repeat are bounded by what they saw succeed within a second before', () => {
  const load = fc.record({ clients: fc.integer({ min: 1, max: 200 }), perSecond: fc.integer({ min: 1, max: 100 }), seed: fc.nat() })
  fc.assert(
    fc.property(load, ({ clients, perSecond, seed }) => {
      const budgets = Array.from({ length: clients }, () => createRetryBudget())
      // Each has had an answer at some time; the load goes round among them, all well until 60 s, and then nobody is answered.
      for (const budget of budgets) budget.succeeded(0)
      const gapMs = 1_000 / perSecond
      let retries = 0
      for (let at = 0; at * gapMs < 90_000; at += 1) {
        const startedAtMs = at * gapMs
        const budget = budgets[(at + seed) % clients]
        if (startedAtMs < 60_000) budget?.succeeded(startedAtMs)
        else if (budget !== undefined && fails(budget, 'timeout', startedAtMs + 1_000, startedAtMs)) retries += 1
      }
      expect(retries).toBeLessThanOrEqual(Math.min(2 * clients, perSecond + 1))
    }),
  )
})

it('no order of causes and times, a clock that goes back among them, makes it forget that it counts', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyCause, fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e12, max: 1e12 })), { maxLength: 200 }), (events) => {
      const budget = createRetryBudget()
      for (const [cause, nowMs] of events) expect(typeof fails(budget, cause, nowMs)).toBe('boolean')
      for (let at = 0; at < 20; at += 1) budget.succeeded(1e12)
      expect(fails(budget, 'failed', 1e12)).toBe(true)
      expect(countRetries(budget, 'failed', 40, 0)).toBeLessThanOrEqual(4)
    }),
  )
})

it('an option that is no number from 0 up is named with its value', () => {
  expect(() => createRetryBudget({ capacity: -1 })).toThrow('createRetryBudget: capacity is -1; it must be a number, 0 or more')
  expect(() => createRetryBudget({ start: Number.NaN })).toThrow('createRetryBudget: start is NaN')
  expect(() => createRetryBudget({ evidenceMs: Infinity })).not.toThrow()
})

it('who calls one origin by one fetch shares a budget', () => {
  const [one, other] = [(): void => {}, (): void => {}]
  const first = sharedRetryBudget('https://shared.test')
  expect(sharedRetryBudget('https://shared.test')).toBe(first)
  expect(sharedRetryBudget('https://shared.test', globalThis.fetch)).toBe(first)
  expect(sharedRetryBudget('https://other.test')).not.toBe(first)
  expect(sharedRetryBudget('https://shared.test', one)).not.toBe(first)
  expect(sharedRetryBudget('https://shared.test', one)).toBe(sharedRetryBudget('https://shared.test', one))
  expect(sharedRetryBudget('https://shared.test', one)).not.toBe(sharedRetryBudget('https://shared.test', other))
})
