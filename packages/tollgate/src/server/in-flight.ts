/** How many calls of each API are under way. By name, so that gates that follow one another at a reload share the count. */
export interface InFlight {
  /** Counts one more, unless `max` are under way already. Check and count are one step: nothing may come between. */
  enter(api: string, max: number | undefined): boolean
  leave(api: string): void
  /** Under way now, by API. */
  counts(): readonly { readonly api: string; readonly calls: number }[]
}

export function createInFlight(): InFlight {
  const counts = new Map<string, number>()
  return {
    enter(api, max) {
      const count = counts.get(api) ?? 0
      if (max !== undefined && count >= max) return false
      counts.set(api, count + 1)
      return true
    },
    leave(api) {
      counts.set(api, (counts.get(api) ?? 1) - 1)
    },
    counts: () => [...counts].map(([api, calls]) => ({ api, calls })),
  }
}
