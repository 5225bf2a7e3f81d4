/**
 * Slack's Web API, read only: failures are HTTP 200 with `ok: false` and a code; 429 with Retry-After is the one other status, and older methods
 * say `ratelimited` under 200 too. There are thousands of codes; these are the general ones.
 */
import { defineContract } from '../contract/declare/define-contract.ts'
import type { Reader } from '../contract/read/reader.ts'
import { memberOf } from '../contract/read/value-at.ts'
import { listOf, objectOf, textOf } from './members.ts'
import { says } from './read-only-entry.ts'

/** What Slack has to say beyond the code stands in `response_metadata.messages`, and the scope that is missing beside the code. */
const readSlack: Reader = (body) => {
  const code = textOf(body, 'error')
  if (memberOf(body, 'ok') !== false || code === undefined) return undefined
  const messages = listOf(objectOf(body, 'response_metadata'), 'messages').filter((message) => typeof message === 'string')
  const scopes = ['needed', 'provided'].flatMap((name) => {
    const scope = textOf(body, name)
    return scope === undefined ? [] : [[name, scope] as const]
  })
  return { code, message: messages.length > 0 ? messages.join(' ') : code, details: Object.fromEntries(scopes) }
}

/** Slack, whose errors come with status 200; read only. */
export const slack = defineContract(
  {
    name: 'slack',
    title: 'Slack Web API',
    docs: 'https://docs.slack.dev/apis/web-api/',
    decodeOnly: true,
    requestId: { format: 'hex', header: 'x-slack-req-id' },
    envelope: { error: { ok: false, error: '$code' } },
    entries: {
      rateLimited: says('ratelimited', 429, 'rate.limited', 'Too many calls of this method.'),
      rateLimitedToo: says('rate_limited', 429, 'rate.limited', 'The same, as some methods spell it.'),

      notAuthed: says('not_authed', 200, 'credential.missing', 'No token was sent.'),
      invalidAuth: says('invalid_auth', 200, 'credential.invalid', 'The token is not valid.'),
      tokenExpired: says('token_expired', 200, 'token.expired', 'A rotated token has reached its end.'),
      tokenRevoked: says('token_revoked', 200, 'credential.revoked', 'The token was revoked.'),
      accountInactive: says('account_inactive', 200, 'account.disabled', 'The user or the workspace is gone.'),
      missingScope: says('missing_scope', 200, 'permission.denied', 'The token lacks a scope.'),
      noPermission: says('no_permission', 200, 'permission.denied', 'The token may not do this.'),
      restrictedAction: says('restricted_action', 200, 'permission.denied', 'A preference of the workspace forbids it.'),

      channelNotFound: says('channel_not_found', 200, 'resource.not_found', 'The channel does not exist or is not visible.'),
      notInChannel: says('not_in_channel', 200, 'resource.conflict', 'The caller is no member of the channel.'),
      isArchived: says('is_archived', 200, 'resource.conflict', 'The channel is archived.'),
      invalidArguments: says('invalid_arguments', 200, 'request.invalid', 'The arguments do not fit.'),
      invalidJson: says('invalid_json', 200, 'request.invalid', 'The body is not JSON.'),
      messageTooLong: says('msg_too_long', 200, 'field.invalid', 'The text is too long.'),
      noText: says('no_text', 200, 'field.missing', 'No text was sent.'),

      requestTimeout: says('request_timeout', 200, 'upstream.timeout', 'The body was truncated on its way.'),
      fatalError: says('fatal_error', 200, 'internal', 'Slack failed.', { action: 'wait' }),
      internalError: says('internal_error', 200, 'internal', 'Slack failed, usually for a short time.', { action: 'wait' }),
      serviceUnavailable: says('service_unavailable', 200, 'upstream.unavailable', 'Slack is not available.'),
    },
  },
  { reader: readSlack },
)
