/** Callers whose calls are only counted, by whichever gateway they come to. */
import { setTimeout as pause } from 'node:timers/promises'
import { countedMeters, type Counted, type CountedMeter } from '../chaos/counts.ts'
import type { Random } from '../chaos/random.ts'
import type { SharedWorld } from './shared-world.ts'
import { counting } from './shared-shop.ts'

const WORKERS = 5
/** What is counted beside it says nothing of a call whose caller has waited so long. */
const WAIT_MS = 20_000

/** So many are refused at the least: a machine that is slow is asked more at once, until they are. */
const REFUSED_LEAST = 5
const AT_ONCE = 30
const BOUND_MS = 120_000

export interface CountingCallers {
  /** All is up by then. */
  stop(): Promise<readonly Counted[]>
}

export function startCounting(world: SharedWorld, random: Random): CountingCallers {
  const counts: Counted[] = []
  const stopping = new AbortController()
  let made = 0

  async function count(meter: CountedMeter): Promise<void> {
    const gateway = world.next()
    const startMs = Date.now()
    const name = `count-${(made += 1)}`
    const workMs = meter === 'parallel' ? random.whole(5, 80) : 0
    let status: number | undefined
    try {
      const answer = await fetch(`${gateway.url}/shop/v1/counted/${meter}`, { method: 'POST', headers: { 'x-api-key': counting.key, 'x-name': name, 'x-work-ms': String(workMs) }, signal: AbortSignal.timeout(WAIT_MS) })
      await answer.arrayBuffer()
      ;({ status } = answer)
    } catch {
      // Of what has broken off nobody knows whether it is counted.
    }
    const worked = world.countersService.worked(name)
    const outcome = status === 200 ? 'admitted' : status === 429 ? 'refused' : 'unknown'
    // Who came to the service was admitted, whatever became of its answer.
    counts.push({ meter, gateway: gateway.name, startMs, endMs: Date.now(), outcome: worked === undefined ? outcome : 'admitted', worked: status === 200 ? worked : undefined })
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      await count(random.oneOf(countedMeters))
      await pause(random.whole(5, 60))
    }
  }

  const working = Promise.all(Array.from({ length: WORKERS }, work))
  return {
    async stop() {
      stopping.abort()
      await working
      const untilMs = Date.now() + BOUND_MS
      while (counts.filter(({ outcome }) => outcome === 'refused').length < REFUSED_LEAST && Date.now() < untilMs) await Promise.all(Array.from({ length: AT_ONCE }, () => count('burst')))
      return counts
    },
  }
}
