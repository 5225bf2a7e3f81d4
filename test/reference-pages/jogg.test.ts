import { jogg } from 'tollgate/catalog'
import { sentencesIn, defineContract } from 'tollgate/contract'
import { describe, expect, it } from 'vitest'
import { answerTo, between, codesOf, entriesOf, jsonExamples, readBody, readPage } from './page.ts'

const page = readPage('jogg')
const [success, ...rows] = tableOfCodes()

function tableOfCodes(): readonly (readonly string[])[] {
  const part = between(page, '## Error Codes', '## Error Response Examples')
  return part.split('\n').flatMap((line) => {
    const [, code, message, description] = /^\| \*\*(\d+)\*\*\s*\| (.+?)\s*\| (.+?)\s*\|$/.exec(line) ?? []
    return code === undefined ? [] : [[code, message ?? '', description ?? '']]
  })
}

describe('the JoggAI page', () => {
  it('lists seven errors beside the success, in the order of the contract, which has no other', () => {
    expect(success).toEqual(['0', 'Success', 'Request completed successfully'])
    expect(rows).toHaveLength(7)
    expect(codesOf(jogg)).toEqual(rows.map(([code]) => Number(code)))
  })

  it.each(rows)('%s says "%s": %s', (code, message = '', description = '') => {
    const [first] = entriesOf(jogg, Number(code))
    const messages = first === undefined ? [] : sentencesIn(first.message)
    expect(messages.length).toBeGreaterThan(0)
    for (const sent of messages) expect(sent.startsWith(message)).toBe(true)
    expect(first?.description).toContain(description)
  })

  const [authentication, credits, parameter, rate] = jsonExamples(page)

  it.each([
    ['credential.missing', {}, authentication],
    ['credential.invalid', {}, authentication],
    ['credit.insufficient', {}, credits],
    ['field.missing', { field: 'avatar_id', issue: 'is required', rule: 'required' }, parameter],
    ['rate.limited', {}, rate],
  ] as const)('shows exactly the body that %s is answered with', (reason, facts, example) => {
    expect(answerTo(jogg, reason, facts).body).toBe(JSON.stringify(example))
  })

  it('is read back by the code alone, whatever the status', () => {
    for (const status of [200, 401]) expect(readBody(jogg, status, authentication)).toMatchObject({ entry: 'invalidKey', code: 10105, retry: 'never' })
    for (const status of [200, 429]) expect(readBody(jogg, status, rate)).toMatchObject({ reason: 'rate.limited', retry: 'wait' })
    expect(readBody(jogg, 200, credits)).toMatchObject({ reason: 'credit.insufficient', retry: 'never', action: 'pay_or_upgrade' })
    expect(readBody(jogg, 200, parameter)).toMatchObject({ reason: 'request.invalid', message: 'Parameter error: avatar_id is required' })
  })

  it('takes code 0 for success, whatever stands beside it', () => {
    for (const body of [{ code: 0, msg: 'OK', data: null }, { code: 0 }, { code: '0', msg: 'Success', data: {} }]) expect(readBody(jogg, 200, body)).toBeUndefined()
    expect(readBody(jogg, 200, { code: 0, msg: 'Success', data: {} })).toBeUndefined()
    expect(readBody(jogg, 200, { code: 0, msg: 'Success', data: null })).toBeUndefined()
  })

  it('has system errors and rate limits repeated, and nothing else', () => {
    const retried = [...jogg.entries.values()].filter((entry) => entry.retry !== 'never').map((entry) => entry.code)
    expect(between(page, 'Implement retry for ', '\n')).toBe('system errors (50000) and rate limits (429)')
    expect(retried).toEqual([429, 50000])
  })
})

describe('what the JoggAI page leaves open', () => {
  it('sends the natural status, and no request id in the body', () => {
    const statuses = [...jogg.entries.values()].map((entry) => [entry.code, entry.status])
    expect(statuses).toEqual([[429, 429], [10104, 404], [10105, 401], [10105, 401], [18020, 402], [18025, 403], [40000, 400], [40000, 405], [50000, 500]])
    expect(answerTo(jogg, 'internal', {}, 'r1').header('x-request-id')).toBe('r1')
    expect(Object.keys(answerTo(jogg, 'internal').json as object)).toEqual(['code', 'msg', 'data'])
  })

  it('can be told to send 200 always, with the same bodies', () => {
    const always = defineContract({ ...jogg.declaration, alwaysStatus: 200 })
    for (const reason of ['rate.limited', 'credential.missing', 'internal'] as const) {
      expect(answerTo(always, reason)).toMatchObject({ status: 200, body: answerTo(jogg, reason).body })
    }
  })

  it('tells the wait in Retry-After, for the body has no room for it', () => {
    expect(answerTo(jogg, 'rate.limited', { retryAfterMs: 41_001 }).header('retry-after')).toBe('42')
  })

  it('a suspended account has no permission, a wrong method is a parameter error', () => {
    expect(answerTo(jogg, 'account.suspended').json).toMatchObject({ code: 18025 })
    const wrongMethod = answerTo(jogg, 'method.not_allowed', { method: 'PUT', allow: ['GET', 'POST'], issue: 'PUT is not allowed here' })
    expect(wrongMethod.json).toEqual({ code: 40000, msg: 'Parameter error: PUT is not allowed here', data: null })
    expect([wrongMethod.status, wrongMethod.header('allow')]).toEqual([405, 'GET, POST'])
  })

  it('tells a missing key from a wrong one only in the log', () => {
    expect(jogg.loss).toEqual({ members: [], entries: { missingKey: 'invalidKey' } })
  })
})
