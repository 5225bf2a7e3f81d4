import { expect, it } from 'vitest'
import { adviseFully } from './advise.ts'
import { toRefusal } from './read-refusal-answer.ts'

const read = (status: number, body: unknown, headers: { readonly [name: string]: string } = {}) => toRefusal(adviseFully, [], { status, headers, body: JSON.stringify(body) }, 0, false)

it('without a contract a 429 whose code speaks of quota or money is not repeated, unless it tells a wait', () => {
  const codes = ['insufficient_quota', 'DAILY_QUOTA_EXCEEDED', 'billing_hard_limit_reached', 'credit_balance_exhausted', 'organization_spend_limit_exceeded', 'InsufficientBalance']
  for (const code of codes) expect(read(429, { error: { code, message: 'No.' } })?.init).toMatchObject({ reason: 'quota.exhausted', retry: 'never' })
  expect(read(429, { code: 'QUOTA_EXCEEDED' })?.init.retry).toBe('never')
  expect(read(429, { error: 'insufficient_credits' })?.init.retry).toBe('never')
  expect(read(429, { error: { code: 'insufficient_quota' } }, { 'retry-after': '20' })?.init).toMatchObject({ retry: 'wait', retryAfterMs: 20_000 })
})

it('a sentence about quotas says nothing, nor does a code of rate limits', () => {
  for (const body of [{ error: { message: 'You exceeded your current quota', status: 'RESOURCE_EXHAUSTED', code: 429 } }, { error: { code: 'rate_limit_exceeded', type: 'tokens' } }, { error: 'Quota exceeded for this minute' }, 'quota', []]) {
    expect(read(429, body)?.init).toMatchObject({ reason: 'rate.limited', retry: 'wait' })
  }
})

it('for the budget a limit is one only where it tells its wait', () => {
  expect(read(429, {})?.cause).toBe('failed')
  expect(read(429, {}, { 'retry-after': '1' })?.cause).toBe('throttled')
  expect(read(503, {}, { 'retry-after': '1' })?.cause).toBe('failed')
  expect(read(504, {})?.cause).toBe('timeout')
})

it('says what a server without a form of errors says, and no page', () => {
  const said = (body: string) => toRefusal(adviseFully, [], { status: 429, headers: {}, body }, 0, false)?.init.message
  expect(said('Too Many Requests\n')).toBe('Too Many Requests')
  for (const body of ['', ' \n', '<html>No.</html>', '{"broken', 'x'.repeat(301)]) expect(said(body)).toBe('The server answered 429.')
})
