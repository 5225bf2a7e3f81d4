/** Where videos are rendered: a queue, and a few that are worked on at a time. Each ends completed or failed, whatever happens on the way. */
import { pause } from '@tollgate/example-parts/clock'
import type { Clock } from '@tollgate/example-parts/clock'
import { toCues } from './captions.ts'
import { drawCover, drawVideo } from './drawing.ts'
import type { Library } from './library.ts'
import type { Video, VideoState } from './video.ts'

export interface Studio {
  /** Takes the video in; `ended` is called once, when its state is final. */
  take(video: Video, ended: () => void): void
}

export interface StudioOptions {
  readonly clock: Clock
  readonly library: Library
  /** Called for each error, with the id of the video that it happened to. */
  readonly onError: (error: unknown, where: string) => void
}

const SLOTS = 4
/** A waiting video is looked at so long after it came. */
const PICK_UP_MS = 1_000
/** Ten times as fast as it plays, but no render is done in an instant. */
const RENDER_MS_PER_SECOND = 100
const RENDER_MS_MIN = 4_000

export function createStudio({ clock, library, onError }: StudioOptions): Studio {
  const waiting: (() => Promise<void>)[] = []
  let busy = 0

  function fillSlots(): void {
    while (busy < SLOTS) {
      const next = waiting.shift()
      if (next === undefined) return
      busy++
      void next().finally(() => {
        busy--
        fillSlots()
      })
    }
  }

  async function render(video: Video): Promise<VideoState> {
    const { avatar, look, lengthSeconds, spoken } = video
    const startedAtMs = clock.wallMs()
    const endsAtMs = startedAtMs + Math.max(RENDER_MS_MIN, lengthSeconds * RENDER_MS_PER_SECOND)
    video.state = { status: 'processing', startedAtMs, endsAtMs }

    const portrait = await library.portrait(avatar)
    if (portrait === undefined) {
      onError(new Error(`the asset ${avatar.asset} is damaged or lost`), video.id)
      return { status: 'failed', reason: `avatar ${avatar.avatar_id} cannot be drawn: its asset is damaged` }
    }
    const cues = look.caption && spoken !== null ? toCues(spoken, lengthSeconds * 1000) : []
    const drawing = drawVideo({ ...look, portrait, lengthSeconds, cues })
    await pause(clock, Math.max(0, endsAtMs - clock.wallMs()))
    return { status: 'completed', drawing, cover: drawCover(portrait) }
  }

  async function work(video: Video, ended: () => void): Promise<void> {
    try {
      video.state = await render(video)
    } catch (error) {
      onError(error, video.id)
      video.state = { status: 'failed', reason: 'the render failed' }
    }
    ended()
  }

  return {
    take(video, ended) {
      clock.after(PICK_UP_MS, () => {
        waiting.push(() => work(video, ended))
        fillSlots()
      })
    },
  }
}
