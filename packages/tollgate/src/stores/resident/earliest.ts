/** The earliest of the instants; infinite where there is none. */
export function earliestOf<T>(things: Iterable<T>, dueMsOf: (thing: T) => number | undefined): number {
  let earliestMs = Infinity
  for (const thing of things) earliestMs = Math.min(earliestMs, dueMsOf(thing) ?? Infinity)
  return earliestMs
}
