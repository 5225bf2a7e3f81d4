import { expect, it } from 'vitest'
import { jogg, nexalayer, openai } from '../../catalog/contracts.ts'
import { parseTemplate } from './parse-template.ts'
import { templateParserFor } from './template-parser.ts'
import { writeSuccess } from './write-success.ts'

const context = { requestId: 'req_1', nowMs: Date.UTC(2026, 0, 2), limits: [{ name: 'requests', limit: 60, remaining: 59, resetAtMs: Date.UTC(2026, 0, 2, 0, 1) }] }

it('a success is written in the form of the dialect, with its request id and rate headers', () => {
  const answer = nexalayer.success({ token: 't', expires_in: 3600 }, context)
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.body)).toEqual({ success: true, data: { token: 't', expires_in: 3600 }, error: null, meta: { request_id: 'req_1' } })
  expect(answer.headers.slice(0, 4)).toEqual(['Content-Type', 'application/json', 'x-request-id', 'req_1'])
  expect(answer.headers).toContain('X-RateLimit-Remaining')
  expect(nexalayer.read({ status: 200, headers: {}, body: answer.body })).toBeUndefined()
})

it('a dialect with bare successes gets the data alone; another status can be said', () => {
  expect(openai.success({ id: 'x' }, context, 201)).toMatchObject({ status: 201, body: '{"id":"x"}' })
  expect(JSON.parse(jogg.success(null, context).body)).toEqual({ code: 0, msg: 'Success', data: null })
})

it('slots keep their policy, in objects, arrays and texts', () => {
  const report = (): void => undefined
  const success = { status: 200, data: null, context }
  expect(writeSuccess(parseTemplate({ ok: true, data: '$data?', at: '$timestamp', list: ['$status', '$data?'] }, '', report), success)).toBe(
    '{"ok":true,"at":"2026-01-02T00:00:00Z","list":[200,null]}',
  )
  expect(writeSuccess(templateParserFor('text/plain')('OK $requestId: $data', '', report), { ...success, data: { a: 1 } })).toBe('OK req_1: {"a":1}')
})
