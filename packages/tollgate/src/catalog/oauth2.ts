/**
 * OAuth 2.0, read only: the errors of the token endpoint (RFC 6749 section 5.2), of authorization (4.1.2.1), of devices (RFC 8628 section 3.5), of revocation (RFC 7009),
 * and those of a resource, which stand in the challenge (RFC 6750 section 3). `error` is a text here.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import type { Reader } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { textOf } from './members.ts'
import { says } from './read-only-entry.ts'

/** What the challenge says, where the body says nothing of this. Without an error no credential was sent. */
const readOAuth2: Reader = (body, { status, headers }) => {
  const challenge = headers['www-authenticate']
  if (status === undefined || status < 400 || challenge === undefined || textOf(body, 'error') !== undefined || !/(?:^|,)\s{0,8}(?:Bearer|DPoP)\b/i.test(challenge)) return undefined
  const code = parameterOf(challenge, 'error')
  if (code === undefined) return status === 401 ? { entry: 'missingToken', message: '' } : undefined
  const scope = parameterOf(challenge, 'scope')
  return compact({ code, message: parameterOf(challenge, 'error_description') ?? '', details: scope === undefined ? undefined : { scope } })
}

function parameterOf(challenge: string, name: string): string | undefined {
  return new RegExp(`[\\s,]${name}\\s{0,8}=\\s{0,8}"([^"]{1,1000})"`, 'i').exec(challenge)?.[1]
}

/** OAuth 2.0; read only. */
export const oauth2 = defineDialect(
  {
    name: 'oauth2',
    title: 'OAuth 2.0',
    docs: 'https://www.rfc-editor.org/rfc/rfc6749#section-5.2',
    decodeOnly: true,
    authenticate: 'Bearer',
    envelope: { error: { error: '$code?', error_description: '$message', error_uri: '$details.error_uri?' } },
    entries: {
      invalidRequest: says('invalid_request', 400, 'request.invalid', 'A parameter is missing, doubled or not valid.', { details: { error_uri: 'string?' } }),
      invalidClient: says('invalid_client', 401, 'credential.invalid', 'The client is not known, or did not prove who it is.', { read: { status: 400 } }),
      invalidGrant: says('invalid_grant', 400, 'credential.expired', 'The code, or the refresh token, is not valid, expired, revoked or used: the user has to agree once more.'),
      unauthorizedClient: says('unauthorized_client', 400, 'permission.denied', 'The client may not use this grant.', { read: { status: [401, 403] } }),
      unsupportedGrantType: says('unsupported_grant_type', 400, 'request.invalid', 'The server does not know this grant.', { read: { code: ['unsupported_response_type', 'unsupported_token_type'] } }),
      invalidScope: says('invalid_scope', 400, 'field.invalid', 'The scope is not valid, or more than may be asked for.'),
      accessDenied: says('access_denied', 403, 'permission.denied', 'The user, or the server, has refused.', { read: { status: [400, 401] } }),
      serverError: says('server_error', 500, 'internal', 'Something failed at the server.', { action: 'wait', read: { status: [400, 503] } }),
      temporarilyUnavailable: says('temporarily_unavailable', 503, 'upstream.unavailable', 'The server is overloaded, or down for maintenance.', { source: 'api', read: { status: [400, 429] } }),

      // Devices

      authorizationPending: says('authorization_pending', 400, 'idempotency.in_progress', 'The user has not answered yet: ask again, at the interval that was told.', { retry: 'backoff' }),
      slowDown: says('slow_down', 400, 'rate.limited', 'The same, and five seconds more between two askings.', { retry: 'backoff' }),
      expiredDeviceCode: says('expired_token', 400, 'session.expired', 'The code of the device has expired: begin anew.'),

      // Resources

      missingToken: says('', 401, 'credential.missing', 'No token was sent.', { headers: { 'www-authenticate': 'Bearer' } }),
      invalidToken: says('invalid_token', 401, 'token.expired', 'The token is expired, revoked or not valid: get a new one, and repeat once.'),
      insufficientScope: says('insufficient_scope', 403, 'permission.denied', 'The token lacks a scope; `scope` says which.', { details: { scope: 'string?' } }),
      insufficientAuthentication: says('insufficient_user_authentication', 401, 'permission.denied', 'The user has to prove more, or once more (RFC 9470).'),
    },
  },
  { reader: readOAuth2, parts: [patternsPart, readerPart] },
)
