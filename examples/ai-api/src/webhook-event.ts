/**
 * What a webhook is told. The signature stands in the payload itself, as its last member: the hexadecimal HMAC-SHA256, under the webhook's secret,
 * of the body as it was without it. A receiver cuts `,"signature":"…"` out of the bytes that arrived and computes it again.
 */
import { createHmac } from 'node:crypto'
import { toInstant } from '@tollgate/example-parts/clock'

export const eventNames = ['generation.completed', 'generation.failed', 'image.completed', 'analysis.completed', 'file.uploaded'] as const

export type EventName = (typeof eventNames)[number]

export interface WebhookEvent {
  readonly id: string
  readonly name: EventName
  /** What is signed: the payload without its signature. */
  readonly unsigned: string
}

export function createEvent(id: string, name: EventName, data: unknown, nowMs: number): WebhookEvent {
  return { id, name, unsigned: JSON.stringify({ event: name, data, timestamp: toInstant(nowMs) }) }
}

/** The bytes that are sent, the same at every attempt. */
export function signedBody(secret: string, { unsigned }: WebhookEvent): string {
  const signature = createHmac('sha256', secret).update(unsigned).digest('hex')
  return `${unsigned.slice(0, -1)},"signature":"${signature}"}`
}
