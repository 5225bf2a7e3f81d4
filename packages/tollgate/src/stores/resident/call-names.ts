/**
 * Which calls the disk has, so that a new call need not ask it. Up to a bound by their names; beyond that by a filter, which says of nearly every new name
 * that it is new. What is forgotten stays in the filter: when it has grown too much, a new one learns the names on disk.
 */
import type { CallName } from './disk.ts'
import { callKey, scopeKey } from './disk-key.ts'
import { createNameFilter, FILTER_NAMES, type NameFilter } from './name-filter.ts'

export interface CallNames {
  /** False: it is surely none of them. */
  mayHave(id: string): boolean
  mayHaveScope(scope: string): boolean
  /** False: any call may be one of them. */
  isKnown(): boolean
  add(id: string, scope: string | null): void
  remove(id: string): void
  /** Whether the names on disk are to be read, all of them. */
  wantsLearning(): boolean
  /** Begins to: what is added meanwhile is learned too. */
  learn(): { readonly take: (hashes: Int32Array) => void; readonly end: () => void }
}

export function keysOfNames(calls: readonly CallName[]): string[] {
  return calls.flatMap(([id, scope]) => (scope === null ? [callKey(id)] : [callKey(id), scopeKey(scope)]))
}

/** Names of so many are kept, some 3 MB. */
export const CALL_NAMES_MAX = 16_000
/** From the so-manieth part of them on the filter is filled beside them: all at once would be a stop of some hundredths of a second. */
const FILLED_FROM = 16

/** `known` undefined: there are more than `max`. `createFilter`: of the size for which it is full at `filterMax` names. */
export function createCallNames(known: readonly CallName[] | undefined, max = CALL_NAMES_MAX, filterMax = FILTER_NAMES): CallNames {
  let names: Map<string, string | null> | undefined = known && new Map(known)
  /** Of each scope the call that has it now. */
  const scopes = new Map(known?.flatMap(([id, scope]) => (scope === null ? [] : [[scope, id] as const])))
  let filter: NameFilter | undefined
  let learning: NameFilter | undefined
  /** More names than this, and most are of calls that are forgotten. */
  let fullAt = filterMax

  function addTo(to: NameFilter | undefined, id: string, scope: string | null): void {
    to?.add(callKey(id))
    if (scope !== null) to?.add(scopeKey(scope))
  }

  function fill(): void {
    if (names === undefined || names.size <= max / FILLED_FROM) return
    if (filter === undefined) {
      filter = createNameFilter(filterMax)
      for (const [id, scope] of names) addTo(filter, id, scope)
    }
    if (names.size <= max) return
    names = undefined
    scopes.clear()
  }

  fill()

  return {
    mayHave: (id) => (names !== undefined ? names.has(id) : filter === undefined || filter.mayHave(callKey(id))),
    mayHaveScope: (scope) => (names !== undefined ? scopes.has(scope) : filter === undefined || filter.mayHave(scopeKey(scope))),
    isKnown: () => names !== undefined || filter !== undefined,
    add(id, scope) {
      addTo(filter, id, scope)
      addTo(learning, id, scope)
      if (names === undefined) return
      names.set(id, scope)
      if (scope !== null) scopes.set(scope, id)
      fill()
    },
    remove(id) {
      const scope = names?.get(id)
      if (scope === undefined) return
      names?.delete(id)
      if (scope !== null && scopes.get(scope) === id) scopes.delete(scope)
    },
    wantsLearning: () => learning === undefined && names === undefined && (filter === undefined || filter.count() > fullAt),
    learn() {
      const began = createNameFilter(filterMax)
      learning = began
      return {
        take: (hashes) => began.addHashes(hashes),
        end() {
          filter = began
          learning = undefined
          fullAt = Math.max(filterMax, 2 * began.count())
        },
      }
    },
  }
}
