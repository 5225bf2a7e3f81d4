/** Names longer than this are not typing slips of anything we know; the bound also keeps hostile input cheap. */
const NAME_LENGTH_MAX = 64

/**
 * The candidate that `name` was most likely meant to be: the nearest within a third of its own length in edits, or undefined when none is that near.
 *
 * @example
 * nearestName('dayly', ['daily', 'monthly']) // => 'daily'
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > NAME_LENGTH_MAX) return undefined
  const wanted = name.toLowerCase()
  let nearest: string | undefined
  let nearestDistance = Infinity
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase())
    const allowed = Math.max(1, Math.floor(candidate.length / 3))
    if (distance <= allowed && distance < nearestDistance) {
      nearest = candidate
      nearestDistance = distance
    }
  }
  return nearest
}

/**
 * The known name that an open vocabulary most likely meant. Stricter than a suggestion, for names of one's own are allowed here: letters dropped, doubled
 * or swapped, another case, or underscores, but in short names no other letter (`user` is no slip of `used`).
 */
export function slipOf(name: string, known: readonly string[]): string | undefined {
  if (name.length > NAME_LENGTH_MAX || known.includes(name)) return undefined
  const wanted = name.toLowerCase().replaceAll('_', '')
  for (const candidate of known) {
    const target = candidate.toLowerCase()
    const isReplaced = wanted.length === target.length && [...wanted].toSorted().join() !== [...target].toSorted().join()
    if (editDistance(wanted, target) <= (isReplaced && target.length < 7 ? 0 : 1)) return candidate
  }
  return undefined
}

/** How many letters must be put in, taken out, changed or swapped with their neighbour. */
function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const changed = at(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1)
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const swapped = isSwap ? at(beforeLast, column - 2) + 1 : Infinity
      current.push(Math.min(changed, swapped, at(last, column) + 1, at(current, column - 1) + 1))
    }
    beforeLast = last
    last = current
  }
  return at(last, b.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity
}
