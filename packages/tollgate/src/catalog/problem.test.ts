import { describe, expect, it } from 'vitest'
import { refuse } from '../contract/declare/refusal.ts'
import { problem } from './contracts.ts'

const read = (status: number, body: unknown, headers: Record<string, string> = {}) => problem.read({ status, headers, body: JSON.stringify(body) })
const context = { requestId: 'r-1', nowMs: 0 }
const detailOf = (facts: Record<string, string>) => problem.render(refuse('field.invalid', facts), context).message
const readAs = (status: number, body: object) => read(status, body, { 'content-type': 'application/problem+json' })
const registered = 'https://iana.org/assignments/http-problem-types#'

describe('problem details', () => {
  it('are written with the status of the answer, a constant title, and the details as members', () => {
    const { status, headers, body } = problem.answer(refuse('rate.limited', { limit: 5, used: 5, retryAfterMs: 1_500 }), context)
    expect(headers.slice(0, 2)).toEqual(['Content-Type', 'application/problem+json'])
    expect(status).toBe(429)
    expect(JSON.parse(body)).toEqual({
      type: 'urn:tollgate:problem:rate-limited', title: 'Rate limited', status: 429, detail: 'Rate limited.',
      code: 'rate.limited', request_id: 'r-1', limit: 5, used: 5, retry_after: 2,
    })
  })

  it('say what is at issue', () => {
    expect(detailOf({ field: 'name', issue: 'must be a string' })).toBe('Field invalid: name must be a string.')
    expect(detailOf({})).toBe('Field invalid.')
  })

  it('have a type and a title for each entry', () => {
    const types = [...problem.entries.values()].map((entry) => entry.attributes?.['type'])
    expect(new Set(types).size).toBe(problem.entries.size)
  })

  it('of other makers are read by registered types, by titles of a draft, and by the status', () => {
    expect(readAs(429, { type: `${registered}quota-exceeded`, title: 'Quota Exceeded' })).toMatchObject({ reason: 'quota.exhausted', retry: 'never' })
    expect(readAs(422, { title: 'Idempotency-Key is already used' })).toMatchObject({ reason: 'idempotency.mismatch', retry: 'never' })
    expect(readAs(403, { type: 'about:blank', title: 'Forbidden', detail: 'Not you.' })).toMatchObject({ reason: 'permission.denied', message: 'Not you.' })
    expect(readAs(400, { detail: 'Only this.' })).toMatchObject({ entry: undefined, reason: 'request.invalid', message: 'Only this.' })
  })

  it('of other makers tell a wait in a member of their own, or in words', () => {
    expect(readAs(429, { type: '429 Too Many Requests', title: 'Too Many Requests', detail: 'You are over the limit. Retry after: 21 seconds.' })).toMatchObject({ reason: 'rate.limited', retry: 'wait', retryAfterSeconds: 21 })
    const next = { type: '/mtls-edge-truststore/error-types/rate-limit', title: 'Rate limited', status: 429, rateLimit: 10, rateLimitRemaining: 0, rateLimitNext: '2026-11-29T10:00:30Z' }
    expect(read(429, next, { date: 'Sun, 29 Nov 2026 10:00:00 GMT', 'content-type': 'application/problem+json' })).toMatchObject({ reason: 'rate.limited', retryAfterSeconds: 30 })
    for (const name of ['retry_after', 'retry_after_seconds', 'retryAfter']) expect(readAs(503, { type: 'about:blank', title: 'Unavailable', [name]: 1.5 })).toMatchObject({ retry: 'backoff', retryAfterSeconds: 2 })
  })

  it('of other makers name the fields at fault in three ways', () => {
    expect(readAs(400, { type: 'about:blank', title: 'One or more validation errors occurred.', traceId: '00-1', errors: { Name: ['is required', 'is short'], Age: 'is wrong' } })).toMatchObject({ fields: { Name: ['is required', 'is short'], Age: ['is wrong'] }, details: { traceId: '00-1' } })
    expect(readAs(400, { type: '/problems/invalid', title: 'Invalid', violations: [{ field: 'name', message: 'is required' }] })).toMatchObject({ fields: { name: ['is required'] } })
    expect(readAs(429, { type: `${registered}quota-exceeded`, title: 'Quota Exceeded', 'violated-policies': ['hourly'] })).toMatchObject({ reason: 'quota.exhausted', details: { 'violated-policies': ['hourly'] } })
  })

  it('are not seen in a success', () => {
    expect(read(200, { type: 'report', title: 'Sales', detail: 'All of them' })).toBeUndefined()
    expect(read(200, { type: 'report', title: 'Sales', status: 3, code: 'x' })).toBeUndefined()
  })
})

it('other members of a foreign problem become details', () => {
  const body = JSON.stringify({ type: 'https://example.com/out-of-credit', title: 'Out of credit.', status: 403, detail: 'Too little.', instance: '/a', balance: 30, accounts: ['/1'] })
  expect(problem.read({ status: 403, headers: {}, body })?.details).toEqual({ balance: 30, accounts: ['/1'] })
})
