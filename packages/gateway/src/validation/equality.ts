import { isGroup } from '../config/read/group.ts'

/** Equal as JSON is: the order of fields does not matter, and 1 is 1.0. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true
  return typeof one === 'object' && typeof other === 'object' && one !== null && other !== null && sortedJson(one) === sortedJson(other)
}

/** The same text for what is equal. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isGroup(item) ? Object.fromEntries(Object.entries(item).toSorted(([one], [other]) => (one < other ? -1 : 1))) : item,
  )
}
