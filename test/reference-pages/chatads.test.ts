import { chatads } from 'tollgate/catalog'
import { describe, expect, it } from 'vitest'
import { answerTo, between, codesOf, entriesOf, jsonExamples, readBody, readPage } from './page.ts'

const page = readPage('chatads')
/** `INVALID_INPUT400Request body is missing or malformed`: the page lost its column borders. */
const rows = between(page, 'CodeHTTP StatusDescription\n', '\n\nCommon Errors')
  .split('\n')
  .map((line) => /^([A-Z_]+)(\d{3})(.+)$/.exec(line)?.slice(1) ?? [])

describe('the ChatAds page', () => {
  it('lists nine codes, in the order of the contract, which has no other', () => {
    // The entries for paths and methods that do not exist borrow the first code.
    expect(rows).toHaveLength(9)
    expect(codesOf(chatads)).toEqual(rows.map(([code]) => code))
  })

  it.each(rows)('%s is %s: %s', (code = '', status, description) => {
    const [first, ...others] = entriesOf(chatads, code)
    expect(first?.status).toBe(Number(status))
    const sameStatus = others.filter((entry) => entry.status === Number(status))
    expect([first, ...sameStatus].some((entry) => entry?.description.startsWith(description ?? ''))).toBe(true)
    expect(others.filter((entry) => entry.status !== Number(status)).map((entry) => entry.reason)).toEqual(
      code === 'INVALID_INPUT' ? ['route.unknown', 'method.not_allowed'] : [],
    )
  })

  const [shape, missing, invalid, daily] = jsonExamples(page)

  it('shows a shape that every answer has, whole', () => {
    const { json } = answerTo(chatads, 'content.blocked', {}, 'd6a8f6f2-3b5a-4f0a-81ab-1b4a4c9dd5ea')
    expect(json).toEqual({ ...shape, error: { code: 'CONTENT_BLOCKED', message: 'Message contains blocked content.', details: {} } })
    expect(Object.keys(json as object)).toEqual(Object.keys(shape ?? {}))
  })

  it.each([
    ['credential.missing', {}, missing],
    ['credential.invalid', {}, invalid],
    ['quota.exhausted', { period: 'day', limit: 100, used: 120, plan: 'free' }, daily],
  ] as const)('shows an excerpt of what %s is answered with', (reason, facts, example) => {
    const { json } = answerTo(chatads, reason, facts)
    const { error, ...rest } = example ?? {}
    expect(json).toEqual({ ...rest, data: null, error: { details: {}, ...(error as object) }, meta: { request_id: 'req_1' } })
  })

  it('is read back, excerpt or not', () => {
    expect(readBody(chatads, 401, missing)).toMatchObject({ entry: 'missingKey', reason: 'credential.missing', retry: 'never' })
    expect(readBody(chatads, 403, invalid)).toMatchObject({ entry: 'invalidKey', reason: 'credential.invalid', retry: 'never' })
    expect(readBody(chatads, 429, daily)).toMatchObject({
      entry: 'dailyQuotaExceeded', reason: 'quota.exhausted', retry: 'never', action: 'wait_for_reset',
      details: { daily_limit: 100, daily_usage: 120, plan: 'free' },
    })
  })
})

describe('what the ChatAds page leaves open', () => {
  it('the 401 carries a challenge, and each 429 says how long to wait', () => {
    expect(answerTo(chatads, 'credential.missing').header('www-authenticate')).toBe('ApiKey realm="chatads"')
    expect(answerTo(chatads, 'rate.limited', { retryAfterMs: 12_300 }).header('retry-after')).toBe('13')
    expect(answerTo(chatads, 'quota.exhausted', { period: 'day', retryAfterMs: 5_000_000 }).header('retry-after')).toBe('5000')
    expect(answerTo(chatads, 'quota.exhausted', { period: 'month' }).header('retry-after')).toBe('3600')
  })

  it('tells when a quota is reset', () => {
    const facts = { period: 'month', limit: 100, used: 101, plan: 'free', resetAtMs: Date.UTC(2024, 1, 1) }
    expect(answerTo(chatads, 'quota.exhausted', facts).json).toMatchObject({
      error: {
        code: 'MONTHLY_QUOTA_EXCEEDED',
        message: "Monthly request limit exceeded. You've used 101 of 100 requests for this month.",
        details: { monthly_limit: 100, monthly_usage: 101, plan: 'free', reset_at: '2024-02-01T00:00:00Z' },
      },
    })
  })

  it('says which field is at fault', () => {
    const { status, json } = answerTo(chatads, 'field.missing', { field: 'message', issue: 'is required', rule: 'required' })
    expect(status).toBe(400)
    expect(json).toMatchObject({
      error: { code: 'INVALID_INPUT', message: 'Invalid input: message is required.', details: { field: 'message', issue: 'is required' } },
    })
  })

  it('ends a sentence with one full stop', () => {
    const { json } = answerTo(chatads, 'field.invalid', { field: 'message', issue: 'must not be blank.', rule: 'pattern' })
    expect(json).toMatchObject({ error: { message: 'Invalid input: message must not be blank.', details: { issue: 'must not be blank.' } } })
  })

  it('a missing permission is not said to be a missing plan', () => {
    const { status, json } = answerTo(chatads, 'permission.denied')
    expect([status, json]).toMatchObject([403, { error: { code: 'FORBIDDEN', message: 'This API key has no access to this request.' } }])
    expect(chatads.entryFor('permission.denied', {}).action).toBe('request_access')
  })

  it('a wrong method is 405 with Allow, an unknown path 404, both in the envelope', () => {
    const wrongMethod = answerTo(chatads, 'method.not_allowed', { method: 'GET', allow: ['POST'] })
    expect([wrongMethod.status, wrongMethod.header('allow')]).toEqual([405, 'POST'])
    expect(wrongMethod.json).toMatchObject({ success: false, error: { code: 'INVALID_INPUT', message: 'GET is not allowed here.' } })
    expect(answerTo(chatads, 'route.unknown')).toMatchObject({ status: 404, json: { success: false, error: { code: 'INVALID_INPUT' } } })
  })

  it('loses nothing on the wire but what several entries share', () => {
    expect(chatads.loss).toEqual({
      members: [],
      entries: { disabledKey: 'invalidKey', disabledAccount: 'invalidKey', notInPlan: 'invalidKey' },
    })
  })
})
