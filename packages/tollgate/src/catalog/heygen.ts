/**
 * HeyGen, read only: v3 with codes in words; before it numbers, in `error` or beside `message`, where 100 is a success. A daily limit is no rate: it comes back the next
 * day. Of the numbers of v1 and v2 there is no list; those met in public are here.
 * No key is declared: batches take an `Idempotency-Key`, single jobs expressly do not (their body has a `request_id`), and a client that trusts in one would pay twice.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import type { Reader } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { numberOf, objectOf, textOf } from './members.ts'
import { says } from './read-only-entry.ts'

/** v1 and v2: `{ error: { code: 400140, message, detail }, data: null }`, or the same flat. */
const readHeyGen: Reader = (body) => {
  const error = objectOf(body, 'error') ?? body
  const code = numberOf(error, 'code')
  // 100 is a success, and so is what has no figure of an error.
  if (code === undefined || code < 400 || textOf(error, 'message') === undefined) return undefined
  const detail = textOf(error, 'detail')
  return compact({ code, message: textOf(error, 'message') ?? '', details: detail === undefined ? undefined : { detail } })
}

const param = { details: { param: 'string?', doc_url: 'string?', detail: 'string?' } } as const

/** HeyGen; read only. */
export const heygen = defineDialect(
  {
    name: 'heygen',
    title: 'HeyGen',
    docs: 'https://docs.heygen.com/docs/error-handling',
    decodeOnly: true,
    envelope: { error: { error: { code: '$code', message: '$message', param: '$details.param?', doc_url: '$details.doc_url?', detail: '$details.detail?' } } },
    entries: {
      invalidParameter: says('invalid_parameter', 400, 'field.invalid', 'A parameter is not valid; `param` names it.', { ...param, read: { code: ['validation_error', 'bad_input'] } }),
      unauthorized: says('unauthorized', 401, 'credential.invalid', 'The key is missing or not valid.', param),
      insufficientCredit: says('insufficient_credit', 402, 'credit.insufficient', 'The credits do not cover this.', param),
      forbidden: says('forbidden', 403, 'permission.denied', 'The key is valid and may not do this.', { ...param, read: { code: ['resource_access_denied', 'voice_not_usable'] } }),
      vendorRestricted: says('ai_vendor_access_restricted', 403, 'account.not_entitled', 'The account may not use this vendor.', param),
      notFound: says('not_found', 404, 'resource.not_found', 'There is no such resource.', { ...param, read: { code: ['*_not_found', 'asset_not_available'] } }),
      conflict: says('conflict', 409, 'resource.conflict', 'The state of the resource does not allow this.', param),
      payloadTooLarge: says('payload_too_large', 413, 'request.too_large', 'The request or upload is too large.', param),
      rateLimited: says('rate_limit_exceeded', 429, 'rate.limited', 'Requests come faster than allowed.', param),
      quotaExceeded: says('quota_exceeded', 429, 'quota.exhausted', 'What the plan allows is used up.', param),
      dailyLimit: says(400_140, 400, 'quota.exhausted', 'The requests of the day are used up.', param),
      internal: says('internal_error', 500, 'internal', 'Something failed at HeyGen.', { ...param, action: 'wait' }),
    },
  },
  { reader: readHeyGen, parts: [patternsPart, readerPart] },
)
