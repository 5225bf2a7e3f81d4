/** Which API and which route is meant: mounts and patterns are compared segment by segment. */
import type { ApiOptions, PathOptions, RouteOptions } from '../gate-options.ts'
import { asItIs, likeness, liberalReading, ownReading, withoutFinalSlash, type PathReading } from './path-reading.ts'
import type { Path } from './path.ts'
import { matchesPattern, paramsOf, parseRoutePattern, type RoutePattern } from './route-pattern.ts'

export type RouteMatch =
  | { readonly kind: 'matched'; readonly route: RouteOptions; readonly params: { readonly [name: string]: string } }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'method_not_allowed'; readonly allow: readonly string[] }
  /** It is this one in another spelling, which the service may take for that of another route. */
  | { readonly kind: 'ambiguous'; readonly route: RouteOptions }

export interface Mounted {
  readonly api: ApiOptions
  /** How many segments the mount has. */
  readonly depth: number
  /** The mount of which the path has another spelling, so that some server would take it for that of another API. */
  readonly ambiguous: string | undefined
}

type Spelling = Pick<Path, 'segments' | 'spelled'>

/** The API whose mount is the longest prefix of the segments; `/` takes what no other takes. */
export function createMountTable(apis: readonly ApiOptions[]): (path: Spelling) => Mounted | undefined {
  const mounts = apis
    .map((api) => ({ api, prefix: api.mount === '/' ? [] : api.mount.slice(1).split('/') }))
    .toSorted((one, other) => other.prefix.length - one.prefix.length)
  return ({ segments, spelled = segments }) => {
    const at = mounts.findIndex(({ prefix }) => prefix.every((segment, position) => segments[position] === segment))
    const found = mounts[at]
    if (found === undefined) return undefined
    const alike = found.api.paths?.case === 'exact' ? undefined : mounts.slice(0, at).find(({ prefix }) => prefix.every((segment, position) => likeness(segments[position] ?? '') === likeness(segment)))
    // A mount that is taken off reaches no service.
    const isEncoded = found.api.keepMount === true && spelled !== segments && !found.prefix.every((segment, position) => spelled[position] === segment)
    const meant = alike ?? (isEncoded ? found : undefined)
    return { api: found.api, depth: found.prefix.length, ambiguous: meant?.api.mount }
  }
}

interface CompiledRoute {
  readonly route: RouteOptions
  readonly pattern: RoutePattern
  /** As the two readings compare it. */
  readonly own: RoutePattern
  readonly liberal: RoutePattern
  /** The same for routes that a liberal reader cannot tell apart by what they declare. */
  readonly shape: string
}

/**
 * Routes are tried in declared order; the first whose path and method match wins. Where a liberal reader would have come to an earlier one, because a literal
 * of it stands there in another spelling, or one that compares without decoding to any other, the path is ambiguous. `path` is what stands below the mount.
 */
export function createRouter(routes: readonly RouteOptions[], paths: PathOptions = {}): (method: string, path: Spelling) => RouteMatch {
  const own = ownReading(paths)
  const liberal = liberalReading(paths)
  const compiled = routes.map((route): CompiledRoute => {
    const pattern = parseRoutePattern(route.path)
    const liberally = readPattern(pattern, liberal)
    return { route, pattern, own: readPattern(pattern, own), liberal: liberally, shape: shapeOf(liberally) }
  })

  function find(method: string, segments: readonly string[]): CompiledRoute | undefined {
    const read = readSegments(segments, own)
    return compiled.find(({ route, own: pattern }) => allowsMethod(route, method) && read(pattern))
  }

  /** Which route it is in another spelling. Routes that come later than the one found lose against it in either reading. */
  function respelled(found: CompiledRoute, method: string, { segments, spelled }: Spelling): CompiledRoute | undefined {
    if (found !== compiled[0]) {
      const read = readSegments(segments, liberal)
      for (const each of compiled) {
        if (each === found) break
        if (each.shape !== found.shape && allowsMethod(each.route, method) && read(each.liberal)) return each
      }
    }
    const undecoded = spelled && find(method, spelled)
    return undecoded === undefined || undecoded === found ? undefined : found
  }

  return (method, path) => {
    const found = find(method, path.segments)
    if (found === undefined) return refusedMethod(path.segments)
    const meant = respelled(found, method, path)
    return meant === undefined ? { kind: 'matched', route: found.route, params: paramsOf(found.pattern, path.segments) } : { kind: 'ambiguous', route: meant.route }
  }

  function refusedMethod(segments: readonly string[]): RouteMatch {
    const read = readSegments(segments, own)
    const allow = new Set(compiled.filter(({ own: pattern }) => read(pattern)).flatMap(({ route }) => route.methods))
    if (allow.size === 0) return { kind: 'unknown' }
    if (allow.has('GET')) allow.add('HEAD')
    return { kind: 'method_not_allowed', allow: [...allow] }
  }
}

/** HEAD is served wherever GET is (RFC 9110 section 9.3.2). */
function allowsMethod(route: RouteOptions, method: string): boolean {
  return route.methods.includes(method) || (method === 'HEAD' && route.methods.includes('GET'))
}

function readPattern(pattern: RoutePattern, { toKey, dropsFinalSlash }: PathReading): RoutePattern {
  const read = pattern.map((segment) => (segment.kind === 'literal' ? { ...segment, text: toKey(segment.text) } : segment))
  return dropsFinalSlash ? withoutFinalSlash(read, (segment) => segment.kind === 'literal' && segment.text === '') : read
}

/** Says of a pattern that was read in the same way whether the segments match it. */
function readSegments(segments: readonly string[], { toKey, dropsFinalSlash }: PathReading): (pattern: RoutePattern) => boolean {
  const read = dropsFinalSlash ? withoutFinalSlash(segments, (segment) => segment === '') : segments
  const keys = toKey === asItIs ? read : read.map(toKey)
  return (pattern) => matchesPattern(pattern, read, keys)
}

function shapeOf(pattern: RoutePattern): string {
  return pattern.map((segment) => (segment.kind === 'literal' ? segment.text : `{${segment.kind}}`)).join('/')
}
