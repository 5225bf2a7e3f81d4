/**
 * ElevenLabs, read only. All stands in `detail`: an object with a code (since 2026) and the `status` of before, a list of fields as FastAPI has it, or one sentence.
 * 401 is not always about credentials: a used up quota and a missing permission of the key come with it. Of two 429 one is the caller's concurrency, and one is
 * theirs. A wait is told nowhere. The messages of its WebSockets
 * (`message_type: "rate_limited"`) have some of these codes, and are not read.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { says } from './read-only-entry.ts'

/** ElevenLabs; read only. */
export const elevenLabs = defineDialect(
  {
    name: 'eleven-labs',
    title: 'ElevenLabs',
    docs: 'https://elevenlabs.io/docs/eleven-api/resources/errors',
    decodeOnly: true,
    requestId: { format: 'hex', header: 'x-trace-id' },
    envelope: {
      // Where both are there, the newer one counts.
      error: { detail: { type: '$details.type?', status: '$code', code: '$code', message: '$message', param: '$details.param?', request_id: '$requestId', docs_url: '$details.docs_url?' } },
      families: {
        fields: { detail: { $each: '$errors', as: { type: '$rule', loc: ['$in', '$path'], msg: '$message' } } },
        sentence: { detail: '$message' },
      },
    },
    entries: {
      invalidParameters: says('invalid_parameters', 400, 'field.invalid', 'A parameter is not valid; `param` names it.', { details: { param: 'string?', type: 'string?', docs_url: 'string?' }, read: { code: ['invalid_request', 'input_error'] } }),
      textTooLong: says('max_character_limit_exceeded', 400, 'request.too_large', 'The text has more characters than a request may.'),
      voiceNotFound: says('voice_not_found', 404, 'resource.not_found', 'There is no such voice.', { read: { status: 400 } }),
      invalidFields: says('', 422, 'field.invalid', 'Fields are missing or not valid.', { family: 'fields' }),
      unauthorizedInWords: says('', 401, 'credential.invalid', 'No valid key was sent, as one sentence.', { family: 'sentence' }),
      missingKey: says('missing_api_key', 401, 'credential.missing', 'No key was sent.', { read: { code: 'needs_authorization' } }),
      invalidKey: says('invalid_api_key', 401, 'credential.invalid', 'The key is not valid.', { read: { code: 'auth_error' } }),
      missingPermissions: says('missing_permissions', 401, 'permission.denied', 'The key is valid and lacks a permission: said with 401.'),
      quotaExceeded: says('quota_exceeded', 401, 'credit.insufficient', 'The credits of the plan do not cover this: said with 401, or with 400.', { read: { status: 400 } }),
      insufficientCredits: says('insufficient_credits', 402, 'credit.insufficient', 'The credits do not cover this.'),
      planTooLow: says('only_for_creator+', 403, 'account.not_entitled', 'The plan does not include this.', { read: { code: 'only_for_*' } }),
      rateLimited: says('rate_limit_exceeded', 429, 'rate.limited', 'Requests come faster than allowed.', { retry: 'backoff', read: { code: 'rate_limited' } }),
      concurrencyLimited: says('concurrent_limit_exceeded', 429, 'concurrency.limited', 'As many requests are running as the plan allows.', { retry: 'backoff', read: { code: 'too_many_concurrent_requests' } }),
      systemBusy: says('system_busy', 429, 'capacity.overloaded', 'ElevenLabs has too much traffic: nothing that the caller used up.', { read: { code: 'queue_overflow' } }),
    },
  },
  { parts: [listsPart, patternsPart] },
)
