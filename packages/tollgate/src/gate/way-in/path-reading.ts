/**
 * How servers read a path differently that is well formed. Many take `/Export` or `/export/` for `/export`, and some compare text that is not decoded, so that
 * `/%65xport` is another path for them. What was checked as one route must not be served as another.
 */
import type { PathOptions } from '../gate-options.ts'

export interface PathReading {
  /** Of a literal, and of the segment that is to be the same. */
  readonly toKey: (text: string) => string
  readonly dropsFinalSlash: boolean
}

/** By which a route is found. */
export function ownReading({ case: ofCase, finalSlash }: PathOptions): PathReading {
  return { toKey: ofCase === 'ignore' ? asciiLowerCase : asItIs, dropsFinalSlash: finalSlash === 'ignore' }
}

/** The most liberal one that the service may have: whatever any server takes for the same is the same here. */
export function liberalReading({ case: ofCase, finalSlash }: PathOptions): PathReading {
  return { toKey: ofCase === 'exact' ? asItIs : likeness, dropsFinalSlash: finalSlash !== 'exact' }
}

export function withoutFinalSlash<T>(segments: readonly T[], isEmpty: (segment: T) => boolean): readonly T[] {
  const last = segments.at(-1)
  return last !== undefined && isEmpty(last) ? segments.slice(0, -1) : segments
}

export const asItIs = (text: string): string => text

function asciiLowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/**
 * One text for all that some server or file system may compare as equal: whatever the case (of `ſ`, the Kelvin sign and the dotless i, too), the width or
 * the composition of its letters, and without white space around it and dots at its end, which some trim.
 *
 * @example
 * likeness('Export.') === likeness('export') // => true
 */
export function likeness(text: string): string {
  if (/^[a-z0-9_-]*$/.test(text)) return text
  const folded = text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('i\u0307', 'i').trim()
  let end = folded.length
  while (end > 1 && (folded[end - 1] === '.' || folded[end - 1] === ' ')) end -= 1
  return folded.slice(0, end)
}
