/**
 * What falls due first, in memory: a binary heap. Nothing is taken out when something settles earlier; an entry that no longer says the truth is
 * dropped when it comes up, or when such entries have come to be half of all.
 */
export interface DueQueue {
  push(id: string, dueMs: number): void
  /** Ids due by the instant, the earliest first, at most so many. They stay until they are due no longer. */
  due(nowMs: number, limit: number): string[]
  /** When the first is due; infinite if none is. */
  earliestMs(): number
  /** Entries kept, true or not. */
  size(): number
}

interface Entry {
  readonly id: string
  readonly dueMs: number
}

/** Below this size it is not worth looking for entries that are true no longer. */
const TIDY_FROM = 1_000

/** `dueMsOf`: when the thing is due in truth; undefined: not at all. */
export function createDueQueue(dueMsOf: (id: string) => number | undefined): DueQueue {
  let heap: Entry[] = []
  let tidyAt = TIDY_FROM

  function push(entry: Entry): void {
    let at = heap.push(entry) - 1
    for (let parent = (at - 1) >> 1; at > 0; parent = (at - 1) >> 1) {
      const above = heap[parent]
      if (above === undefined || above.dueMs <= entry.dueMs) break
      heap[at] = above
      at = parent
    }
    heap[at] = entry
  }

  function pop(): void {
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const least = (heap[left + 1]?.dueMs ?? Infinity) < (heap[left]?.dueMs ?? Infinity) ? left + 1 : left
      const below = heap[least]
      if (below === undefined || below.dueMs >= last.dueMs) break
      heap[at] = below
      at = least
    }
    heap[at] = last
  }

  /** Keeps what is true, once each: otherwise what is renewed, or ends long before it is due, would pile up until then. */
  function tidy(): void {
    const live = new Map(heap.flatMap((entry) => (dueMsOf(entry.id) === entry.dueMs ? [[entry.id, entry] as const] : [])))
    // A sorted list is a heap.
    heap = [...live.values()].toSorted((a, b) => a.dueMs - b.dueMs)
    tidyAt = Math.max(TIDY_FROM, 2 * heap.length)
  }

  /** The first that is true; what is not is dropped on the way. */
  function first(): Entry | undefined {
    for (let [entry] = heap; entry !== undefined; [entry] = heap) {
      if (dueMsOf(entry.id) === entry.dueMs) return entry
      pop()
    }
    return undefined
  }

  return {
    push(id, dueMs) {
      push({ id, dueMs })
      if (heap.length > tidyAt) tidy()
    },
    size: () => heap.length,
    due(nowMs, limit) {
      const found = new Map<string, Entry>()
      for (let entry = first(); entry !== undefined && entry.dueMs <= nowMs && found.size < limit; entry = first()) {
        pop()
        // The same thing may have been pushed twice.
        found.set(entry.id, entry)
      }
      for (const entry of found.values()) push(entry)
      return [...found.keys()]
    },
    earliestMs: () => first()?.dueMs ?? Infinity,
  }
}
