/** All videos, in the order in which they were made. Those that ended long ago are forgotten. */
import type { Video } from './video.ts'

/** As long as anybody may reasonably come back for one. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000

export interface VideoRows {
  add(video: Video): void
  /** A stranger's video is not there. */
  find(account: string, id: string): Video | undefined
  /** For whoever holds its address: ids cannot be guessed. */
  findAny(id: string): Video | undefined
}

export function createVideoRows(wallMs: () => number): VideoRows {
  const rows = new Map<string, Video>()

  function forgetOld(): void {
    for (const [id, { createdAtMs }] of rows) {
      if (createdAtMs > wallMs() - KEEP_MS) return
      rows.delete(id)
    }
  }

  function findAny(id: string): Video | undefined {
    forgetOld()
    return rows.get(id)
  }

  return {
    add(video) {
      forgetOld()
      rows.set(video.id, video)
    },
    findAny,
    find(account, id) {
      const video = findAny(id)
      return video?.account === account ? video : undefined
    },
  }
}
