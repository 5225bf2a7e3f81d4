/**
 * Rows of a table by key. What changed since the last commit stays here until it is written; what the table also has is bounded, and read again
 * when needed.
 */
import { createBoundedCache } from '../admission/bounded-cache.ts'

export interface RowCache<V> {
  get(key: string): V | undefined
  /** Undefined: the row goes. */
  set(key: string, value: V | undefined): void
  /** Whether it waits to be written. */
  isChanged(key: string): boolean
  /** All that wait to be written. */
  changed(): ReadonlyMap<string, V | undefined>
  committed(): void
}

export interface RowCacheOptions<V> {
  readonly max: number
  readonly read: (key: string) => V | undefined
  /** Whether a row that was written is likely to be asked for again. */
  readonly keep: (value: V) => boolean
}

export function createRowCache<V>({ max, read, keep }: RowCacheOptions<V>): RowCache<V> {
  const written = createBoundedCache<V>(max)
  const changed = new Map<string, V | undefined>()
  /** The last that the table did not have: a new call is asked for more than once before it is there. */
  let absent: string | undefined

  return {
    get(key) {
      if (changed.has(key)) return changed.get(key)
      const known = written.get(key)
      if (known !== undefined || key === absent) return known
      const value = read(key)
      if (value === undefined) absent = key
      else if (keep(value)) written.set(key, value)
      return value
    },
    set(key, value) {
      absent = undefined
      changed.set(key, value)
    },
    isChanged: (key) => changed.has(key),
    changed: () => changed,
    committed() {
      for (const [key, value] of changed) {
        if (value !== undefined && keep(value)) written.set(key, value)
        else written.delete(key)
      }
      changed.clear()
    },
  }
}
