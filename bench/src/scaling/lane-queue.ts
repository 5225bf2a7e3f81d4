/**
 * Requests of one account that come by chance, on a lane that has one group under way: what comes meanwhile is the next group. Beside it one transaction for each, with the
 * lock of the account's row held from its first round trip to its commit.
 */
import { createRandom } from '../soak/random.ts'

export interface LaneOptions {
  readonly perSecond: number
  /** What a group takes, whoever is in it: its round trips and its commit. */
  readonly groupMs: number
  /** And for each in it. */
  readonly eachMs: number
  /** 1: each by itself. */
  readonly groupMax: number
  readonly requests: number
  readonly seed: number
}

export interface LaneResult {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly meanGroup: number
  /** It falls behind without end. */
  readonly isOver: boolean
}

export function simulateLane({ perSecond, groupMs, eachMs, groupMax, requests, seed }: LaneOptions): LaneResult {
  const random = createRandom(seed)
  const arrivals: number[] = []
  for (let at = 0, ms = 0; at < requests; at += 1) arrivals.push((ms += (-Math.log(1 - random()) * 1_000) / perSecond))
  const waits: number[] = []
  let [freeMs, next, groups] = [0, 0, 0]
  while (next < requests) {
    const beginMs = Math.max(freeMs, arrivals[next] ?? 0)
    let size = 0
    while (size < groupMax && (arrivals[next + size] ?? Infinity) <= beginMs) size += 1
    freeMs = beginMs + groupMs + size * eachMs
    for (let at = next; at < next + size; at += 1) waits.push(freeMs - (arrivals[at] ?? 0))
    next += size
    groups += 1
  }
  const sorted = waits.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  const lastMs = arrivals.at(-1) ?? 0
  return { p50Ms: at(0.5), p99Ms: at(0.99), meanGroup: requests / groups, isOver: freeMs > lastMs * 1.05 + 10 * groupMs }
}
