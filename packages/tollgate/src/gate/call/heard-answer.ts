/** An upstream's answer that goes through to the caller, and what it means for what the call holds. */
import type { StoredAnswer, UsedUnits } from '../../engine/calls/call-record.ts'
import { createAnswerTap } from '../price/answer-tap.ts'
import { unitsIn } from '../price/usage-figures.ts'
import { decideEndOfAnswer, decideEndOfBreak, isKept, saidPrice, withUsed, type CallEnd } from './call-end.ts'
import type { CallInProgress } from './call-in-progress.ts'
import type { UpstreamFailure } from '../call.ts'
import type { Decompress } from '../way-out/content-coding.ts'
import { withoutHeaders } from '../headers.ts'
import { defaultCosting } from '../way-out/costing.ts'
import { toStoredAnswer } from '../way-out/stored-answer.ts'

const ANSWER_BYTES_MAX = 262_144

export interface HeardAnswer {
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

export function listenTo(current: CallInProgress, status: number, headers: readonly string[], { alert, decompress }: Listening): HeardAnswer {
  const { matched, key, found } = current
  const { keyed, balance, reserved = [] } = matched?.plan ?? {}
  const price = saidPrice(headers, balance?.scale ?? 0)
  const head = { status, costing: balance?.costing ?? defaultCosting }
  const endOfHead = decideEndOfAnswer(head, price, undefined)
  const keeps = key !== undefined && keyed !== undefined && isKept(status, keyed)
  const paidBy = price.kind === 'none' && endOfHead.outcome === 'done' ? balance?.usage : undefined
  const counting = endOfHead.outcome === 'released' ? [] : reserved
  const usage = [...(paidBy === undefined ? [] : [paidBy]), ...counting.map((each) => each.usage)]
  const tap = createAnswerTap({ keptBytesMax: keeps ? (keyed.answerBytesMax ?? ANSWER_BYTES_MAX) : undefined, usage, row: found?.row, headers, decompress })

  /** By rule. Undefined where that cannot be told. */
  const unitsSoFar = (): readonly (number | undefined)[] => (tap.hearsUsage ? tap.used(false).map(unitsIn) : usage.map(() => undefined))
  const isPriced = (): boolean => unitsSoFar().every((units = 0) => units > 0)

  /** In the order of the rules: what is charged, then what is counted of each meter. */
  function usedIn(units: readonly (number | undefined)[]): { readonly chargeUnits: number | undefined; readonly used: UsedUnits } {
    const ofMeters = paidBy === undefined ? units : units.slice(1)
    const known = counting.flatMap(({ meter }, at) => (ofMeters[at] === undefined ? [] : [[meter, ofMeters[at]] as const]))
    return { chargeUnits: paidBy === undefined ? undefined : units[0], used: Object.fromEntries(known) }
  }

  return {
    tap: tap.push,
    endOfHead,
    outlivesCaller: () => keeps || (tap.hearsUsage && !isPriced()),
    async whole() {
      await tap.end()
      const said = usage.length === 0 ? [] : tap.used(true)
      const unsaid = said.find((each) => each.kind === 'unknown')
      const stays = [...(paidBy === undefined ? [] : ['all that was held is charged']), ...(counting.length === 0 ? [] : ['what was reserved stays counted'])].join(', and ')
      if (price.kind === 'unreadable') alert(`the service said a price of ${JSON.stringify(price.text)}, which is no amount of its balance`)
      else if (unsaid !== undefined) alert(`the answer ${unsaid.why}, so that what was used is not known; ${stays}`)
      const body = keeps ? tap.body() : undefined
      const kept = tap.isDecoded ? withoutHeaders(headers, (name) => name === 'content-encoding') : headers
      const { chargeUnits, used } = usedIn(said.map(unitsIn))
      return { end: withUsed(decideEndOfAnswer(head, price, chargeUnits), used), answer: body && toStoredAnswer({ status, headers: kept, body }) }
    },
    async broken(failure) {
      await tap.end()
      // Who leaves before anything came that has a price pays for the work, which was done all the same.
      const units = unitsSoFar().map((each) => ((failure.kind === 'client_gone' || failure.kind === 'withdrawn') && (each ?? 0) === 0 ? undefined : each))
      const { chargeUnits, used } = usedIn(units)
      // Without money it is enough to know what counts.
      const delivered = balance === undefined && Object.keys(used).length > 0 ? 0 : chargeUnits
      return withUsed(decideEndOfBreak(head, price, delivered, failure), used)
    },
  }
}
