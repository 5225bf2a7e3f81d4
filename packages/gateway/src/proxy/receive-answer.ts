/** An upstream's answer is judged by its head: it is read for the gate, or goes through. */
import type { UpstreamFailure } from 'tollgate/gate'
import { framingFault } from '../http/message-framing.ts'
import { toCallerHeaders } from './hop-by-hop.ts'
import { outsideHeaders } from './mounted-paths.ts'
import { PassingAnswer } from './passing-answer.ts'
import { ReadAnswer } from './read-answer.ts'
import type { AnsweredCall } from './returning-answer.ts'

/** `headers`: as they may be seen; `resume`: the upstream's, for an answer that had to wait. */
export function receiveAnswer(call: AnsweredCall, status: number, headers: readonly string[], resume: () => void): ReadAnswer | PassingAnswer | UpstreamFailure {
  const fault = framingFault(headers)
  if (fault !== undefined) return { kind: 'garbage', detail: fault }
  const { exchange, admitted, passage, upstream } = call
  let judgement
  try {
    judgement = admitted.judge(status, headers)
  } catch (error) {
    exchange.core.report(error)
    return { kind: 'garbage', detail: 'the answer could not be judged' }
  }
  if (judgement.kind === 'read') return new ReadAnswer(call, status, headers, judgement.bytesMax)
  const outside = outsideHeaders(exchange, headers, admitted, passage?.rewrites ?? [], upstream)
  return new PassingAnswer(call, status, headers, resume, toCallerHeaders(status, outside, admitted.answerHeaders, admitted.dropsAnswerHeader), judgement)
}
