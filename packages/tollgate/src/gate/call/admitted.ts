/** An admitted call, for whatever carries it: when it may go, what its answer's head means, and how each outcome ends. */
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { StoredAnswer } from '../../engine/calls/call-record.ts'
import type { TextAnswer, WebSocketEnd } from '../../contract/declare/wire.ts'
import { decideEndOfFailure, isCharge, isKept, type CallEnd } from './call-end.ts'
import type { CallInProgress, MatchedRoute } from './call-in-progress.ts'
import type { Admitted, AdmittedVerdict, Completion, Judgement, UpstreamFailure, Whereabouts } from '../call.ts'
import { codingsOf, decodedBody, type Decompress } from '../way-out/content-coding.ts'
import { excerptOf } from '../way-out/answer-excerpt.ts'
import { mediaType } from '../headers.ts'
import { holdBody } from '../way-out/held-body.ts'
import type { Place } from '../way-in/in-flight.ts'
import { listenTo, type PassingAnswer } from './passing-answer.ts'
import { endOfRefusal } from './refused-answer.ts'
import { sentAlong } from './sent-along.ts'
import type { CallSettlement } from './call-settlement.ts'
import { toStoredAnswer } from '../way-out/stored-answer.ts'
import { refusalOfAnswer, refusalOfFailure, type Speech } from '../way-out/upstream-refusal.ts'
import type { WayOut } from '../way-out/way-out.ts'

/** More of an upstream's error body is not read: it is translated, not shown. */
const ERROR_BODY_BYTES_MAX = 65_536
/** Of an answer that money or a key waits for: if that cannot be written down, a refusal takes its place instead of a piece of it. */
const AT_ONCE_BYTES_MAX = 65_536

/** What the log says when the caller went away before an answer (nginx's convention; never on the wire). */
const CLIENT_GONE_STATUS = 499

export interface Departure {
  readonly current: CallInProgress
  readonly matched: MatchedRoute
  readonly whereabouts: Whereabouts
  /** Where the service settles what the call holds. */
  readonly callUrl: string | undefined
  readonly wayOut: WayOut
  readonly settlement: CallSettlement
  /** Taken when the request goes out, left when the call has ended. */
  readonly place: Place
  readonly alert: (message: string) => void
  readonly refusedMeanwhile: () => Promise<Refusal | undefined>
  readonly decompress: Decompress | undefined
}

