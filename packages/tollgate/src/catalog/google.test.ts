import { describe, expect, it } from 'vitest'
import { google } from './contracts.ts'

const read = (status: number, body: unknown) => google.read({ status, headers: {}, body: JSON.stringify(body) })
const exhausted = (message: string, ...details: readonly object[]) => read(429, { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message, details } })
const retryIn = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay })
const quota = (quotaId: string) => ({ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] })

describe('Google', () => {
  it.each([
    ['a short wait', exhausted('x', retryIn('34.4s')), 'rate.limited', 35],
    ['a limit by the minute without a wait', exhausted('x', quota('RequestsPerMinutePerProject')), 'rate.limited', 60],
    ['a wait in words', exhausted('Please retry in 850ms.'), 'rate.limited', 1],
    ['a wait of hours', exhausted('x', retryIn('7200s')), 'quota.exhausted', 7200],
    ['a quota of the day', exhausted('x', quota('GenerateRequestsPerDayPerProject'), retryIn('3s')), 'quota.exhausted', 3],
    ['a quota of zero', exhausted('Quota exceeded, limit: 0, model: x'), 'quota.exhausted', undefined],
    ['a quota that begins with zero', exhausted('Quota exceeded, limit: 0.5, model: x'), 'rate.limited', undefined],
  ])('RESOURCE_EXHAUSTED with %s', (_, error, reason, retryAfterSeconds) => {
    expect(error).toMatchObject({ reason, retry: reason === 'rate.limited' ? 'wait' : 'never' })
    expect(error?.retryAfterSeconds).toBe(retryAfterSeconds)
  })

  it('402 is money', () => {
    expect(read(402, { error: { code: 402, status: 'RESOURCE_EXHAUSTED', message: 'x' } })).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
  })

  it('names the fields at fault and the request', () => {
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: 'a.b', description: 'no' }, { field: 'a.b', description: 'nor this' }] },
      { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: 'r9' },
    ]
    expect(read(400, { error: { code: 400, status: 'INVALID_ARGUMENT', message: 'x', details } })).toMatchObject({
      reason: 'request.invalid', requestId: 'r9', fields: { 'a.b': ['no', 'nor this'] },
    })
  })

  it.each([
    [403, 'PERMISSION_DENIED', 'BILLING_DISABLED', 'credit.insufficient', 'never'],
    [403, 'PERMISSION_DENIED', 'CONSUMER_SUSPENDED', 'account.suspended', 'never'],
    [403, 'PERMISSION_DENIED', 'SERVICE_DISABLED', 'permission.denied', 'never'],
    [401, 'UNAUTHENTICATED', 'ACCESS_TOKEN_EXPIRED', 'token.expired', 'refresh'],
    [429, 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED', 'rate.limited', 'wait'],
    [429, 'RESOURCE_EXHAUSTED', 'RESOURCE_QUOTA_EXCEEDED', 'quota.exhausted', 'never'],
  ])('%s %s because of %s is %s', (code, status, reason, meant, retry) => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata: { consumer: 'projects/123' } }]
    expect(read(code, { error: { code, message: 'No.', status, details } })).toMatchObject({ reason: meant, retry, status: code, details: { reason, domain: 'googleapis.com' } })
  })

  it('an older API says with 403 what is a rate, and what is a quota', () => {
    const older = (reason: string) => ({ error: { errors: [{ domain: 'usageLimits', reason, message: 'x' }], code: 403, message: 'x' } })
    expect(read(403, older('userRateLimitExceeded'))).toMatchObject({ reason: 'rate.limited', retry: 'wait', status: 403 })
    expect(read(403, older('dailyLimitExceeded'))).toMatchObject({ reason: 'quota.exhausted', retry: 'never' })
    expect(read(403, older('forbidden'))).toMatchObject({ reason: 'permission.denied' })
  })

  it('unwraps messages only so deep', () => {
    let error: object = { code: 429, message: 'innermost', details: [retryIn('1s')] }
    for (let level = 0; level < 10; level++) error = { code: 429, message: JSON.stringify({ error }), details: [{}] }
    const message = read(429, { error })?.message ?? ''
    expect(message).toContain('innermost')
    expect(message).not.toBe('innermost')
  })
})
