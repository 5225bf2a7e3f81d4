/**
 * Routes that lie over each other. One that an earlier one answers for in every case is a slip. One whose parameter takes what is an earlier route's literal
 * in another spelling (`/v1/files/Export`) is how a service that reads liberally can be made to serve what was never paid for.
 */
import { likeness, parseRoutePattern, type RoutePattern, type RouteOptions } from 'tollgate/gate'
import type { ApiShape } from '../shape/api-shape.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'

/** Of several routes below one, no more are named. */
const NAMED_MAX = 3

/** A later route that an earlier one answers for is never reached. */
export function checkDuplicates(routes: readonly (RouteOptions | undefined)[], paths: ApiShape['paths'], path: Path, report: Report): void {
  const seen = new Map<string, number>()
  for (const [at, route] of routes.entries()) {
    if (route === undefined) continue
    const shape = shapeOf(parseRoutePattern(route.path), paths)
    for (const method of route.methods) {
      const first = seen.get(`${method} ${shape}`)
      if (first !== undefined) report([...path, 'routes', at, 'on'], `${method} ${route.path} is already answered by routes[${first}]`)
      else seen.set(`${method} ${shape}`, at)
    }
  }
}

function shapeOf(pattern: RoutePattern, paths: ApiShape['paths']): string {
  const shape = pattern.map((segment) => {
    if (segment.kind !== 'literal') return `{${segment.kind}${segment.takesSlashes ? ':encoded' : ''}}`
    return paths.case === 'ignore' ? segment.text.toLowerCase() : segment.text
  })
  return (paths.finalSlash === 'ignore' && shape.at(-1) === '' ? shape.slice(0, -1) : shape).join('/')
}

export function warnOfOverlaps(routes: readonly (RouteOptions | undefined)[], paths: ApiShape['paths'], path: Path, report: Report): void {
  const all = routes.flatMap((route, at) => (route === undefined ? [] : [{ route, at, pattern: parseRoutePattern(route.path) }]))
  const isSaid = paths.case !== 'refuse' && paths.finalSlash !== 'refuse'
  for (const [position, later] of all.entries()) {
    const place = [...path, 'routes', later.at, 'on']
    const earlier = all.slice(0, position).filter(({ route }) => sharesMethod(route, later.route))
    const above = earlier.find(({ pattern }) => covers(pattern, later.pattern))
    if (above !== undefined) {
      report.warn(place, `is never reached where routes[${above.at}], ${nameOf(above.route)}, has the same method, since that takes its paths and comes first; put this one before it`)
      continue
    }
    const below = isSaid ? [] : earlier.filter(({ route, pattern }) => liesOver(later.pattern, pattern) && differences(route, later.route).length > 0)
    if (below.length === 0) continue
    const named = below.slice(0, NAMED_MAX).map(({ route, at }) => `${nameOf(route)} (routes[${at}], with ${differences(route, later.route).join(' and ')})`)
    report.warn(
      place,
      `lies over ${named.join(', ')}${below.length > NAMED_MAX ? ` and ${below.length - NAMED_MAX} more` : ''}: a service that ignores case or a final slash would serve that path for one that comes to this route, so such paths are refused; ` +
        'say what the service does: paths: { case: exact, finalSlash: exact }, or ignore for what it takes for the same',
    )
  }
}

function nameOf({ methods, path }: RouteOptions): string {
  return `${methods.join(', ')} ${path}`
}

function sharesMethod(one: RouteOptions, other: RouteOptions): boolean {
  const methods = withHead(other)
  return withHead(one).some((method) => methods.includes(method))
}

function withHead({ methods }: RouteOptions): readonly string[] {
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}

/** What a caller of one route is asked for and one of the other is not. */
function differences(one: RouteOptions, other: RouteOptions): readonly string[] {
  const priceOf = ({ steps }: RouteOptions): string => JSON.stringify(steps.flatMap((step) => (step.kind === 'take' ? step.take.filter((take) => typeof take !== 'string' && take.price !== undefined) : [])))
  const scopesOf = ({ scopes = [] }: RouteOptions): string => scopes.toSorted().join(' ')
  return [
    ...((one.public === true) === (other.public === true) ? [] : ['another word on public']),
    ...(scopesOf(one) === scopesOf(other) ? [] : ['other scopes']),
    ...(priceOf(one) === priceOf(other) ? [] : ['another price']),
  ]
}

/** Whether every path of the second is one of the first, and not the other way round. */
function covers(pattern: RoutePattern, other: RoutePattern): boolean {
  for (const [at, expected] of pattern.entries()) {
    const segment = other[at]
    if (expected.kind === 'rest') return expected.takesSlashes || other.slice(at).every((each) => each.kind === 'literal' || !each.takesSlashes)
    if (segment === undefined || segment.kind === 'rest') return false
    if (expected.kind === 'literal' ? segment.kind !== 'literal' || segment.text !== expected.text : segment.kind === 'literal' ? segment.text === '' : segment.takesSlashes && !expected.takesSlashes) return false
  }
  return pattern.length === other.length
}

/** Whether some path that is the second’s but for its spelling is one of the first. */
function liesOver(pattern: RoutePattern, other: RoutePattern): boolean {
  const [one, below] = [withoutSlash(pattern), withoutSlash(other)]
  let differs = one.length !== pattern.length || below.length !== other.length
  for (const [at, expected] of one.entries()) {
    const segment = below[at]
    if (expected.kind === 'rest') return differs || below.slice(at).some(({ kind }) => kind === 'literal')
    if (segment === undefined) return false
    if (segment.kind === 'rest') return differs
    if (segment.kind !== 'literal') continue
    if (expected.kind === 'literal' && likeness(expected.text) !== likeness(segment.text)) return false
    differs ||= expected.kind !== 'literal' || expected.text !== segment.text
  }
  return differs && one.length === below.length
}

function withoutSlash(pattern: RoutePattern): RoutePattern {
  const last = pattern.at(-1)
  return last?.kind === 'literal' && last.text === '' ? pattern.slice(0, -1) : pattern
}
