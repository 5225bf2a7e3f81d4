/**
 * Tells a callback that a task has ended. It has ten seconds to answer 2xx; otherwise the same bytes come again, up to five times, after growing
 * pauses. Nothing is signed: a receiver that wants to be sure asks for the task.
 */
import type { Clock } from '@tollgate/example-parts/clock'
import type { Outbound } from '@tollgate/example-parts/outbound'
import { exponentialDelays, tryOnSchedule } from '@tollgate/example-parts/schedule'

export const CALLBACK_DEADLINE_MS = 10_000

/** After 2, 4, 8, 16 and 30 seconds. */
const retryDelaysMs = exponentialDelays(2_000, 2, 5, 30_000)

/** Resolves to whether it was heard; never rejects. */
export function deliver(clock: Clock, outbound: Outbound, url: string, payload: unknown): Promise<boolean> {
  const body = JSON.stringify(payload)
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'User-Agent': 'LEAPERone-Callback' }
  return tryOnSchedule(clock, retryDelaysMs, async () => {
    const answer = await outbound.send({ url, method: 'POST', bytesMax: 0, headers, body })
    return answer.ok && answer.status >= 200 && answer.status < 300
  })
}
