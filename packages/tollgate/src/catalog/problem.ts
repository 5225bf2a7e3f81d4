/**
 * Problem details (RFC 9457): one entry for each reason, so nothing is lost. The default dialect of a listener and of the admin API.
 *
 * Beside the members of the RFC stand `code` (the reason itself), `request_id` and, as further extension members, the details of the entry.
 * `type` is a URN: it identifies and does not resolve. `title` is constant for its type; `detail` is about this occurrence.
 */
import type { EntryDeclaration } from '../contract/declare/declaration.ts'
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { waitsPart } from '../contract/read/parts/waits-part.ts'
import type { ServerReason } from '../contract/declare/reason.ts'
import { readProblem } from './problem-reader.ts'

type ProblemEntry = Omit<EntryDeclaration, 'code' | 'reason' | 'message' | 'attributes'>

/** The entry of one reason. Its detail says what is at issue, where that is known, and repeats the title otherwise. */
function problemOf<const R extends ServerReason, const E extends ProblemEntry>(reason: R, title: string, entry: E) {
  const type: string = `urn:tollgate:problem:${reason.replaceAll(/[._]/g, '-')}`
  return { ...entry, code: reason, reason, message: [`${title}: {field} {issue}.`, `${title}: {issue}.`, `${title}.`], attributes: { type, title } } as const
}

const issue = { issue: 'string?' } as const
const field = { field: 'string?', issue: 'string?', rule: 'string?' } as const
const credential = { key_id: 'string? from keyId' } as const
const resource = { resource: 'string?', resource_id: 'string? from id' } as const
const wait = { retry_after: 'seconds? from retryAfterMs' } as const
const limit = {
  meter: 'string?', limit: 'integer?', used: 'integer?', remaining: 'integer?', period: 'string?', plan: 'string?',
  reset_at: 'timestamp? from resetAtMs', retryable: 'boolean? from waitHelps', ...wait,
} as const
/** Of money, amounts. */
const quota = { ...limit, limit: 'number?', used: 'number?', remaining: 'number?' } as const

