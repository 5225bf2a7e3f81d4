/** An admitted call, for whatever carries it: when it may go, what its answer's head means, and how each outcome ends. */
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import { attempt, type Awaitable } from '../../engine/awaitable.ts'
import type { StoredAnswer } from '../../engine/calls/call-record.ts'
import type { AnswerContext, TextAnswer, WebSocketEnd } from '../../contract/declare/wire.ts'
import { decideEndOfFailure, isCharge, isKept, type CallEnd } from './call-end.ts'
import type { CallInProgress, MatchedRoute, TrackedCall } from './call-in-progress.ts'
import type { Admitted, AdmittedVerdict, Completion, Judgement, UpstreamFailure, Whereabouts } from '../call.ts'
import { codingsOf, decodedBody, type Decompress } from '../way-out/content-coding.ts'
import { excerptOf } from '../way-out/answer-excerpt.ts'
import type { RouteOptions } from '../gate-options.ts'
import { mediaType } from '../headers.ts'
import type { BodyPace } from '../steps/body-pace.ts'
import { holdBody } from '../way-out/held-body.ts'
import type { Place } from '../way-in/in-flight.ts'
import { handshakeOf } from '../way-in/subprotocol.ts'
import { listenTo, type HeardAnswer } from './heard-answer.ts'
import { endOfRefusal } from './refused-answer.ts'
import { headersSentAlong } from './sent-along.ts'
import { refusalOfUnsettled, type CallSettlement } from './call-settlement.ts'
import { toStoredAnswer } from '../way-out/stored-answer.ts'
import { refusalOfAnswer, refusalOfFailure } from '../way-out/upstream-refusal.ts'
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
export function createAdmitted(departure: Departure): AdmittedVerdict {
  const admitted = new AdmittedCall(departure)
  return { kind: 'admitted', admitted, after: admitted.over }
}

/** Nobody waits for it. */
const nothing = Promise.resolve(undefined)

/** A class, since each call that goes on has one. */
class AdmittedCall implements Admitted {
  readonly requestId: string
  readonly api: string
  readonly route: RouteOptions
  readonly target: string
  readonly takenOff: string
  readonly contextHeaders: readonly string[]
  readonly withheldHeaders: readonly string[]
  readonly answerHeaders: readonly string[]
  readonly dropsAnswerHeader: (name: string) => boolean
  readonly subprotocol: string | undefined
  readonly body: Uint8Array | undefined
  readonly bodyBytesMax: number
  readonly bodyPace: BodyPace
  readonly outlivesCaller: boolean
  readonly refusedMeanwhile: () => Promise<Refusal | undefined>
  readonly webSocketEnd: ((failure: UpstreamFailure) => WebSocketEnd) | undefined
  /** Ends with the first ending. */
  readonly over: Promise<void>
  readonly #departure: Departure
  readonly #context: AnswerContext
  /** As it was when the call was let in: a settlement takes it off. */
  readonly #tracked: TrackedCall | undefined
  #passing: HeardAnswer | undefined
  #isTooLate = false
  #fullAt: number | undefined
  #hasEnded = false
  #letGo: (written: Promise<void> | undefined) => void = () => undefined

