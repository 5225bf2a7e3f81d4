/** "Did you mean …?": the known name that a slip of the fingers most likely meant. */

/** The nearest known name within a third of its length in edits; undefined if none is that near. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined
  let fewest = Infinity
  for (const candidate of known) {
    const allowed = Math.max(1, Math.floor(candidate.length / 3))
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase(), allowed)
    if (edits <= allowed && edits < fewest) [nearest, fewest] = [candidate, edits]
  }
  return nearest
}

/** `; did you mean "daily"?`, or the names that there are. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  if (nearest !== undefined) return `; did you mean "${nearest}"?`
  if (known.length === 0) return '; there are none'
  const shown = known.slice(0, 12).join(', ')
  return known.length === 1 ? `; the only one is ${shown}` : `; there are ${shown}${known.length > 12 ? ', …' : ''}`
}

/** Insertions, deletions, replacements and swaps of neighbours. Gives up beyond `most`. */
function editDistance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return Infinity
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1]
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        (last[column] ?? Infinity) + 1,
        (current[column - 1] ?? Infinity) + 1,
        (last[column - 1] ?? Infinity) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] ?? Infinity) + 1 : Infinity,
      )
    }
    ;[beforeLast, last] = [last, current]
  }
  return last[other.length] ?? Infinity
}
