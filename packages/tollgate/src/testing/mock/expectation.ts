/** What a test expects of its client, in plain words, and whether it did so. */
import { nearestName } from '../../contract/check/nearest-name.ts'
import type { MockAttempt, MockCall } from './mock-attempt.ts'
import { counted, formatSpan, parseSpan, timesText } from './span-text.ts'

/** What was seen of an expectation. */
export interface MockExpectation {
  readonly text: string
  readonly holds: boolean
  /** What was seen. */
  readonly words: string
}

type Bound = 'exactly' | 'at least' | 'at most'
type Expectation =
  | { readonly kind: 'waited'; readonly bound: 'at least' | 'at most'; readonly ms: number }
  | { readonly kind: 'counted'; readonly what: 'requests' | 'calls' | 'refreshed' | 'paid' | 'repeated'; readonly bound: Bound; readonly count: number }
  | { readonly kind: 'same key' }

/** The forms that there are; a figure may be another one. */
export const expectationForms: readonly string[] = [
  'waited at least 2 s', 'waited at most 10 s', 'same idempotency key', 'refreshed once', 'did not refresh', 'did not repeat', 'repeated 3 times',
  '4 requests', 'at most 4 requests', 'at least 4 requests', '1 call', 'paid once', 'did not pay',
]

/** As a pattern, for the JSON Schema of scenarios. */
export const expectationPattern: string = String.raw`^(?:waited at (?:least|most) \d+(?:\.\d+)? ?(?:ms|s|min|m|h)|same idempotency key|did not (?:repeat|refresh|pay)|(?:repeated|refreshed|paid) (?:(?:at least|at most) )?(?:once|twice|\d+ times)|(?:(?:at least|at most) )?\d+ (?:requests?|calls?))$`

/**
 * What is wrong with a sentence that is to be an expectation; undefined where nothing is.
 *
 * @example
 * expectationFault('same idempotence key') // => '"same idempotence key" is no expectation; did you mean "same idempotency key"?'
 */
export function expectationFault(text: string): string | undefined {
  if (parseExpectation(text) !== undefined) return undefined
  const nearest = nearestName(text, expectationForms)
  return `${JSON.stringify(text)} is no expectation; ${nearest === undefined ? `write one of: ${expectationForms.join(' · ')}` : `did you mean "${nearest}"?`}`
}

function parseExpectation(text: string): Expectation | undefined {
  const words = text.trim()
  const [, waited, span] = /^waited at (least|most) (.+)$/.exec(words) ?? []
  const ms = span === undefined ? undefined : parseSpan(span)
  if (ms !== undefined) return { kind: 'waited', bound: waited === 'least' ? 'at least' : 'at most', ms }
  if (words === 'same idempotency key') return { kind: 'same key' }
  const [, verb] = /^did not (repeat|refresh|pay)$/.exec(words) ?? []
  if (verb !== undefined) return { kind: 'counted', what: verb === 'repeat' ? 'repeated' : verb === 'refresh' ? 'refreshed' : 'paid', bound: 'exactly', count: 0 }
  const [, done, doneBound, doneTimes = ''] = /^(repeated|refreshed|paid) (?:(at least|at most) )?(once|twice|\d{1,9} times)$/.exec(words) ?? []
  if (done !== undefined) {
    const count = doneTimes === 'once' ? 1 : doneTimes === 'twice' ? 2 : Number.parseInt(doneTimes, 10)
    return { kind: 'counted', what: done as 'repeated', bound: (doneBound as Bound | undefined) ?? 'exactly', count }
  }
  const [, bound, figure, what] = /^(?:(at least|at most) )?(\d{1,9}) (request|call)s?$/.exec(words) ?? []
  return figure === undefined ? undefined : { kind: 'counted', what: what === 'call' ? 'calls' : 'requests', bound: (bound as Bound | undefined) ?? 'exactly', count: Number(figure) }
}

/** What is no expectation does not hold, and says why. */
export function checkExpectation(text: string, calls: readonly MockCall[]): MockExpectation {
  const expected = parseExpectation(text)
  if (expected === undefined) return { text, holds: false, words: expectationFault(text) ?? '' }
  switch (expected.kind) {
    case 'waited':
      return { text, ...checkWaits(expected, calls) }
    case 'same key':
      return { text, ...checkKeys(calls) }
    case 'counted':
      return { text, ...checkCount(expected, calls) }
  }
}

