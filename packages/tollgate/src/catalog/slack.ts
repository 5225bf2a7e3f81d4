/**
 * Slack's Web API, read only: failures are HTTP 200 with `ok: false` and a code; 429 with Retry-After is the one other status, and older methods
 * say `ratelimited` under 200 too. There are thousands of codes; these are the general ones.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import type { EntryDeclaration } from '../contract/declare/declaration.ts'
import type { ServerReason } from '../contract/declare/reason.ts'
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

/** Sent with 200, whatever it means. */
function hides<const Code extends string, const R extends ServerReason>(code: Code, status: number, reason: R, description: string, further: Pick<EntryDeclaration, 'action' | 'read' | 'source'> = {}) {
  return { ...says(code, status, reason, description, further), sentAs: 200 } as const
}

/** Slack, whose errors come with status 200; read only. */
export const slack = defineDialect(
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

      notAuthed: hides('not_authed', 401, 'credential.missing', 'No token was sent.'),
      invalidAuth: hides('invalid_auth', 401, 'credential.invalid', 'The token is not valid.'),
      tokenExpired: hides('token_expired', 401, 'token.expired', 'A rotated token has reached its end.'),
      tokenRevoked: hides('token_revoked', 401, 'credential.revoked', 'The token was revoked.'),
      accountInactive: hides('account_inactive', 403, 'account.disabled', 'The user or the workspace is gone.'),
      missingScope: hides('missing_scope', 403, 'permission.denied', 'The token lacks a scope.'),
      noPermission: hides('no_permission', 403, 'permission.denied', 'The token may not do this.'),
      restrictedAction: hides('restricted_action', 403, 'permission.denied', 'A preference of the workspace forbids it.'),

      channelNotFound: hides('channel_not_found', 404, 'resource.not_found', 'The channel does not exist or is not visible.'),
      notInChannel: hides('not_in_channel', 409, 'resource.conflict', 'The caller is no member of the channel.'),
      isArchived: hides('is_archived', 409, 'resource.conflict', 'The channel is archived.'),
      invalidArguments: hides('invalid_arguments', 400, 'request.invalid', 'The arguments do not fit.', {
        read: { code: ['invalid_arg_name', 'invalid_array_arg', 'invalid_charset', 'invalid_form_data', 'invalid_post_type', 'missing_post_type', 'json_not_object', 'upgrade_required', 'method_deprecated', 'deprecated_endpoint', 'unknown_method'] },
      }),
      notFound: hides('not_found', 404, 'resource.not_found', 'What the arguments name does not exist.', { read: { code: '*_not_found' } }),
      accessDenied: hides('access_denied', 403, 'permission.denied', 'The caller may not see or do this.', { read: { code: ['ekm_access_denied', 'user_is_bot', 'user_is_restricted', 'not_allowed_token_type', 'accesslimited', 'cannot_*'] } }),
      paidTeamsOnly: hides('paid_teams_only', 403, 'account.not_entitled', 'The plan of the workspace does not include this.', { read: { code: ['feature_not_enabled', 'team_access_not_granted'] } }),
      workspaceMoves: hides('team_added_to_org', 503, 'service.maintenance', 'The workspace is being moved into an organization.', { read: { code: 'org_login_required' } }),
      invalidJson: hides('invalid_json', 400, 'request.invalid', 'The body is not JSON.'),
      messageTooLong: hides('msg_too_long', 400, 'field.invalid', 'The text is too long.'),
      noText: hides('no_text', 400, 'field.missing', 'No text was sent.'),

      requestTimeout: hides('request_timeout', 504, 'upstream.timeout', 'The body was truncated on its way.'),
      fatalError: hides('fatal_error', 500, 'internal', 'Slack failed.', { action: 'wait' }),
      internalError: hides('internal_error', 500, 'internal', 'Slack failed, usually for a short time.', { action: 'wait' }),
      serviceUnavailable: hides('service_unavailable', 503, 'upstream.unavailable', 'Slack is not available.'),
    },
  },
  { reader: readSlack, parts: [patternsPart, readerPart] },
)
