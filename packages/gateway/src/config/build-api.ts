/** One API: its settings held against each other, and turned into what the pipeline is built from. */
import type { ApiOptions, CorsOptions, CredentialOptions, MeterOptions } from 'tollgate/server'
import type { ApiShape, MeterShape } from './api-shape.ts'
import { buildRoute, toTimeouts } from './build-route.ts'
import { loadContract } from './contract-source.ts'
import type { Files } from './files.ts'
import { suggestion } from './nearest-name.ts'
import { checkPlans, toPlan } from './plans.ts'
import type { Path } from './problem.ts'
import type { Report } from './report.ts'

const BODY_BYTES_MAX = 1_048_576
const TIMEOUTS = { connectMs: 5_000, headersMs: 60_000, idleMs: 60_000 }

export interface ApiContext {
  readonly upstreams: readonly string[]
  /** Names as written, even of meters that have problems of their own. */
  readonly meters: readonly string[]
  readonly files: Files
  readonly report: Report
  readonly isAside: (path: Path) => boolean
}

/** Undefined when something is wrong with it; the report says what. */
export function buildApi(name: string, shape: ApiShape, path: Path, context: ApiContext): ApiOptions | undefined {
  const { meters, files, report, isAside } = context
  const before = report.problems.length
  checkMount(shape.mount, [...path, 'mount'], report)
  checkPlans(shape, path, meters, report)
  const contract = loadContract(shape.contract, [...path, 'contract'], files, report)
  const upstream = chooseUpstream(name, shape, path, context)
  const routes = shape.routes.map((route, at) => {
    const place = [...path, 'routes', at]
    return isAside(place) ? undefined : buildRoute(route, place, { ...context, api: shape })
  })
  checkDuplicates(routes, path, report)
  if (contract === undefined || upstream === undefined || report.problems.length > before) return undefined
  return {
    name,
    mount: shape.mount,
    ...(shape.keepMount && { keepMount: true }),
    contract,
    ...(shape.credentials !== undefined && { credentials: toCredentials(shape.credentials) }),
    meters: Object.fromEntries(Object.entries(shape.meters).map(([meter, settings]) => [meter, toMeter(settings)])),
    plans: Object.fromEntries(Object.entries(shape.plans).map(([plan, limits]) => [plan, toPlan(limits)])),
    routes: routes.filter((route) => route !== undefined),
    upstream,
    bodyBytesMax: shape.body?.max ?? BODY_BYTES_MAX,
    timeouts: { ...TIMEOUTS, ...toTimeouts(shape.timeouts) },
    ...(shape.inFlight !== undefined && { inFlightMax: shape.inFlight.max }),
    ...(shape.cors !== undefined && { cors: toCors(shape.cors) }),
  }
}

function checkMount(mount: string, path: Path, report: Report): void {
  if (!/^\/(?:[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*)?$/.test(mount) || /\/\.{1,2}(?:\/|$)/.test(mount)) {
    report(path, `${report.written(path)} must be a path without a slash at its end, such as /chatads or /`)
  }
}

/** The one that is named, else the one of the same name, else the only one. */
function chooseUpstream(name: string, shape: ApiShape, path: Path, { upstreams, report }: ApiContext): string | undefined {
  if (shape.upstream !== undefined) {
    if (upstreams.includes(shape.upstream)) return shape.upstream
    report([...path, 'upstream'], `no upstream is called "${shape.upstream}"${suggestion(shape.upstream, upstreams)}`)
    return undefined
  }
  if (upstreams.includes(name)) return name
  if (upstreams.length === 1) return upstreams[0]
  report([...path, 'upstream'], `is missing; it is one of ${upstreams.join(', ') || '(there are no upstreams)'}`)
  return undefined
}

/** A later route that an earlier one answers for is never reached. */
function checkDuplicates(routes: readonly ({ readonly methods: readonly string[]; readonly path: string } | undefined)[], path: Path, report: Report): void {
  const seen = new Map<string, number>()
  for (const [at, route] of routes.entries()) {
    if (route === undefined) continue
    const shape = route.path.replaceAll(/\{\w+(\.\.\.)?\}/g, '{$1}')
    for (const method of route.methods) {
      const first = seen.get(`${method} ${shape}`)
      if (first !== undefined) report([...path, 'routes', at, 'on'], `${method} ${route.path} is already answered by routes[${first}]`)
      else seen.set(`${method} ${shape}`, at)
    }
  }
}

function toCredentials({ from, prefix }: NonNullable<ApiShape['credentials']>): CredentialOptions {
  return { prefix, from: from.map(({ header, scheme }) => ({ header: header.toLowerCase(), ...(scheme !== undefined && { scheme }) })) }
}

function toMeter(shape: MeterShape): MeterOptions {
  const { window: windowMs, algorithm, quota: period, anchor, per, limit, counts, uncountOn, inHeaders } = shape
  const counting = { counts, ...(uncountOn.length > 0 && { uncountOn }) }
  const meter: MeterOptions['meter'] =
    period === undefined
      ? { kind: 'window', windowMs: windowMs ?? 0, ...(algorithm !== undefined && { algorithm }), ...counting }
      : { kind: 'quota', period, ...(anchor !== undefined && { anchorMs: Date.parse(anchor) }), ...counting }
  return { meter, per, ...(limit !== undefined && { limit }), ...(inHeaders !== undefined && { inHeaders }) }
}

function toCors({ origins, allowHeaders, maxAge }: NonNullable<ApiShape['cors']>): CorsOptions {
  return { origins, allowHeaders, maxAgeSeconds: Math.floor(maxAge / 1_000) }
}
