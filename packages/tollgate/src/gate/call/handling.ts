/** Calls that the gateway answers by itself: what they hold is settled as for an upstream's answer, before the answer goes out. */
import { utf8Length } from '../../contract/values/utf8-length.ts'
import type { Clock } from '../../engine/clock.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import { decideEndOfAnswer, isKept } from './call-end.ts'
import type { CallInProgress, MatchedRoute } from './call-in-progress.ts'
import type { Handler } from './handled-call.ts'
import { readJson } from '../steps/request-body.ts'
import type { CallSettlement } from './call-settlement.ts'
import { defaultCosting } from '../way-out/costing.ts'
import { toStoredAnswer } from '../way-out/stored-answer.ts'
import { answerWith } from '../answer-with.ts'
import type { Verdict } from '../call.ts'
import type { WayOut } from '../way-out/way-out.ts'

export interface HandlingTools {
  readonly clock: Clock
  readonly wayOut: WayOut
  readonly settlement: CallSettlement
}

export type Handle = (current: CallInProgress, matched: MatchedRoute, handler: Handler) => Promise<Verdict | Refusal>

export function createHandling({ clock, wayOut, settlement }: HandlingTools): Handle {
  return async (current, { params, plan }, handler) => {
    const { api, call, log } = current
    if (!(await settlement.dispatch(current))) return refuse('upstream.unavailable')
    const handled = await handler({
      requestId: log.requestId,
      api: api.name,
      nowMs: clock.wallMs(),
      principal: log.principal,
      params,
      headers: call.headers,
      readings: log.readings,
      readJson: () => readJson(current),
    })
    if (handled.kind === 'refused') return handled
    const answer = wayOut.success(current, handled)
    const keeps = current.key !== undefined && plan.keyed !== undefined && isKept(handled.status, plan.keyed)
    const stored = keeps ? toStoredAnswer(answer) : undefined
    await settlement.end(current, decideEndOfAnswer({ status: handled.status, costing: plan.balance?.costing ?? defaultCosting }, { kind: 'none' }, undefined), stored)
    wayOut.answered(current, answer.status, utf8Length(answer.body))
    return answerWith(answer, log.written)
  }
}
