/** How events come to webhooks: `event_id` tells one that comes twice; the signature is a header. */
import { toUnixSeconds } from '@tollgate/example-parts/clock'
import type { Clock } from '@tollgate/example-parts/clock'
import type { Outbound } from '@tollgate/example-parts/outbound'
import { exponentialDelays } from '@tollgate/example-parts/schedule'
import { createWebhookDeliveries } from '@tollgate/example-parts/webhook-deliveries'
import type { WebhookDeliveries, WebhookTarget } from '@tollgate/example-parts/webhook-deliveries'
import { signBody } from './webhook-event.ts'
import type { EventName, WebhookEvent } from './webhook-event.ts'

/** Six attempts within about an hour: at once, then after 5 s, 25 s, 2 min, 10 min and 52 min. */
export const retryDelaysMs = exponentialDelays(5_000, 5, 5)

export type Target = WebhookTarget<EventName, number>
export type Deliveries = WebhookDeliveries<WebhookEvent, number>

export function createDeliveries(clock: Clock, outbound: Outbound): Deliveries {
  return createWebhookDeliveries(clock, outbound, {
    delaysMs: retryDelaysMs,
    toInstant: toUnixSeconds,
    write: ({ body }, secret) => ({ body, headers: { 'User-Agent': 'JoggAI-Webhook', 'X-Webhook-Signature': signBody(secret, body) } }),
  })
}
