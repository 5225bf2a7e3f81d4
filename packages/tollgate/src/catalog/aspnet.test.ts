import { expect, it } from 'vitest'
import { refuse } from '../contract/declare/refusal.ts'
import { aspnet } from './contracts.ts'

const context = { requestId: '84c1fd4063c38d9f3900d06e56542d48', nowMs: 0 }
const bodyOf = (...[reason, facts]: Parameters<typeof refuse>): unknown => JSON.parse(aspnet.answer(refuse(reason, facts), context).body)

it('lists the texts of each field as ValidationProblemDetails does, also those of none', () => {
  expect(bodyOf('field.invalid', { issues: [{ field: 'Name', issue: 'The Name field is required.' }, { field: 'Items.0.Size', issue: 'Too large.' }, { field: 'Name', issue: 'Too short.' }, { issue: 'The dates overlap.' }] })).toEqual({
    type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
    title: 'One or more validation errors occurred.',
    status: 400,
    errors: { Name: ['The Name field is required.', 'Too short.'], 'Items[0].Size': ['Too large.'], '': ['The dates overlap.'] },
    traceId: context.requestId,
  })
})

it('reads what the framework sends by itself', () => {
  const read = (status: number, body: object) => aspnet.read({ status, headers: {}, body: JSON.stringify(body) })
  const validation = { type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1', title: 'One or more validation errors occurred.', status: 400, errors: { '': ['A non-empty request body is required.'], 'Items[0].Size': ['Too large.'] }, traceId: '00-84c1fd4063c38d9f3900d06e56542d48-85d1d4c11d9f3900-00' }
  expect(read(400, validation)).toMatchObject({ entry: 'invalid', issues: [{ issue: 'A non-empty request body is required.' }, { field: 'Items.0.Size', issue: 'Too large.' }], requestId: validation.traceId })
  expect(read(429, { title: 'Too Many Requests', status: 429, detail: 'Slow down.' })).toMatchObject({ entry: 'rateLimited', message: 'Slow down.', retry: 'wait' })
  expect(read(404, { type: 'https://tools.ietf.org/html/rfc9110#section-15.5.5', title: 'Not Found', status: 404, detail: 'No order 7.' })).toMatchObject({ entry: 'notFound' })
})

it('loses no entry, though it has no codes', () => {
  expect(aspnet.loss).toEqual({ members: ['fields', 'issues', 'errors'], entries: {} })
})
