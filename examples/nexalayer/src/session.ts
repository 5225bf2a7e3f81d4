/**
 * A paid session, and the way it lives:
 *
 *     creating ──▶ settling ──▶ active ──▶ expired     its time or its traffic is over
 *         │            │           └─────▶ terminated  by its owner
 *         └────────────┴─────────────────▶ failed, or terminated before it was charged
 *
 * In `settling` the addresses are there and the charge is not confirmed yet; to its owner it is still `creating`. `expired` is no state of its
 * own: it is what `active` is called once its time has come.
 */
import type { CallActions } from 'tollgate/service'
import type { Endpoint } from './backend-client.ts'
import { formatCents } from './money.ts'
import type { SessionRequest } from './session-request.ts'

export type SessionState =
  /** `bound`: the gateway knows the lease under the id of the session. */
  | { readonly status: 'creating'; readonly bound: boolean }
  | { readonly status: 'settling'; readonly endpoints: readonly Endpoint[]; readonly expiresAtMs: number }
  | { readonly status: 'active'; readonly endpoints: readonly Endpoint[]; readonly expiresAtMs: number }
  | { readonly status: 'terminated'; readonly endedAtMs: number }
  | { readonly status: 'failed'; readonly endedAtMs: number; readonly failure: Failure }

/** All that the owner is told; what exactly went wrong at the backend is in the log. */
export type Failure = 'not_allocated' | 'not_paid'

export interface Session {
  readonly id: string
  readonly account: string
  readonly idempotencyKey: string | undefined
  readonly request: SessionRequest
  readonly createdAtMs: number
  /** For each gigabyte, or for each address and day: what it was bought at, and is renewed at. */
  readonly unitCents: number
  readonly priceCents: number
  state: SessionState
  /** The call that holds the money, until it is charged or given back. */
  call: CallActions | undefined
  /** When each idempotency key renewed it: a renewal that is asked for again is not made again. */
  readonly renewedAtMs: Map<string, number>
  usedMb: number
  /** Since the last success or rotation, as reported. */
  failuresInARow: number
}

export type SessionStatus = 'creating' | 'active' | 'expired' | 'terminated' | 'failed'

export function statusOf({ state }: Session, nowMs: number): SessionStatus {
  if (state.status === 'settling') return 'creating'
  return state.status === 'active' && state.expiresAtMs <= nowMs ? 'expired' : state.status
}

/** Undefined: by now nobody and nothing has ended it; its time may be over. */
export function endedAtMsOf(state: SessionState): number | undefined {
  return state.status === 'terminated' || state.status === 'failed' ? state.endedAtMs : undefined
}

/** The session as its owner sees it. */
export function toSessionData(session: Session, nowMs: number): { readonly [name: string]: unknown } {
  const { id, state, request, createdAtMs, priceCents } = session
  const status = statusOf(session, nowMs)
  const endpoints = status === 'active' && state.status === 'active' ? state.endpoints : []
  const endedAtMs = endedAtMsOf(state)
  const ofItsType =
    request.type === 'dynamic'
      ? {
          proxy: toProxy(endpoints[0], request.protocol),
          rotation: request.rotation,
          health: session.failuresInARow === 0 ? 'ok' : 'degraded',
          usage: { traffic_gb: request.trafficGb, used_mb: session.usedMb },
        }
      : { quantity: request.quantity, duration_days: request.durationDays, ip_list: endpoints.map(({ host, ...rest }) => ({ ip: host, ...rest })) }
  return {
    session_id: id,
    type: request.type,
    status,
    product_no: request.productNo,
    price: formatCents(priceCents),
    created_at: formatTime(createdAtMs),
    expires_at: state.status === 'active' ? formatTime(state.expiresAtMs) : null,
    ended_at: endedAtMs === undefined ? null : formatTime(endedAtMs),
    failure: state.status === 'failed' ? state.failure : null,
    location: request.location,
    ...ofItsType,
  }
}

export function toProxy(endpoint: Endpoint | undefined, protocol: 'http' | 'socks5'): unknown {
  if (endpoint === undefined) return null
  const { host, port, username, password } = endpoint
  return { ...endpoint, protocol, full_url: `${protocol}://${username}:${password}@${host}:${port}` }
}

export function formatTime(ms: number): string {
  return new Date(ms).toISOString()
}
