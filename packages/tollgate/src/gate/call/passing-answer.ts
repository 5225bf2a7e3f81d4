/** An upstream's answer that goes through to the caller, and what it means for what the call holds. */
import type { StoredAnswer } from '../../engine/calls/call-record.ts'
import { createAnswerTap } from '../price/answer-tap.ts'
import { decideEndOfAnswer, decideEndOfBreak, isKept, saidPrice, type CallEnd } from './call-end.ts'
import type { CallInProgress } from './call-in-progress.ts'
import type { UpstreamFailure } from '../call.ts'
import type { Decompress } from '../way-out/content-coding.ts'
import { withoutHeaders } from '../headers.ts'
import { defaultCosting } from '../way-out/costing.ts'
import { toStoredAnswer } from '../way-out/stored-answer.ts'

const ANSWER_BYTES_MAX = 262_144

export interface PassingAnswer {
  /** Undefined: nobody listens to its body. */
  readonly tap: ((chunk: Uint8Array) => void) | undefined
  /** As far as its head says. */
  readonly endOfHead: CallEnd
  /** Whether it is read to its end although nobody takes it: it is kept for its key, or nothing that has come so far says what is to be paid. */
  outlivesCaller(): boolean
  /** It went through whole. */
  whole(): Promise<{ readonly end: CallEnd; readonly answer: StoredAnswer | undefined }>
  /** It broke off. */
  broken(failure: UpstreamFailure): Promise<CallEnd>
}

export interface Listening {
  readonly alert: (message: string) => void
  readonly decompress: Decompress | undefined
}

export function listenTo(current: CallInProgress, status: number, headers: readonly string[], { alert, decompress }: Listening): PassingAnswer {
  const { matched, key, found } = current
  const { keyed, balance } = matched?.plan ?? {}
  const price = saidPrice(headers, balance?.scale ?? 0)
  const head = { status, costing: balance?.costing ?? defaultCosting }
  const keeps = key !== undefined && keyed !== undefined && isKept(status, keyed)
  const usage = price.kind === 'none' && decideEndOfAnswer(head, price, undefined).outcome === 'done' ? balance?.usage : undefined
  const tap = createAnswerTap({ keptBytesMax: keeps ? (keyed.answerBytesMax ?? ANSWER_BYTES_MAX) : undefined, usage, row: found?.row, headers, decompress })

  /** Undefined where that cannot be told. */
  function unitsSoFar(): number | undefined {
    const used = tap.hearsUsage ? tap.used(false) : undefined
    return used?.kind === 'known' ? used.units : undefined
  }
  const isPriced = (): boolean => (unitsSoFar() ?? 0) > 0

  return {
    tap: tap.push,
    endOfHead: decideEndOfAnswer(head, price, undefined),
    outlivesCaller: () => keeps || (tap.hearsUsage && !isPriced()),
    async whole() {
      await tap.end()
      const used = usage === undefined ? undefined : tap.used(true)
      if (price.kind === 'unreadable') alert(`the service said a price of ${JSON.stringify(price.text)}, which is no amount of its balance`)
      else if (used?.kind === 'unknown') alert(`the answer ${used.why}, so that what was used is not known; all that was held is charged`)
      const body = keeps ? tap.body() : undefined
      const kept = tap.isDecoded ? withoutHeaders(headers, (name) => name === 'content-encoding') : headers
      return { end: decideEndOfAnswer(head, price, used?.kind === 'known' ? used.units : undefined), answer: body && toStoredAnswer({ status, headers: kept, body }) }
    },
    async broken(failure) {
      await tap.end()
      // Who leaves before anything came that has a price pays for the work, which was done all the same.
      const isUnpriced = failure.kind === 'client_gone' && !isPriced()
      return decideEndOfBreak(head, price, isUnpriced ? undefined : unitsSoFar(), failure)
    },
  }
}
