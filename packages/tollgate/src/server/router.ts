/**
 * Which API and which route is meant.
 *
 * Paths are compared segment by segment, each decoded once, because that is how an upstream will read them. Dot segments, encoded or not, are
 * refused: the upstream might resolve them into another route than the one whose checks were passed.
 */
import type { ApiOptions, RouteOptions } from './gate-options.ts'

export type RouteMatch =
  | { readonly kind: 'matched'; readonly route: RouteOptions; readonly params: { readonly [name: string]: string } }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'method_not_allowed'; readonly allow: readonly string[] }
  | { readonly kind: 'malformed'; readonly issue: string }

/** The path of a request target, without the query. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/)
  return end === -1 ? target : target.slice(0, end)
}

/** The API whose mount is the longest prefix of the path, on a segment boundary. */
export function createMountTable(apis: readonly ApiOptions[]): (path: string) => ApiOptions | undefined {
  const byLength = apis.toSorted((one, other) => other.mount.length - one.mount.length)
  return (path) => byLength.find((api) => api.mount === '/' || path === api.mount || path.startsWith(`${api.mount}/`))
}

/** The path below the mount; always begins with a slash. */
export function pathBelow(mount: string, path: string): string {
  return mount === '/' ? path : path.slice(mount.length) || '/'
}

type Segment = { readonly literal: string } | { readonly param: string } | { readonly rest: string }

interface CompiledRoute {
  readonly route: RouteOptions
  readonly segments: readonly Segment[]
}

/** Routes are tried in declared order; the first whose path and method match wins. */
export function createRouter(routes: readonly RouteOptions[]): (method: string, path: string) => RouteMatch {
  const compiled = routes.map((route): CompiledRoute => ({ route, segments: parsePattern(route.path) }))

  return (method, path) => {
    const segments = decodeSegments(path)
    if (typeof segments === 'string') return { kind: 'malformed', issue: segments }
    const allow = new Set<string>()
    for (const { route, segments: pattern } of compiled) {
      const params = matchSegments(pattern, segments)
      if (params === undefined) continue
      if (allowsMethod(route, method)) return { kind: 'matched', route, params }
      for (const allowed of route.methods) allow.add(allowed)
    }
    if (allow.size === 0) return { kind: 'unknown' }
    if (allow.has('GET')) allow.add('HEAD')
    return { kind: 'method_not_allowed', allow: [...allow] }
  }
}

/** HEAD is served wherever GET is (RFC 9110 section 9.3.2). */
function allowsMethod(route: RouteOptions, method: string): boolean {
  return route.methods.includes(method) || (method === 'HEAD' && route.methods.includes('GET'))
}

function parsePattern(path: string): readonly Segment[] {
  return path
    .slice(1)
    .split('/')
    .map((segment): Segment => {
      const name = /^\{([A-Za-z_]\w*)(\.\.\.)?\}$/.exec(segment)
      if (name?.[1] === undefined) return { literal: segment }
      return name[2] === undefined ? { param: name[1] } : { rest: name[1] }
    })
}

/** The decoded segments, or a sentence about what is wrong with the path. */
function decodeSegments(path: string): readonly string[] | string {
  const segments: string[] = []
  for (const raw of path.slice(1).split('/')) {
    const segment = raw.includes('%') ? decodeSegment(raw) : raw
    if (segment === undefined) return 'the path is not valid percent-encoded UTF-8'
    if (segment === '.' || segment === '..') return 'the path must not contain dot segments'
    if (raw.includes('%') && /[/\\\0]/.test(segment)) return 'the path must not contain an encoded slash, backslash or zero byte'
    if (raw.includes('\\')) return 'the path must not contain a backslash'
    segments.push(segment)
  }
  return segments
}

function decodeSegment(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw)
  } catch {
    return undefined
  }
}

function matchSegments(pattern: readonly Segment[], segments: readonly string[]): { readonly [name: string]: string } | undefined {
  const params: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [at, expected] of pattern.entries()) {
    if ('rest' in expected) {
      if (segments.length < at) return undefined
      params[expected.rest] = segments.slice(at).join('/')
      return params
    }
    const segment = segments[at]
    if (segment === undefined) return undefined
    if ('param' in expected) {
      if (segment === '') return undefined
      params[expected.param] = segment
    } else if (segment !== expected.literal) return undefined
  }
  return segments.length === pattern.length ? params : undefined
}
