/**
 * GitHub, read only: REST, which has no codes but a status and a sentence, and GraphQL, which has types under status 200. 403 is a denial, the hourly limit or a
 * secondary one; a private resource that the caller may not see is 404. See `github-reader.ts`.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { textsPart } from '../contract/read/parts/texts-part.ts'
import { readGitHub } from './github-reader.ts'
import { says } from './read-only-entry.ts'

const rest = { details: { documentation_url: 'string?', accepted_permissions: 'string?' } } as const
const graph = { family: 'graphql', sentAs: 200 } as const

/** GitHub, REST and GraphQL; read only. */
export const github = defineDialect(
  {
    name: 'github',
    title: 'GitHub (REST, GraphQL)',
    docs: 'https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api',
    decodeOnly: true,
    requestId: { format: 'hex', header: 'x-github-request-id' },
    rateLimitHeaders: { limit: 'x-ratelimit-limit', remaining: 'x-ratelimit-remaining', used: 'x-ratelimit-used', reset: 'x-ratelimit-reset', resetUnit: 'unix' },
    envelope: {
      error: { message: '$message', documentation_url: '$details.documentation_url?', status: '{status}' },
      families: { graphql: { data: null, errors: [{ type: '$code', message: '$message' }] } },
    },
    entries: {
      badRequest: says('', 400, 'request.invalid', 'The body cannot be parsed, or is no object.', rest),
      badCredentials: says('', 401, 'credential.invalid', 'The token is missing, not valid or revoked.', rest),
      forbidden: says('', 403, 'permission.denied', 'The token may not do this; `accepted_permissions` says what it would need.', rest),
      primaryRateLimit: says('', 403, 'rate.limited', 'The requests of the hour are used up: 403 or 429 with x-ratelimit-remaining: 0.', { ...rest, read: { status: 429 }, message: 'API rate limit exceeded.', retryAfterSeconds: 60 }),
      secondaryRateLimit: says('', 403, 'rate.limited', 'Too much at once, or of one kind; also while requests of the hour remain.', {
        ...rest, read: { status: 429, message: ['*secondary rate limit*', '*abuse detection mechanism*'] }, message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', retryAfterSeconds: 60,
      }),
      notFound: says('', 404, 'resource.not_found', 'There is nothing here, or the caller may not know of it.', rest),
      conflict: says('', 409, 'resource.conflict', 'The state of the resource does not allow this.', rest),
      gone: says('', 410, 'resource.gone', 'The resource, or this part of the API, is gone.', rest),
      validationFailed: says('', 422, 'field.invalid', 'Fields are missing, not valid or taken; the answer names them.', rest),
      unavailableForLegalReasons: says('', 451, 'content.blocked', 'The repository is blocked for legal reasons.', rest),
      internal: says('', 500, 'internal', 'Something failed at GitHub.', { ...rest, action: 'wait' }),
      serverError: says('', 502, 'upstream.timeout', 'The request took longer than ten seconds.', { ...rest, source: 'api' }),
      unavailable: says('', 503, 'upstream.unavailable', 'The service is not available.', { ...rest, source: 'api' }),

      rateLimited: says('RATE_LIMITED', 429, 'rate.limited', 'The points of the hour are used up, in GraphQL.', { ...graph, read: { code: 'RATE_LIMIT' } }),
      graphForbidden: says('FORBIDDEN', 403, 'permission.denied', 'The caller may not see or do this, in GraphQL.', graph),
      insufficientScopes: says('INSUFFICIENT_SCOPES', 403, 'permission.denied', 'The token lacks a scope, in GraphQL.', graph),
      graphNotFound: says('NOT_FOUND', 404, 'resource.not_found', 'There is no such node, in GraphQL.', graph),
      maxNodeLimit: says('MAX_NODE_LIMIT_EXCEEDED', 400, 'request.too_large', 'The query asks for more nodes than one may.', graph),
      unprocessable: says('UNPROCESSABLE', 422, 'request.invalid', 'The query or mutation cannot be processed.', { ...graph, read: { code: 'INVALID_*' } }),
      serviceUnavailable: says('SERVICE_UNAVAILABLE', 503, 'upstream.unavailable', 'The service is not available, in GraphQL.', { ...graph, source: 'api' }),
    },
  },
  { reader: readGitHub, parts: [listsPart, patternsPart, textsPart, readerPart] },
)
