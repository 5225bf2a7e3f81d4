/** Which API and which route is meant: mounts and patterns are compared segment by segment. */
import type { ApiOptions, RouteOptions } from './gate-options.ts'

export type RouteMatch =
  | { readonly kind: 'matched'; readonly route: RouteOptions; readonly params: { readonly [name: string]: string } }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'method_not_allowed'; readonly allow: readonly string[] }

export interface Mounted {
  readonly api: ApiOptions
  /** How many segments the mount has. */
  readonly depth: number
}

/** The API whose mount is the longest prefix of the segments; `/` takes what no other takes. */
export function createMountTable(apis: readonly ApiOptions[]): (segments: readonly string[]) => Mounted | undefined {
  const mounts = apis
    .map((api) => ({ api, prefix: api.mount === '/' ? [] : api.mount.slice(1).split('/') }))
    .toSorted((one, other) => other.prefix.length - one.prefix.length)
  return (segments) => {
    const found = mounts.find(({ prefix }) => prefix.every((segment, at) => segments[at] === segment))
    return found && { api: found.api, depth: found.prefix.length }
  }
}

type Segment = { readonly literal: string } | { readonly param: string } | { readonly rest: string }

/** Routes are tried in declared order; the first whose path and method match wins. `segments` are those below the mount. */
export function createRouter(routes: readonly RouteOptions[]): (method: string, segments: readonly string[]) => RouteMatch {
  const compiled = routes.map((route) => ({ route, pattern: parsePattern(route.path) }))

  return (method, segments) => {
    const allow = new Set<string>()
    for (const { route, pattern } of compiled) {
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
