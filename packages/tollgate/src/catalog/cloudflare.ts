/**
 * Cloudflare's API, read only: `success: false` and a list of errors with numbers, those of Workers AI among them. 10000 comes with 401 and with 403, and a token that
 * lacks a permission has it too. What Cloudflare says at the edge, in front of any API, is `cloudflare-edge.ts`.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { successesPart } from '../contract/read/parts/successes-part.ts'
import { says } from './read-only-entry.ts'

/** Cloudflare's API; read only. */
export const cloudflare = defineDialect({
  name: 'cloudflare',
  title: 'Cloudflare API (Workers AI)',
  docs: 'https://developers.cloudflare.com/fundamentals/api/reference/limits/',
  decodeOnly: true,
  requestId: { format: 'hex', header: 'cf-ray' },
  rateLimitHeaders: 'draft-11',
  envelope: {
    error: { success: false, errors: { $each: '$errors', as: { code: '$code', message: '$message', documentation_url: '$details.documentation_url?', 'source?': { pointer: '$pointer' } } }, messages: [], result: null },
    success: { success: true, errors: [], messages: [], result: '$data' },
  },
  entries: {
    authentication: says(10_000, 401, 'credential.invalid', 'The token is not valid.', { details: { documentation_url: 'string?' } }),
    missingPermission: says(10_000, 403, 'permission.denied', 'The token is not valid here, or lacks a permission.', { details: { documentation_url: 'string?' } }),
    unauthorized: says(9109, 403, 'permission.denied', 'The token may not use this resource, or is not valid.', { read: { status: 401 } }),
    invalidHeaders: says(6003, 400, 'request.invalid', 'Headers of the request are not valid; most often that of the token.', { read: { code: 6111 } }),
    missingKey: says(9106, 400, 'credential.missing', 'The headers of the key are missing.', { read: { status: 403 } }),
    unknownKey: says(9103, 403, 'credential.invalid', 'Key and address do not belong together.', { read: { status: 400 } }),
    noRoute: says(7003, 400, 'route.unknown', 'There is nothing at this path.', { read: { code: 7000, status: 404 } }),
    rateLimited: says(971, 429, 'rate.limited', 'More than 1,200 requests in five minutes: all calls are blocked for five more.', { read: { code: 10_429 } }),

    // Workers AI

    noSuchModel: says(5007, 400, 'resource.not_found', 'There is no such model or task.', { read: { code: 3042, status: 404 } }),
    invalidData: says(5004, 400, 'field.invalid', 'The data has a type that is not valid.', { read: { code: [3003, 3039] } }),
    modelNotAllowed: says(5018, 403, 'account.not_entitled', 'The account may not use this model.', { read: { code: [3041, 5016] } }),
    accountBlocked: says(3023, 403, 'account.suspended', 'The account is blocked.'),
    unsupported: says(5005, 405, 'method.not_allowed', 'The model, or the version of the SDK, does not do this.', { read: { code: 5019 } }),
    requestTooLarge: says(3006, 413, 'request.too_large', 'The request is too large.'),
    requestTimeout: says(3007, 408, 'upstream.timeout', 'The request took too long, or was aborted.', { source: 'api', read: { code: 3008 } }),
    dailyAllocation: says(3036, 429, 'quota.exhausted', 'The free neurons of the day are used up.', { action: 'pay_or_upgrade' }),
    outOfCapacity: says(3040, 429, 'capacity.overloaded', 'No data centre is left to take the request: nothing that the caller used up.'),
  },
}, { parts: [listsPart, patternsPart, successesPart] })
