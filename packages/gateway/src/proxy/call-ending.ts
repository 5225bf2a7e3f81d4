/** How a call ends that does not go through: the gate says with what, and the caller gets it. Whatever throws on the way becomes a failure of ours. */
import type { Answer } from 'tollgate/contract'
import type { UpstreamFailure } from 'tollgate/gate'
import type { CallerSide } from '../http/caller-side.ts'
import type { AnswerRelay } from './answer-relay.ts'
import { concealed } from './concealed-answer.ts'
import type { AnsweredCall } from './returning-answer.ts'

/** The caller has seen nothing yet. */
export async function reply(caller: Pick<CallerSide, 'answer' | 'fail'>, decide: () => Promise<Answer>): Promise<void> {
  try {
    caller.answer(await decide())
  } catch (error) {
    caller.fail(error)
  }
}

/** The gate answers in place of what the upstream said. `body` undefined: too large, it broke off, or there is none. */
export function answerInPlace(call: AnsweredCall, status: number, headers: readonly string[], body: Buffer | undefined, error?: UpstreamFailure['kind']): void {
  const { exchange, admitted, upstream } = call
  call.ended(error)
  call.letGo()
  void reply(exchange, async () => {
    const shown = upstream === undefined ? { headers, body } : await concealed(upstream.mask, headers, body)
    return admitted.answerFor(status, shown.headers, shown.body, call.completion(0))
  })
}

/** Something of the answer has gone out already, or would have. `decide`: the frame that says so, if the dialect has one. */
export async function breakStream(caller: Pick<CallerSide, 'core' | 'over'>, relay: Pick<AnswerRelay, 'breakOff'>, decide: () => Promise<string | undefined>): Promise<void> {
  let frame: string | undefined
  try {
    frame = await decide()
  } catch (error) {
    caller.core.report(error)
  }
  if (!caller.over) relay.breakOff(frame)
}
