/**
 * A map that forgets what was not used for long. Two generations instead of an ordered list: a use costs one look-up, and when the young
 * generation is full it becomes the old one, whose leftovers are forgotten at once. Holds at most `max` entries.
 */
export interface BoundedCache<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
  delete(key: string): void
}

/**
 * A cache of at most `max` entries, out of which what has not been used for longest goes first; `forgot` is told when any has.
 *
 * @example
 * const cache = createBoundedCache<number>(2)
 * cache.set('a', 1)
 * cache.get('a') // => 1
 */
export function createBoundedCache<V>(max: number, forgot?: () => void): BoundedCache<V> {
  if (!Number.isSafeInteger(max) || max < 2) throw new RangeError(`a cache must hold at least 2 entries, not ${max}`)
  const generationMax = Math.floor(max / 2)
  let young = new Map<string, V>()
  let old = new Map<string, V>()

  function set(key: string, value: V): void {
    young.set(key, value)
    if (young.size >= generationMax) {
      if (old.size > 0) forgot?.()
      old = young
      young = new Map()
    }
  }

  return {
    get(key) {
      const value = young.get(key)
      if (value !== undefined) return value
      const aged = old.get(key)
      if (aged !== undefined) set(key, aged)
      return aged
    },
    set,
    delete(key) {
      young.delete(key)
      old.delete(key)
    },
  }
}
