/**
 * One request in, one verdict out.
 *
 *     mount → route → maintenance and overload → key or token → account → scopes → the route's own steps → admitted | handler | replay | refusal
 *
 * Every answer of our own takes the same way out: the contract writes it, counts are given back where a meter says so, what the call holds is settled, the
 * row is logged. Whatever fails on our own side fails closed: a store that does not answer admits nobody.
 */
import type { Directory } from '../directory/directory.ts'
import { attempt, whenKnown, type Awaitable } from '../engine/awaitable.ts'
import type { Contract } from '../contract/declare/contract.ts'
import { refuse, type Refusal } from '../contract/declare/refusal.ts'
import type { TextAnswer } from '../contract/declare/wire.ts'
import { StoreUnavailableError } from '../engine/store-error.ts'
import { refusedByStore } from './steps/store-failure.ts'
import { createAdmitting } from './admitting.ts'
import { beginCall, type Alert, type CallInProgress } from './call/call-in-progress.ts'
import { CallLog, nothingSent } from './call/call-log.ts'
import type { AnswerVerdict, Gate, IncomingCall, Verdict } from './call.ts'
import { corsOutside, createCors, type Cors } from './way-in/cors.ts'
import type { ApiOptions, GateOptions } from './gate-options.ts'
import { identify } from './way-in/identify.ts'
import { createDegradingStore } from './store-failure/degrading-store.ts'
import { createInFlight, type InFlight } from './way-in/in-flight.ts'
import { joinHeaders } from './joined-headers.ts'
import { createLimitView } from './way-in/limit-view.ts'
import { parsePath, pathOf, withoutAuthority, type DecodedPath } from './way-in/path.ts'
import { requestIdBytes } from './way-in/request-id-bytes.ts'
import { holdsSlash } from './way-in/route-pattern.ts'
import { checkApi, createRoutePlan } from './route-plan.ts'
import type { RoutePlan } from './steps/step-plan.ts'
import { prepareStep } from './steps/steps.ts'
import { createMountTable, createRouter, type Mounted, type RouteMatch } from './way-in/router.ts'
import { createSettlement, AnswerOverdueError, refusalOfUnsettled } from './call/call-settlement.ts'
import { answerWith } from './answer-with.ts'
import { acceptedLanguages, createWayOut } from './way-out/way-out.ts'

/** All that a gate is made from. It is an immutable snapshot: other options are another gate. */
export interface GateSetup extends GateOptions {
  readonly directory: Directory
  /** Speaks where no API is concerned, unless there is but one API. */
  readonly fallback: Contract
  /** Handed from gate to gate at a reload. */
  readonly inFlight?: InFlight
}

/**
 * The pipeline: one request in, one verdict out. Throws a `TypeError` where options contradict each other, naming the API, the route and the option. What
 * fails while it runs is refused, not thrown: if the store does not answer, nobody is admitted.
 *
 * @example
 * const gate = createGate({ apis: [api], fallback: contract, store, directory, clock, randomBytes, sha256Hex })
 * const verdict = await gate.begin({
 *   method: 'GET', target: '/v1/reports/7', headers: ['X-Api-Key', 'rp_…'], remoteAddress: '203.0.113.7',
 *   hasBody: false, readBody: async () => ({ kind: 'complete', bytes: new Uint8Array(0) }),
 * })
 * if (verdict.kind === 'answer') response.writeHead(verdict.answer.status, [...verdict.answer.headers]).end(verdict.answer.body)
 */
