/**
 * What the contracts of a shape have in common: JSON:API, GraphQL and others say how an error looks and leave its codes to each API. These are codes and
 * sentences that fit most; a copy with an API's own is a few lines.
 */
import type { EntryDeclaration } from '../contract/declare/declaration.ts'

/** Of a request that is wrong in one or more fields: the sentence of one field, where the place stands beside it. */
const issue = ['{issue}', 'The request is not valid.'] as const

/** Every reason has an entry. */
export const commonEntries = {
  unauthenticated: {
    code: 'UNAUTHENTICATED', status: 401, reason: 'credential.invalid', alsoFor: ['credential.*', 'token.*'],
    message: 'The request carries no valid credential.', description: 'The credential is missing, unknown, expired or revoked.', remedy: 'Send a valid one.',
  },
  creditShort: {
    code: 'INSUFFICIENT_CREDIT', status: 402, reason: 'credit.insufficient', details: { balance: 'money?', required: 'money?' },
    message: ['This costs {required:money}, and the balance is {balance:money}.', 'The balance is too low.'],
    description: 'The call costs more than the account has.', remedy: 'Add credit.',
  },
  forbidden: {
    code: 'FORBIDDEN', status: 403, reason: 'permission.denied', alsoFor: ['account.*', 'content.blocked'],
    message: ['Not allowed: {issue}.', 'Not allowed.'], description: 'The caller may not do this.',
  },
  notFound: {
    code: 'NOT_FOUND', status: 404, reason: 'resource.not_found', alsoFor: ['resource.gone', 'route.unknown', 'session.*'],
    message: 'There is no such resource.', description: 'The path, or what it names, does not exist.',
  },
  methodNotAllowed: {
    code: 'METHOD_NOT_ALLOWED', status: 405, reason: 'method.not_allowed', message: 'The method is not allowed here.', description: 'The path exists for other methods.',
  },
  conflict: {
    code: 'CONFLICT', status: 409, reason: 'resource.conflict', alsoFor: ['idempotency.*'],
    message: ['Conflict: {issue}.', 'The request conflicts with the state of the resource.'], description: 'The state of the resource, or a request before, does not allow it.',
  },
  invalid: {
    code: 'VALIDATION_FAILED', status: 422, reason: 'field.invalid', alsoFor: ['field.*', 'request.*'],
    message: issue, description: 'Fields are missing or wrong.', remedy: 'Correct the fields that the answer names.',
  },
  rateLimited: {
    code: 'RATE_LIMITED', status: 429, reason: 'rate.limited', alsoFor: ['concurrency.limited'], details: { retry_after: 'seconds? from retryAfterMs' },
    message: 'Too many requests.', description: 'Requests come faster than allowed.', remedy: 'Wait as long as the answer says.',
  },
  quotaExhausted: {
    code: 'QUOTA_EXHAUSTED', status: 429, reason: 'quota.exhausted', details: { limit: 'number?', used: 'number?', reset_at: 'timestamp? from resetAtMs' },
    message: ['{used} of {limit} are used.', 'The quota is used up.'], description: 'The quota of the period is used up.',
  },
  internal: { code: 'INTERNAL', status: 500, reason: 'internal', message: 'Something failed.', description: 'Something failed that should not have.' },
  unavailable: {
    code: 'UNAVAILABLE', status: 503, reason: 'upstream.unavailable', alsoFor: ['upstream.*', 'capacity.*', 'service.*'],
    message: 'Not available at the moment.', description: 'Maintenance, overload, or the service does not answer.', remedy: 'Try again later.',
  },
} as const satisfies { readonly [id: string]: EntryDeclaration }
