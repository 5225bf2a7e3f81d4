/** What a status says when the code is unknown. Weaker than an entry, better than nothing. */
import type { Action, RetryRule } from './declaration.ts'
import type { Reason } from './reason.ts'

export interface Meaning {
  readonly reason: Reason
  readonly retry: RetryRule
  readonly action: Action
}

const byStatus: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [401, { reason: 'credential.invalid', retry: 'never', action: 'authenticate' }],
  [402, { reason: 'credit.insufficient', retry: 'never', action: 'pay_or_upgrade' }],
  [403, { reason: 'permission.denied', retry: 'never', action: 'request_access' }],
  [404, { reason: 'resource.not_found', retry: 'never', action: 'fix_request' }],
  [405, { reason: 'method.not_allowed', retry: 'never', action: 'fix_request' }],
  // The server gave up waiting for the request: RFC 9110 section 15.5.9 lets the client repeat it.
  [408, { reason: 'network.timeout', retry: 'backoff', action: 'wait' }],
  [409, { reason: 'resource.conflict', retry: 'never', action: 'fix_request' }],
  [410, { reason: 'resource.gone', retry: 'never', action: 'fix_request' }],
  [413, { reason: 'request.too_large', retry: 'never', action: 'fix_request' }],
  [415, { reason: 'request.unsupported_media', retry: 'never', action: 'fix_request' }],
  [429, { reason: 'rate.limited', retry: 'wait', action: 'wait' }],
  [502, { reason: 'upstream.failed', retry: 'backoff', action: 'wait' }],
  [503, { reason: 'upstream.unavailable', retry: 'backoff', action: 'wait' }],
  [504, { reason: 'upstream.timeout', retry: 'backoff', action: 'wait' }],
])

const badRequest: Meaning = { reason: 'request.invalid', retry: 'never', action: 'fix_request' }
const serverError: Meaning = { reason: 'internal', retry: 'backoff', action: 'contact_support' }
const unknown: Meaning = { reason: 'unknown', retry: 'never', action: 'contact_support' }

/** Other statuses mean what the x00 of their class means (RFC 9110 section 15). Below 400, and mid-stream, there is nothing to go by. */
export function meaningOfStatus(status: number | undefined): Meaning {
  if (status === undefined) return unknown
  return byStatus.get(status) ?? (status >= 400 && status < 500 ? badRequest : status >= 500 && status < 600 ? serverError : unknown)
}
