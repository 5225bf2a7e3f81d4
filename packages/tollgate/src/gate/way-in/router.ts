/** Which API and which route is meant: mounts and patterns are compared segment by segment. */
import type { ApiOptions, PathOptions, RouteOptions } from '../gate-options.ts'
import { asItIs, likeness, liberalReading, ownReading, withoutFinalSlash, type PathReading } from './path-reading.ts'
import type { DecodedPath } from './path.ts'
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

type Spelling = Pick<DecodedPath, 'segments' | 'spelled'>

/** The API whose mount is the longest prefix of the segments; `/` takes what no other takes. */
export function createMountTable(apis: readonly ApiOptions[]): (path: Spelling) => Mounted | undefined {
  const mounts = apis
    .map((api) => ({ api, prefix: api.mount === '/' ? [] : api.mount.slice(1).split('/') }))
    .toSorted((one, other) => other.prefix.length - one.prefix.length)
  return ({ segments, spelled = segments }) => {
    const at = mounts.findIndex(({ prefix }) => prefix.every((segment, position) => segments[position] === segment))
    const found = mounts[at]
    if (found === undefined) return undefined
    const alike = at === 0 || found.api.paths?.case === 'exact' ? undefined : mounts.slice(0, at).find(({ prefix }) => prefix.every((segment, position) => likeness(segments[position] ?? '') === likeness(segment)))
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
  /** Earlier ones that a liberal reader may come to by a path of this one. */
  readonly rivals: readonly CompiledRoute[]
}

/**
 * Routes are tried in declared order; the first whose path and method match wins. Only those are tried that have the path's segment where the routes differ
 * most, or take any there. Where a liberal reader would have come to an earlier one, because a literal
 * of it stands there in another spelling, or one that compares without decoding to any other, the path is ambiguous. `path` is what stands below the mount.
 */
export function createRouter(routes: readonly RouteOptions[], paths: PathOptions = {}): (method: string, path: Spelling) => RouteMatch {
  const own = ownReading(paths)
  const liberal = liberalReading(paths)
  const compiled: CompiledRoute[] = []
  for (const route of routes) {
    const pattern = parseRoutePattern(route.path)
    const liberally = readPattern(pattern, liberal)
    // Routes that come later lose against it in either reading.
    const rivals = compiled.filter((earlier) => earlier.shape !== shapeOf(liberally) && mayMatchAlike(earlier.liberal, liberally))
    compiled.push({ route, pattern, own: readPattern(pattern, own), liberal: liberally, shape: shapeOf(liberally), rivals })
  }
  const candidates = candidatesBySegment(compiled)

  function find(method: string, segments: readonly string[]): CompiledRoute | undefined {
    const read = readPath(segments, own)
    for (const candidate of candidates(read.keys)) if (allowsMethod(candidate.route, method) && matches(candidate.own, read)) return candidate
    return undefined
  }

  /** Which route it is in another spelling. */
  function respelled(found: CompiledRoute, method: string, { segments, spelled }: Spelling): CompiledRoute | undefined {
    if (found.rivals.length > 0) {
      const read = readPath(segments, liberal)
      for (const rival of found.rivals) if (allowsMethod(rival.route, method) && matches(rival.liberal, read)) return rival
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
    const read = readPath(segments, own)
    const allow = new Set(compiled.filter(({ own: pattern }) => matches(pattern, read)).flatMap(({ route }) => route.methods))
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

/** A path in one reading: its segments, and what of them is held against literals. */
interface ReadPath {
  readonly segments: readonly string[]
  readonly keys: readonly string[]
}

function readPath(all: readonly string[], { toKey, dropsFinalSlash }: PathReading): ReadPath {
  const segments = dropsFinalSlash ? withoutFinalSlash(all, (segment) => segment === '') : all
  return { segments, keys: toKey === asItIs ? segments : segments.map(toKey) }
}

/** Of a pattern that was read in the same way. */
function matches(pattern: RoutePattern, { segments, keys }: ReadPath): boolean {
  return matchesPattern(pattern, segments, keys)
}

/** Whether some path may match both; not whether one does. */
function mayMatchAlike(one: RoutePattern, other: RoutePattern): boolean {
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const [mine, theirs] = [one[at], other[at]]
    if (mine?.kind === 'rest' || theirs?.kind === 'rest') return true
    if (mine === undefined || theirs === undefined || (mine.kind === 'literal' && theirs.kind === 'literal' && mine.text !== theirs.text)) return false
  }
  return true
}

/** By the literal at the place where the routes have most different ones. Those that have none there may match whatever stands there. */
function candidatesBySegment(routes: readonly CompiledRoute[]): (keys: readonly string[]) => readonly CompiledRoute[] {
  const literalsAt = (at: number): Set<string> => new Set(routes.flatMap(({ own }) => literalAt(own, at) ?? []))
  const places = Array.from({ length: Math.max(1, ...routes.map(({ own }) => own.length)) }, (_, at) => at)
  const place = places.reduce((best, at) => (literalsAt(at).size > literalsAt(best).size ? at : best), 0)
  const withLiteral = (text: string | undefined): readonly CompiledRoute[] => routes.filter(({ own }) => [text, undefined].includes(literalAt(own, place)))
  const byLiteral = new Map(Array.from(literalsAt(place), (text) => [text, withLiteral(text)] as const))
  const others = withLiteral(undefined)
  return (keys) => byLiteral.get(keys[place] ?? '') ?? others
}

function literalAt(pattern: RoutePattern, at: number): string | undefined {
  const segment = pattern[at]
  return segment?.kind === 'literal' ? segment.text : undefined
}

function shapeOf(pattern: RoutePattern): string {
  return pattern.map((segment) => (segment.kind === 'literal' ? segment.text : `{${segment.kind}}`)).join('/')
}
