/**
 * Google's irregular forms: the whole error may stand in an array, or as JSON text inside its own message, once more or several times; what happened is
 * in `details`, where each element has an `@type`. Which RESOURCE_EXHAUSTED it is follows the rules of gemini-cli, the best that is public.
 */
import { parseBoundedJson } from '../contract/read/bounded-json.ts'
import type { Reader, ReaderResult } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { toFieldIssues } from './field-issues.ts'
import { listOf, numberOf, objectOf, textOf } from './members.ts'

/** A message within a message within a message: more are not unwrapped. */
const NESTING_MAX = 4
/** Who asks for a longer wait than this means a quota, not a rate. */
const WAIT_SECONDS_MAX = 300
/** Where a limit by the minute names no wait. */
const MINUTE_SECONDS = 60

export const readGoogle: Reader = (body) => {
  const error = innermost(objectOf(Array.isArray(body) ? body.at(-1) : body, 'error'))
  const message = textOf(error, 'message')
  const status = numberOf(error, 'code')
  const code = textOf(error, 'status')
  // Other dialects have an `error` with a numeric code too; only this one has a status name or details beside it.
  if (error === undefined || status === undefined || status < 400 || status > 599) return undefined
  if (code === undefined && listOf(error, 'details').length === 0 && listOf(error, 'errors').length === 0) return undefined
  const waitSeconds = waitOf(error, message)
  const entry = entryOf(error, code, status, message, waitSeconds)
  const requestId = textOf(detailOf(error, 'RequestInfo'), 'requestId')
  const fields = fieldsOf(error)
  const info = detailOf(error, 'ErrorInfo')
  const reason = textOf(info, 'reason')
  const domain = textOf(info, 'domain')
  return compact({
    status,
    fields,
    code,
    message,
    entry,
    requestId,
    retryAfterSeconds: waitSeconds && Math.ceil(waitSeconds),
    details: reason === undefined ? undefined : compact({ reason, domain }),
  })
}

/** The error that the message itself may hold as JSON text. */
function innermost(error: object | undefined): object | undefined {
  let current = error
  for (let level = 0; level < NESTING_MAX; level++) {
    const message = textOf(current, 'message')?.trim()
    const inner = message?.startsWith('{') === true ? objectOf(parseBoundedJson(message), 'error') : undefined
    if (inner === undefined) break
    current = inner
  }
  return current
}

function detailOf(error: object, type: string): unknown {
  return listOf(error, 'details').find((detail) => textOf(detail, '@type')?.trim().endsWith(`google.rpc.${type}`) === true)
}

/** `retryDelay: "34.4s"`, or what the message says in words. */
function waitOf(error: object, message = ''): number | undefined {
  const [, amount, unit] =
    /^(\d{1,12}(?:\.\d{1,9})?)(s)$/.exec(textOf(detailOf(error, 'RetryInfo'), 'retryDelay') ?? '') ??
    /Please retry in (\d{1,12}(?:\.\d{1,9})?)(ms|s)\b/.exec(message) ?? []
  if (amount !== undefined) return Number(amount) / (unit === 'ms' ? 1000 : 1)
  return quotaIdsOf(error).some((id) => id.includes('PerMinute')) ? MINUTE_SECONDS : undefined
}

function quotaIdsOf(error: object): readonly string[] {
  return listOf(detailOf(error, 'QuotaFailure'), 'violations').map((violation) => textOf(violation, 'quotaId') ?? '')
}

/** Of `ErrorInfo` (google/api/error_reason.proto), and of `errors` in older APIs, where a rate comes with 403: those that code and status do not tell. */
const entryOfReason: ReadonlyMap<string, string> = new Map([
  ['API_KEY_INVALID', 'invalidKey'],
  ['ACCESS_TOKEN_EXPIRED', 'tokenExpired'],
  ['BILLING_DISABLED', 'billingDisabled'],
  ['CONSUMER_SUSPENDED', 'consumerSuspended'],
  ['INSUFFICIENT_G1_CREDITS_BALANCE', 'creditExhausted'],
  ['RESOURCE_QUOTA_EXCEEDED', 'quotaExhausted'],
  ['rateLimitExceeded', 'rateLimited'],
  ['userRateLimitExceeded', 'rateLimited'],
  ['quotaExceeded', 'quotaExhausted'],
  ['dailyLimitExceeded', 'quotaExhausted'],
])

/** Undefined: code and status say it all. */
function entryOf(error: object, code: string | undefined, status: number, message = '', waitSeconds = 0): string | undefined {
  const reason = textOf(detailOf(error, 'ErrorInfo'), 'reason')
  const known = entryOfReason.get(reason ?? textOf(listOf(error, 'errors')[0], 'reason') ?? '')
  if (known !== undefined) return known
  if (code === 'RESOURCE_EXHAUSTED' && status === 402) return 'creditExhausted'
  if (code !== 'RESOURCE_EXHAUSTED' && status !== 429) return undefined
  const isFinal =
    reason === 'QUOTA_EXHAUSTED' ||
    reason?.startsWith('MODEL_CAPACITY_EX') === true ||
    quotaIdsOf(error).some((id) => /PerDay|Daily/.test(id)) ||
    waitSeconds > WAIT_SECONDS_MAX ||
    /limit:\s*0(?!\d|\.\d)/.test(message)
  return isFinal ? 'quotaExhausted' : 'rateLimited'
}

function fieldsOf(error: object): ReaderResult['fields'] {
  return toFieldIssues(
    listOf(detailOf(error, 'BadRequest'), 'fieldViolations').flatMap((violation) => {
      const field = textOf(violation, 'field')
      return field === undefined ? [] : [[field, textOf(violation, 'description') ?? ''] as const]
    }),
  )
}
