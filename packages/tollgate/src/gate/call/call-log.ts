/** Collects what happens to one call, and makes the row of the request log from it. It never holds a secret: of headers only ids, no query, no body. */
import { ownText } from '../../contract/values/own-text.ts'
import type { Clock } from '../../engine/clock.ts'
import type { Reading, Receipt } from '../../engine/meters/meter.ts'
import type { RequestRow, UpstreamAttempt } from '../../journal/request-row.ts'
import type { Facts } from '../../contract/declare/facts.ts'
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

/** One call as the log knows it. A class, since there is one for each request. */
export class CallLog {
  readonly requestId: string
  readonly receivedAtMs: number
  readings: readonly Reading[] = []
  receipts: readonly Receipt[] = []
  principal: Principal | undefined
  route: RouteOptions | undefined
  /** The trace of the caller, otherwise the trace that was begun for the upstream. */
  trace: TraceContext | undefined
  /** The beginning of a service's answer that was not understood. */
  serviceSaid: string | undefined
  /** Its row is with the store; undefined until it is given there, and where it is there at once. */
  written: Promise<void> | undefined
  readonly #call: LoggedCall
  readonly #api: ApiOptions | undefined
  readonly #clock: Clock
  readonly #startedMs: number
  readonly #timings: Record<string, number> = {}
  #uncounted: readonly string[] | undefined

  constructor(call: LoggedCall, api: ApiOptions | undefined, requestId: string, receivedAtMs: number, clock: Clock) {
    this.requestId = requestId
    this.receivedAtMs = receivedAtMs
    this.trace = readTraceContext(call.headers)
    this.#call = call
    this.#api = api
    this.#clock = clock
    this.#startedMs = clock.monotonicMs()
  }

  /** Notes when a step was reached. */
  mark(step: string): void {
    this.#timings[step] = this.#passedMs()
  }

  count(readings: readonly Reading[], receipts: readonly Receipt[]): void {
    this.readings = newest(this.readings, readings)
    this.receipts = this.receipts.length === 0 ? receipts : [...this.receipts, ...receipts]
  }

  uncount(meters: readonly string[]): void {
    this.#uncounted = meters
  }

  /** Stores keep it: none of its texts is a piece of a request's head, which would stay in memory with it. */
  row(status: number, refused: RefusedCall | undefined, { bytesIn, bytesOut, attempts }: Completion): RequestRow {
    const { principal, route } = this
    const { method, target, headers, remoteAddress } = this.#call
    return {
      requestId: this.requestId,
      clientRequestId: own(clientId(soleHeader(headers, 'x-request-id'))),
      traceId: own(this.trace?.traceId),
      atMs: this.receivedAtMs,
      durationMs: this.#passedMs(),
      method: method.slice(0, 32),
      path: ownText(loggedPath(target)),
      remoteAddress: ownText(remoteAddress),
      api: this.#api?.name,
      route: route && routeName(route),
      accountId: principal?.account.id,
      userId: principal?.key.userId,
      keyId: principal?.key.id,
      plan: principal?.account.plan,
      status,
      refusal: refused && refusalColumns(refused),
      meters: this.readings,
      uncounted: this.#uncounted,
      upstream: attempts.map(ownAttempt),
      serviceSaid: own(this.serviceSaid),
      timings: this.#timings,
      bytesIn,
      bytesOut,
    }
  }

  #passedMs(): number {
    return roundedMs(this.#clock.monotonicMs() - this.#startedMs)
  }
}

type LoggedCall = Pick<IncomingCall, 'method' | 'target' | 'headers' | 'remoteAddress'>

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

/** Of a meter that was read again, the later reading in the place of the first. */
function newest(before: readonly Reading[], now: readonly Reading[]): readonly Reading[] {
  const readings = before.slice()
  for (const reading of now) {
    let at = 0
    while (at < readings.length && (readings[at]?.name !== reading.name || readings[at]?.subject !== reading.subject)) at += 1
    readings[at] = reading
  }
  return readings
}

/** Without query, scheme and authority: any of them may hold a password. */
function loggedPath(target: string): string {
  const path = pathOf(withoutAuthority(target))
  return (path.startsWith('/') ? path : path.replace(/^.*@/s, '')).slice(0, PATH_CHARS_MAX)
}

const names = new WeakMap<RouteOptions, string>()

export function routeName(route: RouteOptions): string {
  const known = route.name ?? names.get(route)
  if (known !== undefined) return known
  const name = `${route.methods.join('|')} ${route.path}`
  names.set(route, name)
  return name
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
    message: ownText(message),
    facts: ownFacts(refusal.facts),
    cause: refusal.cause === undefined ? undefined : causeText(refusal.cause),
    midStream,
  }
}

function causeText(cause: unknown): string {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  return ownText(text.slice(0, 1_000))
}

function own(text: string | undefined): string | undefined {
  return text === undefined ? undefined : ownText(text)
}

function ownAttempt({ target, status, error, durationMs }: UpstreamAttempt): UpstreamAttempt {
  return { target: ownText(target), status, error, durationMs }
}

function ownFacts(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'string' ? ownText(fact) : fact]))
}

function roundedMs(ms: number): number {
  return Math.round(ms * 100) / 100
}
