/** From the route on: whether a call is let in, and what then becomes of it. Refusals are told to the caller by whoever asks. */
import type { Directory, Switches } from '../directory/directory.ts'
import { whenKnown, type Awaitable } from '../engine/awaitable.ts'
import { refuse, type Refusal } from '../contract/declare/refusal.ts'
import type { Alert, CallInProgress, MatchedRoute } from './call/call-in-progress.ts'
import { createCallTokens } from './call/call-token.ts'
import { answerWith } from './answer-with.ts'
import type { AdmittedVerdict, Verdict, Whereabouts } from './call.ts'
import { createAdmitted } from './call/admitted.ts'
import type { GateOptions, RouteOptions } from './gate-options.ts'
import type { Handler } from './call/handled-call.ts'
import { createHandling } from './call/handling.ts'
import { identify } from './way-in/identify.ts'
import type { InFlight, Place } from './way-in/in-flight.ts'
import type { LimitView } from './way-in/limit-view.ts'
import { targetBelow } from './way-in/path.ts'
import { authorise } from './way-in/permission.ts'
import type { Replay } from './steps/replay.ts'
import { readBytes } from './steps/request-body.ts'
import type { RunStep } from './steps/step.ts'
import type { CallSettlement } from './call/call-settlement.ts'
import { refusedMeanwhile } from './call/meanwhile.ts'
import { mintTraceContext } from './way-in/trace-context.ts'
import { refusedHandshake } from './way-in/subprotocol.ts'
import { readForEcho } from './way-out/request-echo.ts'
import type { WayOut } from './way-out/way-out.ts'

export interface AdmittingTools extends Pick<GateOptions, 'store' | 'clock' | 'randomBytes' | 'sha256Hex' | 'tokens' | 'calls' | 'decompress' | 'owner'> {
  readonly directory: Directory
  readonly inFlight: InFlight
  readonly wayOut: WayOut
  readonly settlement: CallSettlement
  readonly limits: LimitView
  readonly alert: Alert
  /** Those of a route, in their order; undefined: it is none of the gate's. */
  readonly stepsOf: (route: RouteOptions) => readonly RunStep[] | undefined
}

/** A refusal is still to be told. `depth`: how many segments of the path are the mount. */
export type Admit = (current: CallInProgress, matched: MatchedRoute, depth: number) => Awaitable<Verdict | Refusal>

