/** A video from its order to its end, and what its owner sees of it. */
import { toUnixSeconds } from '@tollgate/example-parts/clock'
import type { Avatar } from './library.ts'
import type { Look } from './video-request.ts'

export interface Video {
  readonly id: string
  readonly account: string
  readonly name: string | null
  readonly avatar: Avatar
  /** What is said and shown as subtitles; null where a recording speaks. */
  readonly spoken: string | null
  readonly lengthSeconds: number
  readonly look: Look
  readonly createdAtMs: number
  state: VideoState
}

export type VideoState =
  | { readonly status: 'queued' }
  | { readonly status: 'processing'; readonly startedAtMs: number; readonly endsAtMs: number }
  | { readonly status: 'completed'; readonly drawing: string; readonly cover: string }
  /** `reason` is for the owner to read. */
  | { readonly status: 'failed'; readonly reason: string }

export interface VideoView {
  readonly video_id: string
  readonly video_name: string | null
  readonly status: VideoState['status']
  /** Percent; 100 only when it is completed. */
  readonly progress: number
  readonly duration_seconds: number
  readonly video_url: string | null
  readonly cover_url: string | null
  readonly error_msg: string | null
  readonly created_at: number
}

/** `publicUrl`: where callers reach this service, without a slash at its end. */
export function toView({ id, name, lengthSeconds, createdAtMs, state }: Video, nowMs: number, publicUrl: string): VideoView {
  const completed = state.status === 'completed'
  return {
    video_id: id,
    video_name: name,
    status: state.status,
    progress: progressOf(state, nowMs),
    duration_seconds: lengthSeconds,
    video_url: completed ? `${publicUrl}/media/${id}/video.svg` : null,
    cover_url: completed ? `${publicUrl}/media/${id}/cover.svg` : null,
    error_msg: state.status === 'failed' ? state.reason : null,
    created_at: toUnixSeconds(createdAtMs),
  }
}

function progressOf(state: VideoState, nowMs: number): number {
  if (state.status === 'completed') return 100
  if (state.status !== 'processing') return 0
  const share = (nowMs - state.startedAtMs) / (state.endsAtMs - state.startedAtMs)
  return Math.min(99, Math.max(0, Math.floor(share * 100)))
}
