/** The media types that a body may have, `application/*` and `application/*+json` among them: the nearest one counts. */

export interface MediaRange {
  readonly range: string
}

export interface MediaTypes<T extends MediaRange> {
  readonly all: readonly T[]
  /** `type` without parameters, in lower case. */
  find(type: string): T | undefined
}

export function createMediaTypes<T extends MediaRange>(all: readonly T[]): MediaTypes<T> {
  const byNearness = all
    .map((each) => ({ each, pattern: each.range.split(';', 1)[0]?.trim().toLowerCase() ?? '' }))
    // Without a star before those with one, and of these the longest first.
    .toSorted((one, other) => stars(one.pattern) - stars(other.pattern) || other.pattern.length - one.pattern.length)
  return { all, find: (type) => byNearness.find(({ pattern }) => matches(pattern, type))?.each }
}

const stars = (pattern: string): number => pattern.split('*').length - 1

function matches(pattern: string, type: string): boolean {
  const [before = '', ...after] = pattern.split('*')
  if (after.length === 0) return pattern === type
  if (pattern === '*/*') return true
  const [end = ''] = after
  return after.length === 1 && type.startsWith(before) && type.endsWith(end) && type.length > before.length + end.length
}
