/**
 * What happened before the start. Sessions that have ended and tokens that have expired cannot be written by hand: they are made by calls through
 * the gateway while the clock still shows the past. Then the clock is set to now, once; time never goes back.
 */
import type { Clock } from 'tollgate/engine'
import type { Api } from './api.ts'
import type { PastValues } from './description.ts'
import { runSteps } from './runner.ts'

export interface LateClock extends Clock {
  /** From now on so far behind the time. Throws if it were to go back. */
  setAgo(agoMs: number): void
}

/** Begins so far behind. Waits are as long as ever. */
export function createLateClock(clock: Clock, beginAgoMs: number): LateClock {
  let agoMs = beginAgoMs
  return {
    wallMs: () => clock.wallMs() - agoMs,
    monotonicMs: () => clock.monotonicMs(),
    after: (delayMs, run) => clock.after(delayMs, run),
    setAgo(nextMs) {
      if (nextMs > agoMs) throw new RangeError(`the clock is ${agoMs} ms behind and cannot go back to ${nextMs}`)
      agoMs = nextMs
    },
  }
}

export function longestAgoMs(apis: readonly Api[]): number {
  return Math.max(0, ...apis.flatMap(({ past = [] }) => past.map(({ agoMs }) => agoMs)))
}

/** Makes the calls, the oldest first, and gives what they captured. Rejects when one is refused: what builds on it would not be there. */
export async function livePast(url: string, clock: LateClock, apis: readonly Api[]): Promise<PastValues> {
  const past = apis.flatMap(({ contract, past: calls = [] }) => calls.map((call) => ({ api: contract.name, call })))
  const kept: { [api: string]: { [name: string]: string } } = Object.fromEntries(apis.map(({ contract }) => [contract.name, {}]))
  for (const { api, call } of past.toSorted((one, other) => other.call.agoMs - one.call.agoMs)) {
    clock.setAgo(call.agoMs)
    await runSteps([call], { values: kept[api] ?? {}, send: (path, init) => fetch(url + path, init) })
  }
  clock.setAgo(0)
  return kept
}
