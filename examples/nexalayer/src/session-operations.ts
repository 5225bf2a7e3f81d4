/** What can be done to a session that there is: show it, renew it (static), rotate it (dynamic), terminate it, tell how it does. */
import type { Clock } from '@tollgate/example-parts/clock'
import { priceHeader } from 'tollgate/service'
import type { BackendClient } from './backend-client.ts'
import { isDone } from './call-outcome.ts'
import type { Caller } from './caller.ts'
import { formatCents } from './money.ts'
import { parseEvent, parseRenewal, parseRotate } from './operation-request.ts'
import { invalidRequest, no, success } from './reply.ts'
import type { Reply } from './reply.ts'
import { KEY_KEPT_MS } from './session-rows.ts'
import { formatTime, statusOf, toProxy, toSessionData } from './session.ts'
import type { Session, SessionState } from './session.ts'
import { countFailures, recommend } from './telemetry.ts'
import type { Turns } from './turns.ts'

export interface SessionOperationsOptions {
  readonly clock: Clock
  readonly backend: BackendClient
  readonly inTurn: Turns
  readonly onError: (error: unknown, where: string) => void
}

export interface SessionOperations {
  /** Ended ones too, newest first. */
  list(sessions: readonly Session[], caller: Caller): Reply
  show(session: Session, caller: Caller): Reply
  renew(session: Session, caller: Caller, body: string): Promise<Reply>
  rotate(session: Session, caller: Caller, body: string): Promise<Reply>
  terminate(session: Session, caller: Caller): Promise<Reply>
  report(session: Session, caller: Caller, body: string): Promise<Reply>
}

type Active = Extract<SessionState, { readonly status: 'active' }>
/** Whether it can be changed. */
type Changeable = { readonly ok: true; readonly state: Active } | { readonly ok: false; readonly reply: Reply }

const DAY_MS = 86_400_000
const MB_PER_GB = 1024

export function createSessionOperations({ clock, backend, inTurn, onError }: SessionOperationsOptions): SessionOperations {
  const data = (session: Session) => toSessionData(session, clock.wallMs())

  function ended({ id, state }: Session): Reply {
    if (state.status === 'active') return no.sessionExpired({ session_id: id, expired_at: formatTime(state.expiresAtMs) })
    // `state`, because `status` is the HTTP status in a problem (RFC 9457 section 3.1.2).
    return no.sessionExpired({ session_id: id, state: state.status })
  }

  /** Only what is active can be changed. */
  function changeable(session: Session): Changeable {
    const status = statusOf(session, clock.wallMs())
    if (status === 'active' && session.state.status === 'active') return { ok: true, state: session.state }
    return { ok: false, reply: status === 'creating' ? invalidRequest({ issue: 'the session is still being created' }) : ended(session) }
  }

  async function renew(session: Session, caller: Caller, body: string): Promise<Reply> {
    const { call, idempotencyKey } = caller
    const parsed = parseRenewal(body)
    if (!parsed.ok) return invalidRequest(parsed)
    if (session.request.type !== 'static') return invalidRequest({ issue: 'only a static session can be renewed; create a new one' })
    const now = changeable(session)
    if (!now.ok) return now.reply
    const { state } = now

    const headers = { [priceHeader]: formatCents(session.unitCents * session.request.quantity * parsed.value) }
    const renewedAtMs = idempotencyKey === undefined ? undefined : session.renewedAtMs.get(idempotencyKey)
    // The same hold is asked for again, since its first answer did not arrive: charged once, extended once.
    if (renewedAtMs !== undefined && renewedAtMs > clock.wallMs() - KEY_KEPT_MS) return success(caller, data(session), headers)

    const expiresAtMs = state.expiresAtMs + parsed.value * DAY_MS
    if (call !== undefined && !(await isDone(call.renewLease(session.id, new Date(expiresAtMs))))) throw new Error(`the gateway has no lease of session ${session.id}`)
    session.state = { ...state, expiresAtMs }
    if (idempotencyKey !== undefined) session.renewedAtMs.set(idempotencyKey, clock.wallMs())
    return success(caller, data(session), headers)
  }

  async function rotate(session: Session, caller: Caller, body: string): Promise<Reply> {
    const parsed = parseRotate(body)
    if (!parsed.ok) return invalidRequest(parsed)
    if (session.request.type !== 'dynamic') return invalidRequest({ issue: 'only a dynamic session can be rotated; a static one keeps its addresses' })
    const now = changeable(session)
    if (!now.ok) return now.reply
    const { state } = now

    const rotated = await backend.rotate(session.id)
    if (!rotated.ok) {
      onError(rotated.cause, caller.requestId)
      return rotated.failure === 'timeout' ? no.backendTimeout() : no.backendError()
    }
    if (rotated.value.state !== 'ready') return no.backendError()
    session.state = { ...state, endpoints: rotated.value.endpoints }
    session.failuresInARow = 0
    const new_proxy = toProxy(rotated.value.endpoints[0], session.request.protocol)
    return success(caller, { session_id: session.id, reason: parsed.value, new_proxy })
  }

  /** Whatever time or traffic is left is forfeited; a session that is not charged yet costs nothing. Twice is like once. */
  async function terminate(session: Session, caller: Caller): Promise<Reply> {
    const { call, requestId } = caller
    const status = statusOf(session, clock.wallMs())
    if (status === 'terminated') return success(caller, data(session))
    if (status !== 'active' && status !== 'creating') return ended(session)

    const ending = call ?? session.call
    if (ending !== undefined) await isDone(ending.endLease(session.id))
    if (session.call !== undefined) await isDone(session.call.release())
    session.state = { status: 'terminated', endedAtMs: clock.wallMs() }
    const released = await backend.release(session.id)
    if (!released.ok) onError(released.cause, requestId)
    return success(caller, data(session))
  }

  async function report(session: Session, caller: Caller, body: string): Promise<Reply> {
    const parsed = parseEvent(body)
    if (!parsed.ok) return invalidRequest(parsed)
    const now = changeable(session)
    if (!now.ok) return now.reply
    const { state } = now

    const { type, trafficMb } = parsed.value
    const usedMb = session.usedMb + trafficMb
    const isUsedUp = session.request.type === 'dynamic' && usedMb >= session.request.trafficGb * MB_PER_GB
    // First: where the gateway cannot be reached nothing has happened yet, and the event is reported again.
    if (isUsedUp && caller.call !== undefined) await isDone(caller.call.endLease(session.id))
    session.failuresInARow = countFailures(type, session.failuresInARow)
    session.usedMb = usedMb
    if (isUsedUp) session.state = { ...state, expiresAtMs: clock.wallMs() }
    return success(caller, { recommendation: recommend(type, session.failuresInARow, session.request.type) })
  }

  return {
    list: (sessions, caller) => success(caller, { sessions: sessions.map(data).toReversed() }),
    show: (session, caller) => (statusOf(session, clock.wallMs()) === 'expired' ? ended(session) : success(caller, data(session))),
    renew: (session, caller, body) => inTurn(session.id, () => renew(session, caller, body)),
    rotate: (session, caller, body) => inTurn(session.id, () => rotate(session, caller, body)),
    terminate: (session, caller) => inTurn(session.id, () => terminate(session, caller)),
    report: (session, caller, body) => inTurn(session.id, () => report(session, caller, body)),
  }
}