  constructor(departure: Departure) {
    const { current, matched, whereabouts, callUrl, wayOut } = departure
    const { api, call, log, tracked } = current
    const { plan } = matched
    const context = wayOut.context(current)
    const isListened = tracked !== undefined && (current.key !== undefined || plan.balance?.usage !== undefined || plan.reserved.length > 0)
    const handshake = handshakeOf(api, call.headers)
    this.#departure = departure
    this.#context = context
    this.#tracked = tracked
    this.requestId = log.requestId
    this.api = whereabouts.api
    this.route = whereabouts.route
    this.target = whereabouts.target
    this.takenOff = whereabouts.takenOff
    this.contextHeaders = headersSentAlong(current, handshake, callUrl, isListened, context.nowMs)
    this.withheldHeaders = plan.withheldHeaders
    this.answerHeaders = wayOut.headers(current, log.requestId, context)
    this.dropsAnswerHeader = wayOut.corsOf(api).drops
    this.subprotocol = handshake?.own
    this.body = call.hasBody ? current.body : undefined
    this.bodyBytesMax = plan.bodyBytesMax
    this.bodyPace = plan.bodyPace
    this.outlivesCaller = tracked?.recorded === true && (current.key !== undefined || plan.balance !== undefined || plan.reserved.length > 0)
    this.refusedMeanwhile = departure.refusedMeanwhile
    this.webSocketEnd = api.contract.declaration.envelope.webSocket === undefined ? undefined : (failure) => this.#webSocketEnd(failure)
    this.over = new Promise((resolve) => void (this.#letGo = resolve))
  }

  dispatching(): Awaitable<boolean> {
    const { current, place, settlement } = this.#departure
    const isKnown = current.log.principal !== undefined
    if (!place.take(isKnown)) {
      this.#fullAt = place.fullAt(isKnown)
      return false
    }
    const tracked = this.#tracked
    return tracked?.recorded !== true || tracked.dispatched ? !settlement.isOverdue(current) : settlement.dispatch(current)
  }

  judge(status: number, headers: readonly string[]): Judgement {
    if (status >= 400) return { kind: 'read', bytesMax: ERROR_BODY_BYTES_MAX }
    const { current, matched, settlement, decompress } = this.#departure
    const { speaks, contract } = matched.plan.speech
    const held = holdBody(speaks ?? contract, current.call.method, status, headers, decompress)
    const tracked = this.#tracked
    if (tracked === undefined) return { kind: 'pass', held }
    const { tap, endOfHead, outlivesCaller } = (this.#passing = listenTo(current, status, headers, this.#departure))
    // Nothing is handed out that cannot be charged any more.
    this.#isTooLate = (isCharge(endOfHead) || endOfHead.outcome === 'unknown') && settlement.isOverdue(current)
    if (this.#isTooLate) return { kind: 'read', bytesMax: 0 }
    return { kind: 'pass', held, tap, endsWithCaller: () => !outlivesCaller(), atOnceBytesMax: tracked.recorded ? AT_ONCE_BYTES_MAX : undefined }
  }

  answerFor(status: number, headers: readonly string[], read: Uint8Array | undefined, completion: Completion): Promise<TextAnswer> {
    return this.#endsNow() ? this.#ending(this.#answerFor(status, headers, read, completion)) : this.#unheardLater()
  }

  failed(failure: UpstreamFailure, completion: Completion): Promise<TextAnswer> {
    return this.#endsNow() ? this.#ending(this.#failed(failure, completion)) : this.#unheardLater()
  }

  brokenMidStream(failure: UpstreamFailure, status: number, headers: readonly string[], completion: Completion): Promise<string | undefined> {
    return this.#endsNow() ? this.#ending(this.#brokenMidStream(failure, status, headers, completion)) : nothing
  }

  completed(status: number, completion: Completion, isHeadOut = true): Awaitable<TextAnswer | undefined> {
    if (!this.#endsNow()) return undefined
    const { current, wayOut } = this.#departure
    current.log.mark('answered')
    if (this.#tracked !== undefined) return this.#ending(this.#settled(status, completion, isHeadOut))
    wayOut.log(current.log, current.log.row(status, undefined, completion))
    this.#letGo(current.log.written)
    return undefined
  }

  /** Only the first ending counts; the carrier may report a broken socket after it has already answered. */
  #endsNow(): boolean {
    if (this.#hasEnded) return false
    this.#hasEnded = true
    this.#departure.place.leave()
    return true
  }

  async #ending<Told>(ending: Promise<Told>): Promise<Told> {
    try {
      return await ending
    } finally {
      this.#letGo(this.#departure.current.log.written)
    }
  }

  /** For nobody: the caller is gone, or has its answer. */
  #unheard(): TextAnswer {
    return this.#departure.current.api.contract.answer(refuse('internal'), this.#context)
  }

  async #unheardLater(): Promise<TextAnswer> {
    return this.#unheard()
  }

  /** `kept`: given again to its key. */
  async #refused(refusal: Refusal, callEnd: CallEnd, completion: Completion, kept?: StoredAnswer): Promise<TextAnswer> {
    const { current, settlement, wayOut } = this.#departure
    const { log } = current
    try {
      await settlement.end(current, callEnd, kept)
    } catch (error) {
      return wayOut.answer(current, refusalOfUnsettled(error), completion)
    }
    if (refusal.reason !== 'aborted') return wayOut.answer(current, refusal, completion)
    wayOut.log(log, log.row(CLIENT_GONE_STATUS, { refusal, entry: undefined, message: 'the caller went away' }, completion))
    return this.#unheard()
  }

  /** A refusal of the service's that costs, or that its key is to give again. What costs always is, so that it is paid once; what cannot be written is neither. */
  async #refusedForGood(refusal: Refusal, callEnd: CallEnd, completion: Completion): Promise<TextAnswer> {
    const { current, matched, wayOut } = this.#departure
    let kept: StoredAnswer
    try {
      kept = toStoredAnswer(current.api.contract.answer(refusal, wayOut.context(current)))
    } catch (error) {
      return this.#refused(refuse('internal', {}, { cause: error }), { outcome: 'released', reason: 'refused: internal' }, completion)
    }
    const forNothing = (): CallEnd => ({ outcome: 'done', chargeUnits: 0, used: Object.fromEntries(matched.plan.reserved.map(({ meter }) => [meter, 0])), reason: callEnd.reason })
    return this.#refused(refusal, isCharge(callEnd) ? callEnd : forNothing(), completion, kept)
  }

  async #answerFor(status: number, headers: readonly string[], read: Uint8Array | undefined, completion: Completion): Promise<TextAnswer> {
    const { current, matched, settlement, alert, decompress } = this.#departure
    const { api, log } = current
    const { plan } = matched
    if (this.#isTooLate) return this.#refused(overdue(alert), { outcome: 'unknown', reason: 'overdue' }, completion)
    const decoded = read && (await decodedBody(read, headers, decompress, ERROR_BODY_BYTES_MAX))
    if (read !== undefined && decoded === undefined) alert(`the refusal of the service is compressed (${codingsOf(headers).join(', ').slice(0, 40)}) and cannot be read; its status ${status} counts alone`)
    const translated = refusalOfAnswer(plan.speech, { status, headers, body: decoded })
    if (!translated.isUnderstood) log.serviceSaid = excerptOf(headers, read, decoded, api.credentials?.prefix ?? '')
    if (translated.alert !== undefined) alert(translated.alert)
    const { refusal } = translated
    const entry = api.contract.entryFor(refusal.reason, refusal.facts, refusal.entry)
    const said = { reason: refusal.reason, entry: entry.id, isSaid: translated.isUnderstood || refusal.source !== 'upstream' }
    const callEnd = endOfRefusal(current, said, { headers, body: decoded }, alert)
    if (isCharge(callEnd) && settlement.isOverdue(current)) return this.#refused(overdue(alert), { outcome: 'unknown', reason: 'overdue' }, completion)
    const keeps = current.key !== undefined && plan.keyed !== undefined && isKept(entry.status, plan.keyed)
    const isForGood = isCharge(callEnd) || (callEnd.outcome === 'released' && keeps)
    return this.#tracked !== undefined && isForGood ? this.#refusedForGood(refusal, callEnd, completion) : this.#refused(refusal, callEnd, completion)
  }

  async #failed(failure: UpstreamFailure, completion: Completion): Promise<TextAnswer> {
    const limit = this.#fullAt
    if (limit !== undefined) return this.#refused(refuse('capacity.overloaded', { limit }), { outcome: 'released', reason: 'refused: capacity.overloaded' }, completion)
    return this.#refused(refusalOfFailure(failure, this.bodyBytesMax), decideEndOfFailure(failure), completion)
  }

