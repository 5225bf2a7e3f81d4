/**
 * Rows of the request log as texts: one flat list of JSON, a third of what the row itself would take, since a store writes one for every request. Places stand in
 * the order of `format`; what there may be several of follows its count. Durations are in hundredths of a millisecond, instants of meters after that of the row.
 */
import { compact } from '../contract/values/compact.ts'
import { toJsonText } from '../engine/assert-value.ts'
import type { Reading } from '../engine/meters/meter.ts'
import type { RequestRow, UpstreamAttempt } from './request-row.ts'

/** What a store keeps beside the text, since it searches by it. */
export type RequestPlace = Pick<RequestRow, 'requestId' | 'atMs' | 'clientRequestId' | 'accountId'>

const VERSION = 1

/**
 * The rest of the row, without what is in its place. Throws a TypeError for what JSON cannot hold.
 *
 * @example
 * const copyOf = (row: RequestRow): RequestRow => parseRequest(row, formatRequest(row))
 */
export function formatRequest(row: RequestRow): string {
  const { atMs, timings, meters, upstream } = row
  const values: unknown[] = [
    VERSION, packedMs(row.durationMs), row.method, row.path, row.remoteAddress, row.traceId, row.api, row.route, row.userId, row.keyId, row.plan,
    row.status, row.bytesIn, row.bytesOut, row.serviceSaid, row.uncounted, row.refusal,
  ]
  const steps = Object.keys(timings ?? {})
  values.push(timings && steps.length)
  for (const step of steps) values.push(step, packedMs(timings[step]))
  values.push(countOf(meters))
  for (const { name, subject, kind, limit, used, remaining, resetAtMs, admitted, unlimited, retryAtMs } of meters ?? []) {
    values.push(name, subject, kind, limit, used, remaining, resetAtMs - atMs, (admitted ? ADMITTED : 0) + (unlimited === true ? UNLIMITED : 0), retryAtMs === undefined ? undefined : retryAtMs - atMs)
  }
  values.push(countOf(upstream))
  for (const { target, status, error, durationMs } of upstream ?? []) values.push(target, status, error, packedMs(durationMs))
  return toJsonText(values, `the log row of ${row.requestId}`)
}

const ADMITTED = 1
const UNLIMITED = 2

/**
 * The row that was written so, or as a whole object before there was this form. Throws where the text is none.
 *
 * @example
 * parseRequest({ requestId: 'r1', atMs: 0 }, '{"requestId":"r1","atMs":0,"status":200}').status // => 200
 */
export function parseRequest({ requestId, atMs, clientRequestId, accountId }: RequestPlace, text: string): RequestRow {
  if (text.startsWith('{')) return JSON.parse(text) as RequestRow
  const values = JSON.parse(text) as readonly unknown[]
  if (values[0] !== VERSION) throw new TypeError(`the log row of ${requestId} is of a form that is not known here`)
  let at = 1
  // What the row had not was written as null.
  const next = <T>(): T => (values[at++] ?? undefined) as T
  const times = <T>(count: number | undefined, one: () => T): T[] | undefined => (count === undefined ? undefined : Array.from({ length: count }, one))
  const row: { [K in keyof Required<RequestRow>]: RequestRow[K] | undefined } = {
    requestId, atMs, clientRequestId, accountId,
    durationMs: unpackedMs(next()), method: next(), path: next(), remoteAddress: next(), traceId: next(), api: next(), route: next(), userId: next(), keyId: next(), plan: next(),
    status: next(), bytesIn: next(), bytesOut: next(), serviceSaid: next(), uncounted: next(), refusal: next(),
    timings: asRecord(times(next(), () => [next<string>(), unpackedMs(next()) ?? 0] as const)),
    meters: times(next(), nextReading),
    upstream: times(next(), (): UpstreamAttempt => compact({ target: next<string>(), status: next<number | undefined>(), error: next<string | undefined>(), durationMs: unpackedMs(next()) ?? 0 })),
  }
  return compact(row) as RequestRow

  function nextReading(): Reading {
    const reading = { name: next<string>(), subject: next<string>(), kind: next<Reading['kind']>(), limit: next<number>(), used: next<number>(), remaining: next<number>(), resetAtMs: atMs + next<number>() }
    const said = next<number>()
    const retryMs = next<number | undefined>()
    return { ...reading, admitted: (said & ADMITTED) !== 0, ...compact({ unlimited: (said & UNLIMITED) === 0 ? undefined : (true as const), retryAtMs: retryMs === undefined ? undefined : atMs + retryMs }) }
  }
}

function asRecord(entries: readonly (readonly [string, number])[] | undefined): { readonly [step: string]: number } | undefined {
  return entries && Object.fromEntries(entries)
}

/** Tests leave lists out. */
function countOf(list: readonly unknown[] | undefined): number | undefined {
  return list?.length
}

/** Whole numbers are written and read fastest, and durations are rounded to hundredths anyway. Any other one is written out. */
function packedMs(ms: number | undefined): number | string | undefined {
  if (ms === undefined) return undefined
  const hundredths = Math.round(ms * 100)
  return hundredths / 100 === ms ? hundredths : String(ms)
}

function unpackedMs(packed: number | string | undefined): number | undefined {
  return typeof packed === 'number' ? packed / 100 : packed === undefined ? undefined : Number(packed)
}