/** `after` of the verdict ends with the first ending, when the row of the call is with the store. */
export function createAdmitted({ current, matched, whereabouts, callUrl, wayOut, settlement, place, alert, decompress, refusedMeanwhile }: Departure): AdmittedVerdict {
  const { api, log, tracked } = current
  const { route, plan } = matched
  const { contract } = api
  const context = wayOut.context(current)
  const speech: Speech = { contract, speaks: (route.service ?? api.service)?.speaks, may: route.may ?? api.may ?? [] }
  const isListened = tracked !== undefined && (current.key !== undefined || plan.balance?.usage !== undefined || plan.reserved.length > 0)
  const along = sentAlong(current, matched, callUrl, isListened, wayOut, context)
  const listening = { alert, decompress }
  let passing: PassingAnswer | undefined
  let isTooLate = false
  let fullAt: number | undefined
  let hasEnded = false
  let letGo: (written: Promise<void> | undefined) => void
  const after = new Promise<void>((resolve) => void (letGo = resolve))

  /** Only the first ending counts; the carrier may report a broken socket after it has already answered. */
  function once<Given extends readonly unknown[], Told>(late: () => Told, ending: (...given: Given) => Promise<Told>): (...given: Given) => Promise<Told> {
    return async (...given) => {
      if (hasEnded) return late()
      hasEnded = true
      place.leave()
      try {
        return await ending(...given)
      } finally {
        letGo(log.written)
      }
    }
  }

  /** For nobody: the caller is gone, or has its answer. */
  const unheard = (): TextAnswer => contract.answer(refuse('internal'), context)
  const nothing = (): undefined => undefined

  async function dispatching(): Promise<boolean> {
    const isKnown = log.principal !== undefined
    if (!place.take(isKnown)) {
      fullAt = place.fullAt(isKnown)
      return false
    }
    return tracked?.recorded !== true || tracked.dispatched || settlement.dispatch(current)
  }

  function judge(status: number, headers: readonly string[]): Judgement {
    if (status >= 400) return { kind: 'read', bytesMax: ERROR_BODY_BYTES_MAX }
    const held = holdBody(speech.speaks ?? contract, current.call.method, status, headers, decompress)
    if (tracked === undefined) return { kind: 'pass', held }
    passing = listenTo(current, status, headers, listening)
    const { tap, endOfHead, outlivesCaller } = passing
    // Nothing is handed out that cannot be charged any more.
    isTooLate = isCharge(endOfHead) && settlement.isOverdue(current)
    if (isTooLate) return { kind: 'read', bytesMax: 0 }
    return { kind: 'pass', held, tap, endsWithCaller: () => !outlivesCaller(), atOnceBytesMax: tracked.recorded ? AT_ONCE_BYTES_MAX : undefined }
  }

  /** `kept`: given again to its key. */
  async function refused(refusal: Refusal, callEnd: CallEnd, completion: Completion, kept?: StoredAnswer): Promise<TextAnswer> {
    try {
      await settlement.end(current, callEnd, kept)
    } catch (error) {
      return wayOut.answer(current, refuse('internal', {}, { cause: error }), completion)
    }
    if (refusal.reason !== 'aborted') return wayOut.answer(current, refusal, completion)
    wayOut.log(log, log.row(CLIENT_GONE_STATUS, { refusal, entry: undefined, message: 'the caller went away' }, completion))
    return unheard()
  }

  /** A refusal of the service's that costs, or that its key is to give again. What costs always is, so that it is paid once; what cannot be written is neither. */
  async function refusedForGood(refusal: Refusal, callEnd: CallEnd, completion: Completion): Promise<TextAnswer> {
    let kept: StoredAnswer
    try {
      kept = toStoredAnswer(contract.answer(refusal, wayOut.context(current)))
    } catch (error) {
      return refused(refuse('internal', {}, { cause: error }), { outcome: 'released', reason: 'refused: internal' }, completion)
    }
    return refused(refusal, isCharge(callEnd) ? callEnd : { outcome: 'done', chargeUnits: 0, used: Object.fromEntries(plan.reserved.map(({ meter }) => [meter, 0])), reason: callEnd.reason }, completion, kept)
  }

  async function answerFor(status: number, headers: readonly string[], read: Uint8Array | undefined, completion: Completion): Promise<TextAnswer> {
    if (isTooLate) return refused(overdue(alert), { outcome: 'unknown', reason: 'overdue' }, completion)
    const decoded = read && (await decodedBody(read, headers, decompress, ERROR_BODY_BYTES_MAX))
    if (read !== undefined && decoded === undefined) alert(`the refusal of the service is compressed (${codingsOf(headers).join(', ').slice(0, 40)}) and cannot be read; its status ${status} counts alone`)
    const translated = refusalOfAnswer(speech, { status, headers, body: decoded })
    if (!translated.isUnderstood) log.serviceSaid = excerptOf(headers, read, decoded, api.credentials?.prefix ?? '')
    if (translated.alert !== undefined) alert(translated.alert)
    const { refusal } = translated
    const entry = contract.entryFor(refusal.reason, refusal.facts, refusal.entry)
    const said = { reason: refusal.reason, entry: entry.id, isSaid: translated.isUnderstood || refusal.source !== 'upstream' }
    const callEnd = endOfRefusal(current, said, { headers, body: decoded }, alert)
    if (isCharge(callEnd) && settlement.isOverdue(current)) return refused(overdue(alert), { outcome: 'unknown', reason: 'overdue' }, completion)
    const keeps = current.key !== undefined && plan.keyed !== undefined && isKept(entry.status, plan.keyed)
    const isForGood = isCharge(callEnd) || (callEnd.outcome === 'released' && keeps)
    return tracked !== undefined && isForGood ? refusedForGood(refusal, callEnd, completion) : refused(refusal, callEnd, completion)
  }

  async function failed(failure: UpstreamFailure, completion: Completion): Promise<TextAnswer> {
    if (fullAt !== undefined) return refused(refuse('capacity.overloaded', { limit: fullAt }), { outcome: 'released', reason: 'refused: capacity.overloaded' }, completion)
    return refused(refusalOfFailure(failure, along.bodyBytesMax), decideEndOfFailure(failure), completion)
  }

  async function brokenMidStream(failure: UpstreamFailure, status: number, headers: readonly string[], completion: Completion): Promise<string | undefined> {
    const refusal = refusalOfFailure(failure, along.bodyBytesMax)
    const gone = refusal.reason === 'aborted'
    if (tracked !== undefined) {
      passing ??= listenTo(current, status, headers, listening)
      // What could not be written down is in the operator's hands; the stream has broken already.
      await settlement.end(current, await passing.broken(failure)).catch(nothing)
    }
    if (!gone) await wayOut.uncount(log, refusal)
    const entry = gone ? undefined : contract.entryFor(refusal.reason, refusal.facts)
    const message = gone ? 'the caller went away' : contract.render(refusal, context).message
    wayOut.log(log, log.row(status, { refusal, entry, message, midStream: true }, completion))
    return gone || mediaType(headers) !== 'text/event-stream' ? undefined : contract.streamFrame(refusal, context)
  }

  function webSocketEnd(failure: UpstreamFailure): WebSocketEnd {
    const end = contract.webSocketEnd(refusalOfFailure(failure, along.bodyBytesMax), context)
    if (end === undefined) throw new Error('it is asked only where the contract has a form for it')
    return end
  }

  async function completed(status: number, completion: Completion, isHeadOut = true): Promise<TextAnswer | undefined> {
    log.mark('answered')
    try {
      if (tracked !== undefined) {
        passing ??= listenTo(current, status, [], listening)
        const { end, answer } = await passing.whole()
        await settlement.end(current, end, answer)
      }
      wayOut.log(log, log.row(status, undefined, completion))
      return undefined
    } catch (error) {
      const refusal = refuse('internal', {}, { cause: error })
      if (!isHeadOut) return wayOut.answer(current, refusal, completion)
      const entry = contract.entryFor('internal', {})
      wayOut.log(log, log.row(status, { refusal, entry, message: contract.render(refusal, context).message, midStream: true }, completion))
      throw error
    }
  }

  const admitted: Admitted = {
    requestId: log.requestId,
    ...whereabouts,
    ...along,
    dispatching,
    outlivesCaller: tracked?.recorded === true && (current.key !== undefined || plan.balance !== undefined || plan.reserved.length > 0),
    judge,
    refusedMeanwhile,
    webSocketEnd: contract.declaration.envelope.webSocket === undefined ? undefined : webSocketEnd,
    answerFor: once(unheard, answerFor),
    failed: once(unheard, failed),
    brokenMidStream: once(nothing, brokenMidStream),
    completed: once(nothing, completed),
  }
  return { kind: 'admitted', admitted, after }
}

/** An answer that came when its money had been given back. What became of the work is the service's to say. */
function overdue(alert: Departure['alert']): Refusal {
  alert('the answer came after the hold was over, which could not be kept up, and is not passed on')
  return refuse('upstream.timeout', {}, { source: 'upstream', cause: 'the answer came after the hold was over' })
}
