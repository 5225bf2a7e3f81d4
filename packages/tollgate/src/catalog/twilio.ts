/**
 * Twilio, read only: numbers, in a form of its own, in problem details (the newer APIs), or in a list. 429 is a limit of requests at once. Thousands of numbers say what
 * became of a call or a message; these are those of requests.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { says } from './read-only-entry.ts'

const link = { details: { more_info: 'string?' } } as const

/** Twilio; read only. */
export const twilio = defineDialect({
  name: 'twilio',
  title: 'Twilio (with its problem details)',
  docs: 'https://www.twilio.com/docs/api/errors',
  decodeOnly: true,
  requestId: { format: 'hex', prefix: 'RQ', header: 'twilio-request-id' },
  envelope: {
    error: { code: '$code', message: '$message', more_info: '$details.more_info?', status: '$status' },
    families: {
      problem: { type: '$type', title: '$title', status: '$status', code: '$code', detail: '$message', 'errors?': { $each: '$fields', as: { detail: '$issue', pointer: '$pointer' } } },
      list: { errors: { $each: '$errors', as: { code: '$code', message: '$message', infoUrl: '$details.more_info?' } } },
    },
  },
  entries: {
    badRequest: says(20_001, 400, 'request.invalid', 'The request is not valid.', link),
    invalidNumber: says(21_211, 400, 'field.invalid', 'The number of who is to get it is not valid.', { ...link, read: { code: 21_614 } }),
    unverifiedNumber: says(21_608, 400, 'account.not_entitled', 'A trial account reaches verified numbers alone.', { ...link, read: { code: 10_002, status: 403 } }),
    optedOut: says(21_610, 400, 'content.blocked', 'Who is to get it has opted out.', link),
    authentication: says(20_003, 401, 'credential.invalid', 'The credentials are missing or not valid.', { ...link, read: { code: [20_101, 20_102, 20_103, 20_105, 20_106, 20_107, 20_151], status: 403 } }),
    tokenExpired: says(20_104, 401, 'token.expired', 'The access token has expired.', link),
    accountInactive: says(20_005, 401, 'account.disabled', 'The account is not active.', { ...link, read: { code: 10_001, status: [400, 403] } }),
    forbidden: says(20_403, 403, 'permission.denied', 'The caller may not do this.', link),
    notFound: says(20_404, 404, 'resource.not_found', 'There is no such resource.', link),
    tooManyRequests: says(20_429, 429, 'concurrency.limited', 'As many requests are running as the account may have at once.', { ...link, retry: 'backoff' }),
    tooManyRequestsAsProblem: says(20_429, 429, 'concurrency.limited', 'The same, as problem details.', { family: 'problem', attributes: { type: 'https://www.twilio.com/docs/api/errors/20429', title: 'Too Many Requests' }, retry: 'backoff' }),
    tooManyRequestsInList: says(20_429, 429, 'concurrency.limited', 'The same, in a list.', { ...link, family: 'list', retry: 'backoff' }),
    callConcurrency: says(10_004, 429, 'concurrency.limited', 'As many calls are under way as the account may have at once.', { ...link, retry: 'backoff', read: { status: 400 } }),
    channelRate: says(63_018, 429, 'rate.limited', 'The channel takes no more messages for now.', { ...link, retry: 'backoff' }),
  },
}, { parts: [listsPart, patternsPart] })
