/**
 * What was just loaded, for as long as what waited for it is decided. Whoever reads what is neither in memory nor here throws a `NotLoaded`: the decision,
 * which is pure, is made once more when it is.
 */
import type { DueRows } from './disk.ts'
import type { DiskKey } from './disk-key.ts'

export class NotLoaded {
  readonly key: DiskKey
  constructor(key: DiskKey) {
    this.key = key
  }
}

export interface FreshRows {
  has(key: DiskKey): boolean
  /** Undefined: there is none. Throws a NotLoaded. */
  get(key: DiskKey): string | undefined
  put(key: DiskKey, text: string | undefined): void
  drop(key: DiskKey): void
  /** What a sweep resolves and forgets. */
  due: DueRows
  entries(): Iterable<readonly [DiskKey, string | undefined]>
  clear(): void
}

const none: DueRows = { calls: [], leases: [], subjects: [], forgettable: [], ended: [], nextMs: Infinity }

export function createFreshRows(): FreshRows {
  const rows = new Map<DiskKey, string | undefined>()
  return {
    due: none,
    has: (key) => rows.has(key),
    get(key) {
      const text = rows.get(key)
      // Not an error: nobody looks at where it came from, and a stack costs more than most decisions.
      // oxlint-disable-next-line no-throw-literal
      if (text === undefined && !rows.has(key)) throw new NotLoaded(key)
      return text
    },
    put: (key, text) => void rows.set(key, text),
    drop: (key) => void rows.delete(key),
    entries: () => rows,
    clear() {
      rows.clear()
      this.due = none
    },
  }
}
