/**
 * Where OpenRouter says what it is. It speaks four dialects and has one vocabulary, `error_type`, which stands beside each: in `error.metadata` of chat completions,
 * in `error` of the Anthropic form, at the top of responses. Who limits is `metadata.limit_source`; what of models is at issue, `error.availability`. The headers of
 * what limited stand once more in `metadata.headers`, with the reset in epoch milliseconds.
 */
import type { Reader } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { formatTimestamp } from '../contract/values/timestamp.ts'
import { parseRetryAfter } from '../contract/values/retry-after.ts'
import { numberOf, objectOf, textOf } from './members.ts'

/** Of `limit_source`: those that are no entry's attribute. */
const entryOfLimit: ReadonlyMap<string, string> = new Map([
  ['openrouter_credits', 'paymentRequired'],
  ['openrouter_guardrail_budget', 'spendLimit'],
  ['openrouter_workspace_budget', 'spendLimit'],
])

/** Of `availability.code`, those that its `error_type` does not tell. */
const entryOfAvailability: ReadonlyMap<string, string> = new Map([
  ['capacity_exhausted', 'providersAtCapacity'],
  ['temporarily_unavailable', 'providerOverloaded'],
])

export const readOpenRouter: Reader = (body, { status: sent, headers }) => {
  const error = objectOf(body, 'error') ?? objectOf(objectOf(body, 'response'), 'error') ?? (textOf(body, 'type') === 'error' ? body : undefined)
  const message = textOf(error, 'message')
  if (error === undefined || message === undefined) return undefined
  const metadata = objectOf(error, 'metadata')
  const availability = objectOf(error, 'availability')
  const status = numberOf(error, 'code') ?? numberOf(error, 'http_status') ?? (sent !== undefined && sent >= 400 ? sent : undefined)
  const type = textOf(metadata, 'error_type') ?? textOf(error, 'error_type') ?? textOf(body, 'error_type')
  // Under a success only what is surely an error: a response that failed is a resource.
  if (sent !== undefined && sent < 400 && status === undefined && type === undefined) return undefined
  const limitSource = textOf(metadata, 'limit_source')
  const retryAfterSeconds = numberOf(availability, 'retry_after') ?? parseRetryAfter(textOf(objectOf(metadata, 'headers'), 'Retry-After'), undefined)
  // Without the header a 402 is no matter of waiting.
  const isBusy = status === 402 && limitSource === undefined && (retryAfterSeconds ?? parseRetryAfter(headers['retry-after'], undefined)) !== undefined
  const resetAtMs = Number(textOf(objectOf(metadata, 'headers'), 'X-RateLimit-Reset') ?? Number.NaN)
  return compact({
    status,
    code: type ?? textOf(error, 'code'),
    message,
    // With 402 it is money, with 403 a budget.
    entry: (limitSource === 'openrouter_key_limit' ? (status === 403 ? 'spendLimit' : 'paymentRequired') : undefined) ?? entryOfLimit.get(limitSource ?? '') ?? entryOfAvailability.get(textOf(availability, 'code') ?? '') ?? (isBusy ? 'inFlightBudget' : undefined),
    retryAfterSeconds,
    details: compact({
      limit_source: limitSource,
      reason: textOf(metadata, 'reason'),
      provider: textOf(metadata, 'provider_name'),
      provider_code: textOf(metadata, 'provider_code'),
      availability: textOf(availability, 'code'),
      resets_at: textOf(metadata, 'resets_at') ?? (Number.isSafeInteger(resetAtMs) ? formatTimestamp(resetAtMs) : undefined),
    }),
  })
}
