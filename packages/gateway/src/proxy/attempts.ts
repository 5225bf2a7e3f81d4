/** How often an upstream was asked for one call, and what came of it. */
import type { UpstreamAttempt } from 'tollgate/journal'
import type { UpstreamFailure } from 'tollgate/gate'
import type { Upstream } from './upstream.ts'

export class Attempts {
  readonly list: UpstreamAttempt[] = []
  #startedMs = 0
  #isRecorded = true

  begin(nowMs: number): void {
    this.#startedMs = nowMs
    this.#isRecorded = false
  }

  /** Once for each that was begun. `target`: of the admitted call; its query, which may hold secrets, is left out. */
  record(nowMs: number, upstream: Upstream | undefined, target: string, status: number, error: UpstreamFailure['kind'] | undefined): void {
    if (this.#isRecorded) return
    this.#isRecorded = true
    this.list.push({
      target: `${upstream?.origin}${upstream?.basePath}${target.split('?', 1)[0] ?? ''}`,
      ...(status > 0 && { status }),
      ...(error !== undefined && { error }),
      durationMs: nowMs - this.#startedMs,
    })
  }
}
