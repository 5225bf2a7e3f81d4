import { leaperone } from 'tollgate/catalog'
import { refuse } from 'tollgate/contract'
import { describe, expect, it } from 'vitest'
import { answerTo, between, jsonExamples, readBody, readPage, tableRows } from './page.ts'

const page = readPage('leaperone')
const statuses = tableRows(between(page, 'Error Code Reference', 'Retry Strategy'))
const retries = tableRows(between(page, 'Retry Strategy', 'Exponential Backoff'))
const entries = [...leaperone.entries.values()]

describe('the LEAPERone page', () => {
  it('lists seven statuses, in the order of the contract, which has no other', () => {
    expect(statuses).toHaveLength(7)
    expect([...new Set(entries.map((entry) => entry.status))]).toEqual(statuses.map(([status]) => Number(status)))
  })

  it.each(statuses)('%s means %s: %s', (status, meaning = '', fix = '') => {
    const ofStatus = entries.filter((entry) => entry.status === Number(status))
    for (const entry of ofStatus) expect(entry.description.startsWith(`${meaning}:`)).toBe(true)
    // The remedy begins as the page's; 410 has none there but the note on retrying.
    const remedy = status === '410' ? 'The resource is permanently gone' : (/^[^.(]*?(?= and |[.(])/.exec(fix)?.[0] ?? fix)
    expect(ofStatus.some((entry) => entry.remedy?.startsWith(remedy))).toBe(true)
  })

  it.each(retries)('%s is retryable: %s. %s', (status, retryable) => {
    for (const entry of entries.filter((candidate) => candidate.status === Number(status))) {
      expect(entry.retry).toBe(retryable === 'No' ? 'never' : status === '429' ? 'wait' : 'backoff')
    }
  })

  const [example] = jsonExamples(page)

  it('shows exactly the body of a refused rate', () => {
    const { status, body, header } = answerTo(leaperone, 'rate.limited', { retryAfterMs: 2_000 })
    expect([status, header('retry-after')]).toEqual([429, '2'])
    expect(body).toBe(JSON.stringify(example))
    expect(readBody(leaperone, 429, example)).toMatchObject({ entry: 'rateLimitExceeded', reason: 'rate.limited', retry: 'wait' })
  })
})

describe('what the LEAPERone page leaves open', () => {
  it.each([
    [400, 'invalid_request_error', ['invalid_request', 'missing_required_field', 'model_not_found']],
    [401, 'authentication_error', ['missing_api_key', 'invalid_api_key']],
    [402, 'billing_error', ['insufficient_credits']],
    [404, 'not_found_error', ['not_found']],
    [410, 'not_found_error', ['resource_expired']],
    [429, 'rate_limit_error', ['rate_limit_exceeded']],
    [500, 'server_error', ['internal_error']],
  ])('%i has the type %s and the codes %j', (status, type, codes) => {
    const ofStatus = entries.filter((entry) => entry.status === status)
    expect([...new Set(ofStatus.map((entry) => entry.code))]).toEqual(codes)
    for (const entry of ofStatus) expect(entry.attributes).toEqual({ type })
  })

  it('has exactly three keys in the error, and the request id in the header alone', () => {
    const { json, header } = answerTo(leaperone, 'credit.insufficient', {}, 'req_7')
    expect(json).toEqual({ error: { message: 'Insufficient credits.', type: 'billing_error', code: 'insufficient_credits' } })
    expect(header('x-request-id')).toBe('req_7')
  })

  it('has neither 403 nor 405: no right is 401, a wrong method 404', () => {
    expect(answerTo(leaperone, 'permission.denied')).toMatchObject({ status: 401, json: { error: { code: 'invalid_api_key' } } })
    expect(answerTo(leaperone, 'method.not_allowed', { allow: ['GET'] })).toMatchObject({ status: 404, json: { error: { code: 'not_found' } } })
  })

  it('an unknown model in the body is its own code', () => {
    expect(answerTo(leaperone, 'field.invalid', { field: 'model', rule: 'enum' }).json).toMatchObject({ error: { code: 'model_not_found' } })
    expect(answerTo(leaperone, 'field.invalid', { field: 'size', issue: 'must be one of 1K, 2K' }).json).toMatchObject({
      error: { code: 'invalid_request', message: 'Invalid request: size must be one of 1K, 2K.' },
    })
  })

  it('a model of the wrong type is an invalid field, not an unknown model', () => {
    expect(answerTo(leaperone, 'field.invalid', { field: 'model', rule: 'type', issue: 'must be a text' }).json).toMatchObject({ error: { code: 'invalid_request' } })
  })

  it('a task that failed is read as the success that it is', () => {
    const task = { id: 'task_1', status: 'failed', error: { message: 'It failed.', code: 'internal_error' } }
    expect(readBody(leaperone, 200, task)).toBeUndefined()
    expect(readBody(leaperone, 200, { error: task.error })).toMatchObject({ entry: 'internalError' })
    expect(readBody(leaperone, 500, task)).toMatchObject({ entry: 'internalError' })
  })

  it('ends a stream with the same three keys', () => {
    const frame = answerFrame()
    expect(frame).toBe('data: {"error":{"message":"Internal server error.","type":"server_error","code":"internal_error"}}\n\n')
    expect(leaperone.readStreamEvent({ data: frame?.slice('data: '.length).trim() ?? '' })).toMatchObject({ reason: 'internal', retry: 'backoff' })
  })

  it('reads a key without the right as an invalid one', () => {
    expect(leaperone.loss).toEqual({ members: [], entries: { notPermitted: 'invalidKey' } })
  })
})

function answerFrame(): string | undefined {
  return leaperone.streamFrame(refuse('internal'), { requestId: 'req_1', nowMs: 0 })
}
