/**
 * One request in, one verdict out.
 *
 *     mount → route → maintenance and overload → key → account → scopes → the route's own steps → forward | answer
 *
 * Every refusal takes the same way out: the contract answers it, counts are given back where a meter says so, the row is logged. Whatever
 * fails on our own side fails closed: a store that does not answer admits nobody.
 */
import type { Directory } from '../admission/directory.ts'
import { applyOne } from '../admission/store.ts'
import type { Contract } from '../contract/contract.ts'
import { refuse, type Refusal } from '../contract/refusal.ts'
import type { Answer, AnswerContext } from '../contract/wire.ts'
import { findBlockedWord } from './blocked-words.ts'
import { createCallLog, nothingSent } from './call-log.ts'
import type { Gate, Verdict } from './call.ts'
import { preflightAnswer } from './cors.ts'
import { createForward } from './forward.ts'
import type { ApiOptions, GateOptions, RouteOptions, StepOptions } from './gate-options.ts'
import { authorise, identify } from './identify.ts'
import { fieldOf, parseJsonBody, refusedBody, refusedIssue } from './json-body.ts'
import { createMountTable, createRouter, pathBelow, pathOf, type RouteMatch } from './router.ts'
import { refusalOf, takesOf } from './stage.ts'
import { createWayOut, type CallInProgress } from './way-out.ts'

export interface GateSetup extends GateOptions {
  readonly directory: Directory
  /** Speaks where no API is concerned, unless there is but one API. */
  readonly fallback: Contract
}

