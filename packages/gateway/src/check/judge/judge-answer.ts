/** One answer → what is wrong with it by itself, whatever was asked. Pure. */
import type { Entry } from 'tollgate/contract'
import { receivedHeaders, bodyText, toReceivedAnswer, type Answered } from '../probe-exchange.ts'
import { asWritten, promisedDetails } from './as-written.ts'
import { faultOf, shown, type AnswerFault } from './answer-fault.ts'
import { allow, challenge, contentBytes, contentType, date, framing, noStore, redirect } from './http-rules.ts'
import { freshRequestId, requestId } from './id-rules.ts'
import type { AnswerRule, JudgeContext, RefusedAnswer, RefusalRule } from './judge-context.ts'
import { noInternals, noSecret, noStack } from './leak-rules.ts'
import { message } from './message-rule.ts'
import { rateHeaders, retryAfter, waitAgrees } from './wait-rules.ts'

const ofAll: readonly AnswerRule[] = [framing, date, redirect, freshRequestId]
/** What a success says is its own. */
const ofFailures: readonly AnswerRule[] = [noStack, noSecret, noInternals]
const ofRefusals: readonly RefusalRule[] = [asWritten, promisedDetails, message, contentType, contentBytes, noStore, challenge, allow, retryAfter, waitAgrees, rateHeaders, requestId]

export interface JudgedAnswer {
  readonly kind: 'refusal' | 'success' | 'unknown'
  /** Of a refusal: as it is read. */
  readonly entry: Entry | undefined
  readonly code: string | number | undefined
  readonly faults: readonly AnswerFault[]
}

export function judgeAnswer(exchange: Answered, context: JudgeContext): JudgedAnswer {
  const { contract } = context
  const { answer, request } = exchange
  const general = ofAll.flatMap((rule) => rule(exchange, context))
  // Without a body nothing can be read: it is held against the same request by GET.
  if (request.method === 'HEAD') return { kind: answer.status < 400 ? 'success' : 'refusal', entry: undefined, code: undefined, faults: [...general, ...ofFailures.flatMap((rule) => rule(exchange, context))] }
  const read = contract.read(toReceivedAnswer(answer))
  const entry = read?.entry === undefined ? undefined : contract.entries.get(read.entry)
  if (read === undefined && answer.status < 400) return { kind: 'success', entry: undefined, code: undefined, faults: general }
  const leaks = ofFailures.flatMap((rule) => rule(exchange, context))
  if (read === undefined || entry === undefined) return { kind: 'unknown', entry: undefined, code: read?.code, faults: [...general, ...leaks, outside(exchange, read?.code)] }
  const refused: RefusedAnswer = { exchange, read, entry, headers: receivedHeaders(answer), text: bodyText(answer) }
  return { kind: 'refusal', entry, code: read.code, faults: [...general, ...leaks, ...ofRefusals.flatMap((rule) => rule(refused, context))] }
}

function outside({ answer }: Answered, code: string | number | undefined): AnswerFault {
  if (code !== undefined) return faultOf('in-contract', 'code', `the contract declares no code ${shown(code)} (${answer.status})`)
  const type = receivedHeaders(answer)['content-type'] ?? 'no content type'
  return faultOf('in-contract', 'the body', `an answer with status ${answer.status} that is no refusal of the contract (${type}): ${shown(bodyText(answer).slice(0, 200))}`)
}