type Checked = Pick<MockExpectation, 'holds' | 'words'>

/** How long after the answer each repeat came, but for those that need no wait: with new credentials. */
function waitsOf(calls: readonly MockCall[]): readonly number[] {
  return calls.flatMap(({ attempts }) => attempts.flatMap((attempt, at) => {
    const before = attempts[at - 1]
    const isRefreshed = before?.played.kind === 'refusal' && before.played.retry === 'refresh'
    return before === undefined || isRefreshed ? [] : [attempt.arrivedMs - (before.endedMs ?? before.arrivedMs)]
  }))
}

/** A timer may fire a little early. */
export const EARLY_MS = 10

function checkWaits({ bound, ms }: Extract<Expectation, { kind: 'waited' }>, calls: readonly MockCall[]): Checked {
  const waits = waitsOf(calls)
  if (waits.length === 0) return { holds: false, words: 'nothing was repeated' }
  const worst = bound === 'at least' ? Math.min(...waits) : Math.max(...waits)
  return { holds: bound === 'at least' ? worst >= ms - EARLY_MS : worst <= ms, words: `the ${bound === 'at least' ? 'shortest' : 'longest'} wait was ${formatSpan(worst)}` }
}

function checkKeys(calls: readonly MockCall[]): Checked {
  const repeated = calls.filter(({ attempts }) => attempts.length > 1)
  if (repeated.length === 0) return { holds: false, words: 'nothing was repeated' }
  const keyless = repeated.find(({ attempts }) => attempts.some(({ idempotencyKey }) => idempotencyKey === undefined))
  if (keyless !== undefined) return { holds: false, words: `call ${keyless.id} was repeated without a key` }
  const changing = repeated.find(({ attempts }) => new Set(attempts.map(({ idempotencyKey }) => idempotencyKey)).size > 1)
  return changing === undefined ? { holds: true, words: `${counted(repeated.length, 'call')} kept ${repeated.length === 1 ? 'its key' : 'their keys'}` } : { holds: false, words: `call ${changing.id} had several keys` }
}

function checkCount({ what, bound, count }: Extract<Expectation, { kind: 'counted' }>, calls: readonly MockCall[]): Checked {
  const seen = countOf(what, calls)
  const holds = bound === 'exactly' ? seen === count : bound === 'at least' ? seen >= count : seen <= count
  const verbs = { repeated: 'repeated', refreshed: 'refreshed', paid: 'paid' } as const
  return { holds, words: what === 'requests' || what === 'calls' ? `there were ${counted(seen, what.slice(0, -1))}` : seen === 0 ? `nothing was ${verbs[what]}` : `it was ${verbs[what]} ${timesText(seen)}` }
}

function countOf(what: Extract<Expectation, { kind: 'counted' }>['what'], calls: readonly MockCall[]): number {
  const attempts = calls.flatMap((call) => call.attempts).filter(({ played }) => played.kind !== 'token')
  switch (what) {
    case 'requests':
      return attempts.length
    case 'calls':
      return calls.filter((call) => call.attempts[0]?.played.kind !== 'token').length
    case 'repeated':
      return attempts.filter(({ number }) => number > 1).length
    case 'paid':
      return attempts.filter(({ isPaid }) => isPaid).length
    case 'refreshed':
      return refreshesIn(calls)
  }
}

/** Credentials that came after another one had to be renewed; of a mock that issues tokens, those that it issued then. */
function refreshesIn(calls: readonly MockCall[]): number {
  const inOrder = calls.flatMap(({ attempts }) => attempts).toSorted((one, other) => one.id - other.id)
  const from = inOrder.findIndex(({ played }) => played.kind === 'refusal' && played.retry === 'refresh')
  if (from === -1) return 0
  const later = inOrder.slice(from + 1)
  const issued = later.filter(({ played }) => played.kind === 'token').length
  return issued > 0 ? issued : newCredentials(inOrder.slice(0, from + 1), later)
}

function newCredentials(before: readonly MockAttempt[], later: readonly MockAttempt[]): number {
  const known = new Set(before.map(({ credential }) => credential))
  return new Set(later.map(({ credential }) => credential).filter((credential) => credential !== undefined && !known.has(credential))).size
}
