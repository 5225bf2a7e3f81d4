/** What must have happened before a call is sent: its short body is read, and it is marked in the store, if it holds money or a key. */
import { attempt, whenKnown, type Awaitable } from 'tollgate/engine'
import type { Admitted, BodyProblem, UpstreamFailure } from 'tollgate/gate'
import type { CallerSide } from '../http/caller-side.ts'
import type { OutgoingRequest } from './outgoing-request.ts'

export type PreparedDeparture =
  | { readonly kind: 'ready' }
  | { readonly kind: 'body'; readonly problem: BodyProblem }
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure }
  /** It came to its end meanwhile, and is not sent. */
  | { readonly kind: 'over' }

const ready: PreparedDeparture = { kind: 'ready' }
const over: PreparedDeparture = { kind: 'over' }

/** `isOver`: whether it has come to its end. Never rejects. */
export function prepareDeparture(outgoing: Pick<OutgoingRequest, 'prepare'>, admitted: Pick<Admitted, 'dispatching'>, core: Pick<CallerSide['core'], 'report'>, isOver: () => boolean): Awaitable<PreparedDeparture> {
  return whenKnown(outgoing.prepare(), (outcome) => {
    if (isOver()) return over
    if (outcome !== 'ready') return { kind: 'body', problem: outcome }
    return attempt(
      () => admitted.dispatching(),
      (isMarked) => (!isMarked ? refused('the call is over, or could not be marked as sent') : isOver() ? over : ready),
      (error) => {
        core.report(error)
        return refused('the call could not be marked as sent')
      },
    )
  })
}

function refused(detail: string): PreparedDeparture {
  return { kind: 'failed', failure: { kind: 'refused', detail } }
}
