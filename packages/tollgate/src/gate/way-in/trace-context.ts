/**
 * The trace that a call belongs to (W3C Trace Context): read once, for the log and for the upstream alike. One that a caller sends is passed on when it is
 * valid; otherwise a call that goes to an upstream begins one.
 */
import { toHex } from '../../contract/values/request-id.ts'
import { parseTraceparent } from '../../contract/values/traceparent.ts'
import { headerValues, soleHeader } from '../headers.ts'

/** The trace that a call belongs to (W3C Trace Context). */
export interface TraceContext {
  readonly traceId: string
  /** For the upstream, flat. */
  readonly headers: readonly string[]
}

/**
 * Undefined where there is no valid `traceparent`, without which `tracestate` means nothing. One that was sent twice is none: it is no list.
 *
 * @example
 * readTraceContext(['traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'])?.traceId // => '4bf92f3577b34da6a3ce929d0e0e4736'
 */
export function readTraceContext(headers: readonly string[]): TraceContext | undefined {
  const traceparent = soleHeader(headers, 'traceparent')
  const traceId = traceparent === undefined ? undefined : parseTraceparent(traceparent)?.traceId
  if (traceparent === undefined || traceId === undefined) return undefined
  const state = headerValues(headers, 'tracestate').join(', ')
  return { traceId, headers: ['traceparent', traceparent, ...(state === '' ? [] : ['tracestate', state])] }
}

const TRACE_ID_BYTES = 16
const PARENT_ID_BYTES = 8

/** Sampled: services that follow their parent's decision would otherwise never record a trace behind the gateway. */
export function mintTraceContext(randomBytes: (count: number) => Uint8Array): TraceContext {
  const hex = toHex(randomBytes(TRACE_ID_BYTES + PARENT_ID_BYTES))
  const traceId = hex.slice(0, 2 * TRACE_ID_BYTES)
  return { traceId, headers: ['traceparent', `00-${traceId}-${hex.slice(2 * TRACE_ID_BYTES)}-01`] }
}
