/** What must have happened before a call is sent: its short body is read, and it is marked in the store, if it holds money or a key. */
import type { Admitted, BodyProblem, UpstreamFailure } from 'tollgate/gate'
import type { CallerSide } from '../http/caller-side.ts'
import type { OutgoingRequest } from './outgoing-request.ts'

export type PreparedDeparture =
  | { readonly kind: 'ready' }
  | { readonly kind: 'body'; readonly problem: BodyProblem }
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure }
  /** It came to its end meanwhile, and is not sent. */
  | { readonly kind: 'over' }

/** `isOver`: whether it has come to its end. Never rejects. */
export async function prepareDeparture(outgoing: Pick<OutgoingRequest, 'prepare'>, admitted: Pick<Admitted, 'dispatching'>, core: Pick<CallerSide['core'], 'report'>, isOver: () => boolean): Promise<PreparedDeparture> {
  const prepared = outgoing.prepare()
  const outcome = typeof prepared === 'string' ? prepared : await prepared
  if (isOver()) return { kind: 'over' }
  if (outcome !== 'ready') return { kind: 'body', problem: outcome }
  try {
    if (!(await admitted.dispatching())) return refused('the call is over, or could not be marked as sent')
  } catch (error) {
    core.report(error)
    return refused('the call could not be marked as sent')
  }
  return isOver() ? { kind: 'over' } : { kind: 'ready' }
}

function refused(detail: string): PreparedDeparture {
  return { kind: 'failed', failure: { kind: 'refused', detail } }
}
