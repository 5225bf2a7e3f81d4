/** An upstream's answer that goes through to the caller, and what it means for what the call holds. */
import type { StoredAnswer } from '../admission/call-record.ts'
import { createAnswerTap } from './answer-tap.ts'
import { decideEndOfAnswer, decideEndOfBreak, isKept, saidPrice, type CallEnd } from './call-end.ts'
import type { CallInProgress } from './call-in-progress.ts'
import type { UpstreamFailure } from './call.ts'
import { headerValues } from './headers.ts'
import { toStoredAnswer } from './stored-answer.ts'

const ANSWER_BYTES_MAX = 262_144

export interface PassingAnswer {
  /** Undefined: nobody listens to its body. */
  readonly tap: ((chunk: Uint8Array) => void) | undefined
  /** As far as its head says. */
  readonly endOfHead: CallEnd
  /** Whether it is read to its end although nobody takes it: it is kept for its key, or nothing that has come so far says what is to be paid. */
  outlivesCaller(): boolean
  /** It went through whole. */
  whole(): { readonly end: CallEnd; readonly answer: StoredAnswer | undefined }
  /** It broke off. */
  broken(failure: UpstreamFailure): CallEnd
}

export function listenTo(current: CallInProgress, status: number, headers: readonly string[], alert: (message: string) => void): PassingAnswer {
  const { matched, key, found } = current
  const { keyed, balance } = matched?.plan ?? {}
  const price = saidPrice(headers, balance?.scale ?? 0)
  const isReadable = headerValues(headers, 'content-encoding').every((value) => value.trim().toLowerCase() === 'identity')
  const keeps = key !== undefined && keyed !== undefined && isKept(status, keyed)
  const usage = price.kind === 'none' && isReadable ? balance?.usage : undefined
  const tap = createAnswerTap({ keptBytesMax: keeps ? (keyed.answerBytesMax ?? ANSWER_BYTES_MAX) : undefined, usage, row: found?.row, headers })

  /** Undefined where that cannot be told. */
  const deliveredUnits = (): number | undefined => (usage === undefined ? undefined : tap?.units(false))
  const isPriced = (): boolean => (deliveredUnits() ?? 0) > 0

  return {
    tap: tap && ((chunk) => tap.push(chunk)),
    endOfHead: decideEndOfAnswer(status, price, undefined),
    outlivesCaller: () => keeps || (usage !== undefined && tap !== undefined && !isPriced()),
    whole() {
      const units = usage === undefined ? undefined : tap?.units(true)
      if (price.kind === 'unreadable') alert(`the service said a price of ${JSON.stringify(price.text)}, which is no amount of its balance`)
      else if (balance?.usage !== undefined && price.kind === 'none' && units === undefined) alert('the answer does not say what was used; all that was held is charged')
      const body = keeps ? (tap?.body() ?? undefined) : undefined
      return { end: decideEndOfAnswer(status, price, units), answer: body && toStoredAnswer(status, headers, body) }
    },
    broken(failure) {
      // Who leaves before anything came that has a price pays for the work, which was done all the same.
      const isUnpriced = failure.kind === 'client_gone' && !isPriced()
      return decideEndOfBreak(status, price, isUnpriced ? undefined : deliveredUnits(), failure)
    },
  }
}
