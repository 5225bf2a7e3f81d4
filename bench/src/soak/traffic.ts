/** Calls of all services at an even pace, some of which their callers give up. */
import { runRecipe, type Description } from '@tollgate/example-playground'
import { createMix } from '@tollgate/example-playground/mix'

export interface TrafficOptions {
  readonly description: Description
  readonly seed: number
  /** Calls begun in a second. */
  readonly rate: number
  readonly random: () => number
  /** How many of the callers leave before they have their answer. */
  readonly leaving: () => number
  readonly answered: () => void
  /** No answer came, although the caller waited for it. */
  readonly unanswered: (api: string, error: unknown) => void
}

export interface Traffic {
  /** Begins no more, and resolves when what is under way is over; what is not by then is given up. */
  end(): Promise<void>
}

const UNDER_WAY_MAX = 300
const LEAVES_WITHIN_MS = 300
const LAST_ANSWERS_MS = 60_000

export function startTraffic({ description, seed, rate, random, leaving, answered, unanswered }: TrafficOptions): Traffic {
  const next = createMix(description.apis, seed)
  const underWay = new Set<Promise<void>>()
  const waiting = new Set<AbortController>()

  async function call(): Promise<void> {
    const { api, item } = next()
    const leaves = new AbortController()
    const timer = random() < leaving() ? setTimeout(() => leaves.abort(), random() * LEAVES_WITHIN_MS) : undefined
    waiting.add(leaves)
    try {
      await runRecipe({ ...item, expect: { status: 200 } }, { send: (path, init) => fetch(description.url + path, { ...init, signal: leaves.signal }), onAnswer: answered })
    } catch (error) {
      // `fetch` rejects with a TypeError; a first step that was refused has its row in the log.
      if (error instanceof TypeError && !leaves.signal.aborted) unanswered(api, error.cause ?? error)
    } finally {
      clearTimeout(timer)
      waiting.delete(leaves)
    }
  }

  const ticking = setInterval(() => {
    if (underWay.size >= UNDER_WAY_MAX) return
    const running = call()
    underWay.add(running)
    void running.finally(() => underWay.delete(running))
  }, 1_000 / rate)

  return {
    async end() {
      clearInterval(ticking)
      const timer = setTimeout(() => waiting.forEach((one) => one.abort()), LAST_ANSWERS_MS)
      await Promise.all(underWay)
      clearTimeout(timer)
    },
  }
}
