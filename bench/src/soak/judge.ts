/** Whether a row of the request log says anything that the traffic does not ask for and no fault explains. */
import type { DescribedApi } from '@tollgate/example-playground'
import type { RequestRow } from 'tollgate/journal'

/** A fault in its time. `api`: the service's name; undefined: whoever calls may feel it. */
export interface Felt {
  readonly kind: string
  readonly api: string | undefined
  /** Reasons of refusals. */
  readonly explains: RegExp
  readonly fromMs: number
  untilMs: number
}

/** Limits and money are there to be reached, whatever happens. */
const always = /^(?:rate|quota|concurrency|session|credit)\./
/** So long after its end a fault may still be felt: kept connections that are dead, calls that waited. */
const AFTER_MS = 5_000

/** Whether the traffic asks for it. */
export type Provoked = (row: Pick<RequestRow, 'method' | 'path'>, code: string | number) => boolean

/** By the recipes that are sent: their codes, at their paths. */
export function provokedBy(apis: readonly Pick<DescribedApi, 'traffic' | 'recipes'>[]): Provoked {
  const asked = apis.flatMap(({ traffic, recipes }) => {
    const sent = new Set(traffic.map(({ recipe }) => recipe))
    return recipes.flatMap(({ id, request, expect }) => (sent.has(id) && expect.outcome === 'refusal' ? [{ method: request.method, path: patternOf(request.path), code: expect.code }] : []))
  })
  return ({ method, path }, code) => asked.some((one) => one.method === method && one.code === code && one.path.test(path))
}

/** What was captured before stands in place of `{{name}}`. */
function patternOf(path: string): RegExp {
  const [bare = ''] = path.split('?')
  return new RegExp(`^${bare.split(/\{\{\w+\}\}/).map((text) => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('[^/]+')}$`)
}

/** A sentence; undefined where all is as it should be. */
export function unexpected(row: RequestRow, provoked: Provoked, felt: readonly Felt[]): string | undefined {
  const { api = '', refusal, status, atMs, durationMs } = row
  const faults = felt.filter((fault) => isBehind(api, fault.api) && fault.fromMs <= atMs + durationMs && atMs <= fault.untilMs + AFTER_MS)
  if (refusal === undefined) return status < 400 || faults.length > 0 ? undefined : `${about(row)}: ${status} without a refusal`
  if (always.test(refusal.reason) || provoked(row, refusal.code)) return undefined
  if (faults.some(({ explains }) => explains.test(refusal.reason))) return undefined
  return `${about(row)}: ${status} ${refusal.entry} (${refusal.reason}${refusal.cause === undefined ? '' : `; ${refusal.cause}`})${faults.length === 0 ? '' : `, under ${faults.map(({ kind }) => kind).join(', ')}`}`
}

/** A service may stand behind several APIs, whose names begin with its own. */
export function isBehind(api: string, service: string | undefined): boolean {
  return service === undefined || api === service || api.startsWith(`${service}-`)
}

function about({ api, method, path, requestId }: RequestRow): string {
  return `${api ?? 'no API'} ${method} ${path} ${requestId}`
}
