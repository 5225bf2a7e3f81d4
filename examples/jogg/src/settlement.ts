/**
 * Settles the credits that the gateway holds for a video, once the video has ended. Repeated until the gateway has heard it; after the last
 * attempt the hold meets its own deadline.
 */
import type { CallApi } from './call-api.ts'
import type { Clock } from './clock.ts'
import { exponentialDelays, tryOnSchedule } from './schedule.ts'

const delaysMs = exponentialDelays(1_000, 4, 5)

/** `charge`: the decimal amount that is due, null to give everything back. Never rejects; `onGiveUp` learns why the last attempt failed. */
export async function settleCall(clock: Clock, call: CallApi, charge: string | null, onGiveUp: (error: unknown) => void): Promise<void> {
  let last: unknown
  const heard = await tryOnSchedule(clock, delaysMs, async () => {
    try {
      await (charge === null ? call.release() : call.charge(charge))
      return true
    } catch (error) {
      last = error
      return false
    }
  })
  if (!heard) onGiveUp(last)
}