export function createGate(setup: GateSetup): Gate {
  const { clock, directory, randomBytes, tokens } = setup
  const store = createDegradingStore({ store: setup.store, policy: setup.onStoreFailure, clock, alert: (message) => setup.alert?.({ kind: 'store', message }) })
  for (const api of setup.apis) checkApi(api)
  const mountAt = createMountTable(setup.apis)
  const routers = new Map(setup.apis.map((api) => [api, createRouter(api.routes, api.paths)]))
  const plans = new Map(setup.apis.flatMap((api) => api.routes.map((route) => [route, createRoutePlan(api, route, setup.handlers)] as const)))
  const steps = new Map(setup.apis.flatMap((api) => api.routes.map((route) => [route, route.steps.map((step) => prepareStep(step, api))] as const)))
  const common = new Map(setup.apis.map((api) => [api, metersOfAll(api.routes.filter((route) => route.public !== true).flatMap((route) => plans.get(route) ?? []))]))
  const only = setup.apis.length === 1 ? setup.apis[0] : undefined
  const alert: Alert = (kind, message, requestId) => setup.alert?.({ kind, message: String(message), requestId })
  const corsByApi = new Map(setup.apis.map((api) => [api, createCors(api)]))
  const outside = corsOutside([...corsByApi.values()])
  const corsOf = (api: ApiOptions | undefined): Cors => (api && corsByApi.get(api)) ?? outside
  const wayOut = createWayOut({ counters: store, journal: store, clock, alert, corsOf })
  const settlement = createSettlement({ money: store, counters: store, clock, alert })
  const limits = createLimitView({ store, clock, alert, owner: setup.owner, commonMeters: (api) => common.get(api) ?? [] })
  const admit = createAdmitting({ ...setup, store, inFlight: setup.inFlight ?? createInFlight(), wayOut, settlement, limits, alert, stepsOf: (route) => steps.get(route) })

  function refused(current: CallInProgress, refusal: Refusal): Awaitable<Verdict> {
    const ended = settlement.end(current, { outcome: 'released', reason: `refused: ${refusal.reason}` })
    return whenKnown(ended, () => whenKnown(limits.show(current), (shown) => answered(current, shown ?? refusal)))
  }

  function answered(current: CallInProgress, refusal: Refusal): Awaitable<Verdict> {
    return whenKnown(wayOut.answer(current, refusal, nothingSent), (answer) => answerWith(answer, current.log.written))
  }

  /** To its verdict, or that of the refusal which is still to be told, by the ordinary way out, whatever breaks on the way. */
  function conclude(current: CallInProgress, run: () => Awaitable<Verdict | Refusal>): Awaitable<Verdict> {
    return attempt(
      run,
      (outcome) => (outcome.kind === 'refused' ? refused(current, outcome) : outcome),
      (error) => {
        const refusal = refusalOfFault(error, current)
        // Where the work stood when it broke is not known.
        return whenKnown(settlement.end(current, { outcome: 'unknown', reason: refusal.reason }), () => answered(current, refusal))
      },
    )
  }

  /** Switches, keys and accounts are read on the way in: without them nobody is let in, and that is no fault in here. */
  function refusalOfFault(error: unknown, { log }: CallInProgress): Refusal {
    if (error instanceof StoreUnavailableError) return refusedByStore(error, alert, log.requestId)
    if (error instanceof AnswerOverdueError) return refusalOfUnsettled(error)
    alert('internal', error, log.requestId)
    return refuse('internal', {}, { cause: error })
  }

  function beginLog(call: ConstructorParameters<typeof CallLog>[0], api: ApiOptions | undefined, contract: Contract): CallLog {
    const receivedAtMs = clock.wallMs()
    const id = contract.mintRequestId(requestIdBytes(contract.declaration.requestId?.format, receivedAtMs, randomBytes))
    return new CallLog(call, api, id, receivedAtMs, clock)
  }

  /** No route is meant. Who calls with a good key is told the limits that hold everywhere all the same, and found in the log. */
  async function astray(current: CallInProgress, refusal: Refusal): Promise<Verdict | Refusal> {
    const { api, call, log } = current
    if (api.credentials === undefined) return refusal
    try {
      log.principal = (await identify(api, api.credentials, { headers: call.headers, fromQuery: current.fromQuery }, { directory, tokens }, clock.wallMs())).principal
    } catch (error) {
      alert('store', error, log.requestId)
    }
    return refusal
  }

  /** Browsers send no credential with it, and it costs nobody anything. */
  async function preflight(current: CallInProgress, answer: TextAnswer): Promise<Verdict> {
    await limits.look(current)
    wayOut.answered(current, answer.status, 0)
    const headers = [...answer.headers, ...wayOut.ownHeaders(current, current.log.requestId, wayOut.context(current))]
    return answerWith({ ...answer, headers }, current.log.written)
  }

  function enter(current: CallInProgress, { api, depth }: Mounted, path: DecodedPath): Awaitable<Verdict> {
    const { call } = current
    const match = routers.get(api)?.(call.method, belowMount(depth, path)) ?? ({ kind: 'unknown' } satisfies RouteMatch)
    if (match.kind !== 'matched') return conclude(current, () => astray(current, refusalOfMatch(match, call, path)))
    const plan = plans.get(match.route)
    if (plan === undefined) return conclude(current, () => refuse('internal'))
    const matched = (current.matched = { route: match.route, params: match.params, plan })
    return conclude(current, () => admit(current, matched, depth))
  }

  function refuseRaw(...[reason, facts, about]: Parameters<Gate['refuseRaw']>): AnswerVerdict<TextAnswer> {
    const { method = '', target = '', headers = [], remoteAddress, cause } = about
    const api = mountAt(parsePath(pathOf(withoutAuthority(target))))?.api ?? only
    const contract = api?.contract ?? setup.fallback
    const log = beginLog({ method, target, headers: [], remoteAddress }, api, contract)
    const cors = corsOf(api)
    const preflighted = cors.preflight(method, headers)
    if (preflighted !== undefined) {
      wayOut.log(log, log.row(preflighted.status, undefined, nothingSent))
      return answerWith({ ...preflighted, headers: [...preflighted.headers, contract.requestIdHeader, log.requestId] }, log.written)
    }
    const refusal = refuse(reason, facts, { source: reason === 'internal' ? 'api' : 'client', cause })
    const written = wayOut.write(contract, refusal, { requestId: log.requestId, nowMs: log.receivedAtMs, acceptLanguage: acceptedLanguages(contract, headers) }, log, nothingSent)
    return answerWith({ ...written, headers: joinHeaders(written.headers, cors.headers(headers), cors.drops) }, log.written)
  }

  function begin(call: IncomingCall): Awaitable<Verdict> {
    const { method, target, headers, remoteAddress } = call
    const path = parsePath(pathOf(target))
    const mounted = mountAt(path)
    const issue = path.issue ?? (mounted?.ambiguous === undefined ? undefined : spellingIssue(mounted.ambiguous)) ?? (mounted === undefined ? slashIssue(path) : undefined)
    const api = mounted?.api ?? only
    if (api === undefined) {
      const { reason, facts } = lost(call, issue)
      return refuseRaw(reason, facts, { method, target, headers, remoteAddress })
    }
    const current = beginCall(api, call, beginLog(call, api, api.contract))
    // Before the path is judged: a page whose preflight is refused never sees why.
    const preflighted = corsOf(api).preflight(method, headers)
    if (preflighted !== undefined) return preflight(current, preflighted)
    return mounted !== undefined && issue === undefined ? enter(current, mounted, path) : conclude(current, () => astray(current, lost(call, issue)))
  }

  return { begin, refuseRaw }
}

