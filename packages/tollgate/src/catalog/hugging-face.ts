/**
 * Hugging Face, read only: the Hub, Inference Providers, and Text Generation Inference (TGI), whose errors have an `error_type`. `error` is a text here; behind some
 * providers an object as OpenAI's. A model that is loading says how long, in seconds with a fraction; on old paths with status 200.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import type { Reader } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { textOf } from './members.ts'
import { says } from './read-only-entry.ts'

/** In the middle of a stream an error has nothing else beside it. */
const readHuggingFace: Reader = (body, { status }) => {
  const message = status === undefined ? textOf(body, 'error') : undefined
  return message === undefined ? undefined : compact({ message, code: textOf(body, 'error_type') })
}

/** Hugging Face; read only. */
export const huggingFace = defineDialect({
  name: 'hugging-face',
  title: 'Hugging Face (Hub, Inference Providers, TGI)',
  docs: 'https://huggingface.co/docs/inference-providers',
  decodeOnly: true,
  rateLimitHeaders: 'draft-11',
  envelope: {
    error: { error: '$message', error_type: '$code?', estimated_time: '$details.estimated_time?' },
    families: { provider: { error: { message: '$message', code: '$code?' } } },
    stream: { end: { data: '[DONE]' } },
  },
  entries: {
    badRequest: says('', 400, 'request.invalid', 'The request is not valid.'),
    validation: says('validation', 422, 'field.invalid', 'The input breaks a rule of the model.'),
    unauthorized: says('', 401, 'credential.invalid', 'The token is missing or not valid.'),
    creditsUsedUp: says('', 402, 'credit.insufficient', 'The credits that the month includes are used up.'),
    forbidden: says('', 403, 'permission.denied', 'The token may not do this, or the model asks to be accepted first.'),
    notFound: says('', 404, 'resource.not_found', 'There is no such model or repository.'),
    rateLimited: says('', 429, 'rate.limited', 'Requests come faster than allowed.'),
    generation: says('generation', 424, 'upstream.failed', 'The generation failed.', { source: 'api' }),
    overloaded: says('overloaded', 429, 'capacity.overloaded', 'The model has as many requests as it takes: nothing that the caller used up.'),
    incompleteGeneration: says('incomplete_generation', 500, 'internal', 'The generation is not complete.', { action: 'wait' }),
    unhealthy: says('healthcheck', 503, 'upstream.unavailable', 'The model is not healthy.', { source: 'api' }),
    loading: says('', 503, 'upstream.unavailable', 'The model is loading.', { source: 'api', retry: 'wait', read: { message: '*is currently loading*', status: 200 }, details: { estimated_time: 'seconds? from retryAfterMs' } }),
    providerInvalid: says('', 400, 'request.invalid', 'The provider behind it takes no such request.', { family: 'provider', source: 'upstream' }),
    providerRateLimited: says('rate_limit_exceeded', 429, 'rate.limited', 'The provider behind it takes no more requests for now.', { family: 'provider', source: 'upstream' }),
    internal: says('', 500, 'internal', 'Something failed.', { action: 'wait' }),
  },
}, { reader: readHuggingFace, parts: [patternsPart, readerPart] })