export function createAdmitting({ store, clock, randomBytes, sha256Hex, tokens, calls, decompress, owner, directory, inFlight, wayOut, settlement, limits, alert, stepsOf }: AdmittingTools): Admit {
  const callTokens = calls && createCallTokens(calls.secret, sha256Hex)
  const tools = { store, clock, sha256Hex, alert, owner }
  const identity = { directory, tokens }
  const handle = createHandling({ clock, wayOut, settlement })

  /** Maintenance and overload: the switches that an operator sets. */
  function refusedBySwitch({ maintenance, overload }: Switches): Refusal | undefined {
    if (maintenance?.on === true) {
      const { untilMs } = maintenance
      if (untilMs === undefined) return refuse('service.maintenance')
      const retryAfterMs = untilMs - clock.wallMs()
      if (retryAfterMs > 0) return refuse('service.maintenance', { untilMs, retryAfterMs })
    }
    return overload?.on === true ? refuse('capacity.overloaded') : undefined
  }

  function refusedByIdentity({ api, call, log, fromQuery }: CallInProgress, { route }: MatchedRoute): Awaitable<Refusal | undefined> {
    if (route.public === true || api.credentials === undefined) return undefined
    return whenKnown(identify(api, api.credentials, { headers: call.headers, fromQuery }, identity, clock.wallMs()), (identified) => {
      log.principal = identified.principal
      log.mark('identified')
      return identified.kind === 'refused' ? identified.refusal : authorise(api, route, identified.principal)
    })
  }

  function refusedStranger(current: CallInProgress, matched: MatchedRoute): Awaitable<Refusal | undefined> {
    return current.log.principal === undefined ? limits.refusedStranger(current, matched) : undefined
  }

  function endedOnRoute(current: CallInProgress, matched: MatchedRoute, place: Place): Awaitable<Refusal | Replay | undefined> {
    const handshake = refusedHandshake(current.api, current.call.headers)
    if (handshake !== undefined) return handshake
    return whenKnown(refusedByIdentity(current, matched), (unknown) =>
      whenKnown(unknown ?? refusedStranger(current, matched), (refusal) => {
        const ended = refusal ?? refusedBy(place.fullAt(current.log.principal !== undefined))
        return ended ?? whenKnown(readForEcho(current), (unread) => unread ?? endedBySteps(current, stepsOf(matched.route)))
      }),
    )
  }

  function endedBySteps(current: CallInProgress, steps: readonly RunStep[] | undefined): Awaitable<Refusal | Replay | undefined> {
    return steps === undefined ? refuse('internal') : endedByStep(current, steps, 0)
  }

  /** From this step on, one after the other. */
  function endedByStep(current: CallInProgress, steps: readonly RunStep[], from: number): Awaitable<Refusal | Replay | undefined> {
    for (let at = from; at < steps.length; at += 1) {
      const ended = steps[at]?.(current, tools)
      if (ended instanceof Promise) return ended.then((later) => later ?? endedByStep(current, steps, at + 1))
      if (ended !== undefined) return ended
    }
    current.log.mark('admitted')
    return undefined
  }

  /** The body is waited for before the place is taken. */
  async function handled(current: CallInProgress, matched: MatchedRoute, handler: Handler, place: Place): Promise<Verdict | Refusal> {
    const read = await readBytes(current)
    if (read.kind === 'refused') return read
    const isKnown = current.log.principal !== undefined
    if (!place.take(isKnown)) return refusedBy(place.fullAt(isKnown)) ?? refuse('capacity.overloaded')
    try {
      return await handle(current, matched, handler)
    } finally {
      place.leave()
    }
  }

  function admitted(current: CallInProgress, matched: MatchedRoute, depth: number, place: Place): AdmittedVerdict {
    const { log } = current
    log.trace ??= mintTraceContext(randomBytes)
    const report = (message: string): void => alert('upstream', message, log.requestId)
    return createAdmitted({ current, matched, whereabouts: whereaboutsOf(current, matched, depth), callUrl: callUrlOf(current, matched), wayOut, settlement, place, alert: report, decompress, refusedMeanwhile: () => refusedMeanwhile(current, { directory, store }, clock.wallMs()) })
  }

  function whereaboutsOf({ api, call }: CallInProgress, { route }: MatchedRoute, depth: number): Whereabouts {
    const { name } = api
    if (api.keepMount === true || depth === 0) return { api: name, route, target: call.target, takenOff: '' }
    return { api: name, route, target: targetBelow(depth, call.target), takenOff: api.mount }
  }

  function callUrlOf({ api, log }: CallInProgress, { plan }: MatchedRoute): string | undefined {
    if (calls === undefined || callTokens === undefined || !plan.hasAfterlife) return undefined
    return `${calls.url()}/${callTokens.format({ api: api.name, accountId: log.principal?.account.id ?? '', callId: log.requestId })}`
  }

  /** From the route on. The call takes its place among those in flight when its request has come and goes on, and keeps it until it has left. */
  return function admit(current: CallInProgress, matched: MatchedRoute, depth: number): Awaitable<Verdict | Refusal> {
    const { api, log } = current
    log.route = matched.route
    const place = inFlight.placeFor(api.name, { max: api.inFlightMax, unauthenticatedMax: api.inFlightUnauthenticatedMax })
    return whenKnown(directory.switches(api.name), (switches) => {
      const closed = refusedBySwitch(switches) ?? refusedBy(place.fullAt(true))
      return closed ?? whenKnown(endedOnRoute(current, matched, place), (ended) => passed(current, matched, depth, place, ended))
    })
  }

  function passed(current: CallInProgress, matched: MatchedRoute, depth: number, place: Place, ended: Refusal | Replay | undefined): Awaitable<Verdict | Refusal> {
    if (ended?.kind === 'refused') return ended
    if (ended !== undefined) return replayed(current, matched, depth, ended)
    settlement.keep(current)
    const { handler } = matched.plan
    return handler === undefined ? admitted(current, matched, depth, place) : handled(current, matched, handler, place)
  }

  async function replayed(current: CallInProgress, matched: MatchedRoute, depth: number, replay: Replay): Promise<Verdict> {
    await settlement.end(current, { outcome: 'released', reason: 'replayed' })
    return { ...answerWith(wayOut.replay(current, replay), current.log.written), of: whereaboutsOf(current, matched, depth) }
  }
}

function refusedBy(limit: number | undefined): Refusal | undefined {
  return limit === undefined ? undefined : refuse('capacity.overloaded', { limit })
}