  async #brokenMidStream(failure: UpstreamFailure, status: number, headers: readonly string[], completion: Completion): Promise<string | undefined> {
    const { current, settlement, wayOut } = this.#departure
    const { api, log } = current
    const refusal = refusalOfFailure(failure, this.bodyBytesMax)
    const gone = refusal.reason === 'aborted'
    if (this.#tracked !== undefined) {
      const end = await this.#heard(status, headers).broken(failure)
      // What could not be written down is in the operator's hands; the stream has broken already.
      await attempt(() => settlement.end(current, end), ignored, ignored)
    }
    if (!gone) await wayOut.uncount(log, refusal)
    const entry = gone ? undefined : api.contract.entryFor(refusal.reason, refusal.facts)
    const message = gone ? 'the caller went away' : api.contract.render(refusal, this.#context).message
    wayOut.log(log, log.row(status, { refusal, entry, message, midStream: true }, completion))
    return gone || mediaType(headers) !== 'text/event-stream' ? undefined : api.contract.streamFrame(refusal, this.#context)
  }

  #webSocketEnd(failure: UpstreamFailure): WebSocketEnd {
    const end = this.#departure.current.api.contract.webSocketEnd(refusalOfFailure(failure, this.bodyBytesMax), this.#context)
    if (end === undefined) throw new Error('it is asked only where the contract has a form for it')
    return end
  }

  async #settled(status: number, completion: Completion, isHeadOut: boolean): Promise<TextAnswer | undefined> {
    const { current, settlement, wayOut } = this.#departure
    const { log } = current
    const { contract } = current.api
    try {
      const { end, answer } = await this.#heard(status, []).whole()
      await settlement.end(current, end, answer)
      wayOut.log(log, log.row(status, undefined, completion))
      return undefined
    } catch (error) {
      const refusal = refusalOfUnsettled(error)
      if (!isHeadOut) return wayOut.answer(current, refusal, completion)
      const entry = contract.entryFor(refusal.reason, {})
      wayOut.log(log, log.row(status, { refusal, entry, message: contract.render(refusal, this.#context).message, midStream: true }, completion))
      throw error
    }
  }

  /** What was listened to; of an answer that nobody asked about, what its head says. */
  #heard(status: number, headers: readonly string[]): HeardAnswer {
    return (this.#passing ??= listenTo(this.#departure.current, status, headers, this.#departure))
  }
}

function ignored(): void {}

/** An answer that came when its money had been given back. What became of the work is the service's to say. */
function overdue(alert: Departure['alert']): Refusal {
  alert('the answer came after the hold was over, which could not be kept up, and is not passed on')
  return refuse('upstream.timeout', {}, { source: 'upstream', cause: 'the answer came after the hold was over' })
}
