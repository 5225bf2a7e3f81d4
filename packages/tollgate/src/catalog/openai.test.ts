import { describe, expect, it } from 'vitest'
import { refuse } from '../contract/declare/refusal.ts'
import { openai } from './contracts.ts'

const read = (status: number, body: unknown) => openai.read({ status, headers: {}, body: JSON.stringify(body) })
const readEvent = (data: unknown, event?: string) =>
  openai.readStreamEvent({ data: typeof data === 'string' ? data : JSON.stringify(data), ...(event !== undefined && { event }) })
const uncoded = (type: string) => ({ error: { message: 'No.', type, param: 'n', code: null } })

describe('OpenAI', () => {
  const quota = { type: 'insufficient_quota', code: 'insufficient_quota', message: 'You exceeded your current quota.', param: null }

  it.each([
    ['a chat chunk', { error: quota }, undefined],
    ['the flat form that Responses document', { ...quota, type: 'error', sequence_number: 1 }, 'error'],
    ['the nested form that Responses send', { type: 'error', sequence_number: 2, error: quota }, undefined],
    ['a failed response', { type: 'response.failed', response: { status: 'failed', error: { code: quota.code, message: quota.message } } }, undefined],
    ['the error event of Assistants', quota, 'error'],
  ])('a used up quota is not repeated when it comes as %s', (_, data, event) => {
    expect(readEvent(data, event)).toMatchObject({ reason: 'credit.insufficient', retry: 'never', message: 'You exceeded your current quota.' })
  })

  it.each([
    ['a chunk', { id: 'chatcmpl-1', choices: [{ delta: { content: 'error' } }] }, undefined],
    ['the end', '[DONE]', undefined],
    ['a response that is under way', { type: 'response.created', response: { status: 'in_progress', error: null } }, 'response.created'],
    ['a response that was cut short', { type: 'response.incomplete', response: { error: null, incomplete_details: { reason: 'max_output_tokens' } } }, undefined],
  ])('%s is no error', (_, data, event) => {
    expect(readEvent(data, event)).toBeUndefined()
  })

  it('a null code is told by the type', () => {
    expect(read(400, uncoded('invalid_request_error'))).toMatchObject({ entry: 'invalidRequest', retry: 'never', details: { param: 'n' } })
    expect(read(500, uncoded('server_error'))).toMatchObject({ entry: 'serverError', retry: 'backoff' })
  })

  it('an unknown code keeps its name and means what its status says', () => {
    expect(read(429, { error: { message: 'Hm.', type: 'x', param: null, code: 'brand_new' } })).toMatchObject({
      entry: undefined, code: 'brand_new', reason: 'rate.limited', retry: 'wait', message: 'Hm.',
    })
  })

  it.each([
    ['Please try again in 20s.', 20],
    ['Please try again in 850ms.', 1],
    ['Please try again in 1h0m3.2s.', 3604],
    ['Please try again in 6m0s.', 360],
    ['Please try again in a while.', undefined],
  ])('"%s" is a wait of %j seconds', (message, seconds) => {
    expect(read(429, { error: { message, type: 'tokens', code: 'rate_limit_exceeded' } })?.retryAfterSeconds).toBe(seconds)
  })

  it('forbids its SDKs to repeat what waiting does not cure, and nothing else', () => {
    for (const { id, status, reason, retry } of openai.entries.values()) {
      const { headers } = openai.answer(refuse(reason, {}, { entry: id }), { requestId: 'req_1', nowMs: 0 })
      const sdkRepeats = [408, 409, 429].includes(status) || status >= 500
      expect([id, headers.includes('x-should-retry')]).toEqual([id, sdkRepeats && retry === 'never'])
    }
  })

  it('writes null for what is not there', () => {
    const { body } = openai.answer(refuse('field.invalid', { field: 'n', issue: 'must be at most 8' }), { requestId: 'req_1', nowMs: 0 })
    expect(JSON.parse(body)).toEqual({
      error: { message: "Invalid value for 'n': it must be at most 8.", type: 'invalid_request_error', param: 'n', code: 'invalid_value' },
    })
    const internal = openai.answer(refuse('internal'), { requestId: 'req_1', nowMs: 0 })
    expect(JSON.parse(internal.body)).toMatchObject({ error: { type: 'server_error', param: null, code: null } })
  })
})

it('a response or a job that failed is a resource, not a failed call', () => {
  const error = { code: 'server_error', message: 'The model failed.', param: null }
  for (const resource of [
    { id: 'resp_1', object: 'response', status: 'failed', error },
    { id: 'ftjob-1', object: 'fine_tuning.job', status: 'failed', error: { ...error, code: 'invalid_training_file' } },
  ]) {
    expect(openai.read({ status: 200, headers: {}, body: JSON.stringify(resource) })).toBeUndefined()
  }
  expect(openai.read({ status: 200, headers: {}, body: JSON.stringify({ error }) })).toMatchObject({ code: 'server_error' })
})