function metersOfAll([first, ...others]: readonly RoutePlan[]): readonly string[] {
  return first?.meters.filter((meter) => others.every(({ meters }) => meters.includes(meter))) ?? []
}

function belowMount(depth: number, { segments, spelled }: DecodedPath): Pick<DecodedPath, 'segments' | 'spelled'> {
  return depth === 0 ? { segments, spelled } : { segments: segments.slice(depth), spelled: spelled?.slice(depth) }
}

function refusalOfMatch(match: Exclude<RouteMatch, { kind: 'matched' }>, call: IncomingCall, path: DecodedPath): Refusal {
  switch (match.kind) {
    case 'unknown': {
      const issue = slashIssue(path)
      return issue === undefined ? refuse('route.unknown', unknownRoute(call), { source: 'client' }) : refuse('request.invalid', { issue }, { source: 'client' })
    }
    case 'ambiguous':
      return refuse('request.invalid', { issue: spellingIssue(match.route.path) }, { source: 'client' })
    case 'method_not_allowed': {
      const { method, target } = call
      return refuse('method.not_allowed', { method, path: pathOf(target), allow: match.allow, issue: `${method} is not allowed here` }, { source: 'client' })
    }
  }
}

/** `issue`: what is wrong with its path. Undefined: nothing, but that nobody has it. */
function lost(call: IncomingCall, issue: string | undefined): Refusal {
  return issue === undefined ? refuse('route.unknown', unknownRoute(call), { source: 'client' }) : refuse('request.invalid', { issue }, { source: 'client' })
}

function slashIssue({ segments }: DecodedPath): string | undefined {
  return segments.some(holdsSlash) ? 'the path must not contain an encoded slash' : undefined
}

function spellingIssue(path: string): string {
  return `the path is ${path} in another spelling; write it so, with its case, without a further slash at its end, and without needless percent-encoding`
}

function unknownRoute({ method, target }: IncomingCall): { method: string; path: string; issue: string } {
  const path = pathOf(target)
  return { method, path, issue: `there is no ${path}` }
}
