/** "Did you mean …?": what to say of a name that nobody knows. */
import { nearestName } from 'tollgate/contract'

/** `; did you mean "daily"?`, or the names that there are. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  if (nearest !== undefined) return `; did you mean "${nearest}"?`
  if (known.length === 0) return '; there are none'
  const shown = known.slice(0, 12).join(', ')
  return known.length === 1 ? `; the only one is ${shown}` : `; there are ${shown}${known.length > 12 ? ', …' : ''}`
}
