/** Which call comes next: every API as often as the others, within it by weight. The same seed gives the same calls in the same order. */
import type { DescribedApi, DescribedTraffic } from '../description.ts'

export interface MixedCall {
  readonly api: string
  readonly item: DescribedTraffic
}

/** Throws when no API has any traffic. */
export function createMix(apis: readonly Pick<DescribedApi, 'name' | 'traffic'>[], seed: number): () => MixedCall {
  const busy = apis.filter(({ traffic }) => traffic.some(({ weight }) => weight > 0))
  if (busy.length === 0) throw new Error('the playground shows no traffic for any API')
  const random = createRandom(seed)
  return () => {
    const api = busy[Math.floor(random() * busy.length)]
    const item = api && byWeight(api.traffic, random())
    if (api === undefined || item === undefined) throw new Error('random numbers must be from 0 to below 1')
    return { api: api.name, item }
  }
}

function byWeight(items: readonly DescribedTraffic[], share: number): DescribedTraffic | undefined {
  let left = share * items.reduce((sum, { weight }) => sum + weight, 0)
  return items.find(({ weight }) => (left -= weight) < 0)
}

/** How many calls an item makes. */
export function callCount({ before, repeat, parallel }: DescribedTraffic): number {
  return before.reduce((sum, step) => sum + (step.repeat ?? 1), 0) + Math.max(repeat, parallel)
}

/** mulberry32: small, and the same everywhere. Not for secrets. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
