/** The one way by which answers of the gate's own leave: counts given back, answered in the API's dialect, logged. */
import { attempt, whenKnown, type Awaitable } from '../../engine/awaitable.ts'
import type { Clock } from '../../engine/clock.ts'
import type { Counters } from '../../engine/counters.ts'
import type { Receipt } from '../../engine/meters/meter.ts'
import type { Journal } from '../../journal/journal.ts'
import type { RequestRow } from '../../journal/request-row.ts'
import { applyNow, applyOne } from '../../stores/store.ts'
import { matchesReason } from '../../contract/declare/reason.ts'
import type { Contract } from '../../contract/declare/contract.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import { utf8Length } from '../../contract/values/utf8-length.ts'
import type { Answer, AnswerContext, TextAnswer } from '../../contract/declare/wire.ts'
import type { Alert, CallInProgress } from '../call/call-in-progress.ts'
import { nothingSent, type CallLog } from '../call/call-log.ts'
import type { Completion } from '../call.ts'
import type { Cors } from '../way-in/cors.ts'
import type { ApiOptions } from '../gate-options.ts'
import type { HandlerSuccess } from '../call/handled-call.ts'
import type { Replay } from '../steps/replay.ts'
import { headerValues } from '../headers.ts'
import { joinHeaders } from '../joined-headers.ts'
import { shownLimits } from '../steps/stage-refusal.ts'
import { readForEcho, requestLookup } from './request-echo.ts'
import { fromStoredAnswer } from './stored-answer.ts'

export interface WayOut {
  answer(current: CallInProgress, refusal: Refusal, completion: Completion): Awaitable<TextAnswer>
  /** In the dialect's success form; not logged yet. Never cached: it may hold a token. */
  success(current: CallInProgress, handled: HandlerSuccess): TextAnswer
  /** Logs an answer that is no refusal. */
  answered(current: CallInProgress, status: number, bytesOut: number): void
  /** An answer that was given before, under its own request id. */
  replay(current: CallInProgress, replay: Replay): Answer
  /** The request id and the rate headers. */
  ownHeaders(current: CallInProgress, requestId: string, about: AnswerContext): readonly string[]
  /** The headers that every answer to this call carries: request id, rate headers, CORS. */
  headers(current: CallInProgress, requestId: string, about: AnswerContext): readonly string[]
  /** Gives back what the outcome says should not count. */
  uncount(log: CallLog, refusal: Refusal): Awaitable<void>
  /** Gives the row of a call to the store; nobody waits for it but `CallLog.written`. */
  log(callLog: CallLog, row: RequestRow): void
  /** Writes and logs. Total: facts that the contract cannot write become its `internal` entry, under the same id. */
  write(contract: Contract, refusal: Refusal, about: AnswerContext, log: CallLog, completion: Completion): TextAnswer
  context(current: CallInProgress): AnswerContext
  /** What browsers are told of an API. */
  corsOf(api: ApiOptions): Cors
}

export interface WayOutTools {
  readonly counters: Pick<Counters, 'apply'>
  readonly journal: Pick<Journal, 'apply'>
  readonly clock: Clock
  readonly alert: Alert
  readonly corsOf: (api: ApiOptions) => Cors
}

