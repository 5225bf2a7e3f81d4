/**
 * Replicate, read only: problem details without a type, or one sentence. The wait of a 429 stands in the sentence alone. The stream of an output fails with an event
 * whose data is plain text. A prediction that failed is a resource with `status: "failed"`: no refusal.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { waitsPart } from '../contract/read/parts/waits-part.ts'
import type { Reader } from '../contract/read/reader.ts'
import { says } from './read-only-entry.ts'

const readReplicate: Reader = (body, { event }) => (event === 'error' && typeof body === 'string' ? { entry: 'outputFailed', message: body } : undefined)

/** Replicate's API; read only. */
export const replicate = defineDialect(
  {
    name: 'replicate',
    title: 'Replicate',
    docs: 'https://replicate.com/docs/topics/predictions/rate-limits',
    decodeOnly: true,
    waitInMessage: true,
    envelope: {
      error: { title: '$details.title?', detail: '$message', status: '$status', 'invalid_fields?': { $each: '$fields', as: { type: '$rule', field: '$field', description: '$issue' } } },
      stream: { event: 'error', data: '$message', end: { event: 'done' } },
    },
    entries: {
      badRequest: says('', 400, 'request.invalid', 'The request is not valid.', { details: { title: 'string?' } }),
      unauthenticated: says('', 401, 'credential.invalid', 'The token is missing or not valid.', { details: { title: 'string?' } }),
      insufficientCredit: says('', 402, 'credit.insufficient', 'The credit is used up. After a purchase it takes a few minutes to count.', { details: { title: 'string?' } }),
      forbidden: says('', 403, 'permission.denied', 'The token may not do this.'),
      notFound: says('', 404, 'resource.not_found', 'The model, version or prediction does not exist.'),
      invalidInput: says('', 422, 'field.invalid', 'The input does not fit the schema of the model; the answer names the fields.', { details: { title: 'string?' } }),
      throttled: says('', 429, 'rate.limited', 'Requests come faster than allowed, which is less with little credit.'),
      internal: says('', 500, 'internal', 'Something failed at Replicate.', { action: 'wait' }),
      unavailable: says('', 503, 'upstream.unavailable', 'The service is not available.', { source: 'api' }),
      outputFailed: says('', 520, 'upstream.failed', 'The output broke off. The prediction says why.', { source: 'api', retry: 'never' }),
    },
  },
  { reader: readReplicate, parts: [listsPart, waitsPart, readerPart] },
)
