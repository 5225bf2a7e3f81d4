/** Collects what happens to one call, and makes the row of the request log from it. It never holds a secret: of headers only ids, no query, no body. */
import type { Clock } from '../../engine/clock.ts'
import type { Reading, Receipt } from '../../engine/meters/meter.ts'
import type { RequestRow } from '../../journal/request-row.ts'
import type { Entry } from '../../contract/declare/contract.ts'
import type { Refusal } from '../../contract/declare/refusal.ts'
import type { ApiOptions, RouteOptions } from '../gate-options.ts'
import type { Completion, IncomingCall } from '../call.ts'
import { soleHeader } from '../headers.ts'
import type { Principal } from '../way-in/principal.ts'
import { pathOf, withoutAuthority } from '../way-in/path.ts'
import { readTraceContext, type TraceContext } from '../way-in/trace-context.ts'

/** The most characters that are kept of any text from a caller. */
const PATH_CHARS_MAX = 512

export interface CallLog {
  readonly requestId: string
  readonly receivedAtMs: number
  /** A field, not an accessor: an accessor in a literal would give each call's record a shape of its own, a quarter of all its cost. */
  readings: readonly Reading[]
  readonly receipts: readonly Receipt[]
  principal: Principal | undefined
  route: RouteOptions | undefined
  /** The trace of the caller, otherwise the trace that was begun for the upstream. */
  trace: TraceContext | undefined
  /** The beginning of a service's answer that was not understood. */
  serviceSaid: string | undefined
  /** Its row is with the store; undefined until it is given there. */
  written: Promise<void> | undefined
  /** Notes when a step was reached. */
  mark(step: string): void
  count(readings: readonly Reading[], receipts: readonly Receipt[]): void
  uncount(meters: readonly string[]): void
  row(status: number, refused: RefusedCall | undefined, completion: Completion): RequestRow
}

export interface RefusedCall {
  readonly refusal: Refusal
  /** Undefined where the caller had gone before anything was answered. */
  readonly entry: Entry | undefined
  /** Where it is another than the entry's own. */
  readonly code?: string | number | undefined
  readonly message: string
  readonly midStream?: boolean
}

export const nothingSent: Completion = { bytesIn: 0, bytesOut: 0, attempts: [] }

export function createCallLog(call: Pick<IncomingCall, 'method' | 'target' | 'headers' | 'remoteAddress'>, api: ApiOptions | undefined, requestId: string, clock: Clock): CallLog {
  const receivedAtMs = clock.wallMs()
  const startedMs = clock.monotonicMs()
  const timings: Record<string, number> = {}
  const readings = new Map<string, Reading>()
  const receipts: Receipt[] = []
  let uncounted: readonly string[] | undefined

  return {
    requestId,
    receivedAtMs,
    receipts,
    principal: undefined,
    route: undefined,
    trace: readTraceContext(call.headers),
    serviceSaid: undefined,
    written: undefined,
    readings: [],
    mark(step) {
      timings[step] = roundedMs(clock.monotonicMs() - startedMs)
    },
    count(taken, given) {
      for (const reading of taken) readings.set(`${reading.subject} ${reading.name}`, reading)
      this.readings = [...readings.values()]
      receipts.push(...given)
    },
    uncount(meters) {
      uncounted = meters
    },
    row(status, refused, { bytesIn, bytesOut, attempts }) {
      const { principal, route, trace, serviceSaid } = this
      const clientRequestId = clientId(soleHeader(call.headers, 'x-request-id'))
      return {
        requestId,
        clientRequestId,
        traceId: trace?.traceId,
        atMs: receivedAtMs,
        durationMs: roundedMs(clock.monotonicMs() - startedMs),
        method: call.method.slice(0, 32),
        path: loggedPath(call.target),
        remoteAddress: call.remoteAddress,
        api: api?.name,
        route: route && routeName(route),
        accountId: principal?.account.id,
        userId: principal?.key.userId,
        keyId: principal?.key.id,
        plan: principal?.account.plan,
        status,
        refusal: refused && refusalColumns(refused),
        meters: this.readings,
        uncounted,
        upstream: attempts,
        serviceSaid,
        timings,
        bytesIn,
        bytesOut,
      }
    },
  }
}

/** Without query, scheme and authority: any of them may hold a password. */
function loggedPath(target: string): string {
  const path = pathOf(withoutAuthority(target))
  return (path.startsWith('/') ? path : path.replace(/^.*@/s, '')).slice(0, PATH_CHARS_MAX)
}

export function routeName(route: RouteOptions): string {
  return route.name ?? `${route.methods.join('|')} ${route.path}`
}

/**
 * A caller's own id is kept when it is short and plain; it is never trusted (RFC-less convention: 1–128 of `[A-Za-z0-9._-]`).
 *
 * @example
 * clientId('order-17') // => 'order-17'
 */
export function clientId(value: string | undefined): string | undefined {
  return value !== undefined && /^[\w.-]{1,128}$/.test(value) ? value : undefined
}

function refusalColumns({ refusal, entry, code = entry?.code, message, midStream }: RefusedCall): NonNullable<RequestRow['refusal']> {
  return {
    entry: entry?.id ?? '',
    code: code ?? '',
    reason: refusal.reason,
    source: refusal.source,
    message,
    facts: refusal.facts,
    cause: refusal.cause === undefined ? undefined : causeText(refusal.cause),
    midStream,
  }
}

function causeText(cause: unknown): string {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  return text.slice(0, 1_000)
}

function roundedMs(ms: number): number {
  return Math.round(ms * 100) / 100
}