export function createWayOut({ counters, journal, clock, alert, corsOf }: WayOutTools): WayOut {
  function log(callLog: CallLog, row: RequestRow): void {
    const written = attempt(() => applyNow(journal, { kind: 'log', row }), nothing, (error) => void alert('store', error, row.requestId))
    callLog.written = written instanceof Promise ? written : undefined
  }

  function uncount(callLog: CallLog, refusal: Refusal): Awaitable<void> {
    if (callLog.receipts.length === 0) return undefined
    const receipts = callLog.receipts.filter(({ meter }) => meter.uncountOn?.some((pattern) => matchesReason(pattern, refusal.reason)))
    return receipts.length === 0 ? undefined : giveBack(callLog, receipts)
  }

  async function giveBack(callLog: CallLog, receipts: readonly Receipt[]): Promise<void> {
    callLog.uncount(receipts.map(({ name }) => name))
    try {
      await applyOne(counters, { kind: 'uncount', receipts, accountId: callLog.principal?.account.id })
    } catch (error) {
      alert('store', error, callLog.requestId)
    }
  }

  function context(current: CallInProgress): AnswerContext {
    const { api, log: callLog } = current
    const limits = shownLimits(api, callLog.readings)
    return { requestId: callLog.requestId, nowMs: clock.wallMs(), limits, request: requestLookup(current), acceptLanguage: acceptedLanguages(api.contract, current.call.headers) }
  }

  function write(contract: Contract, refusal: Refusal, about: AnswerContext, callLog: CallLog, completion: Completion): TextAnswer {
    try {
      const entry = contract.entryFor(refusal.reason, refusal.facts, refusal.entry)
      const error = contract.render(refusal, about)
      const written = contract.write(error, about)
      callLog.mark('answered')
      log(callLog, callLog.row(written.status, { refusal, entry, code: error.code, message: error.message }, { ...completion, bytesOut: utf8Length(written.body) }))
      return written
    } catch (error) {
      // `internal` carries no facts, so that nothing can be wrong with them.
      if (refusal.reason === 'internal' && Object.keys(refusal.facts).length === 0) throw error
      alert('internal', error, about.requestId)
      return write(contract, refuse('internal', {}, { cause: error }), about, callLog, completion)
    }
  }

  function answer(current: CallInProgress, refusal: Refusal, completion: Completion): Awaitable<TextAnswer> {
    const { api, call, log: callLog } = current
    const given = (): TextAnswer => forBrowsers(api, call.headers, write(api.contract, refusal, context(current), callLog, completion))
    return whenKnown(uncount(callLog, refusal), () => whenKnown(readForEcho(current), given))
  }

  function forBrowsers(api: ApiOptions, requestHeaders: readonly string[], written: TextAnswer): TextAnswer {
    const { headers: added, drops } = corsOf(api)
    return api.cors === undefined ? written : { ...written, headers: joinHeaders(written.headers, added(requestHeaders), drops) }
  }

  function ownHeaders({ api }: CallInProgress, requestId: string, { limits, nowMs }: AnswerContext): readonly string[] {
    const own = [api.contract.requestIdHeader, requestId]
    return limits === undefined ? own : own.concat(api.contract.rateLimitHeaders(limits, nowMs))
  }

  function headers(current: CallInProgress, requestId: string, about: AnswerContext): readonly string[] {
    const own = ownHeaders(current, requestId, about)
    const ofCors = corsOf(current.api).headers(current.call.headers)
    return ofCors.length === 0 ? own : own.concat(ofCors)
  }

  function answered({ log: callLog }: CallInProgress, status: number, bytesOut: number): void {
    callLog.mark('answered')
    log(callLog, callLog.row(status, undefined, { ...nothingSent, bytesOut }))
  }

  function success(current: CallInProgress, { status, data }: HandlerSuccess): TextAnswer {
    const { api, call } = current
    const written = api.contract.success(data, context(current), status)
    return forBrowsers(api, call.headers, { ...written, headers: [...written.headers, 'Cache-Control', 'no-store'] })
  }

  function replay(current: CallInProgress, { replayed, requestId }: Replay): Answer {
    const { status, headers: kept, body } = fromStoredAnswer(replayed)
    const fresh = [...headers(current, requestId, context(current)), 'Idempotent-Replayed', 'true']
    current.log.mark('replayed')
    answered(current, status, typeof body === 'string' ? utf8Length(body) : body.length)
    // What it told the first page about itself is not for this one.
    return { status, headers: joinHeaders(kept, fresh, corsOf(current.api).drops), body }
  }

  return { answer, success, answered, replay, ownHeaders, headers, uncount, log, write, context, corsOf }
}

/** Nobody asks a contract of one language. */
export function acceptedLanguages({ languages }: Contract, headers: readonly string[]): string | undefined {
  return languages.length < 2 ? undefined : headerValues(headers, 'accept-language').join(',')
}

function nothing(): void {}
