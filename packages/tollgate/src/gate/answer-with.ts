import type { Answer } from '../contract/declare/wire.ts'
import type { AnswerVerdict } from './call.ts'

/** What goes on after an answer of which nothing does: fulfilled, and the same for all. */
export const nothingAfter = Promise.resolve()

/**
 * The verdict of a gate that answers by itself. `after`: what of it goes on; nothing where it is left out.
 *
 * @example
 * answerWith({ status: 204, headers: [], body: '' }).kind // => 'answer'
 */
export function answerWith<A extends Answer>(answer: A, after: Promise<void> = nothingAfter): AnswerVerdict<A> {
  return { kind: 'answer', answer, of: undefined, after }
}
