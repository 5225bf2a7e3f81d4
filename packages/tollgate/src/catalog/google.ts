/**
 * Google's errors (AIP-193), read only: `error.code` is the HTTP status, `error.status` the name, and `details` says which of the things it is
 * that share RESOURCE_EXHAUSTED. See `google-reader.ts` for the forms. Retry rules follow AIP-194: in general only UNAVAILABLE is repeated.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { readGoogle } from './google-reader.ts'
import { says } from './read-only-entry.ts'

/** What `ErrorInfo` says beside the name. */
function because<const Reason extends string>(reason: Reason) {
  return { details: { reason: 'string?', domain: 'string?' }, attributes: { reason, domain: 'googleapis.com' } } as const
}

/** Google APIs (`google.rpc.Status`); read only. */
export const google = defineDialect(
  {
    name: 'google',
    title: 'Google APIs, Gemini (AIP-193)',
    docs: 'https://google.aip.dev/193',
    decodeOnly: true,
    envelope: {
      // Gemini's streams have no mark at their end.
      stream: {},
      error: {
        error: {
          code: '$status', message: '$message', status: '$code',
          'details?': [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: '$details.reason', domain: '$details.domain' }],
        },
      },
    },
    entries: {
      invalidArgument: says('INVALID_ARGUMENT', 400, 'request.invalid', 'The request is wrong whatever the state of the system.'),
      invalidKey: says('INVALID_ARGUMENT', 400, 'credential.invalid', 'The key is not valid: said with 400 and API_KEY_INVALID.', because('API_KEY_INVALID')),
      failedPrecondition: says('FAILED_PRECONDITION', 400, 'resource.conflict', 'The state of the system does not allow it.'),
      outOfRange: says('OUT_OF_RANGE', 400, 'field.invalid', 'A value lies past the valid range.'),
      tokenExpired: says('UNAUTHENTICATED', 401, 'token.expired', 'The access token has expired.', because('ACCESS_TOKEN_EXPIRED')),
      unauthenticated: says('UNAUTHENTICATED', 401, 'credential.invalid', 'No valid credential.', { primary: true }),
      creditExhausted: says('RESOURCE_EXHAUSTED', 402, 'credit.insufficient', 'Prepaid credit is used up.'),
      permissionDenied: says('PERMISSION_DENIED', 403, 'permission.denied', 'The caller may not do this.', { primary: true }),
      billingDisabled: says('PERMISSION_DENIED', 403, 'credit.insufficient', 'The billing account is disabled: money, said with 403.', because('BILLING_DISABLED')),
      consumerSuspended: says('PERMISSION_DENIED', 403, 'account.suspended', 'The project is suspended.', because('CONSUMER_SUSPENDED')),
      notFound: says('NOT_FOUND', 404, 'resource.not_found', 'The resource does not exist.'),
      aborted: says('ABORTED', 409, 'resource.conflict', 'A concurrent change came first: repeat the whole transaction.'),
      alreadyExists: says('ALREADY_EXISTS', 409, 'resource.conflict', 'The resource exists already.'),
      rateLimited: says('RESOURCE_EXHAUSTED', 429, 'rate.limited', 'A limit by the minute.'),
      quotaExhausted: says('RESOURCE_EXHAUSTED', 429, 'quota.exhausted', 'A quota of the day, one of zero, or too long a wait.', because('QUOTA_EXHAUSTED')),
      cancelled: says('CANCELLED', 499, 'request.invalid', 'The caller went away.'),
      internal: says('INTERNAL', 500, 'internal', 'An invariant is broken.', { retry: 'never' }),
      unknown: says('UNKNOWN', 500, 'internal', 'An error of another space.', { retry: 'never' }),
      dataLoss: says('DATA_LOSS', 500, 'internal', 'Data is lost or corrupt for good.', { retry: 'never' }),
      unimplemented: says('UNIMPLEMENTED', 501, 'method.not_allowed', 'The method does not exist here.'),
      unavailable: says('UNAVAILABLE', 503, 'upstream.unavailable', 'Not available at the moment.'),
      deadlineExceeded: says('DEADLINE_EXCEEDED', 504, 'upstream.timeout', 'The outcome is unknown.', { retry: 'never', action: 'contact_support' }),
    },
  },
  { reader: readGoogle, parts: [listsPart, readerPart] },
)
