/** One API: its settings held against each other, and turned into what the pipeline is built from. */
import { compact } from 'tollgate/contract'
import type { ApiOptions, RouteOptions } from 'tollgate/gate'
import type { ApiPassage } from '../../proxy/passage.ts'
import type { ApiShape, RouteShape } from '../shape/api-shape.ts'
import { checkAllowances } from './allowances.ts'
import { buildPassage, createServiceOf } from './build-passage.ts'
import { buildRoute, toBodyPace } from './build-route.ts'
import { createColumnUses } from './column-uses.ts'
import { loadContract } from './contract-source.ts'
import { checkInFlight, unauthenticatedPlaces } from './in-flight.ts'
import { checkCors, toCors } from './cors.ts'
import { checkCredentials, toCredentials } from './credentials.ts'
import type { Files } from '../read/files.ts'
import { checkInHeaders, checkUnauthenticatedMeter, toMeter } from './meters.ts'
import { suggestion } from '../read/suggestion.ts'
import { checkPlans, toPlan } from './plans.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'
import { checkDuplicates, warnOfOverlaps } from './route-overlap.ts'
import type { Schemas } from './schemas.ts'
import { checkMay, type SpokenContracts } from './spoken-contracts.ts'
import { buildTables } from './tables.ts'
import type { Work } from './work.ts'

const BODY_BYTES_MAX = 1_048_576

/** Names are those that are written, even of pieces that have problems of their own. */
export interface ApiContext {
  readonly upstreams: readonly string[]
  readonly idempotentUpstreams: readonly string[]
  readonly spoken: SpokenContracts
  readonly meters: readonly string[]
  readonly tables: readonly string[]
  readonly files: Files
  readonly schemas: Schemas
  readonly report: Report
  readonly isAside: (path: Path) => boolean
}

/** Its policy, and where its calls go. */
export interface BuiltApi {
  readonly api: ApiOptions
  readonly passage: ApiPassage
}

/** Undefined when something is wrong with it; the report says what. */
export function* buildApi(name: string, shape: ApiShape, path: Path, context: ApiContext): Work<BuiltApi | undefined> {
  const { meters, files, report, isAside, idempotentUpstreams } = context
  const before = report.problems.length
  checkMount(shape.mount, [...path, 'mount'], report)
  if (shape.rewrite !== undefined && shape.keepMount) report([...path, 'rewrite'], 'has nothing to do: with keepMount the service sees the mount and writes it by itself; take one of the two away')
  checkCredentials(shape, path, report)
  checkCors(shape.cors, [...path, 'cors'], report)
  checkUnauthenticatedMeter(shape, path, meters, report)
  checkPlans(shape, path, meters, report)
  checkAllowances(shape, path, report)
  checkInFlight(shape, [...path, 'inFlight', 'unauthenticated'], report)
  const contract = loadContract(shape.contract, [...path, 'contract'], files, report)
  if (contract !== undefined) {
    checkMay(shape.may, contract, [...path, 'may'], report)
    checkInHeaders(shape, contract, [...path, 'meters'], report)
    for (const [at, { may }] of shape.routes.entries()) checkMay(may, contract, [...path, 'routes', at, 'may'], report)
  }
  const upstream = chooseUpstream(name, shape, path, context)
  const columns = createColumnUses(report)
  const serviceOf = createServiceOf(contract, context.spoken, idempotentUpstreams)
  const routeContext = { ...context, api: shape, contract, upstream, serviceOf, apiPath: path, columns }
  const routes: (RouteOptions | undefined)[] = []
  for (const [at, route] of shape.routes.entries()) {
    const place = [...path, 'routes', at]
    routes.push(isAside(place) ? undefined : buildRoute(route, place, routeContext))
    yield
  }
  checkDuplicates(routes, shape.paths, path, report)
  warnOfOverlaps(routes, shape.paths, path, report)
  const tables = yield* buildTables(shape.tables, [...path, 'tables'], columns, files, report)
  if (contract === undefined || upstream === undefined || report.problems.length > before) return undefined
  const service = serviceOf(upstream)
  const api: ApiOptions = compact({
    name,
    mount: shape.mount,
    keepMount: shape.keepMount ? true : undefined,
    paths: Object.values(shape.paths).every((reading) => reading === 'refuse') ? undefined : shape.paths,
    contract,
    credentials: shape.credentials && toCredentials(shape.credentials),
    scopeImplies: shape.scopeImplies,
    meters: Object.fromEntries(Object.entries(shape.meters).map(([meter, settings]) => [meter, toMeter(settings)])),
    unauthenticatedMeter: shape.unauthenticatedMeter,
    tables: Object.keys(tables).length > 0 ? tables : undefined,
    plans: Object.fromEntries(Object.entries(shape.plans).map(([plan, limits]) => [plan, toPlan(plan, limits, shape.meters)])),
    routes: routes.filter((route) => route !== undefined),
    service,
    may: shape.may,
    bodyBytesMax: shape.body?.max ?? BODY_BYTES_MAX,
    bodyPace: toBodyPace(shape.body),
    inFlightMax: shape.inFlight?.max,
    inFlightUnauthenticatedMax: unauthenticatedPlaces(shape),
    cors: shape.cors && toCors(shape.cors),
  })
  const written = shape.routes.flatMap((route, at): (readonly [RouteShape, RouteOptions])[] => {
    const built = routes[at]
    return built === undefined ? [] : [[route, built]]
  })
  return { api, passage: buildPassage(shape, upstream, written) }
}

function checkMount(mount: string, path: Path, report: Report): void {
  if (!/^\/(?:[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*)?$/.test(mount) || /\/\.{1,2}(?:\/|$)/.test(mount)) {
    report.value(path, 'must be a path without a slash at its end, such as /chatads or /')
  }
}

/** The upstream that is named; otherwise the one of the API's own name, otherwise the only one. None where the gateway itself answers every route. */
function chooseUpstream(name: string, shape: ApiShape, path: Path, { upstreams, report, isAside }: ApiContext): string | undefined {
  if (shape.upstream !== undefined) {
    if (upstreams.includes(shape.upstream)) return shape.upstream
    report([...path, 'upstream'], `no upstream is called "${shape.upstream}"${suggestion(shape.upstream, upstreams)}`)
    return undefined
  }
  if (upstreams.includes(name)) return name
  if (upstreams.length === 1) return upstreams[0]
  const isAsked = shape.routes.some(({ handler, upstream }, at) => handler === undefined && upstream === undefined && !isAside([...path, 'routes', at]))
  if (!isAsked) return ''
  report([...path, 'upstream'], `is missing; it is one of ${upstreams.join(', ') || '(there are no upstreams)'}`)
  return undefined
}
