/**
 * Problems of other makers: without our `code`, recognised by a registered type, by the titles of the idempotency draft, or by the status alone.
 * A member of the wrong type counts as absent (RFC 9457 section 3.1); other members become details.
 */
import type { JsonValue } from '../contract/declare/facts.ts'
import { toFields } from '../contract/read/found-slots.ts'
import type { Reader, ReaderResult } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { parseHttpDate } from '../contract/values/http-date.ts'
import { isTimestamp } from '../contract/values/timestamp.ts'
import { toFieldIssues } from './field-issues.ts'
import { listOf, numberOf, objectOf, textOf } from './members.ts'

/** Those that have a place of their own in what is read. */
const knownMembers: ReadonlySet<string> = new Set(['type', 'title', 'status', 'detail', 'instance', 'request_id', 'errors', 'violations'])

const REGISTERED = 'https://iana.org/assignments/http-problem-types#'

/** From draft-ietf-httpapi-ratelimit-headers, by the fragment of the type. */
const reasonByType: ReadonlyMap<string, string> = new Map([
  ['quota-exceeded', 'quota.exhausted'],
  ['temporary-reduced-capacity', 'capacity.overloaded'],
  ['abnormal-usage-detected', 'rate.limited'],
])

/** From draft-ietf-httpapi-idempotency-key-header, whose examples share one type. */
const reasonByTitle: ReadonlyMap<string, string> = new Map([
  ['Idempotency-Key is missing', 'idempotency.missing'],
  ['Idempotency-Key is already used', 'idempotency.mismatch'],
  ['A request is outstanding for this Idempotency-Key', 'idempotency.in_progress'],
])

export const readProblem: Reader = (body, { status, headers }) => {
  const type = textOf(body, 'type')
  const title = textOf(body, 'title')
  const detail = textOf(body, 'detail')
  // Ours carries its code; and a body is no problem for having a `type` alone, as much other JSON has.
  if (textOf(body, 'code') !== undefined || (title === undefined && detail === undefined)) return undefined
  if (type === undefined && title === undefined && headers['content-type']?.startsWith('application/problem+json') !== true) return undefined
  if (status !== undefined && status < 400) return undefined
  const code = (type?.startsWith(REGISTERED) === true ? reasonByType.get(type.slice(REGISTERED.length)) : undefined) ?? reasonByTitle.get(title ?? '')
  const requestId = textOf(body, 'request_id')
  const wait = numberOf(body, 'retry_after') ?? numberOf(body, 'retry_after_seconds') ?? numberOf(body, 'retryAfter') ?? secondsUntil(textOf(body, 'rateLimitNext'), headers['date'])
  const fields = fieldsOf(body)
  const details = Object.entries(body as { readonly [name: string]: JsonValue }).filter(([name]) => !knownMembers.has(name))
  return compact({
    message: detail ?? title ?? '',
    details: Object.fromEntries(details),
    fields,
    code,
    requestId,
    retryAfterSeconds: wait !== undefined && wait >= 0 ? Math.ceil(wait) : undefined,
  })
}

/** When Akamai takes the next request, by its own clock. */
function secondsUntil(timestamp: string | undefined, date = ''): number | undefined {
  const nowMs = parseHttpDate(date, Number.NaN)
  return isTimestamp(timestamp) && nowMs !== undefined ? Math.max(0, (Date.parse(timestamp) - nowMs) / 1000) : undefined
}

/**
 * `errors: [{ pointer: '#/age', detail: 'must be a positive integer' }]`, the array of the RFC's own example; with a name and a message in their place, as Zalando has it
 * under `violations`; or a map of texts, as ASP.NET Core has it.
 */
function fieldsOf(body: unknown): ReaderResult['fields'] {
  const map = objectOf(body, 'errors')
  if (map !== undefined) return toFields(map)
  return toFieldIssues(
    [...listOf(body, 'errors'), ...listOf(body, 'violations')].flatMap((error) => {
      const field = textOf(error, 'pointer')?.replace(/^#/, '') ?? textOf(error, 'field')
      return field === undefined ? [] : [[field, textOf(error, 'detail') ?? textOf(error, 'message') ?? ''] as const]
    }),
  )
}
