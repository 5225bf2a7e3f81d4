import { memberOf } from 'tollgate/contract'

/**
 * What a JSON Pointer (RFC 6901, in its URI form without the #) points at; undefined if at nothing. `passing` is told of every value on the way and of the
 * last one.
 */
export function resolvePointer(root: unknown, pointer: string, passing: (value: unknown) => void = () => {}): unknown {
  let at = root
  passing(at)
  for (const escaped of pointer.split('/').slice(1)) {
    const step = decodeStep(escaped)
    at = step === undefined ? undefined : memberOf(at, step)
    if (at === undefined) return undefined
    passing(at)
  }
  return at
}

/** Percent-decoded, then `~1` is `/` and `~0` is `~`. */
function decodeStep(escaped: string): string | undefined {
  try {
    return decodeURIComponent(escaped).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return undefined
  }
}
