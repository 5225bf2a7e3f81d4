/** Which entry of the new contract is which of the old one: callers see codes, so an entry that has another id and the same code is the same. */
import type { Entry } from '../../contract/declare/contract.ts'

/** `after` undefined: it is gone. */
export interface MatchedEntry {
  readonly before: Entry | undefined
  readonly after: Entry | undefined
}

/** By id and code, then by what is on the wire, then by code and meaning, then by id, then by code alone. */
export function matchEntries(before: readonly Entry[], after: readonly Entry[]): readonly MatchedEntry[] {
  const pairs = new Map<Entry, Entry>()
  const taken = new Set<Entry>()
  const sameCode = (one: Entry, other: Entry): boolean => one.code !== '' && String(one.code) === String(other.code)
  const ways: readonly ((one: Entry, other: Entry) => boolean)[] = [
    (one, other) => one.id === other.id && String(one.code) === String(other.code),
    (one, other) => sameCode(one, other) && one.status === other.status && one.reason === other.reason && JSON.stringify(one.when) === JSON.stringify(other.when),
    (one, other) => sameCode(one, other) && one.reason === other.reason,
    (one, other) => one.id === other.id,
    (one, other) => sameCode(one, other) && one.status === other.status,
    sameCode,
  ]
  for (const isSame of ways) {
    for (const one of before) {
      const other = pairs.has(one) ? undefined : after.find((each) => !taken.has(each) && isSame(one, each))
      if (other === undefined) continue
      pairs.set(one, other)
      taken.add(other)
    }
  }
  return [...before.map((entry) => ({ before: entry, after: pairs.get(entry) })), ...after.flatMap((entry) => (taken.has(entry) ? [] : [{ before: undefined, after: entry }]))]
}
