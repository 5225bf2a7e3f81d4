/**
 * Every answer of AI-Powered API's page, provoked by its real cause over real sockets. The requests are the playground's own recipes; what they must
 * be answered is written out here once more, from the page, so that contract and recipes cannot agree on something wrong.
 */
import { apis, testNameOf } from '@tollgate/example-playground'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createWorld, rateOf } from './ai-api-world.ts'
import type { World } from './ai-api-world.ts'

interface Expected {
  readonly status: number
  /** What the headers of the rate say; the reset in seconds from now. */
  readonly rate: readonly [limit: number, remaining: unknown, resetSeconds: number]
  readonly headers: { readonly [name: string]: unknown }
  readonly body: object
  /** What the calls before it are answered. */
  readonly before?: readonly number[]
}

type Rate = Expected['rate']

/** By plan: an enterprise key's minute, a pro key's texts in a minute; the first call, or none. */
const enterprise: Rate = [6000, 5999, 60]
const enterpriseUntouched: Rate = [6000, 6000, 0]
const texts: Rate = [60, 59, 60]
const pro: Rate = [300, 299, 60]
const proUntouched: Rate = [300, 300, 0]
const address: Rate = [300, 299, 60]

const meta = { request_id: expect.stringMatching(/^req_[\da-f]{32}$/), timestamp: expect.any(String) }

function success(data: unknown, rate: Rate, before?: readonly number[]): Expected {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'retry-after': null, 'www-authenticate': null }
  return { status: 200, rate, headers, body: { success: true, data, meta }, ...(before !== undefined && { before }) }
}

function refusal(status: number, code: string, message: string, details: object | undefined, rate: Rate, headers: Expected['headers'] = {}): Expected {
  return {
    status,
    rate,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'retry-after': null, 'www-authenticate': null, allow: null, ...headers },
    body: { success: false, error: { code, message, ...(details !== undefined && { details }) }, meta },
  }
}

const invalidToken = { 'www-authenticate': 'Bearer realm="ai-api", error="invalid_token"' }
const invalidKey = refusal(401, 'INVALID_API_KEY', 'The provided API key is invalid', undefined, address, invalidToken)
const revoked = (details?: object) => refusal(401, 'REVOKED_API_KEY', 'The API key has been revoked', details, enterpriseUntouched, invalidToken)
const revokedAt = { revoked_at: expect.stringMatching(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/) }
const denied = (details: object | undefined, rate: Rate) => refusal(403, 'INSUFFICIENT_PERMISSIONS', 'Insufficient permissions for this operation', details, rate)
const suspended = (until: string | null) => refusal(403, 'ACCOUNT_SUSPENDED', 'Account has been suspended', { suspended_until: until }, proUntouched)
const invalid = (issue: string) => refusal(400, 'INVALID_REQUEST', 'The request was invalid', { issue }, enterprise)
const missing = (field: string) => refusal(400, 'MISSING_REQUIRED_FIELD', 'Required field is missing', { field, issue: 'is required' }, enterprise)
const field = (code: string, message: string) => (name: string, issue: string, more: object = {}) => refusal(400, code, message, { field: name, issue, ...more }, enterprise)
const wrongField = field('INVALID_FIELD_VALUE', 'Field value is invalid')
const unsupportedModel = field('UNSUPPORTED_MODEL', 'Model is not supported')
const promptTooLong = field('PROMPT_TOO_LONG', 'Prompt exceeds maximum length')
const wrongTemperature = field('INVALID_TEMPERATURE', 'Temperature must be between 0 and 2')
const wrongTokens = field('INVALID_MAX_TOKENS', 'Max tokens must be positive')
const wrongSize = field('INVALID_IMAGE_SIZE', 'Image size is not supported')
const wrongQuality = field('INVALID_IMAGE_QUALITY', 'Image quality is not supported')
const noResource = (id: unknown, rate: Rate) => refusal(404, 'RESOURCE_NOT_FOUND', 'Resource not found', { resource: 'file', id }, rate)
const noEndpoint = (path: string) => refusal(404, 'ENDPOINT_NOT_FOUND', 'Endpoint not found', { path, method: 'GET' }, enterpriseUntouched)
const limited = (limit: number, seconds: number): Expected => ({
  ...refusal(429, 'RATE_LIMIT_EXCEEDED', 'Rate limit exceeded', { retry_after: seconds, limit, reset_time: expect.any(Number) }, [limit, 0, seconds], { 'retry-after': String(seconds) }),
  before: Array.from({ length: limit }, () => 200),
})
const asleep = (model: string) => refusal(500, 'MODEL_UNAVAILABLE', 'Model is temporarily unavailable', { model }, enterprise)

