/**
 * Spans and metrics for each attempt, as the semantic conventions of OpenTelemetry have them for HTTP clients, and why there was another attempt or none.
 * `@opentelemetry/api` is passed in, so that nobody needs it who does not use it.
 */
import type { Attempt } from '../attempt.ts'
import type { Extension } from '../extension.ts'

/** What is used of `@opentelemetry/api`. */
export interface TelemetryApi<Context, Span extends TelemetrySpan> {
  readonly trace: {
    getTracer(name: string): { startSpan(name: string, options: { kind: number; attributes: TelemetryAttributes }, context: Context): Span }
    setSpan(context: Context, span: Span): Context
  }
  readonly context: { active(): Context }
  readonly propagation: { inject(context: Context, carrier: { [name: string]: string }): void }
  readonly metrics: {
    getMeter(name: string): {
      createHistogram(name: string, options: { unit: string; description: string; advice: { explicitBucketBoundaries: number[] } }): { record(value: number, attributes: TelemetryAttributes): void }
      createCounter(name: string, options: { unit: string; description: string }): { add(value: number, attributes: TelemetryAttributes): void }
    }
  }
}

/** What is used of a span. */
export interface TelemetrySpan {
  setAttributes(attributes: TelemetryAttributes): unknown
  setStatus(status: { code: number; message?: string }): unknown
  end(): void
}

/** What spans and metrics carry. */
export interface TelemetryAttributes {
  [name: string]: string | number | boolean | undefined
}

const CLIENT_KIND = 2
const ERROR_STATUS = 2
/** Seconds, as the convention has them. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT', 'QUERY'])

/**
 * Added to a client by `extensions: [telemetry(api)]`, with all of `@opentelemetry/api`. Each attempt is a span of the caller's, whose `traceparent` goes along. Addresses are told
 * without their query.
 *
 * @example
 * const extensionsWith = <Context, Span extends TelemetrySpan>(api: TelemetryApi<Context, Span>): object[] => [telemetry(api)]
 */
export function telemetry<Context, Span extends TelemetrySpan>({ trace, context, propagation, metrics }: TelemetryApi<Context, Span>): Extension {
  const tracer = trace.getTracer('tollgate')
  const meter = metrics.getMeter('tollgate')
  const duration = meter.createHistogram('http.client.request.duration', { unit: 's', description: 'Duration of HTTP client requests.', advice: { explicitBucketBoundaries: BOUNDARIES } })
  const attempts = meter.createCounter('tollgate.client.attempts', { unit: '{attempt}', description: 'Attempts of calls, by what came of them and why there was another one, or none.' })

  return {
    name: 'telemetry',
    begin({ method, url }) {
      const { hostname, port, protocol, origin, pathname } = toWhole(url)
      const known = methods.has(method) ? method : '_OTHER'
      const where = { 'http.request.method': known, 'server.address': hostname, 'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }
      const parent = context.active()
      let span: Span | undefined

      return {
        beforeAttempt({ number, setHeader }) {
          const resent = number > 1 ? { 'http.request.resend_count': number - 1 } : {}
          span = tracer.startSpan(known === '_OTHER' ? 'HTTP' : known, { kind: CLIENT_KIND, attributes: { ...where, 'url.full': origin + pathname, ...resent } }, parent)
          const carrier: { [name: string]: string } = {}
          propagation.inject(trace.setSpan(parent, span), carrier)
          for (const [name, value] of Object.entries(carrier)) setHeader(name, value)
          return undefined
        },
        afterAttempt(attempt) {
          const type = typeOfError(attempt)
          const came = { 'http.response.status_code': attempt.status, 'error.type': type }
          duration.record(attempt.tookMs / 1_000, { ...where, ...came })
          attempts.add(1, { 'server.address': hostname, 'tollgate.reason': attempt.reason ?? 'none', 'tollgate.because': attempt.because })
          span?.setAttributes({
            ...came, 'tollgate.reason': attempt.reason, 'tollgate.code': attempt.code === undefined ? undefined : String(attempt.code), 'tollgate.request_id': attempt.requestId, 'tollgate.because': attempt.because, 'tollgate.delay_ms': attempt.delayMs,
          })
          if (type !== undefined) span?.setStatus({ code: ERROR_STATUS })
          span?.end()
          span = undefined
        },
        onEnd() {
          // Held back, or given up before it was sent.
          span?.end()
          span = undefined
        },
      }
    },
  }
}

/** In a page an address may be relative to it. */
function toWhole(url: string): URL {
  const page = (globalThis as { readonly location?: { readonly href?: string } }).location?.href
  try {
    return new URL(url, page)
  } catch {
    return new URL('http://unknown.invalid/')
  }
}

/** A status where there is one; otherwise what happened. A refusal in a 200 is what it means. */
function typeOfError({ reason, status }: Attempt): string | undefined {
  return reason === undefined ? undefined : status !== undefined && status >= 400 ? String(status) : reason
}
