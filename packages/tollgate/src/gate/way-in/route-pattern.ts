/**
 * A route's path as it is declared: literals, `{name}` for one segment, a last `{name...}` for all that remain. `{name:encoded}` and `{name:encoded...}` take
 * segments that hold an encoded slash, too, which then is a character like any other.
 */

/** A literal, a parameter, or the rest. */
export type PatternSegment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'param' | 'rest'; readonly name: string; readonly takesSlashes: boolean }

/** The path of a route, segment by segment. */
export type RoutePattern = readonly PatternSegment[]

const parameter = /^\{([A-Za-z_]\w*)(:encoded)?(\.\.\.)?\}$/

/**
 * The segments of a route's path. Throws where the path is none, naming it.
 *
 * @example
 * parseRoutePattern('/v1/reports/{id}').length // => 3
 */
export function parseRoutePattern(path: string): RoutePattern {
  return path
    .slice(1)
    .split('/')
    .map((text): PatternSegment => {
      const [, name, encoded, dots] = parameter.exec(text) ?? []
      if (name === undefined) return { kind: 'literal', text }
      return { kind: dots === undefined ? 'param' : 'rest', name, takesSlashes: encoded !== undefined }
    })
}

/** `segments` are decoded; `keys` is what stands in their places to be held against the literals. */
export function matchesPattern(pattern: RoutePattern, segments: readonly string[], keys: readonly string[]): boolean {
  for (let at = 0; at < pattern.length; at += 1) {
    const expected = pattern[at] as PatternSegment
    if (expected.kind === 'literal') {
      if (keys[at] !== expected.text) return false
      continue
    }
    if (expected.kind === 'rest') return segments.length >= at && (expected.takesSlashes || !segments.slice(at).some(holdsSlash))
    const segment = segments[at]
    if (segment === undefined || segment === '' || (!expected.takesSlashes && holdsSlash(segment))) return false
  }
  return segments.length === pattern.length
}

/** Of segments that match. In what remains an encoded slash stays encoded, so that it can be told from those between the segments. */
export function paramsOf(pattern: RoutePattern, segments: readonly string[]): { readonly [name: string]: string } {
  const params = new Params()
  for (let at = 0; at < pattern.length; at += 1) {
    const expected = pattern[at] as PatternSegment
    if (expected.kind === 'param') params[expected.name] = segments[at] ?? ''
    else if (expected.kind === 'rest') params[expected.name] = segments.slice(at).map((segment) => segment.replaceAll('/', '%2F')).join('/')
  }
  return params
}

/** Has no member but its own, as what `Object.create(null)` gives, which takes ten times as long to fill. */
class Params {
  [name: string]: string
  static {
    Object.setPrototypeOf(this.prototype, null)
    delete (this.prototype as { constructor?: unknown }).constructor
  }
}

/** Whether a decoded segment had a slash encoded in it. */
export function holdsSlash(segment: string): boolean {
  return segment.includes('/')
}
