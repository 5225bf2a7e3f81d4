/** The one way by which refusals leave: counts given back, answered in the API's dialect, logged. */
import type { Clock } from '../admission/clock.ts'
import type { RequestRow } from '../admission/request-row.ts'
import { applyOne, type Store } from '../admission/store.ts'
import { matchesReason } from '../contract/reason.ts'
import type { Contract } from '../contract/contract.ts'
import { refuse, type Refusal } from '../contract/refusal.ts'
import type { Answer, AnswerContext } from '../contract/wire.ts'
import type { CallLog } from './call-log.ts'
import type { Completion, IncomingCall } from './call.ts'
import { corsHeaders } from './cors.ts'
import type { ApiOptions } from './gate-options.ts'
import { tightestLimit } from './stage.ts'

/** One call within one API: what the steps share. */
export interface CallInProgress {
  readonly api: ApiOptions
  readonly call: IncomingCall
  readonly log: CallLog
  /** The body, once a step has read it, as bytes and parsed. */
  body: Uint8Array | undefined
  json: unknown
}

export type Alert = (kind: string, message: unknown, requestId: string) => void

export interface WayOut {
  answer(current: CallInProgress, refusal: Refusal, completion: Completion): Promise<Answer>
  /** Gives back what the outcome says should not count. */
  uncount(log: CallLog, refusal: Refusal): Promise<void>
  log(row: RequestRow): void
  /** Writes and logs. Total: facts that the contract cannot write become its `internal` entry, under the same id. */
  write(contract: Contract, refusal: Refusal, about: AnswerContext, log: CallLog, completion: Completion): Answer
  context(current: CallInProgress): AnswerContext
}

export function createWayOut(store: Store, clock: Clock, alert: Alert): WayOut {
  function log(row: RequestRow): void {
    store.apply([{ kind: 'log', row }]).catch((error: unknown) => alert('store', error, row.requestId))
  }

  async function uncount(callLog: CallLog, refusal: Refusal): Promise<void> {
    const receipts = callLog.receipts.filter(({ meter }) => meter.uncountOn?.some((pattern) => matchesReason(pattern, refusal.reason)))
    if (receipts.length === 0) return
    callLog.uncount(receipts.map(({ name }) => name))
    try {
      await applyOne(store, { kind: 'uncount', receipts, nowMs: clock.wallMs() })
    } catch (error) {
      alert('store', error, callLog.requestId)
    }
  }

  function context({ api, log: callLog }: CallInProgress): AnswerContext {
    const limit = tightestLimit(api, callLog.readings)
    return { requestId: callLog.requestId, nowMs: clock.wallMs(), ...(limit !== undefined && { limit }) }
  }

  function write(contract: Contract, refusal: Refusal, about: AnswerContext, callLog: CallLog, completion: Completion): Answer {
    try {
      const entry = contract.entryFor(refusal.reason, refusal.facts, refusal.entry)
      const error = contract.render(refusal, about)
      const written = contract.write(error, about)
      callLog.mark('answered')
      log(callLog.row(written.status, { refusal, entry, message: error.message }, { ...completion, bytesOut: written.body.length }))
      return written
    } catch (error) {
      // `internal` carries no facts, so that nothing can be wrong with them.
      if (refusal.reason === 'internal' && Object.keys(refusal.facts).length === 0) throw error
      alert('internal', error, about.requestId)
      return write(contract, refuse('internal', {}, { cause: error }), about, callLog, completion)
    }
  }

  async function answer(current: CallInProgress, refusal: Refusal, completion: Completion): Promise<Answer> {
    const { api, call, log: callLog } = current
    await uncount(callLog, refusal)
    const about = context(current)
    const written = write(api.contract, refusal, about, callLog, completion)
    const cors = corsHeaders(api, call.headers)
    return cors.length === 0 ? written : { ...written, headers: [...written.headers, ...cors] }
  }

  return { answer, uncount, log, write, context }
}
