/** The order of lists, the same on every store: a page goes on exactly where the one before ended, whatever came or went meanwhile. */

/** By code points, which is how databases order UTF-8; `<` would put an emoji before U+FFFD. */
export function compareIds(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    const difference = (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

interface Dated {
  readonly createdAtMs: number
  readonly id: string
  readonly api?: string
}

/** Newest first; of one instant by id, then by API, downwards. */
export function compareNewest(a: Dated, b: Dated): number {
  return b.createdAtMs - a.createdAtMs || compareIds(b.id, a.id) || compareIds(b.api ?? '', a.api ?? '')
}

/** Whether the thing comes after the end of the page before. */
export function isPast(thing: Dated, before: Dated | undefined): boolean {
  return before === undefined || compareNewest(thing, before) > 0
}
