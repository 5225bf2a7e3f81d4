/** Whether what a client repeats is the same request, with the key and the credentials that it must have. */
import { isRepeatable, type MockAttempt, type MockCall } from './mock-attempt.ts'
import { answerName, callName, repeatsIn, type GradingRule, type Judged, type Repeat } from './grading-rule.ts'
import { counted } from './span-text.ts'

function judgeRepeats(repeats: readonly Repeat[], isWrong: (repeat: Repeat) => boolean, words: (repeat: Repeat) => string): Judged {
  const faults = repeats.filter(isWrong).map((repeat) => ({ call: repeat.call.id, attempts: [repeat.before.number, repeat.after.number], words: words(repeat) }))
  return { seen: repeats.length, faults }
}

const sameKey: GradingRule = {
  name: 'new-key',
  good: 'keeps the idempotency key through all attempts of a call',
  judge: (calls) =>
    judgeRepeats(
      repeatsIn(calls).filter(({ before }) => before.idempotencyKey !== undefined && !(before.played.kind === 'refusal' && before.played.action === 'use_new_idempotency_key')),
      ({ before, after }) => after.idempotencyKey !== before.idempotencyKey,
      ({ call, before, after }) => `${callName(before, call.id)} was repeated ${after.idempotencyKey === undefined ? 'without its idempotency key' : 'with another idempotency key'}: what the first attempt may have done is then done again`,
    ),
}

const keyOfOne: GradingRule = {
  name: 'reused-key',
  good: 'gives every call a key of its own',
  judge: (calls) =>
    judgeRepeats(
      repeatsIn(calls).filter(({ before, after }) => before.idempotencyKey !== undefined && before.idempotencyKey === after.idempotencyKey),
      ({ before, after }) => before.print !== after.print && !isEmptied({ before, after }),
      ({ call, before, after }) => `${callName(after, call.id)} came under the idempotency key of another request (${before.method} ${before.path}${before.path === after.path ? ' with another body' : ''})`,
    ),
}

const wholeBody: GradingRule = {
  name: 'empty-body',
  good: 'repeats a request with its body',
  judge: (calls) => judgeRepeats(repeatsIn(calls).filter(({ before }) => before.bodyBytes > 0), isEmptied, ({ call, before }) => `${callName(before, call.id)} was repeated with an empty body; the first attempt had ${counted(before.bodyBytes, 'byte')}`),
}

function isEmptied({ before, after }: Pick<Repeat, 'before' | 'after'>): boolean {
  return before.bodyBytes > 0 && after.bodyBytes === 0 && before.method === after.method && before.path === after.path
}

const isRefresh = ({ played }: MockAttempt): boolean => played.kind === 'refusal' && played.retry === 'refresh'

const refreshes: GradingRule = {
  name: 'ignored-refresh',
  good: 'gets new credentials where they have expired, and repeats once',
  judge: (calls) =>
    judgeRepeats(
      repeatsIn(calls).filter(({ before }) => isRefresh(before)),
      ({ call, before, after }) => after.credential === before.credential || call.attempts.slice(0, after.number - 1).filter(isRefresh).length > 1,
      ({ call, before, after }) =>
        after.credential === before.credential
          ? `${callName(before, call.id)} was repeated after ${answerName(before)} with the credentials that had expired`
          : `${callName(before, call.id)} was repeated more than once with new credentials; where the first new ones do not pass, more of them do not either`,
    ),
}

const oneRefresh: GradingRule = {
  name: 'refresh-stampede',
  good: 'shares one refresh among all calls that need it',
  judge(_, { tokens }) {
    if (tokens === undefined || tokens.issued === 0) return { seen: 0, faults: [] }
    const faults = tokens.wasted === 0 ? [] : [{ call: 0, attempts: [], words: `${counted(tokens.wasted, 'token')} of ${tokens.issued} ${tokens.wasted === 1 ? 'was' : 'were'} fetched and never used: several calls refreshed at once, each for itself` }]
    return { seen: tokens.issued, faults }
  },
}

/** Nobody but the server knows whether the work was done. */
function isOutcomeUnknown({ played, ending, isDone, isStream, events }: MockAttempt): boolean {
  if (played.kind === 'dropped' || ending === 'gone' || (ending === 'cut' && isDone)) return true
  return played.kind === 'refusal' && (played.reason === 'upstream.timeout' || (isStream && events > 0))
}

const notBlindly: GradingRule = {
  name: 'unsafe-repeat',
  good: 'sends nothing twice where it cannot know that the first was not done',
  judge(calls) {
    const unknown = calls.flatMap(({ attempts }) => attempts).filter((attempt) => !isRepeatable(attempt) && isOutcomeUnknown(attempt)).length
    const wrong = judgeRepeats(
      repeatsIn(calls),
      ({ before }) => !isRepeatable(before) && isOutcomeUnknown(before),
      ({ call, before }) => `${callName(before, call.id)} was sent again after ${wayOf(before)}, without an idempotency key: the first may have been done`,
    )
    return { seen: unknown, faults: wrong.faults }
  },
}

function wayOf(attempt: MockAttempt): string {
  if (attempt.ending === 'gone') return 'it had given up waiting for its answer'
  if (attempt.isStream) return 'a stream that broke off after it had begun'
  return attempt.ending === 'cut' && attempt.played.kind !== 'dropped' ? 'an answer that broke off' : answerName(attempt)
}

const paidOnce: GradingRule = {
  name: 'paid-twice',
  good: 'has no paid work done twice',
  judge(calls) {
    const paid = calls.filter(({ attempts }) => attempts.some(({ isPaid }) => isPaid))
    const twice = paid.filter((call) => paidIn(call).length > 1)
    return { seen: paid.length, faults: twice.map((call) => ({ call: call.id, attempts: paidIn(call).map(({ number }) => number), words: `${callName(call.attempts[0] as MockAttempt, call.id)} was accepted, done and paid ${paidIn(call).length} times` })) }
  },
}

function paidIn({ attempts }: MockCall): readonly MockAttempt[] {
  return attempts.filter(({ isPaid }) => isPaid)
}

export const requestRules: readonly GradingRule[] = [sameKey, keyOfOne, wholeBody, refreshes, oneRefresh, notBlindly, paidOnce]
