/** No answer outside the contract, on whatever moment the crash has come. */
import { problem } from 'tollgate/catalog'
import { isWhole, type Attempt, type History, type Reply } from './history.ts'
import { codeOf } from './judge-keys.ts'

/** What may be said of an order. A program that has just been started again is none the worse for it: never `internal`, never without a store. */
const codes = new Set([
  'rate.limited',
  'concurrency.limited',
  'credit.insufficient',
  'session.limited',
  'session.not_found',
  'session.expired',
  'resource.conflict',
  'idempotency.in_progress',
  'request.invalid',
  'upstream.failed',
  'upstream.timeout',
  'upstream.unavailable',
])

/** What was worked out and could not be written down as paid does not go out. */
const troubledCodes = new Set([...codes, 'internal'])

export function judgeAnswers({ orders, probes, troubled }: History): string[] {
  const wrong: string[] = []
  for (const { id, attempts } of orders) {
    for (const attempt of attempts) {
      const { reply } = attempt
      if (reply.kind === 'broken') continue
      const fault = reply.status < 300 ? faultOfSuccess(id, reply) : faultOfRefusal(attempt, reply, troubled ? troubledCodes : codes)
      if (fault !== undefined) wrong.push(`${id} was answered ${reply.status} ${reply.type} ${reply.body}: ${fault}`)
    }
  }
  for (const { about, codes: expected, attempt } of probes) {
    if (attempt.reply.kind === 'broken') continue
    const fault = faultOfRefusal(attempt, attempt.reply, new Set(troubled ? [...expected, 'upstream.unavailable'] : expected))
    if (fault !== undefined) wrong.push(`${about} was answered ${attempt.reply.status} ${attempt.reply.body}: ${fault}`)
  }
  return wrong
}

type Answered = Extract<Reply, { kind: 'answer' }>

function faultOfSuccess(id: string, reply: Answered): string | undefined {
  // A stream that breaks off says so in its dialect.
  if (!isWhole(reply)) return undefined
  if (reply.callId === '') return 'it has no request id'
  return reply.body.includes(`"order":"${id}"`) ? undefined : 'it is the answer to something else'
}

function faultOfRefusal(attempt: Attempt, { status, type, body, callId }: Answered, expected: ReadonlySet<string>): string | undefined {
  if (type !== 'application/problem+json') return 'it is no problem'
  const code = codeOf(attempt)
  const entry = [...problem.entries.values()].find((each) => each.code === code)
  if (entry === undefined || entry.status !== status) return 'the contract has no such answer'
  if (!body.includes(`"request_id":"${callId}"`) || callId === '') return 'its request ids differ'
  return expected.has(String(code)) ? undefined : `expected was ${[...expected].join(', ')}`
}
