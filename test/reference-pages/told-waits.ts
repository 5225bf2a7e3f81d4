/** Waits that the reader function of a dialect understands, where no declaration says it: in words for the page, and an answer that shows it. */
import type { ReceivedAnswer } from 'tollgate/contract'

export interface ToldWait {
  readonly where: string
  readonly answer: ReceivedAnswer
  readonly seconds: number
}

const json = (status: number, body: unknown, headers: ReceivedAnswer['headers'] = {}): ReceivedAnswer => ({ status, headers, body: JSON.stringify(body) })
const exhausted = (more: object): ReceivedAnswer => json(429, { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'x', ...more } })

export const toldWaits: { readonly [dialect: string]: readonly ToldWait[] } = {
  aws: [{ where: '`x-amz-retry-after`, in ms', answer: json(503, { __type: 'ServiceUnavailable' }, { 'x-amz-retry-after': '1500' }), seconds: 2 }],
  'azure-openai': [{ where: 'the sentence of the gateway', answer: json(429, { statusCode: 429, message: 'Rate limit is exceeded. Try again in 11 seconds.' }), seconds: 11 }],
  connect: [{ where: '`google.rpc.RetryInfo` among the details', answer: json(503, { code: 'unavailable', message: 'x', details: [{ type: 'google.rpc.RetryInfo', value: 'CgIIHg' }] }), seconds: 30 }],
  github: [
    { where: '`x-ratelimit-reset`, by the clock of `Date`', answer: json(403, { message: 'API rate limit exceeded' }, { date: 'Thu, 01 Jan 1970 00:00:10 GMT', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' }), seconds: 21 },
    { where: 'a minute for a secondary limit that tells none', answer: json(403, { message: 'You have exceeded a secondary rate limit.' }), seconds: 60 },
  ],
  google: [
    { where: '`retryDelay` of `google.rpc.RetryInfo`', answer: exhausted({ details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }] }), seconds: 35 },
    { where: 'the message, in words', answer: exhausted({ message: 'Please retry in 850ms.' }), seconds: 1 },
  ],
  grpc: [{ where: '`grpc-retry-pushback-ms`', answer: { status: 200, headers: { 'grpc-status': '14', 'grpc-retry-pushback-ms': '1500' }, body: '' }, seconds: 2 }],
  openrouter: [
    { where: '`Retry-After` in `error.metadata.headers`', answer: json(402, { error: { code: 402, message: 'x', metadata: { headers: { 'Retry-After': '120' } } } }), seconds: 120 },
    { where: '`error.availability.retry_after`', answer: json(429, { error: { message: 'x', error_type: 'rate_limit_exceeded', http_status: 429, availability: { code: 'capacity_exhausted', retry_after: 40 } } }), seconds: 40 },
  ],
  problem: [{ where: '`retry_after`, `retry_after_seconds` or `retryAfter`', answer: json(503, { type: 'about:blank', title: 'x', retry_after: 1.5 }), seconds: 2 }],
  shopify: [
    { where: '`extensions.cost` of GraphQL', answer: json(200, { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions: { cost: { requestedQueryCost: 752, throttleStatus: { currentlyAvailable: 666, restoreRate: 50 } } } }), seconds: 2 },
    { where: '`Retry-After` with a fraction', answer: json(429, { errors: 'x' }, { 'retry-after': '2.0' }), seconds: 2 },
  ],
}
