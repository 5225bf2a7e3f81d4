/**
 * Brings a session from its order to its end in `active` or `failed`, long after the caller has his answer.
 *
 * Again and again one step is taken, and each step may be repeated: bind the lease to the session's id, ask the backend, date the lease, charge.
 * Whatever cannot be reached is asked again later, more and more rarely; a session is given away only once its price is charged for sure. A
 * session that fails gives the hold, the lease and the addresses back. A crash of this process leaves the hold to its deadline at the gateway.
 */
import type { Clock } from '@tollgate/example-parts/clock'
import type { BackendClient } from './backend-client.ts'
import { isDone } from './call-outcome.ts'
import { formatCents } from './money.ts'
import type { Failure, Session } from './session.ts'
import type { Turns } from './turns.ts'

export interface ProvisioningOptions {
  readonly clock: Clock
  readonly backend: BackendClient
  /** Where the session stands must not change within a step. */
  readonly inTurn: Turns
  readonly onError: (error: unknown, where: string) => void
}

export interface Provisioning {
  /** Names the lease at the gateway, if that can be reached, and sees to the rest in its own time. */
  start(session: Session): Promise<void>
  /** Gives back what the backend may have allocated. */
  cancelOrder(session: Session): void
}

const DAY_MS = 86_400_000
const STEP_MS = 500
const STEP_MS_MAX = 30_000
/** The backend has this long to allocate; after that the session has failed. */
const ALLOCATION_MS_MAX = 60_000
/** The traffic of a dynamic session is good for so long. */
const TRAFFIC_DAYS = 30

export function createProvisioning({ clock, backend, inTurn, onError }: ProvisioningOptions): Provisioning {
  async function step(session: Session): Promise<'ended' | 'goes on'> {
    if (session.state.status === 'creating') await allocate(session)
    if (session.state.status === 'settling') await charge(session)
    if (session.state.status === 'creating' || session.state.status === 'settling') return 'goes on'
    if (session.state.status === 'failed') await giveBack(session)
    session.call = undefined
    return 'ended'
  }

  async function bind(session: Session): Promise<boolean> {
    if (session.state.status !== 'creating' || session.state.bound) return true
    if (session.call !== undefined && !(await isDone(session.call.bindLease(session.id, null)))) return false
    session.state = { status: 'creating', bound: true }
    return true
  }

  async function allocate(session: Session): Promise<void> {
    if (!(await bind(session))) return abandon(session, 'not_paid')
    const order = await backend.look(session.id)
    if (!order.ok) onError(order.cause, session.id)
    if (!order.ok || order.value.state === 'pending') {
      if (clock.wallMs() - session.createdAtMs >= ALLOCATION_MS_MAX) abandon(session, 'not_allocated')
      return
    }
    if (order.value.state === 'failed') {
      onError(order.value.cause, session.id)
      return abandon(session, 'not_allocated')
    }
    const days = session.request.type === 'static' ? session.request.durationDays : TRAFFIC_DAYS
    const expiresAtMs = clock.wallMs() + days * DAY_MS
    if (session.call !== undefined && !(await isDone(session.call.renewLease(session.id, new Date(expiresAtMs))))) return abandon(session, 'not_paid')
    session.state = { status: 'settling', endpoints: order.value.endpoints, expiresAtMs }
  }

  async function charge(session: Session): Promise<void> {
    if (session.state.status !== 'settling') return
    const { endpoints, expiresAtMs } = session.state
    if (session.call !== undefined && !(await isDone(session.call.charge(formatCents(session.priceCents))))) return abandon(session, 'not_paid')
    session.state = { status: 'active', endpoints, expiresAtMs }
  }

  function abandon(session: Session, failure: Failure): void {
    session.state = { status: 'failed', endedAtMs: clock.wallMs(), failure }
    cancelOrder(session)
  }

  function cancelOrder(session: Session): void {
    void backend.release(session.id).then((released) => {
      if (!released.ok) onError(released.cause, session.id)
    })
  }

  async function giveBack({ call, id }: Session): Promise<void> {
    if (call === undefined) return
    await isDone(call.endLease(id))
    await isDone(call.release())
  }

  function goOn(session: Session, failures = 0): void {
    clock.after(Math.min(STEP_MS * 2 ** failures, STEP_MS_MAX), () => {
      inTurn(session.id, () => step(session)).then(
        (now) => {
          if (now === 'goes on') goOn(session)
        },
        (error: unknown) => {
          onError(error, session.id)
          goOn(session, failures + 1)
        },
      )
    })
  }

  return {
    async start(session) {
      // A gateway that cannot be reached now is asked again in the first step, and one that says no ends the session there.
      await bind(session).catch((error: unknown) => onError(error, session.id))
      goOn(session)
    },
    cancelOrder,
  }
}
