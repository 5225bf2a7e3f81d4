/**
 * How long an answer asks its caller to wait: in `Retry-After` (RFC 9110 section 10.2.3), and in the headers and members of bodies that vendors have for it. Not a
 * moment less than is said: of two figures in one place the longer counts. (In sentences: `contract/values/told-wait.ts`.)
 */
import type { ReceivedAnswer } from '../contract/declare/wire.ts'
import { headerOf } from '../contract/read/header-of.ts'
import { isJsonObject } from '../contract/values/json-object.ts'
import { parseGoDuration } from '../contract/values/go-duration.ts'
import { parseHttpDate } from '../contract/values/http-date.ts'

/** Longer than anything that says a wait. */
const VALUE_CHARS_MAX = 128

/** What counts milliseconds goes before the standard's own header, which has only whole seconds. */
const names = ['retry-after-ms', 'x-ms-retry-after-ms', 'x-amz-retry-after', 'retry-after']

/** Milliseconds from the answer on. A date is measured against `nowMs`, which is best the sender's; without one (NaN) it says nothing. */
export function waitInHeaders(headers: ReceivedAnswer['headers'], nowMs: number): number | undefined {
  for (const name of names) {
    const value = headerOf(headers, name)?.trim()
    const waitMs = value === undefined || value.length > VALUE_CHARS_MAX ? undefined : name === 'retry-after' ? parseWait(value, nowMs) : inUnit(value, 1)
    if (waitMs !== undefined) return waitMs
  }
  return undefined
}

/**
 * In its legal forms, whole seconds and the three dates, and in two more that servers send: seconds with decimals (`2.0`), and a value that was joined to another on
 * the way. In no other: what `Date.parse` makes of `-1`, `120` or an ISO date is not what was meant.
 */
function parseWait(value: string, nowMs: number): number | undefined {
  const [, first, rest = '', last] = /^(?:([\d.]+), )?(.*?)(?:, ([\d.]+))?$/.exec(value) ?? []
  return longest([inUnit(first, 1_000), inUnit(rest, 1_000) ?? until(parseHttpDate(rest, nowMs), nowMs), inUnit(last, 1_000)])
}

/** `retry_after`, `retryAfterMs`, `retry_after_seconds`, `retryDelay`, `Retry-After`, `estimated_time`, and `rateLimitNext` of Akamai. */
const MEMBER = /^(?:retry[_-]?(?:after|delay|in)|estimated_time|rateLimitNext)[_-]?(ms|milliseconds)?(?:s|sec|seconds)?$/i
const LEVELS_MAX = 5
const MEMBERS_MAX = 64

/** Of a parsed body: headers are often lost on the way, in browsers and behind bridges. */
export function waitInBody(body: unknown, nowMs: number, levels = LEVELS_MAX): number | undefined {
  if (levels === 0 || typeof body !== 'object' || body === null) return undefined
  return longest(
    Object.entries(body).slice(0, MEMBERS_MAX).map(([name, value]: readonly [string, unknown]) => {
      const [isOne, inMs] = isJsonObject(body) ? (MEMBER.exec(name) ?? []) : []
      return isOne === undefined || typeof value === 'object' ? waitInBody(value, nowMs, levels - 1) : toWait(value, inMs === undefined ? 1_000 : 1, nowMs)
    }),
  )
}

/** A number, the same as a text, a duration (`34.07s`), or an instant. */
function toWait(value: unknown, unitMs: number, nowMs: number): number | undefined {
  const text = String(value).slice(0, VALUE_CHARS_MAX)
  return inUnit(text, unitMs) ?? inUnit(text.replace(/s$/, ''), 1_000) ?? parseGoDuration(text) ?? until(/^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : undefined, nowMs)
}

function inUnit(text: string | undefined, unitMs: number): number | undefined {
  return text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? Math.min(Math.round(Number(text) * unitMs), Number.MAX_SAFE_INTEGER) : undefined
}

function until(atMs: number | undefined, nowMs: number): number | undefined {
  return atMs === undefined || Number.isNaN(atMs - nowMs) ? undefined : Math.max(0, atMs - nowMs)
}

function longest(waits: readonly (number | undefined)[]): number | undefined {
  const told = waits.filter((wait) => wait !== undefined)
  return told.length === 0 ? undefined : Math.max(...told)
}
