/** Whether a client repeats what it may, and when it may. */
import { isRepeatable, type MockAttempt } from './mock-attempt.ts'
import { EARLY_MS } from './expectation.ts'
import { answerName, callName, repeatsIn, type GradingRule, type Repeat } from './grading-rule.ts'
import { counted, formatSpan } from './span-text.ts'

/** New credentials, or a new key, make another request of it, where that is what the entry asks for. */
function isMended({ before, after }: Repeat): boolean {
  if (before.played.kind !== 'refusal') return false
  const { action } = before.played
  if (action === 'use_new_idempotency_key') return after.idempotencyKey !== before.idempotencyKey
  return (action === 'authenticate' || action === 'refresh_credentials' || action === 'request_access') && after.credential !== before.credential
}

const neverAgain: GradingRule = {
  name: 'retried-never',
  good: 'repeats nothing that can never pass',
  judge(calls) {
    const seen = calls.flatMap(({ attempts }) => attempts).filter(({ played }) => played.kind === 'refusal' && played.retry === 'never').length
    const faults = calls.flatMap((call) => {
      const wrong = repeatsIn([call]).filter((repeat) => repeat.before.played.kind === 'refusal' && repeat.before.played.retry === 'never' && !isMended(repeat))
      const [first] = wrong
      if (first === undefined || first.before.played.kind !== 'refusal') return []
      const action = first.before.played.action.replaceAll('_', ' ')
      return [{ call: call.id, attempts: wrong.map(({ after }) => after.number), words: `${callName(first.before, call.id)} was repeated ${wrong.length === 1 ? 'once' : `${wrong.length} times`} after ${answerName(first.before)}, whose rule is never: no repeat can pass; ${action}` }]
    })
    return { seen, faults }
  },
}

const noSooner: GradingRule = {
  name: 'too-early',
  good: 'waits as long as it is told',
  judge(calls) {
    const told = repeatsIn(calls).flatMap((repeat) => {
      const { played } = repeat.before
      const toldMs = played.kind === 'refusal' && played.retry !== 'never' ? played.toldWaitMs : undefined
      return toldMs === undefined ? [] : [{ ...repeat, toldMs }]
    })
    const faults = told
      .filter(({ waitedMs, toldMs }) => waitedMs < toldMs - EARLY_MS)
      .map(({ call, before, after, waitedMs, toldMs }) => ({ call: call.id, attempts: [after.number], words: `${callName(before, call.id)} was repeated ${formatSpan(waitedMs)} after ${answerName(before)}, which told it to wait ${formatSpan(toldMs)}` }))
    return { seen: told.length, faults }
  },
}

/** Time for what a client does beside waiting. */
const GRACE_MS = 10_000

const goesOn: GradingRule = {
  name: 'gave-up',
  good: 'repeats what may pass, where a repeat can do no harm',
  judge(calls, { nowMs, isOver, patienceMs }) {
    // Who repeats one call and not the next keeps to a budget: under an outage that is right, and which of them it was is its own choice.
    const repeatedAfter = new Set(repeatsIn(calls).flatMap(({ before: { played } }) => (played.kind === 'refusal' ? [played.entry] : [])))
    const retryable = calls.flatMap(({ id, attempts }) => {
      const [first, second] = attempts
      if (first?.endedMs === undefined || first.ending === 'gone' || first.played.kind !== 'refusal' || first.played.retry === 'never' || !isRepeatable(first)) return []
      // Who has handed on the first events cannot begin anew.
      if (first.isStream && first.events > 0) return []
      const { toldAtMostMs = 0, retry, entry } = first.played
      return toldAtMostMs > patienceMs ? [] : [{ id, first, gaveUp: second === undefined && (isOver || nowMs - first.endedMs > toldAtMostMs + GRACE_MS) && !repeatedAfter.has(entry), retry }]
    })
    const ways = { wait: 'may be repeated after a wait', backoff: 'may be repeated with growing pauses', refresh: 'passes with new credentials' } as const
    const faults = retryable
      .filter(({ gaveUp }) => gaveUp)
      .map(({ id, first, retry }) => ({ call: id, attempts: [1], words: `${callName(first, id)} was given up after ${answerName(first)}, which ${ways[retry]}` }))
    return { seen: retryable.length, faults }
  },
}

/** Gaps that no client pauses for. */
const AT_ONCE_MS = 10

const notAgainAndAgain: GradingRule = {
  name: 'hammered',
  good: 'pauses between attempts, and ends them',
  judge(calls, { attemptsMax }) {
    const repeated = calls.filter(({ attempts }) => attempts.length > 1)
    const faults = repeated.flatMap((call) => {
      const first = call.attempts[0] as MockAttempt
      const atOnce = repeatsIn([call]).filter(({ before, waitedMs }) => waitedMs < AT_ONCE_MS && isFailure(before))
      if (call.attempts.length > attemptsMax) return [{ call: call.id, attempts: [call.attempts.length], words: `${callName(first, call.id)} was sent ${call.attempts.length} times; a client ends after a few attempts (here ${attemptsMax})` }]
      return atOnce.length < 2 ? [] : [{ call: call.id, attempts: atOnce.map(({ after }) => after.number), words: `${callName(first, call.id)} was repeated ${atOnce.length} times at once (within ${formatSpan(Math.max(...atOnce.map(({ waitedMs }) => waitedMs)))}), without a pause that grows` }]
    })
    return { seen: repeated.length, faults }
  },
}

function isFailure({ played, ending }: MockAttempt): boolean {
  return played.kind === 'dropped' || ending === 'cut' || (played.kind === 'raw' && played.status >= 500) || (played.kind === 'refusal' && played.retry !== 'never' && played.retry !== 'refresh')
}

/** So many pauses of one kind tell chance from none. */
const SAMPLES = 6
const ALIKE = 0.06
const ALIKE_MS = 4

const spread: GradingRule = {
  name: 'no-jitter',
  good: 'spreads its pauses by chance, so that many clients do not come back at once',
  judge(calls) {
    const pauses = new Map<number, number[]>()
    for (const { before, after, waitedMs } of repeatsIn(calls)) {
      // What is told is told to all alike.
      const isOwn = isFailure(before) && !(before.played.kind === 'refusal' && before.played.toldWaitMs !== undefined)
      if (isOwn && waitedMs >= AT_ONCE_MS) pauses.set(after.number, [...(pauses.get(after.number) ?? []), waitedMs])
    }
    const judged = [...pauses].filter(([, waits]) => waits.length >= SAMPLES)
    const alike = judged.filter(([, waits]) => Math.max(...waits) - Math.min(...waits) <= Math.max(ALIKE_MS, ALIKE * middleOf(waits)))
    const [first] = alike
    if (first === undefined) return { seen: judged.length, faults: [] }
    const [number, waits] = first
    return { seen: judged.length, faults: [{ call: 0, attempts: alike.map(([each]) => each), words: `the pauses before attempt ${number} of ${counted(waits.length, 'call')} were all ${formatSpan(middleOf(waits))}: clients that fail together come back together` }] }
  },
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}

export const repeatRules: readonly GradingRule[] = [neverAgain, noSooner, goesOn, notAgainAndAgain, spread]
