/**
 * Brings events to webhooks. A receiver that does not answer 2xx in time gets the same bytes again, after growing pauses, until the schedule is at its end.
 * A receiver may so get an event twice: its id tells.
 */
import type { Clock } from './clock.ts'
import type { Outbound } from './outbound.ts'
import { tryOnSchedule } from './schedule.ts'

/** Older ones fall out of the log. */
const LOG_LENGTH_MAX = 50

export interface NamedEvent<Name extends string> {
  readonly id: string
  readonly name: Name
}

/** `Instant`: as the API writes one. */
export interface WebhookTarget<Name extends string, Instant> {
  readonly url: string
  readonly secret: string
  /** The newest last. */
  readonly deliveries: WebhookDelivery<Name, Instant>[]
  /** Deleted in the meantime: nothing more is sent. */
  removed: boolean
}

export interface WebhookDelivery<Name extends string, Instant> {
  readonly event_id: string
  readonly event: Name
  readonly attempts: WebhookAttempt<Instant>[]
  status: 'pending' | 'delivered' | 'failed' | 'cancelled'
  next_attempt_at: Instant | null
}

export interface WebhookAttempt<Instant> {
  readonly at: Instant
  /** The status that the receiver answered, if it did. */
  readonly http_status: number | null
  readonly error: 'unreachable' | 'timeout' | null
}

export interface WebhookDeliveries<Event extends NamedEvent<string>, Instant> {
  /** Resolves when the event is delivered or given up; never rejects. */
  deliver(event: Event, target: WebhookTarget<Event['name'], Instant>): Promise<void>
}

export interface WebhookDialect<Event, Instant> {
  /** The pauses between attempts. */
  readonly delaysMs: readonly number[]
  readonly toInstant: (wallMs: number) => Instant
  /** The bytes, the same at every attempt, and what stands beside them of headers: who sends it, how it is signed. */
  readonly write: (event: Event, secret: string) => { readonly body: string; readonly headers: { readonly [name: string]: string } }
}

export function createWebhookDeliveries<Event extends NamedEvent<string>, Instant>(clock: Clock, outbound: Outbound, { delaysMs, toInstant, write }: WebhookDialect<Event, Instant>): WebhookDeliveries<Event, Instant> {
  async function attempt(event: Event, { url, secret }: WebhookTarget<Event['name'], Instant>): Promise<{ readonly arrived: boolean; readonly attempt: WebhookAttempt<Instant> }> {
    const at = toInstant(clock.wallMs())
    const { body, headers } = write(event, secret)
    const answer = await outbound.send({ url, method: 'POST', headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers }, body, bytesMax: 0 })
    if (!answer.ok) return { arrived: false, attempt: { at, http_status: null, error: answer.because } }
    return { arrived: answer.status >= 200 && answer.status < 300, attempt: { at, http_status: answer.status, error: null } }
  }

  return {
    async deliver(event, target) {
      const delivery: WebhookDelivery<Event['name'], Instant> = { event_id: event.id, event: event.name, attempts: [], status: 'pending', next_attempt_at: null }
      target.deliveries.push(delivery)
      if (target.deliveries.length > LOG_LENGTH_MAX) target.deliveries.shift()
      const arrived = await tryOnSchedule(clock, delaysMs, async (nextInMs) => {
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
