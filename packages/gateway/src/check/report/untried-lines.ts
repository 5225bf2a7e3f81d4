import type { Unprovoked } from '../probe.ts'

/** What was left out for the same cause, in one line. */
export function untriedLines(unprovoked: readonly Unprovoked[]): readonly string[] {
  const byWhy = new Map<string, string[]>()
  for (const { what, why } of unprovoked) byWhy.set(why, [...(byWhy.get(why) ?? []), what])
  return [...byWhy].map(([why, all]) => `  ${all.join(', ')}: ${why}`)
}