/** Problem details (RFC 9457), one entry for each reason, so that nothing is lost; written and read. */
export const problem = defineDialect({
  name: 'problem',
  title: 'Problem details (RFC 9457), and those of others',
  docs: 'https://www.rfc-editor.org/rfc/rfc9457',
  requestId: { format: 'uuid' },
  authenticate: 'Bearer realm="api"',
  rateLimitHeaders: { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset', resetUnit: 'unix' },
  // Others' problems may: Akamai's do.
  waitInMessage: true,
  envelope: {
    contentType: 'application/problem+json',
    error: {
      type: '$type', title: '$title', status: '$status', detail: '$message',
      code: '$code', request_id: '$requestId', '...': '$details',
    },
  },
  entries: {
    missingCredential: problemOf('credential.missing', 'Credential missing', {
      status: 401, details: { header: 'string?', parameter: 'string?' },
      description: 'The request carries no credential.', remedy: 'Send one in the header that `header` names.',
    }),
    invalidCredential: problemOf('credential.invalid', 'Credential invalid', {
      status: 401, details: { header: 'string?', parameter: 'string?' },
      description: 'The credential is malformed or unknown.', remedy: 'Check it for typing errors.',
    }),
    expiredCredential: problemOf('credential.expired', 'Credential expired', {
      status: 401, details: { ...credential, expired_at: 'timestamp? from expiredAtMs' },
      description: 'The key is genuine and its time is over.', remedy: 'Create a new key.',
    }),
    revokedCredential: problemOf('credential.revoked', 'Credential revoked', {
      status: 401, details: { ...credential, revoked_at: 'timestamp? from revokedAtMs' },
      description: 'The key is genuine and was revoked or disabled.', remedy: 'Use another key.',
    }),
    expiredToken: problemOf('token.expired', 'Token expired', {
      status: 401, details: { expired_at: 'timestamp? from expiredAtMs' },
      description: 'The token is well signed and its time is over.', remedy: 'Get a new token, then repeat once.',
    }),
    permissionDenied: problemOf('permission.denied', 'Permission denied', {
      status: 403, details: { required: 'string?', granted: 'string?' },
      description: 'The credential lacks a permission that the operation needs.', remedy: 'Use a credential that has it.',
    }),
    suspendedAccount: problemOf('account.suspended', 'Account suspended', {
      status: 403, details: { suspended_until: 'timestamp? from untilMs' },
      description: 'The account is suspended, for a time or until further notice.', remedy: 'Contact support.',
    }),
    disabledAccount: problemOf('account.disabled', 'Account disabled', {
      status: 403,
      description: 'The account is switched off.', remedy: 'Contact support.',
    }),
    accountNotEntitled: problemOf('account.not_entitled', 'Account not entitled', {
      status: 403, details: { plan: 'string?' },
      description: 'The account or its plan does not include this.', remedy: 'Upgrade the plan or ask for access.',
    }),
    invalidRequest: problemOf('request.invalid', 'Request invalid', {
      status: 400, details: issue,
      description: 'The request as a whole cannot be understood.', remedy: 'Correct what `issue` names.',
    }),
    tooLargeRequest: problemOf('request.too_large', 'Request too large', {
      status: 413, details: { ...issue, bytes_max: 'integer? from bytesMax' },
      description: 'The body is larger than the route accepts.', remedy: 'Send at most `bytes_max` bytes.',
    }),
    unsupportedMedia: problemOf('request.unsupported_media', 'Media type unsupported', {
      status: 415, details: issue,
      description: 'The body has a type or an encoding that the route does not read.', remedy: 'Send the type that the route documents.',
    }),
    missingField: problemOf('field.missing', 'Field missing', {
      status: 422, details: field,
      description: 'A required field is absent.', remedy: 'Add the field.',
    }),
    invalidField: problemOf('field.invalid', 'Field invalid', {
      status: 422, details: field,
      description: 'A field breaks one of its rules.', remedy: 'Correct the field.',
    }),
    unknownRoute: problemOf('route.unknown', 'Route unknown', {
      status: 404, details: { ...issue, path: 'string?' },
      description: 'There is nothing at this path.', remedy: 'Check the URL.',
    }),
    methodNotAllowed: problemOf('method.not_allowed', 'Method not allowed', {
      status: 405, details: { ...issue, method: 'string?' },
      description: 'The path exists, but not for this method.', remedy: 'Use a method that `Allow` names.',
    }),
    resourceNotFound: problemOf('resource.not_found', 'Resource not found', {
      status: 404, details: { ...issue, ...resource },
      description: 'The resource does not exist, or is not yours.', remedy: 'Check the id.',
    }),
    resourceGone: problemOf('resource.gone', 'Resource gone', {
      status: 410, details: { ...issue, ...resource },
      description: 'The resource existed and is gone for good.', remedy: 'Create a new one.',
    }),
    resourceConflict: problemOf('resource.conflict', 'Resource conflict', {
      status: 409, details: { ...issue, ...resource },
      description: 'The state of the resource does not allow this.', remedy: 'Read its state, then decide.',
    }),
    rateLimited: problemOf('rate.limited', 'Rate limited', {
      status: 429, details: limit, retryAfterSeconds: 60,
      description: 'Too many requests in a window of time.', remedy: 'Wait for Retry-After, then repeat.',
    }),
    concurrencyLimited: problemOf('concurrency.limited', 'Concurrency limited', {
      status: 429, details: limit, retryAfterSeconds: 1,
      description: 'Too many requests at the same time.', remedy: 'Let a running request end first.',
    }),
    quotaExhausted: problemOf('quota.exhausted', 'Quota exhausted', {
      status: 429, details: quota, retryAfterSeconds: 3600,
      description: 'The quota of a day or a month is used up, or the money that may be spent in it.', remedy: 'Wait for the reset or upgrade the plan.',
    }),
    insufficientCredit: problemOf('credit.insufficient', 'Credit insufficient', {
      status: 402, details: { balance: 'money?', required: 'money?', allowance: 'money? from limit', period: 'string?', reset_at: 'timestamp? from resetAtMs' },
      description: 'The price is more than what remains.', remedy: 'Top up, or wait for the next allowance where `reset_at` says when it comes.',
    }),
    sessionNotFound: problemOf('session.not_found', 'Session not found', {
      status: 404, details: { session_id: 'string? from id' },
      description: 'The session does not exist, or is not yours.', remedy: 'Check the id.',
    }),
    sessionExpired: problemOf('session.expired', 'Session expired', {
      status: 410, details: { session_id: 'string? from id', expired_at: 'timestamp? from expiredAtMs' },
      description: 'The session has ended.', remedy: 'Create a new session.',
    }),
    sessionLimited: problemOf('session.limited', 'Sessions limited', {
      status: 429, details: limit, retryAfterSeconds: 60,
      description: 'The account has as many sessions as it may.', remedy: 'End one of them.',
    }),
    missingIdempotencyKey: problemOf('idempotency.missing', 'Idempotency-Key is missing', {
      status: 400,
      description: 'The operation must not be repeated by accident, so it asks for a key.', remedy: 'Send an Idempotency-Key.',
    }),
    idempotencyMismatch: problemOf('idempotency.mismatch', 'Idempotency-Key is already used', {
      status: 422,
      description: 'The key belongs to another request.', remedy: 'Use a new key.',
    }),
    idempotencyInProgress: problemOf('idempotency.in_progress', 'A request is outstanding for this Idempotency-Key', {
      status: 409, details: wait, retryAfterSeconds: 1,
      description: 'The first request with this key is still running.', remedy: 'Repeat with the same key after Retry-After.',
    }),
    contentBlocked: problemOf('content.blocked', 'Content blocked', {
      status: 422, details: { field: 'string?' },
      description: 'The content breaks a rule about content.', remedy: 'Change it.',
    }),
    upstreamFailed: problemOf('upstream.failed', 'Upstream failed', {
      status: 502,
      description: 'The service behind the gateway failed or sent something that is no answer.', remedy: 'Repeat with growing pauses.',
    }),
    upstreamTimeout: problemOf('upstream.timeout', 'Upstream timeout', {
      status: 504,
      description: 'The service behind the gateway did not answer in time. The outcome is unknown.', remedy: 'Repeat with growing pauses.',
    }),
    upstreamUnavailable: problemOf('upstream.unavailable', 'Upstream unavailable', {
      status: 503, details: wait, retryAfterSeconds: 30,
      description: 'The service behind the gateway cannot be used.', remedy: 'Repeat with growing pauses, not before Retry-After.',
    }),
    overloaded: problemOf('capacity.overloaded', 'Overloaded', {
      status: 503, details: wait, retryAfterSeconds: 5,
      description: 'More requests are in flight than are taken.', remedy: 'Repeat with growing pauses, not before Retry-After.',
    }),
    maintenance: problemOf('service.maintenance', 'Maintenance', {
      status: 503, details: { ...wait, until: 'timestamp? from untilMs' }, retryAfterSeconds: 60,
      description: 'The service is down for maintenance.', remedy: 'Repeat with growing pauses, not before Retry-After.',
    }),
    internal: problemOf('internal', 'Internal error', {
      status: 500,
      description: 'Something failed that should not have. The cause is in the log under the request id.',
      remedy: 'Repeat with growing pauses; contact support with the request id if it stays.',
    }),
  },
}, { reader: readProblem, parts: [waitsPart, readerPart] })
