/**
 * One request in, one verdict out.
 *
 *     mount → route → maintenance and overload → key → account → scopes → the route's own steps → forward | answer
 *
 * Every refusal takes the same way out: the contract answers it, counts are given back where a meter says so, the row is logged. Whatever
 * fails on our own side fails closed: a store that does not answer admits nobody.
 */
import type { Directory } from '../admission/directory.ts'
import type { Contract } from '../contract/contract.ts'
import { refuse, type Refusal } from '../contract/refusal.ts'
import type { Answer } from '../contract/wire.ts'
import { createCallLog, nothingSent } from './call-log.ts'
import type { Gate, IncomingCall, Verdict } from './call.ts'
import { preflightAnswer } from './cors.ts'
import { createForward } from './forward.ts'
import type { ApiOptions, GateOptions, RouteOptions } from './gate-options.ts'
import { authorise, identify } from './identify.ts'
import { createInFlight, type InFlight } from './in-flight.ts'
import { parsePath, pathOf, targetBelow } from './path.ts'
import { createMountTable, createRouter, type Mounted, type RouteMatch } from './router.ts'
import { createSteps } from './steps.ts'
import { createWayOut, type Alert, type CallInProgress } from './way-out.ts'

export interface GateSetup extends GateOptions {
  readonly directory: Directory
  /** Speaks where no API is concerned, unless there is but one API. */
  readonly fallback: Contract
  /** Handed from gate to gate at a reload. */
  readonly inFlight?: InFlight
}

export function createGate(setup: GateSetup): Gate {
  const { store, clock, directory, randomBytes } = setup
  const mountAt = createMountTable(setup.apis)
  const routers = new Map(setup.apis.map((api) => [api, createRouter(api.routes)]))
  const inFlight = setup.inFlight ?? createInFlight()
  const only = setup.apis.length === 1 ? setup.apis[0] : undefined
  const alert: Alert = (kind, message, requestId) => setup.alert?.({ kind, message: String(message), requestId })
  const wayOut = createWayOut(store, clock, alert)
  const runStep = createSteps(store, clock, alert)

  /** Maintenance and overload: the switches that an operator sets. */
  async function refusedBySwitch(api: ApiOptions): Promise<Refusal | undefined> {
    const { maintenance, overload } = await directory.switches(api.name)
    if (maintenance?.on === true) {
      const { untilMs } = maintenance
      if (untilMs === undefined) return refuse('service.maintenance')
      const retryAfterMs = untilMs - clock.wallMs()
      if (retryAfterMs > 0) return refuse('service.maintenance', { untilMs, retryAfterMs })
    }
    return overload?.on === true ? refuse('capacity.overloaded') : undefined
  }

  async function refusedByIdentity({ api, call, log }: CallInProgress, route: RouteOptions): Promise<Refusal | undefined> {
    if (route.public === true || api.credentials === undefined) return undefined
    const identified = await identify(api, api.credentials, call.headers, directory, clock.wallMs())
    log.principal = identified.principal
    log.mark('identified')
    return 'refusal' in identified ? identified.refusal : authorise(route, identified.principal.key)
  }

  async function refusedOnRoute(current: CallInProgress, route: RouteOptions): Promise<Refusal | undefined> {
    const refusal = await refusedByIdentity(current, route)
    if (refusal !== undefined) return refusal
    for (const step of route.steps) {
      const refused = await runStep(current, route, step)
      if (refused !== undefined) return refused
    }
    return undefined
  }

  /** From the route on. The call counts as in flight from before its first wait until it has left, by whichever way. */
  async function admit(current: CallInProgress, route: RouteOptions, depth: number): Promise<Refusal | Extract<Verdict, { kind: 'forward' }>> {
    const { api, call, log } = current
    log.route = route
    const closed = await refusedBySwitch(api)
    if (closed !== undefined) return closed
    if (!inFlight.enter(api.name, api.inFlightMax)) return refuse('capacity.overloaded', { ...(api.inFlightMax !== undefined && { limit: api.inFlightMax }) })
    let forwarded = false
    try {
      const refusal = await refusedOnRoute(current, route)
      if (refusal !== undefined) return refusal
      log.mark('admitted')
      const target = api.keepMount === true ? call.target : targetBelow(depth, call.target)
      const forward = createForward({ current, route, target, wayOut, left: () => inFlight.leave(api.name), alert: (message) => alert('upstream', message, log.requestId) })
      forwarded = true
      return { kind: 'forward', forward }
    } finally {
      if (!forwarded) inFlight.leave(api.name)
    }
  }

  async function enter(call: IncomingCall, { api, depth }: Mounted, segments: readonly string[]): Promise<Verdict> {
    const preflight = preflightAnswer(api, call.method, call.headers)
    if (preflight !== undefined) return { kind: 'answer', answer: preflight }
    const log = createCallLog(call, api, api.contract.mintRequestId(randomBytes(16)), clock)
    const current: CallInProgress = { api, call, log, body: undefined, json: undefined }
    const match = routers.get(api)?.(call.method, segments.slice(depth)) ?? ({ kind: 'unknown' } satisfies RouteMatch)
    try {
      const outcome = match.kind === 'matched' ? await admit(current, match.route, depth) : refusalOfMatch(match, call)
      if ('kind' in outcome) return outcome
      return { kind: 'answer', answer: await wayOut.answer(current, outcome, nothingSent) }
    } catch (error) {
      alert('internal', error, log.requestId)
      return { kind: 'answer', answer: await wayOut.answer(current, refuse('internal', {}, { cause: error }), nothingSent) }
    }
  }

  function refuseRaw(...[reason, facts, about]: Parameters<Gate['refuseRaw']>): Answer {
    const { method = '', target = '', remoteAddress, cause } = about
    const api = mountAt(parsePath(pathOf(target)).segments)?.api ?? only
    const contract = api?.contract ?? setup.fallback
    const log = createCallLog({ method, target, headers: [], remoteAddress }, api, contract.mintRequestId(randomBytes(16)), clock)
    const refusal = refuse(reason, facts, { source: reason === 'internal' ? 'api' : 'client', cause })
    return wayOut.write(contract, refusal, { requestId: log.requestId, nowMs: log.receivedAtMs }, log, nothingSent)
  }

  return {
    refuseRaw,
    async begin(call) {
      const { method, target, remoteAddress } = call
      const { segments, issue } = parsePath(pathOf(target))
      if (issue !== undefined) return { kind: 'answer', answer: refuseRaw('request.invalid', { issue }, { method, target, remoteAddress }) }
      const mounted = mountAt(segments)
      if (mounted !== undefined) return enter(call, mounted, segments)
      return { kind: 'answer', answer: refuseRaw('route.unknown', unknownRoute(call), { method, target, remoteAddress }) }
    },
  }
}

function refusalOfMatch(match: Exclude<RouteMatch, { kind: 'matched' }>, call: IncomingCall): Refusal {
  if (match.kind === 'unknown') return refuse('route.unknown', unknownRoute(call), { source: 'client' })
  const { method, target } = call
  return refuse('method.not_allowed', { method, path: pathOf(target), allow: match.allow, issue: `${method} is not allowed here` }, { source: 'client' })
}

function unknownRoute({ method, target }: IncomingCall): { method: string; path: string; issue: string } {
  const path = pathOf(target)
  return { method, path, issue: `there is no ${path}` }
}
