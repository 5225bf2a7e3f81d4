/** How events come to webhooks: `X-Webhook-Id` tells one that comes twice; the signature stands in the payload. */
import { toInstant } from '@tollgate/example-parts/clock'
import type { Clock } from '@tollgate/example-parts/clock'
import type { Outbound } from '@tollgate/example-parts/outbound'
import { exponentialDelays } from '@tollgate/example-parts/schedule'
import { createWebhookDeliveries } from '@tollgate/example-parts/webhook-deliveries'
import type { WebhookDeliveries, WebhookTarget } from '@tollgate/example-parts/webhook-deliveries'
import { signedBody } from './webhook-event.ts'
import type { EventName, WebhookEvent } from './webhook-event.ts'

/** Five attempts within about three minutes: at once, then after 2 s, 8 s, 32 s and 128 s. */
export const retryDelaysMs = exponentialDelays(2_000, 4, 4)

export type Target = WebhookTarget<EventName, string>
export type Deliveries = WebhookDeliveries<WebhookEvent, string>

export function createDeliveries(clock: Clock, outbound: Outbound): Deliveries {
  return createWebhookDeliveries(clock, outbound, {
    delaysMs: retryDelaysMs,
    toInstant,
    write: (event, secret) => ({ body: signedBody(secret, event), headers: { 'User-Agent': 'AI-API-Webhook', 'X-Webhook-Id': event.id } }),
  })
}
