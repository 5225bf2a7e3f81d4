/** Chances that a seed repeats. */
export interface Random {
  /** From `least` to `most`, both included. */
  whole(least: number, most: number): number
  chance(probability: number): boolean
  /** Throws when there is nothing to choose from. */
  oneOf<T>(list: readonly T[]): T
  /** One of the names, as often as its weight says. */
  weighted<Name extends string>(weights: { readonly [name in Name]: number }): Name
}

export function createRandom(seed: number): Random {
  const next = mulberry32(seed)
  const oneOf = <T>(list: readonly T[]): T => {
    const index = Math.floor(next() * list.length)
    if (!(index in list)) throw new RangeError('nothing to choose from')
    return list[index] as T
  }
  return {
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    oneOf,
    weighted<Name extends string>(weights: { readonly [name in Name]: number }) {
      const entries = Object.entries(weights) as [Name, number][]
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      return (entries.find(([, weight]) => (left -= weight) < 0) ?? oneOf(entries))[0]
    },
  }
}

/** Public domain, by Tommy Ettinger: 32 bits of state are enough for traffic. */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
