import { expect, it } from 'vitest'
import { sampleDeclaration } from '../../testing/sample-contract.ts'
import { defineContract } from '../declare/define-contract.ts'
import { refuse } from '../declare/refusal.ts'

const context = { requestId: 'req_1', nowMs: 0 }
const base = sampleDeclaration({ slow: { code: 'SLOW', status: 429, reason: 'rate.limited', message: 'Slow\ndown.', retry: 'wait', action: 'wait', description: 'x' } })

it('a frame is an event, one line of data, and the end that the dialect sends', () => {
  const contract = defineContract({ ...base, envelope: { ...base.envelope, stream: { event: 'error', data: { error: { code: '$code', message: '$message' } }, afterError: '[DONE]' } } })
  expect(contract.streamFrame(refuse('rate.limited'), context)).toBe('event: error\ndata: {"error":{"code":"SLOW","message":"Slow\\ndown."}}\n\ndata: [DONE]\n\n')
})

it('a dialect without a stream form has no frame', () => {
  expect(defineContract(base).streamFrame(refuse('internal'), context)).toBeUndefined()
})

it('an event is read by its form, and only under its name', () => {
  const contract = defineContract({ ...base, envelope: { ...base.envelope, stream: { event: 'error', data: { code: '$code', message: '$message' } } } })
  const data = '{"code":"SLOW","message":"m"}'
  expect(contract.readStreamEvent({ event: 'error', data })).toMatchObject({ entry: 'slow', status: 429, retry: 'wait' })
  expect(contract.readStreamEvent({ data })).toMatchObject({ entry: 'slow' })
  expect(contract.readStreamEvent({ event: 'delta', data })).toBeUndefined()
  expect(contract.readStreamEvent({ event: 'error', data: '{"code":"NEW","message":"m"}' })).toMatchObject({ entry: undefined, reason: 'unknown', status: 500 })
})

it('what is not an error in a stream is left alone', () => {
  const contract = defineContract({ ...base, envelope: { ...base.envelope, stream: { data: { error: { code: '$code', message: '$message' } } } } })
  for (const data of ['[DONE]', '', '{}', '{"choices":[{"delta":{"content":"hi"}}]}', '{"error":null}', '{"code":"NEW","message":"m"}']) {
    expect(contract.readStreamEvent({ data })).toBeUndefined()
  }
})
