/** How many calls of each API are with its service. By name, so that gates that follow one another at a reload share the count. */
export interface InFlight {
  placeFor(api: string, bounds: InFlightBounds): Place
  /** Now, by API. */
  counts(): readonly { readonly api: string; readonly calls: number }[]
}

export interface InFlightBounds {
  readonly max: number | undefined
  /** Of them, for callers whom nobody knows. */
  readonly unauthenticatedMax: number | undefined
}

/** One call's place among those in flight. */
export interface Place {
  /** The bound that leaves none for such a caller now; undefined: there is one. */
  fullAt(isKnown: boolean): number | undefined
  /** Takes it. Check and count are one step: nothing may come between. */
  take(isKnown: boolean): boolean
  /** Gives back what was taken. */
  leave(): void
}

interface Count {
  all: number
  unknown: number
}

/**
 * Counts of the calls that are with their services. Give the same to the gate that follows at a reload, so that they are counted on.
 *
 * @example
 * const inFlight = createInFlight()
 * inFlight.counts() // => []
 */
export function createInFlight(): InFlight {
  const counts = new Map<string, Count>()

  function countOf(api: string): Count {
    const count = counts.get(api) ?? { all: 0, unknown: 0 }
    counts.set(api, count)
    return count
  }

  return { placeFor: (api, bounds) => new CountedPlace(countOf(api), bounds), counts: () => [...counts].map(([api, { all }]) => ({ api, calls: all })) }
}

/** A class, since each call has one. */
class CountedPlace implements Place {
  readonly #count: Count
  readonly #bounds: InFlightBounds
  #taken: 'known' | 'unknown' | undefined

  constructor(count: Count, bounds: InFlightBounds) {
    this.#count = count
    this.#bounds = bounds
  }

  fullAt(isKnown: boolean): number | undefined {
    const { max = Infinity, unauthenticatedMax = Infinity } = this.#bounds
    if (this.#count.all >= max) return max
    return !isKnown && this.#count.unknown >= unauthenticatedMax ? unauthenticatedMax : undefined
  }

  take(isKnown: boolean): boolean {
    if (this.#taken !== undefined) return true
    if (this.fullAt(isKnown) !== undefined) return false
    this.#taken = isKnown ? 'known' : 'unknown'
    this.#count.all += 1
    if (!isKnown) this.#count.unknown += 1
    return true
  }

  leave(): void {
    if (this.#taken === undefined) return
    this.#count.all -= 1
    if (this.#taken === 'unknown') this.#count.unknown -= 1
    this.#taken = undefined
  }
}
