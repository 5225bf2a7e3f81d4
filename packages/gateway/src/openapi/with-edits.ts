/** Plain data with something else in some places. */
import type { Edit } from './merge-plan.ts'

export function withEdits(data: unknown, edits: readonly Edit[]): unknown {
  const copy = JSON.parse(JSON.stringify(data)) as Record<string, unknown>
  for (const { path, value } of edits) {
    let at = copy
    for (const name of path.slice(0, -1)) {
      const next = Object.hasOwn(at, name) ? at[name] : undefined
      if (typeof next !== 'object' || next === null || Array.isArray(next)) at[name] = {}
      at = at[name] as Record<string, unknown>
    }
    const last = path.at(-1) ?? ''
    if (value === undefined) delete at[last]
    else at[last] = JSON.parse(JSON.stringify(value))
  }
  return copy
}
