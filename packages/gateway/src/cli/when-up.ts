import { NotUpYet, type CliIo } from './cli-io.ts'

const PAUSE_MS = 100
/** Before that nobody wonders what is going on. */
const SILENT_MS = 1_000

/**
 * Asks again until the gateway is up, for `waitMs` at most; then its last words. Who pastes a page of commands has started it in one line and asks it
 * in the next.
 */
export async function whenUp<T>(ask: () => Promise<T>, waitMs: number, io: Pick<CliIo, 'sleep' | 'stderr'>): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof NotUpYet)) throw error
      if (io.sleep === undefined || waitedMs >= waitMs) throw error.failure
      if (waitedMs === SILENT_MS) io.stderr(`The gateway is not up yet; waiting for it, for ${waitMs / 1_000} seconds at most …\n`)
      await io.sleep(PAUSE_MS)
    }
  }
}
