/**
 * Brings events to webhooks. A receiver has five seconds to answer 2xx; otherwise the same bytes come again, after growing pauses, until the schedule
 * is at its end. A receiver may so get an event twice: `X-Webhook-Id` tells.
 */
import { toInstant } from '@tollgate/example-parts/clock'
import type { Clock } from '@tollgate/example-parts/clock'
import type { Outbound, OutboundAnswer } from '@tollgate/example-parts/outbound'
import { exponentialDelays, tryOnSchedule } from '@tollgate/example-parts/schedule'
import { signedBody } from './webhook-event.ts'
import type { EventName, WebhookEvent } from './webhook-event.ts'

/** Five attempts within about three minutes: at once, then after 2 s, 8 s, 32 s and 128 s. */
export const retryDelaysMs = exponentialDelays(2_000, 4, 4)

/** Older ones fall out of the log. */
const LOG_LENGTH_MAX = 50

export interface Target {
  readonly url: string
  readonly secret: string
  /** The newest last. */
  readonly deliveries: Delivery[]
  /** Deleted in the meantime: nothing more is sent. */
  removed: boolean
}

export interface Delivery {
  readonly event_id: string
  readonly event: EventName
  readonly attempts: Attempt[]
  status: 'pending' | 'delivered' | 'failed' | 'cancelled'
  next_attempt_at: string | null
}

export interface Attempt {
  readonly at: string
  /** The status that the receiver answered, if it did. */
  readonly http_status: number | null
  readonly error: 'unreachable' | 'timeout' | null
}

export interface Deliveries {
  /** Resolves when the event is delivered or given up; never rejects. */
  deliver(event: WebhookEvent, target: Target): Promise<void>
}

export function createDeliveries(clock: Clock, outbound: Outbound): Deliveries {
  async function attempt(event: WebhookEvent, { url, secret }: Target): Promise<{ readonly arrived: boolean; readonly attempt: Attempt }> {
    const at = toInstant(clock.wallMs())
    const body = signedBody(secret, event)
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'User-Agent': 'AI-API-Webhook', 'X-Webhook-Id': event.id }
    const answer: OutboundAnswer = await outbound.send({ url, method: 'POST', headers, body, bytesMax: 0 })
    if (!answer.ok) return { arrived: false, attempt: { at, http_status: null, error: answer.because } }
    return { arrived: answer.status >= 200 && answer.status < 300, attempt: { at, http_status: answer.status, error: null } }
  }

  return {
    async deliver(event, target) {
      const delivery: Delivery = { event_id: event.id, event: event.name, attempts: [], status: 'pending', next_attempt_at: null }
      target.deliveries.push(delivery)
      if (target.deliveries.length > LOG_LENGTH_MAX) target.deliveries.shift()
      const arrived = await tryOnSchedule(clock, retryDelaysMs, async (nextInMs) => {
        if (target.removed) return true
        const made = await attempt(event, target)
        delivery.attempts.push(made.attempt)
        delivery.next_attempt_at = made.arrived || nextInMs === null ? null : toInstant(clock.wallMs() + nextInMs)
        return made.arrived
      })
      if (target.removed) delivery.status = 'cancelled'
      else delivery.status = arrived ? 'delivered' : 'failed'
    },
  }
}
