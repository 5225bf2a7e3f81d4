/** How evenly accounts of very different size fall on shards by the hash of their id: what the busiest shard has of the average, and what the largest account alone asks. */

export interface ShardLoad {
  readonly shards: number
  /** Load of the busiest shard, the average being 1. */
  readonly busiest: number
  /** What of all requests comes from the largest account. */
  readonly largestShare: number
}

/** The n-th largest account asks in proportion to n^-exponent. */
export function shardLoads({ accounts, exponent, shards }: { readonly accounts: number; readonly exponent: number; readonly shards: readonly number[] }): readonly ShardLoad[] {
  const weights = Float64Array.from({ length: accounts }, (_, at) => (at + 1) ** -exponent)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return shards.map((count) => {
    const loads = new Float64Array(count)
    for (let at = 0; at < accounts; at += 1) {
      const shard = hashOf(at) % count
      loads[shard] = (loads[shard] ?? 0) + (weights[at] ?? 0)
    }
    return { shards: count, busiest: (loads.reduce((most, load) => Math.max(most, load), 0) / total) * count, largestShare: (weights[0] ?? 0) / total }
  })
}

/** FNV-1a over the digits, then mixed: as an id would be. */
function hashOf(at: number): number {
  let hash = 0x811c9dc5
  for (const character of `acc_${at}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