export function createGate(setup: GateSetup): Gate {
  const { store, clock, directory, randomBytes } = setup
  const apiAt = createMountTable(setup.apis)
  const routers = new Map(setup.apis.map((api) => [api, createRouter(api.routes)]))
  const inFlight = new Map<ApiOptions, number>()
  const only = setup.apis.length === 1 ? setup.apis[0] : undefined
  const alert = (kind: string, message: unknown, requestId: string): void => setup.alert?.({ kind, message: String(message), requestId })
  const wayOut = createWayOut(store, clock, alert)

  /** Maintenance and overload: the switches that an operator sets, and the bound on calls in flight. */
  async function refusedByState(api: ApiOptions): Promise<Refusal | undefined> {
    const { maintenance, overload } = await directory.switches(api.name)
    const nowMs = clock.wallMs()
    if (maintenance?.on === true) {
      const { untilMs } = maintenance
      if (untilMs === undefined) return refuse('service.maintenance')
      if (untilMs > nowMs) return refuse('service.maintenance', { untilMs, retryAfterMs: untilMs - nowMs })
    }
    if (overload?.on === true) return refuse('capacity.overloaded')
    if (api.inFlightMax !== undefined && (inFlight.get(api) ?? 0) >= api.inFlightMax) return refuse('capacity.overloaded', { limit: api.inFlightMax })
    return undefined
  }

  async function refusedByIdentity(current: CallInProgress, route: RouteOptions): Promise<Refusal | undefined> {
    const { api, call, log } = current
    if (route.public === true || api.credentials === undefined) return undefined
    const identified = await identify(api, api.credentials, call.headers, directory, clock.wallMs())
    log.principal = identified.principal
    log.mark('identified')
    if ('refusal' in identified) return identified.refusal
    return authorise(route, identified.principal.key)
  }

  async function refusedByStep(current: CallInProgress, route: RouteOptions, step: StepOptions): Promise<Refusal | undefined> {
    if ('take' in step) return refusedByStage(current, step.take)
    const unread = await readJson(current, route)
    if (unread !== undefined) return unread
    if ('validate' in step) {
      const [issue] = step.validate(current.json)
      return issue && refusedIssue(issue)
    }
    const { field } = step.blockWords
    const text = fieldOf(current.json, field)
    const blocked = typeof text === 'string' && findBlockedWord(text, current.log.principal?.account.blockedWords ?? [])
    // Which word it was stays private: the answer must not reveal the list.
    return blocked === false || blocked === undefined ? undefined : refuse('content.blocked', { field }, { source: 'client', cause: `blocked word: ${blocked}` })
  }

  async function refusedByStage({ api, call, log }: CallInProgress, meters: readonly string[]): Promise<Refusal | undefined> {
    const takes = takesOf(api, meters, log.principal, call.remoteAddress)
    if (takes.length === 0) return undefined
    const nowMs = clock.wallMs()
    try {
      const decision = await applyOne(store, { kind: 'admit', takes, nowMs })
      log.count(decision.readings, decision.admitted ? decision.receipts : [])
      return decision.admitted ? undefined : refusalOf(decision, takes, log.principal?.account.plan, nowMs)
    } catch (error) {
      // Limits that cannot be checked admit nobody: money and quotas fail closed.
      alert('store', error, log.requestId)
      return refuse('upstream.unavailable', {}, { cause: error })
    }
  }

  /** Reads and parses the body once, whatever number of steps wants it. */
  async function readJson(current: CallInProgress, route: RouteOptions): Promise<Refusal | undefined> {
    const { api, call } = current
    if (current.body !== undefined) return undefined
    const bytesMax = route.bodyBytesMax ?? api.bodyBytesMax
    const read = await call.readBody(bytesMax)
    if (read.kind !== 'complete') return refusedBody(read, bytesMax)
    const parsed = parseJsonBody(call.headers, read.bytes)
    if ('refusal' in parsed) return parsed.refusal
    current.body = read.bytes
    current.json = parsed.value
    return undefined
  }

  async function decide(current: CallInProgress, match: RouteMatch): Promise<Refusal | undefined> {
    const { method, target } = current.call
    const path = pathOf(target)
    switch (match.kind) {
      case 'unknown':
        return refuse('route.unknown', { method, path, issue: `there is no ${path}` }, { source: 'client' })
      case 'method_not_allowed':
        return refuse('method.not_allowed', { method, path, allow: match.allow, issue: `${method} is not allowed here` }, { source: 'client' })
      case 'malformed':
        return refuse('request.invalid', { issue: match.issue }, { source: 'client' })
      case 'matched': {
        const { route } = match
        current.log.route = route
        const refusal = (await refusedByState(current.api)) ?? (await refusedByIdentity(current, route))
        if (refusal !== undefined) return refusal
        for (const step of route.steps) {
          const refused = await refusedByStep(current, route, step)
          if (refused !== undefined) return refused
        }
        return undefined
      }
    }
  }

  function refuseRaw(...[reason, facts, about]: Parameters<Gate['refuseRaw']>): Answer {
    const call = { method: about.method ?? '', target: about.target ?? '', headers: [], remoteAddress: about.remoteAddress }
    const api = (about.target === undefined ? undefined : apiAt(pathOf(about.target))) ?? only
    const contract = api?.contract ?? setup.fallback
    const log = createCallLog(call, api, contract.mintRequestId(randomBytes(16)), clock)
    const refusal = refuse(reason, facts, { source: reason === 'internal' ? 'api' : 'client', cause: about.cause })
    const context: AnswerContext = { requestId: log.requestId, nowMs: log.receivedAtMs }
    const error = contract.render(refusal, context)
    const answer = contract.write(error, context)
    const entry = contract.entryFor(reason, facts)
    wayOut.log(log.row(answer.status, { refusal, entry, message: error.message }, { ...nothingSent, bytesOut: answer.body.length }))
    return answer
  }

  return {
    refuseRaw,
    async begin(call): Promise<Verdict> {
      const path = pathOf(call.target)
      const api = apiAt(path)
      const { method, target, remoteAddress } = call
      if (api === undefined) {
        return { kind: 'answer', answer: refuseRaw('route.unknown', { method, path, issue: `there is no ${path}` }, { method, target, remoteAddress }) }
      }
      const preflight = preflightAnswer(api, method, call.headers)
      if (preflight !== undefined) return { kind: 'answer', answer: preflight }

      const log = createCallLog(call, api, api.contract.mintRequestId(randomBytes(16)), clock)
      const current: CallInProgress = { api, call, log, body: undefined, json: undefined }
      const match: RouteMatch = routers.get(api)?.(method, pathBelow(api.mount, path)) ?? { kind: 'unknown' }
      let refusal: Refusal | undefined
      try {
        refusal = await decide(current, match)
      } catch (error) {
        alert('internal', error, log.requestId)
        refusal = refuse('internal', {}, { cause: error })
      }
      if (refusal !== undefined || match.kind !== 'matched') {
        return { kind: 'answer', answer: await wayOut.answer(current, refusal ?? refuse('internal'), nothingSent) }
      }
      inFlight.set(api, (inFlight.get(api) ?? 0) + 1)
      log.mark('admitted')
      const left = (): void => void inFlight.set(api, (inFlight.get(api) ?? 1) - 1)
      return { kind: 'forward', forward: createForward({ current, route: match.route, wayOut, left, alert: (message) => alert('upstream', message, log.requestId) }) }
    },
  }
}
