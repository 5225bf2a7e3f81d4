/**
 * Settles the money that the gateway holds for work that goes on after its answer, once that has ended. Repeated until the gateway has heard it; after the last
 * attempt the hold meets its own deadline.
 */
import { callAt } from 'tollgate/service'
import type { Clock } from './clock.ts'
import { exponentialDelays } from './schedule.ts'

const delaysMs = exponentialDelays(1_000, 4, 5)

/** `charge`: the decimal amount that is due, null to give everything back. Never rejects; `onGiveUp` learns why the last attempt failed. */
export async function settleCall(clock: Clock, callUrl: string, charge: string | null, onGiveUp: (error: unknown) => void): Promise<void> {
  const call = callAt(callUrl, { clock, delaysMs })
  try {
    const said = await (charge === null ? call.release() : call.charge(charge))
    // A call that is over was settled by its deadline: there is nothing left to say.
    if (said.outcome === 'unreachable') onGiveUp(new Error(said.detail))
  } catch (error) {
    onGiveUp(error)
  }
}
