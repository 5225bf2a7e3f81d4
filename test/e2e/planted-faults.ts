/** Faults as APIs have them, planted one at a time into what the five services answer. One list, as long as there are faults. */
import { gzipSync } from 'node:zlib'
import type { apis } from '@tollgate/example-playground'
import { headerOf, setHeader, type PassingAnswer, type PassingRequest, type ProxyFault } from './faulty-proxy.ts'

export interface PlantedFault extends ProxyFault {
  readonly api: keyof typeof apis
  readonly fault: string
  /** The probes that are run by `npm test`; by `npm run prove` all are. */
  readonly only: readonly string[]
}

// oxlint-disable-next-line typescript/no-explicit-any -- what is spoiled has any form
type Json = { [name: string]: any }
type Where = (answer: PassingAnswer, request: PassingRequest) => boolean
type Spoil = (answer: PassingAnswer, request: PassingRequest) => boolean | void

const refused: Where = ({ status }) => status >= 400
const says = (code: string | number): Where => ({ status, body }) => status >= 400 && body.includes(typeof code === 'string' ? `"${code}"` : `:${code},`)
const withStatus = (wanted: number): Where => ({ status }) => status === wanted

function onAnswer(where: Where, spoil: Spoil): ProxyFault {
  return { onAnswer: (answer, request) => where(answer, request) && spoil(answer, request) !== false }
}

const header = (name: string, value: string | undefined): Spoil => (answer) => setHeader(answer, name, value)
const status = (wanted: number): Spoil => (answer) => { answer.status = wanted }
const json = (change: (body: Json, request: PassingRequest) => void): Spoil => (answer, request) => {
  const body = JSON.parse(answer.body) as Json
  const before = JSON.stringify(body)
  change(body, request)
  answer.body = JSON.stringify(body)
  return answer.body !== before
}
const text = (change: (body: string) => string): Spoil => (answer) => {
  const before = answer.body
  answer.body = change(before)
  return answer.body !== before
}
const both = (...spoils: readonly Spoil[]): Spoil => (answer, request) => spoils.map((spoil) => spoil(answer, request) !== false).includes(true)
const keyOf = ({ headers }: PassingRequest): string => headerOf({ headers }, 'x-api-key') ?? headerOf({ headers }, 'authorization')?.replace(/^Bearer /, '') ?? ''
const other = (wanted: string | undefined): string => (wanted ?? '').replaceAll(/[0-9]/g, (digit) => String((Number(digit) + 1) % 10))

/** What came in becomes what was meant, so that nothing is refused. */
function accepting(change: (request: PassingRequest) => void): ProxyFault {
  return { onRequest: (request) => change(request) }
}

const stack = "TypeError: Cannot read properties of undefined (reading 'balance')\n    at charge (/app/src/billing.js:42:17)\n    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)"
const page = '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>'
const keys = ['missing-key', 'unknown-key', 'revoked-key']
const bodies = ['bad-json', 'no-body', 'missing-field', 'wrong-type']

