import type { Answer } from '../contract/declare/wire.ts'
import type { AnswerVerdict } from './call.ts'

const nothing = Promise.resolve()

/**
 * The verdict of a gate that answers by itself. `after`: what of it goes on; nothing where it is left out.
 *
 * @example
 * answerWith({ status: 204, headers: [], body: '' }).kind // => 'answer'
 */
export function answerWith<A extends Answer>(answer: A, after: Promise<void> = nothing): AnswerVerdict<A> {
  return { kind: 'answer', answer, of: undefined, after }
}
