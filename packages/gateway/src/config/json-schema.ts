/** A JSON Schema as data, and the look-ups along it that more than one reader needs. */
import type { Group } from './group.ts'

export type JsonSchema = boolean | Group

/** What a local `$ref` (`#/$defs/item`) points at; undefined if it is not local or points at nothing. */
export function resolvePointer(root: unknown, ref: string): unknown {
  if (ref !== '#' && !ref.startsWith('#/')) return undefined
  let at = root
  for (const escaped of ref.split('/').slice(1)) {
    const step = decodePointerStep(escaped)
    if (step === undefined || typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string, unknown>)[step]
  }
  return at
}

/** RFC 6901 in its URI form: percent-decoded, then `~1` is `/` and `~0` is `~`. */
function decodePointerStep(escaped: string): string | undefined {
  try {
    return decodeURIComponent(escaped).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return undefined
  }
}