const text = (opening: RegExp, usage: object) => ({
  id: expect.stringMatching(/^gen_[\da-f]{24}$/),
  content: expect.stringMatching(opening),
  model: 'gpt-3.5-turbo',
  usage,
  created: expect.any(Number),
})
const fileId = expect.stringMatching(/^file_[\da-f]{24}$/)
const models = ['gpt-4', 'gpt-3.5-turbo', 'gpt-4-reflective', 'gpt-4-32k', 'dall-e-3', 'stable-diffusion', 'dall-e-2']

const expected: { readonly [recipe: string]: Expected | (() => Expected) } = {
  text: success(text(/^There is more to hello sea than meets the eye\. /, { prompt_tokens: 2, completion_tokens: 79, total_tokens: 81 }), enterprise),
  voice: success(text(/We keep the light for ships/, { prompt_tokens: 6, completion_tokens: 75, total_tokens: 81 }), texts),
  image: success(
    {
      id: expect.stringMatching(/^img_[\da-f]{32}$/),
      url: expect.stringMatching(/^http:\/\/localhost:\d+\/ai-api\/images\/img_[\da-f]{32}\.png$/),
      model: 'dall-e-3',
      created: expect.any(Number),
    },
    enterprise,
  ),
  analysis: success(
    { sentiment: { score: 0, label: 'neutral' }, keywords: ['harbour', 'lovely', 'hotel', 'awful', 'ferry', 'late'].map((word) => ({ text: word, score: 1 })) },
    enterprise,
  ),
  models: success(models.map((id) => expect.objectContaining({ id })), enterprise),
  file: success(
    {
      id: fileId,
      name: 'tides.txt',
      type: 'text/plain',
      bytes: 51,
      sha256: 'd7a9bfc61a2a7440cd6a83bba795563f8f093fcbf39fe08e4dc451695738898a',
      created_at: expect.stringMatching(/T11:00:00Z$/),
    },
    enterprise,
  ),
  upload: success({ id: fileId, deleted: true }, [6000, 5998, 60], [201]),
  webhook: success({ id: expect.stringMatching(/^wh_[\da-f]{24}$/), deleted: true }, [600, 598, 60], [201]),
  'missing-key': refusal(401, 'MISSING_API_KEY', 'API key is required', { header: 'Authorization' }, address, { 'www-authenticate': 'Bearer realm="ai-api"' }),
  'unknown-key': invalidKey,
  'wrong-scheme': invalidKey,
  'expired-key': refusal(401, 'EXPIRED_API_KEY', 'The API key has expired', { expired_at: '2026-01-01T00:00:00Z' }, enterpriseUntouched, invalidToken),
  'revoked-key': revoked(revokedAt),
  'revoked-and-expired-key': revoked(revokedAt),
  'disabled-key': revoked(),
  'upload-with-read-key': denied({ required: 'write', granted: 'read' }, enterpriseUntouched),
  'webhooks-with-write-key': denied({ required: 'webhook', granted: 'write' }, enterpriseUntouched),
  'not-in-plan': denied(undefined, proUntouched),
  'suspended-account': suspended('2099-01-01T00:00:00Z'),
  'banned-account': suspended(null),
  'closed-account': suspended(null),
  'monthly-quota': refusal(403, 'QUOTA_EXCEEDED', 'Monthly quota exceeded', { quota: 1000, used: 1000, reset_at: '2026-04-01T00:00:00Z' }, [60, 60, 0]),
  'malformed-json': invalid('the body is not valid JSON'),
  'no-object': invalid('must be an object'),
  'wrong-content-type': invalid('the body must be multipart/form-data with a boundary'),
  'missing-model': missing('model'),
  'null-prompt': missing('prompt'),
  'top-p-too-high': wrongField('top_p', 'must be at most 1'),
  'unknown-style': wrongField('style', 'must be one of natural, vivid'),
  'too-many-tokens': wrongField('max_tokens', 'must be at most 4096 for gpt-3.5-turbo'),
  'private-webhook': { ...wrongField('url', 'must be reachable from the internet'), rate: [600, 599, 60] },
  'unknown-model': unsupportedModel('model', 'does not exist', { supported: models.slice(0, 4) }),
  'text-model-for-image': unsupportedModel('model', 'is not a model for image', { supported: models.slice(4) }),
  'wrong-file-format': field('INVALID_FILE_FORMAT', 'File format is not supported')('file', 'is declared as application/pdf, but is image/png'),
  'file-too-large': field('FILE_TOO_LARGE', 'File size exceeds limit')('file', 'must be at most 5242880 bytes', { max_bytes: 5_242_880 }),
  'unknown-file': noResource('file_1', enterprise),
  'foreign-file': noResource(fileId, pro),
  'unknown-path': noEndpoint('/ai-api/v1/modles'),
  'wrong-method': noEndpoint('/ai-api/v1/generate'),
  'unknown-model-in-path': refusal(404, 'MODEL_NOT_FOUND', 'Model not found', { model: 'gpt-9' }, enterprise),
  'minute-limit': limited(2, 60),
  'hour-limit': limited(2, 3_600),
  'endpoint-limit': limited(10, 60),
  'day-limit': () => ({ ...limited(10_000, secondsToMidnight()), before: [] }),
  concurrent: {
    ...refusal(429, 'CONCURRENT_LIMIT_EXCEEDED', 'Too many concurrent requests', { limit: 1, in_flight: 1, retry_after: 1 }, texts, { 'retry-after': '1' }),
    before: [200],
  },
  'damaged-voice': refusal(500, 'INTERNAL_ERROR', 'Internal server error', undefined, texts),
  'model-asleep': asleep('gpt-4-32k'),
  'image-model-asleep': asleep('dall-e-2'),
  'no-vocabulary': refusal(500, 'PROCESSING_ERROR', 'Error processing request', undefined, enterprise),
  garbage: refusal(502, 'SERVICE_UNAVAILABLE', 'Service is temporarily unavailable', undefined, enterprise),
  maintenance: refusal(503, 'SERVICE_UNAVAILABLE', 'Service is temporarily unavailable', { retry_after: 30 }, [120, 119, 60], { 'retry-after': '30' }),
  overloaded: {
    // Which of the two is counted first is a matter of luck.
    ...refusal(503, 'OVERLOADED', 'Service is overloaded', { retry_after: 5 }, [120, expect.toBeOneOf([118, 119]), 60], { 'retry-after': '5' }),
    before: [200],
  },
  'prompt-too-long': promptTooLong('prompt', 'must be at most 4000 characters for gpt-3.5-turbo'),
  'prompt-too-long-for-any': promptTooLong('prompt', 'must be at most 32000 characters'),
  'temperature-too-high': wrongTemperature('temperature', 'must be at most 2'),
  'temperature-in-words': wrongTemperature('temperature', 'must be a number'),
  'no-tokens': wrongTokens('max_tokens', 'must be at least 1'),
  'unsupported-size': wrongSize('size', 'must be one of 1024x1024, 1792x1024, 1024x1792 for dall-e-3'),
  'unknown-quality': wrongQuality('quality', 'must be one of standard, hd'),
  'unsupported-quality': wrongQuality('quality', 'must be one of standard for stable-diffusion'),
  'prompt-violation': refusal(400, 'PROMPT_VIOLATION', 'Prompt violates content policy', { field: 'prompt', issue: 'asks for prohibited content' }, enterprise),
}

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
// Each finds every window of a minute empty, so that its figures are exact.
beforeEach(() => world.clock.advance(120_000))

function secondsToMidnight(): number {
  return 86_400 - ((world.clock.wallMs() / 1000) % 86_400)
}

for (const recipe of apis['ai-api'].recipes) {
  test(testNameOf(apis['ai-api'], recipe), async () => {
    const nowSeconds = world.clock.wallMs() / 1000
    const written = expected[recipe.id]
    const { before = [], rate, ...wanted } = (typeof written === 'function' ? written() : written) ?? { rate: [0, 0, 0], headers: {} }

    const answers = await world.run(recipe.id)

    const got = answers.at(-1)
    const headers = Object.fromEntries(Object.keys(wanted.headers).map((name) => [name, got?.headers.get(name)]))
    expect({ status: got?.status, headers, body: got?.body }).toEqual(wanted)
    expect(got && rateOf(got)).toEqual([rate[0], rate[1], nowSeconds + rate[2]])
    expect(answers.slice(0, -1).map(({ status }) => status)).toEqual(before)
  })
}

test('each recipe has an expected answer, and each expected answer a recipe', () => {
  expect(Object.keys(expected).toSorted()).toEqual(apis['ai-api'].recipes.map(({ id }) => id).toSorted())
})