/** Everything of a kind that keeps state is made afresh for each run. */
export const plantedFaults = (): readonly PlantedFault[] => [
  // ChatAds
  ...of('chatads', [
    ['a missing key is a 400', ['missing-key'], onAnswer(withStatus(401), status(400))],
    ['a wrong key is a 401', ['unknown-key'], onAnswer(withStatus(403), status(401))],
    ['a 401 without its challenge', ['missing-key'], onAnswer(withStatus(401), header('WWW-Authenticate', undefined))],
    ['a challenge that is a sentence', ['missing-key'], onAnswer(withStatus(401), header('WWW-Authenticate', '"please log in"'))],
    ['the challenge of another scheme', ['missing-key'], onAnswer(withStatus(401), header('WWW-Authenticate', 'Basic realm="chatads"'))],
    ['a challenge of another realm', ['missing-key'], onAnswer(withStatus(401), header('WWW-Authenticate', 'ApiKey realm="staging"'))],
    ['refusals that caches may keep', keys, onAnswer(refused, header('Cache-Control', undefined))],
    ['refusals that are kept for a minute', keys, onAnswer(refused, header('Cache-Control', 'public, max-age=60'))],
    ['JSON that is called text', keys, onAnswer(refused, header('Content-Type', 'text/html; charset=utf-8'))],
    ['another charset', keys, onAnswer(refused, header('Content-Type', 'application/json; charset=iso-8859-1'))],
    ['no content type', keys, onAnswer(refused, header('Content-Type', undefined))],
    ['a page of the web server for an unknown path', ['unknown-path'], onAnswer(withStatus(404), both(header('Content-Type', 'text/html'), text(() => page)))],
    ['a page under the right content type', ['unknown-path'], onAnswer(withStatus(404), text(() => page))],
    ['no request id in the header', keys, onAnswer(refused, header('x-request-id', undefined))],
    ['another request id in the body', keys, onAnswer(refused, json((body) => { body['meta'].request_id = other(body['meta'].request_id) }))],
    ['a request id that is always the same', keys, onAnswer(refused, both(header('x-request-id', 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa'), json((body) => { body['meta'].request_id = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa' })))],
    ['request ids that are numbers', keys, onAnswer(refused, (answer, request) => both(header('x-request-id', '4711'), json((body) => { body['meta'].request_id = '4711' }))(answer, request))],
    ['a request id that the caller chooses', ['unknown-path', 'own-request-id'], { onAnswer(answer, request) { const own = headerOf(request, 'x-request-id'); return own !== undefined && both(header('x-request-id', own), json((body) => { body['meta'].request_id = own }))(answer, request) } }],
    ['a stack in the message', ['refusal/broken'], onAnswer(withStatus(500), json((body) => { body['error'].message = stack }))],
    ['a stack beside the error', ['refusal/broken'], onAnswer(withStatus(500), json((body) => { body['error'].stack = stack }))],
    ['a stack in a header', ['refusal/broken'], onAnswer(withStatus(500), header('X-Error', 'at charge (/app/src/billing.js:42:17)'))],
    ['a member with another name', bodies, onAnswer(refused, text((body) => body.replace('"message":', '"msg":')))],
    ['details that are null', keys, onAnswer(refused, json((body) => { body['error'].details = null }))],
    ['details that are left out', keys, onAnswer(refused, json((body) => { delete body['error'].details }))],
    ['a refusal that calls itself a success', keys, onAnswer(refused, json((body) => { body['success'] = true }))],
    ['data that is an object in place of null', keys, onAnswer(refused, json((body) => { body['data'] = {} }))],
    ['a missing key told as a wrong one', ['missing-key'], onAnswer(withStatus(401), both(status(403), header('WWW-Authenticate', undefined), json((body) => { Object.assign(body['error'], { code: 'FORBIDDEN', message: 'Invalid API key.' }) })))],
    ['a daily quota told as a monthly one', ['refusal/dailyQuota'], onAnswer(says('DAILY_QUOTA_EXCEEDED'), text((body) => body.replace('DAILY_QUOTA_EXCEEDED', 'MONTHLY_QUOTA_EXCEEDED')))],
    ['a quota told as a rate', ['refusal/dailyQuota'], onAnswer(says('DAILY_QUOTA_EXCEEDED'), json((body) => { body['error'] = { code: 'RATE_LIMIT_EXCEEDED', message: 'Rate limit exceeded.', details: {} } }))],
    ['a code that nobody declared', keys, onAnswer(refused, json((body) => { body['error'].code = 'NO_ACCESS' }))],
    ['a code in lower case', bodies, onAnswer(withStatus(400), json((body) => { body['error'].code = String(body['error'].code).toLowerCase() }))],
    ['a 429 that does not say how long', ['over-limit'], onAnswer(withStatus(429), header('Retry-After', undefined))],
    ['Retry-After in milliseconds', ['over-limit'], onAnswer(withStatus(429), (answer) => setHeader(answer, 'Retry-After', `${headerOf(answer, 'retry-after')}000`))],
    ['Retry-After in milliseconds, of a quota', ['refusal/dailyQuota'], onAnswer(withStatus(429), (answer) => setHeader(answer, 'Retry-After', `${headerOf(answer, 'retry-after')}000`))],
    ['Retry-After in milliseconds, of an outage', ['refusal/unavailable'], onAnswer(withStatus(503), (answer) => setHeader(answer, 'Retry-After', `${headerOf(answer, 'retry-after')}000`))],
    ['a body that tells another wait than the header', ['over-limit'], onAnswer(says('RATE_LIMIT_EXCEEDED'), json((body) => { body['error'].details.retry_after = 5 }))],
    ['Retry-After in words', ['over-limit'], onAnswer(withStatus(429), header('Retry-After', 'a minute'))],
    ['Retry-After with decimals', ['over-limit'], onAnswer(withStatus(429), header('Retry-After', '59.5'))],
    ['Retry-After: 0', ['over-limit'], onAnswer(withStatus(429), header('Retry-After', '0'))],
    ['Retry-After where no wait helps', bodies, onAnswer(withStatus(400), header('Retry-After', '30'))],
    ['a reset in seconds where a time is declared', ['refusal/dailyQuota'], onAnswer(says('DAILY_QUOTA_EXCEEDED'), json((body) => { body['error'].details.reset_at = 1_900_000_000 }))],
    ['a reset that is over', ['refusal/dailyQuota'], onAnswer(says('DAILY_QUOTA_EXCEEDED'), json((body) => { body['error'].details.reset_at = '2020-01-01T00:00:00Z' }))],
    ['a count that is text', ['refusal/dailyQuota'], onAnswer(says('DAILY_QUOTA_EXCEEDED'), json((body) => { body['error'].details.daily_usage = '120' }))],
    ['a promised detail that is missing', ['refusal/dailyQuota'], onAnswer(says('DAILY_QUOTA_EXCEEDED'), json((body) => { delete body['error'].details.plan }))],
    ['a message whose figure is another one than the detail', ['refusal/dailyQuota'], onAnswer(says('DAILY_QUOTA_EXCEEDED'), text((body) => body.replace(/You've used \d+ of/, "You've used 7 of")))],
    ['a message with a figure that was not there', ['refusal/dailyQuota'], onAnswer(says('DAILY_QUOTA_EXCEEDED'), text((body) => body.replace(/You've used \d+ of/, "You've used undefined of")))],
    ['a message of its own', ['missing-key'], onAnswer(withStatus(401), json((body) => { body['error'].message = 'Go away.' }))],
    ['the key in the message', ['unknown-key'], onAnswer(withStatus(403), json((body, request) => { body['error'].message = `Invalid API key ${keyOf(request)}.` }))],
    ['half of the key in a header', ['unknown-key'], { onAnswer: (answer, request) => answer.status === 403 && setHeader(answer, 'X-Key-Hint', keyOf(request).slice(0, 20)) }],
    ['a member with a secret', keys, { onAnswer(answer, request) { return answer.status === 403 && json((body) => { body['debug'] = { key: keyOf(request) } })(answer, request) !== false } }],
    ['X-Powered-By', keys, onAnswer(refused, header('X-Powered-By', 'Express'))],
    ['the version of the server', keys, onAnswer(refused, header('Server', 'nginx/1.18.0 (Ubuntu)'))],
    ['an address behind the API', ['refusal/unavailable'], onAnswer(withStatus(503), json((body) => { body['error'].message = 'connect 10.0.3.17:5432' }))],
    ['an address behind the API in a header', ['refusal/unavailable'], onAnswer(withStatus(503), header('X-Served', 'pod-7.ads.svc.cluster.local'))],
    ['a file of the server', ['refusal/broken'], onAnswer(withStatus(500), json((body) => { body['error'].file = '/srv/chatads/shards/harbour.json' }))],
    ['a query of the database', ['refusal/broken'], onAnswer(withStatus(500), json((body) => { body['error'].details = { query: 'SELECT * FROM keys WHERE id = 1' } }))],
    ['an empty body', keys, onAnswer(refused, text(() => ''))],
    ['a body that breaks off', keys, onAnswer(refused, text((body) => body.slice(0, -4)))],
    ['a byte order mark', keys, onAnswer(refused, text((body) => `\uFEFF${body}`))],
    ['a member that stands twice', keys, onAnswer(refused, text((body) => body.replace('"success":false', '"success":true,"success":false')))],
    ['a body that is cut off on the wire', keys, onAnswer(refused, (answer) => { answer.cut = true })],
    ['an encoding that nobody has asked for', keys, onAnswer(refused, (answer) => { answer.body = gzipSync(answer.body).toString('latin1'); setHeader(answer, 'Content-Encoding', 'gzip') })],
    ['refusals under 200', keys, onAnswer(refused, status(200))],
    ['any key is good', ['unknown-key', 'malformed-key'], accepting((request) => { if (keyOf(request) !== '') setHeader(request, 'x-api-key', 'cak_PlaygroundValid000000000000000003H6YqZ') })],
    ['an expired key is good', ['expired-key'], accepting((request) => { if (keyOf(request).includes('Expired')) setHeader(request, 'x-api-key', 'cak_PlaygroundValid000000000000000003H6YqZ') })],
    ['no key is needed', ['missing-key'], accepting((request) => { if (keyOf(request) === '') setHeader(request, 'x-api-key', 'cak_PlaygroundValid000000000000000003H6YqZ') })],
    ['a field that is missing is made up', ['missing-field'], accepting((request) => { if (request.body.toString() === '{}') request.body = Buffer.from('{"message":"shoes"}') })],
    ['any content type will do', ['wrong-content-type'], accepting((request) => void (headerOf(request, 'content-type') === 'text/plain' && setHeader(request, 'content-type', 'application/json')))],
    ['a body of any size', ['huge-body'], accepting((request) => { if (request.body.length > 60_000) request.body = Buffer.from('{"message":"shoes"}') })],
    ['broken JSON is mended', ['bad-json'], accepting((request) => { if (request.body.length > 2 && !request.body.toString().endsWith('}')) request.body = Buffer.from('{"message":"shoes"}') })],
    ['a 405 without Allow', ['wrong-method'], onAnswer(withStatus(405), header('Allow', undefined))],
    ['an Allow that names what is refused', ['wrong-method'], onAnswer(withStatus(405), header('Allow', 'POST, PROPFIND'))],
    ['a wrong method told as an unknown path', ['wrong-method'], onAnswer(withStatus(405), both(status(404), header('Allow', undefined), json((body) => { body['error'].message = 'Not found.' })))],
    ['HEAD is answered otherwise than GET', ['unknown-path', 'unknown-path/head'], { onAnswer: (answer, { method }) => method === 'HEAD' && status(200)(answer, {} as PassingRequest) !== false }],
    ['an unknown path leads to another host', ['unknown-path'], onAnswer(withStatus(404), both(status(302), header('Location', 'https://elsewhere.example/'), text(() => '')))],
    ['an unknown path is a success', ['unknown-path'], onAnswer(withStatus(404), both(status(200), json((body) => { Object.assign(body, { success: true, error: null, data: {} }) })))],
    ['a rate reset in milliseconds', ['over-limit'], onAnswer(refused, (answer) => headerOf(answer, 'x-ratelimit-reset') !== undefined && setHeader(answer, 'X-RateLimit-Reset', `${headerOf(answer, 'x-ratelimit-reset')}000`))],
    ['a rate reset that counts from now', ['over-limit'], onAnswer(refused, (answer) => headerOf(answer, 'x-ratelimit-reset') !== undefined && setHeader(answer, 'X-RateLimit-Reset', '60'))],
    ['half of the rate headers', ['over-limit'], onAnswer(refused, header('X-RateLimit-Remaining', undefined))],
    ['no rate headers where the rate refuses', ['over-limit'], onAnswer(withStatus(429), both(header('X-RateLimit-Limit', undefined), header('X-RateLimit-Remaining', undefined), header('X-RateLimit-Reset', undefined)))],
    ['a limit that refuses while some remain', ['over-limit'], onAnswer(withStatus(429), header('X-RateLimit-Remaining', '3'))],
    ['another field is blamed', ['missing-field', 'wrong-type'], onAnswer(withStatus(400), text((body) => body.replaceAll('message', 'text').replace('"text":"Invalid', '"message":"Invalid')))],
    ['every second refusal has another form', keys, everySecond(json((body) => { body['error'].hint = 'see docs' }))],
    ['every second refusal lacks a header', keys, everySecond(header('Cache-Control', undefined))],
  ]),

  // NexaLayer
  ...of('nexalayer', [
    ['a refusal that is charged', ['call/balance', 'refusal/unpaid'], charging('INSUFFICIENT_BALANCE', 'available', (value) => (Number(value) - 1).toFixed(2))],
    ['a refusal whose money stays held', ['call/balance', 'refusal/unpaid'], charging('INSUFFICIENT_BALANCE', 'held', () => '100.00')],
    ['an idempotency key that a refusal locks', ['call/buy', 'key-after-refusal'], lockingKeys()],
    ['a repeat that is done again', ['call/buy', 'same-key'], accepting((request) => void (headerOf(request, 'idempotency-key') !== undefined && setHeader(request, 'Idempotency-Key', `once-${Math.random()}`)))],
    ['a key that another request may have as well', ['call/buy', 'same-key-other-body'], accepting((request) => void (request.body.includes('tollgate_check') && setHeader(request, 'Idempotency-Key', `other-${Math.random()}`)))],
    ['two at once that are both done', ['call/buy', 'same-key-at-once'], accepting((request) => void (headerOf(request, 'idempotency-key') !== undefined && setHeader(request, 'Idempotency-Key', `once-${Math.random()}`)))],
    ['of two at once one breaks', ['call/buy', 'same-key-at-once'], breakingAtOnce()],
    ['a balance that is text', ['refusal/unpaid'], onAnswer(says('INSUFFICIENT_BALANCE'), json((body) => { body['error'].details.current_balance = '50.00' }))],
    ['a balance in cents', ['refusal/unpaid'], onAnswer(says('INSUFFICIENT_BALANCE'), json((body) => { body['error'].details.current_balance = 5_000 }))],
    ['a balance that the message rounds', ['refusal/unpaid'], onAnswer(says('INSUFFICIENT_BALANCE'), text((body) => body.replace('Current balance: 50.00', 'Current balance: 49.00')))],
    ['no money told as a conflict', ['refusal/unpaid'], onAnswer(withStatus(402), status(409))],
    ['an expired token told as a wrong key', ['expired-token-key'], onAnswer(says('AUTH_EXPIRED_TOKEN'), json((body) => { Object.assign(body['error'], { code: 'AUTH_INVALID_KEY', message: 'Invalid API Key', details: {} }) }))],
    ['an expired token without its own challenge', ['expired-token-key'], onAnswer(says('AUTH_EXPIRED_TOKEN'), header('WWW-Authenticate', 'ApiKey realm="nexalayer", Bearer realm="nexalayer"'))],
    ['a token that expired in the future', ['expired-token-key'], onAnswer(says('AUTH_EXPIRED_TOKEN'), json((body) => { body['error'].details.expired_at = 'soon' }))],
    ['a key that may only read may write', ['scope'], accepting((request) => void (keyOf(request).includes('ReadOnly') && setHeader(request, 'x-api-key', 'ak_PlaygroundValid000000000000000002uvIP6')))],
    ['a session limit that does not say how long', ['refusal/secondSession'], onAnswer(says('SESSION_LIMIT_REACHED'), header('Retry-After', undefined))],
    ['a session limit told as a rate', ['refusal/secondSession'], onAnswer(says('SESSION_LIMIT_REACHED'), json((body) => { body['error'] = { code: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests', details: {} } }))],
    ['an unknown session told as an expired one', ['unknown-id'], onAnswer(says('SESSION_NOT_FOUND'), both(status(410), json((body) => { Object.assign(body['error'], { code: 'SESSION_NOT_FOUND' }) })))],
    ['an id that is a number', ['unknown-id'], onAnswer(says('SESSION_NOT_FOUND'), json((body) => { body['error'].details.session_id = 0 }))],
    ['which conflict it is is not said', ['same-key-other-body', 'call/buy'], onAnswer(says('IDEMPOTENCY_CONFLICT'), json((body) => { body['error'].details = {} }))],
    ['the wrong one of two conflicts', ['same-key-other-body', 'call/buy'], onAnswer(says('IDEMPOTENCY_CONFLICT'), json((body) => { body['error'].details.reason = 'in_progress' }))],
    ['a backend that fails is shown as it is', ['refusal/backendFails'], onAnswer(withStatus(502), both(header('Content-Type', 'text/html'), text(() => page)))],
  ]),

  // JoggAI
  ...of('jogg', [
    ['a code that is text', keys, onAnswer(refused, json((body) => { body['code'] = String(body['code']) }))],
    ['data that is no longer null', keys, onAnswer(refused, json((body) => { body['data'] = {} }))],
    ['data that is left out', keys, onAnswer(refused, json((body) => { delete body['data'] }))],
    ['a member more', keys, onAnswer(refused, json((body) => { body['error'] = true }))],
    ['a refusal that says Success', keys, onAnswer(refused, json((body) => { body['msg'] = 'Success' }))],
    ['statuses that are always 200', keys, onAnswer(refused, status(200))],
    ['a good key that is locked by wrong ones', ['unknown-key', 'revoked-key', 'disabled-key', 'still-works'], lockedByStrangers()],
    ['a refusal that is charged', ['refusal/unpaid', 'call/credits'], charging(18_020, 'remaining_quota', (value) => Number(value) - 0.1)],
    ['no request id', keys, onAnswer(refused, header('x-request-id', undefined))],
    ['what broke is in the message', ['refusal/broken'], onAnswer(withStatus(500), json((body) => { body['msg'] = 'SyntaxError: Unexpected end of JSON input' }))],
    ['a wrong key told as an unknown record', ['unknown-key'], onAnswer(says(10_105), both(status(404), header('WWW-Authenticate', undefined), json((body) => { Object.assign(body, { code: 10_104, msg: 'Record not found' }) })))],
    ['too few credits told as a wrong parameter', ['refusal/unpaid'], onAnswer(says(18_020), both(status(400), json((body) => { Object.assign(body, { code: 40_000, msg: 'Parameter error: credit' }) })))],
    ['a studio that may not call is let in', ['not-entitled-key'], accepting((request) => void (keyOf(request).includes('NoAccess') && setHeader(request, 'x-api-key', 'jogg_PlaygroundValid000000000000000002PuLd9')))],
    ['an unknown video is a video', ['unknown-id'], onAnswer(says(10_104), both(status(200), json((body) => { Object.assign(body, { code: 0, msg: 'Success', data: {} }) })))],
  ]),

  // AI-Powered API
  ...of('ai-api', [
    ['no timestamp', keys, onAnswer(refused, json((body) => { delete body['meta'].timestamp }))],
    ['a timestamp that is a number', keys, onAnswer(refused, json((body) => { body['meta'].timestamp = 1_795_975_490 }))],
    ['details that are a list', ['missing-field/write/prompt'], onAnswer(withStatus(400), json((body) => { body['error'].details = [body['error'].details] }))],
    ['a missing field told as a wrong one', ['missing-field/write/prompt'], onAnswer(says('MISSING_REQUIRED_FIELD'), json((body) => { Object.assign(body['error'], { code: 'INVALID_FIELD_VALUE', message: 'Field value is invalid' }) }))],
    ['a temperature told as any field', ['out-of-range/write/temperature-maximum'], onAnswer(says('INVALID_TEMPERATURE'), json((body) => { Object.assign(body['error'], { code: 'INVALID_FIELD_VALUE', message: 'Field value is invalid' }) }))],
    ['validation that answers 422', ['missing-field/write/prompt'], onAnswer(withStatus(400), status(422))],
    ['a month that is used up is a 429', ['refusal/monthlyQuota'], onAnswer(says('QUOTA_EXCEEDED'), both(status(429), header('Retry-After', '60')))],
    ['a reset in milliseconds', ['over-limit'], onAnswer(says('RATE_LIMIT_EXCEEDED'), json((body) => { body['error'].details.reset_time *= 1_000 }))],
    ['a model that is down is a 503', ['refusal/modelAsleep'], onAnswer(says('MODEL_UNAVAILABLE'), both(status(503), header('Retry-After', '60')))],
    ['an end of a suspension that is not said', ['banned-key'], onAnswer(says('ACCOUNT_SUSPENDED'), json((body) => { delete body['error'].details }))],
    ['a wrong key whose challenge does not say so', ['unknown-key'], onAnswer(withStatus(401), header('WWW-Authenticate', 'Bearer realm="ai-api"'))],
    ['a revoked key told as an unknown one', ['revoked-key'], onAnswer(says('REVOKED_API_KEY'), json((body) => { body['error'] = { code: 'INVALID_API_KEY', message: 'The provided API key is invalid', details: {} } }))],
    ['an unknown model told as an unknown path', ['unknown-id/model'], onAnswer(says('MODEL_NOT_FOUND'), json((body) => { Object.assign(body['error'], { code: 'ENDPOINT_NOT_FOUND', message: 'Endpoint not found', details: {} }) }))],
    ['another prefix of request ids', keys, onAnswer(refused, (answer) => { const id = `id_${String(headerOf(answer, 'x-request-id')).slice(4)}`; return both(header('x-request-id', id), json((body) => { body['meta'].request_id = id }))(answer, {} as PassingRequest) })],
    ['the policy that a prompt breaks', ['refusal/violation'], onAnswer(says('PROMPT_VIOLATION'), json((body) => { body['error'].policy = { words: ['gore'] } }))],
  ]),

  // LEAPERone
  ...of('leaperone', [
    ['another type', keys, onAnswer(refused, json((body) => { body['error'].type = 'invalid_request_error' }))],
    ['a code that is null', keys, onAnswer(refused, json((body) => { body['error'].code = null }))],
    ['a code that is a number', bodies, onAnswer(withStatus(400), json((body) => { body['error'].code = 400 }))],
    ['a param that the page does not have', bodies, onAnswer(withStatus(400), json((body) => { body['error'].param = 'model' }))],
    ['an error that is text', bodies, onAnswer(withStatus(400), json((body) => { body['error'] = body['error'].message }))],
    ['too few credits are a 429', ['refusal/unpaid'], onAnswer(withStatus(402), both(status(429), header('Retry-After', '60')))],
    ['something that is gone is unknown', ['refusal/expiredTask'], onAnswer(withStatus(410), both(status(404), json((body) => { Object.assign(body['error'], { code: 'not_found', message: 'Not found.' }) })))],
    ['an unknown task is gone', ['unknown-id'], onAnswer(withStatus(404), status(410))],
    ['a refusal that is charged', ['refusal/unpaid', 'call/balance'], charging('insufficient_credits', 'balance', (value) => (Number(value) / 2).toFixed(6))],
    ['the key in a header', ['unknown-key'], { onAnswer: (answer, request) => answer.status === 401 && setHeader(answer, 'X-Debug-Authorization', headerOf(request, 'authorization')) }],
    ['an error of the database', ['refusal/broken'], onAnswer(withStatus(500), json((body) => { body['error'].message = 'duplicate key value violates unique constraint "tasks_pkey"' }))],
    ['a rate that does not say how long', ['over-limit'], onAnswer(withStatus(429), header('Retry-After', undefined))],
  ]),
]

function of(api: PlantedFault['api'], list: readonly (readonly [fault: string, only: readonly string[], spoil: ProxyFault])[]): readonly PlantedFault[] {
  return list.map(([fault, only, spoil]) => ({ api, fault, only, ...spoil }))
}

function everySecond(spoil: Spoil): ProxyFault {
  const seen = new Map<string, number>()
  return onAnswer(refused, (answer, request) => {
    const which = `${request.method} ${request.path} ${keyOf(request)}`
    const count = (seen.get(which) ?? 0) + 1
    seen.set(which, count)
    return count % 2 === 0 && spoil(answer, request) !== false
  })
}

/** What a reading says after a refusal of this code is another figure than before it. */
function charging(code: string | number, member: string, change: (value: unknown) => unknown): ProxyFault {
  let isCharged = false
  return {
    onAnswer(answer, request) {
      if (says(code)(answer, request)) isCharged = true
      const isReading = answer.status === 200 && answer.body.includes(`"${member}":`) && isCharged
      return isReading && json((body) => { const place = body['data'] ?? body; place[member] = change(place[member]) })(answer, request) !== false
    },
  }
}

/** A key whose first request was refused is taken for one that still runs. */
function lockingKeys(): ProxyFault {
  const locked = new Set<string>()
  return {
    onAnswer(answer, request) {
      const key = headerOf(request, 'idempotency-key')
      if (key === undefined) return false
      if (answer.status === 400) {
        locked.add(key)
        return false
      }
      if (!locked.has(key)) return false
      const body = { success: false, data: null, error: { code: 'IDEMPOTENCY_CONFLICT', message: 'Duplicate idempotency key', details: { reason: 'in_progress' } }, meta: { request_id: headerOf(answer, 'x-request-id') } }
      Object.assign(answer, { status: 409, body: JSON.stringify(body) })
      return both(header('Content-Type', 'application/json'), header('Cache-Control', 'no-store'), header('Retry-After', '1'))(answer, request)
    },
  }
}

/** In place of being told that the first still runs. */
function breakingAtOnce(): ProxyFault {
  return onAnswer(says('IDEMPOTENCY_CONFLICT'), (answer, request) => {
    const body = { success: false, data: null, error: { code: 'INTERNAL_ERROR', message: 'Internal error', details: {} }, meta: { request_id: headerOf(answer, 'x-request-id') } }
    Object.assign(answer, { status: 500, body: JSON.stringify(body) })
    return header('Retry-After', undefined)(answer, request)
  })
}

/** Whoever comes after three wrong keys is refused. */
function lockedByStrangers(): ProxyFault {
  let wrong = 0
  return {
    onAnswer(answer, request) {
      if (answer.status === 401) wrong += 1
      if (wrong < 3 || answer.status !== 200) return false
      Object.assign(answer, { status: 401, body: JSON.stringify({ code: 10_105, msg: 'Invalid API key', data: null }) })
      return both(header('Content-Type', 'application/json'), header('Cache-Control', 'no-store'), header('WWW-Authenticate', 'ApiKey realm="jogg"'))(answer, request)
    },
  }
}
