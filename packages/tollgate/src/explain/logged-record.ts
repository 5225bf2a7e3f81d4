/** An object in which an answer is told beside other things: a line of a structured log, an error as an SDK or a client dumps it. */
import type { JsonValue } from '../contract/declare/facts.ts'
import { valueAt } from '../contract/read/value-at.ts'
import { headersFrom } from './headers-from.ts'
import type { PastedAnswer } from './pasted-answer.ts'

type Path = readonly string[]

const places = {
  status: ['status', 'statusCode', 'status_code', 'httpStatus', 'http_status', 'code', 'res.statusCode', 'res.status', 'response.status', 'response.statusCode', 'response.status_code', 'http.status_code', 'http.response.status_code', 'err.status', 'err.statusCode', 'error.status', '$metadata.httpStatusCode', 'ResponseMetadata.HTTPStatusCode', 'data.httpStatus'].map(toPath),
  headers: ['headers', 'responseHeaders', 'response_headers', 'res.headers', 'response.headers', 'err.headers', 'error.headers', '$response.headers', 'ResponseMetadata.HTTPHeaders'].map(toPath),
  body: ['body', 'response.data', 'response.body', 'res.body', 'responseBody', 'response_body', 'err.body', 'err.response.body', 'err.response.data', 'err.responseBody', 'error.body', 'error.responseBody', 'rawBody', 'raw.body'].map(toPath),
  /** An error that SDKs have taken out of its envelope. */
  inner: ['error', 'err.error', 'Error'].map(toPath),
  message: ['message', 'msg', 'err.message', 'error.message', 'detail'].map(toPath),
  time: ['time', 'timestamp', '@timestamp', 'ts', 'date'].map(toPath),
  method: ['method', 'req.method', 'request.method', 'http.method', 'config.method'].map(toPath),
  url: ['url', 'req.url', 'request.url', 'http.url', 'config.url'].map(toPath),
} as const

/** What only logs, clients and dumps have. */
const marks = ['level', 'severity', 'time', 'timestamp', '@timestamp', 'msg', 'headers', 'response', 'res', 'req', 'request', 'responseHeaders', 'stack', '$metadata', 'ResponseMetadata', 'isAxiosError', 'statusCode', 'body', 'responseBody', 'request_id', 'requestID']

/** Undefined: it says nothing of an answer, or is a body itself. */
export function readRecord(record: JsonValue): PastedAnswer | undefined {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return undefined
  const status = places.status.map((path) => statusOf(valueAt(record, path))).find((each) => each !== undefined)
  const body = places.body.map((path) => bodyOf(valueAt(record, path))).find((each) => each !== undefined)
  const headers = places.headers.map((path) => headersFrom(valueAt(record, path) as JsonValue)).find((each) => each !== undefined)
  const isRecord = marks.filter((mark) => Object.hasOwn(record, mark)).length >= (status === undefined ? 2 : 1)
  if (!isRecord || (status === undefined && body === undefined)) return undefined
  const method = textIn(record, places.method)
  return {
    form: 'log',
    status,
    headers: headers ?? {},
    hasHeaders: headers !== undefined,
    body: body ?? wrapped(record) ?? textIn(record, places.message) ?? '',
    request: method === undefined ? undefined : { method: method.toUpperCase(), url: textIn(record, places.url), hasKey: undefined },
    atMs: timeIn(record),
  }
}

/** An `error` that is an object of its own is what stood in the envelope. */
function wrapped(record: JsonValue): string | undefined {
  const inner = places.inner.map((path) => valueAt(record, path)).find((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
  if (inner === undefined) return undefined
  return JSON.stringify(valueAt(inner, ['error']) === undefined ? { error: inner } : inner)
}

function statusOf(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined
}

function bodyOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined
}

function textIn(record: JsonValue, paths: readonly Path[]): string | undefined {
  return paths.map((path) => valueAt(record, path)).find((value): value is string => typeof value === 'string' && value !== '')
}

/** Seconds or milliseconds, or a date in words. */
function timeIn(record: JsonValue): number | undefined {
  for (const path of places.time) {
    const value = valueAt(record, path)
    const atMs = typeof value === 'number' ? (value < 1e11 ? value * 1_000 : value) : typeof value === 'string' ? Date.parse(value) : Number.NaN
    if (!Number.isNaN(atMs)) return atMs
  }
  return undefined
}

function toPath(dotted: string): Path {
  return dotted.startsWith('@') ? [dotted] : dotted.split('.')
}
