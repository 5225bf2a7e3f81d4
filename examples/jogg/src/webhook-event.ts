/** What a webhook is told. The receiver proves that it came from us by computing the signature itself, over the body's bytes as they arrived. */
import { createHmac } from 'node:crypto'
import { toUnixSeconds } from '@tollgate/example-parts/clock'
import type { VideoView } from './video.ts'

export const webhookEvents = ['generated_avatar_video_success', 'generated_avatar_video_failed'] as const

export type EventName = (typeof webhookEvents)[number]

export interface WebhookEvent {
  readonly id: string
  readonly name: EventName
  /** The bytes that are sent, the same at every attempt. */
  readonly body: string
}

export function createVideoEvent(id: string, video: VideoView, nowMs: number): WebhookEvent {
  const name = video.status === 'completed' ? 'generated_avatar_video_success' : 'generated_avatar_video_failed'
  return { id, name, body: JSON.stringify({ event_id: id, event: name, timestamp: toUnixSeconds(nowMs), data: video }) }
}

/** Hexadecimal HMAC-SHA256: the value of `X-Webhook-Signature`. */
export function signBody(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('hex')
}
