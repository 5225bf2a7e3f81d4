import { nexalayer } from 'tollgate/catalog'
import type { RetryRule } from 'tollgate/contract'
import { describe, expect, it } from 'vitest'
import { answerTo, between, codesOf, entriesOf, jsonExamples, readBody, readPage } from './page.ts'

const page = readPage('nexalayer')
/** `AUTH_INVALID_KEY401Invalid API KeyCheck key`: the page lost its column borders; the action begins at a capital after a small letter. */
const rows = between(page, 'CodeHTTPDescriptionAction\n', '\n\nRate limit headers')
  .split('\n')
  .map((line) => /^([A-Z_]+)(\d{3})(.+?[a-z])([A-Z].*)$/.exec(line)?.slice(1) ?? [])

describe('the NexaLayer page', () => {
  it('lists sixteen codes, in the order of the contract, which has no other', () => {
    expect(rows).toHaveLength(16)
    expect(codesOf(nexalayer)).toEqual(rows.map(([code]) => code))
  })

  it.each(rows)('%s is %s: %s. %s', (code = '', status, description = '', action = '') => {
    const [first, ...others] = entriesOf(nexalayer, code)
    expect(first?.status).toBe(Number(status))
    expect(first?.description.startsWith(description)).toBe(true)
    // "Retry" of BACKEND_TIMEOUT is spelled out by the guidance below it: with backoff.
    expect(first?.remedy?.toLowerCase()).toContain(action.toLowerCase())
    // The message of INSUFFICIENT_BALANCE is that of the example.
    expect(code === 'INSUFFICIENT_BALANCE' ? description : first?.message).toBe(description)
    const borrowed = others.filter((entry) => entry.status !== Number(status)).map((entry) => entry.reason)
    expect(borrowed).toEqual(code === 'INVALID_REQUEST' ? ['route.unknown', 'method.not_allowed'] : [])
  })

  const guidance = between(page, 'Retry guidance', 'Next:')
  it.each([
    ['Do not retry', 'never'],
    ['Refresh and retry', 'refresh'],
    ['Wait and retry', 'wait'],
    ['Exponential backoff', 'backoff'],
  ] as const satisfies readonly (readonly [string, RetryRule])[])('its guidance "%s" is the rule %s', (words, rule) => {
    const codes = between(guidance, `${words}: `, ' — ').split(', ').filter((code) => /^[A-Z_]+$/.test(code))
    const named = codes.length > 0 ? codes : (between(guidance, `${words}: `, '\n').match(/\b[A-Z]{2,}_[A-Z_]+\b/g) ?? [])
    expect(named.length).toBeGreaterThan(0)
    for (const code of named) expect(entriesOf(nexalayer, code)[0]?.retry).toBe(rule)
  })

  const [example] = jsonExamples(page)

  it('shows exactly the body of a refused payment', () => {
    const facts = { balance: { units: 5000, scale: 2 }, required: { units: 10_000, scale: 2 } }
    const { status, json } = answerTo(nexalayer, 'credit.insufficient', facts, 'req_xxxx')
    expect(status).toBe(402)
    expect(JSON.stringify(json)).toBe(JSON.stringify(example))
    expect(readBody(nexalayer, 402, example)).toMatchObject({
      entry: 'insufficientBalance', reason: 'credit.insufficient', retry: 'never', requestId: 'req_xxxx',
      details: { current_balance: 50, required_amount: 100 },
    })
  })

  it('names three rate headers and Retry-After', () => {
    const limits = [{ name: 'requests', limit: 60, remaining: 0, resetAtMs: Date.UTC(2024, 0, 1, 0, 1) }]
    const names = nexalayer.rateLimitHeaders(limits, Date.UTC(2024, 0, 1)).filter((_, index) => index % 2 === 0)
    expect(page.match(/X-RateLimit-(Limit|Remaining|Reset)/g)).toEqual(names)
    expect(nexalayer.rateLimitHeaders(limits, Date.UTC(2024, 0, 1))).toContain('1704067260')
    for (const reason of ['rate.limited', 'session.limited'] as const) {
      expect(answerTo(nexalayer, reason, { retryAfterMs: 1 }).header('retry-after')).toBe('1')
    }
  })
})

describe('what the NexaLayer page leaves open', () => {
  it('tells the two conflicts of an idempotency key apart by the reason in the details', () => {
    const mismatch = answerTo(nexalayer, 'idempotency.mismatch')
    const running = answerTo(nexalayer, 'idempotency.in_progress')
    expect(mismatch.json).toMatchObject({ error: { code: 'IDEMPOTENCY_CONFLICT', details: { reason: 'payload_mismatch' } } })
    expect(running.json).toMatchObject({ error: { code: 'IDEMPOTENCY_CONFLICT', details: { reason: 'in_progress' } } })
    expect(readBody(nexalayer, 409, mismatch.json)).toMatchObject({ reason: 'idempotency.mismatch', retry: 'never' })
    expect(nexalayer.read({ status: 409, headers: { 'retry-after': '1' }, body: running.body })).toMatchObject({ reason: 'idempotency.in_progress', retry: 'never', retryAfterSeconds: 1 })
    expect(running.header('retry-after')).toBe('1')
  })

  it('a bare conflict is read as the one that must not be repeated', () => {
    const bare = { success: false, error: { code: 'IDEMPOTENCY_CONFLICT', message: 'Duplicate idempotency key' } }
    expect(readBody(nexalayer, 409, bare)).toMatchObject({ reason: 'idempotency.mismatch', retry: 'never' })
  })

  it('chooses product and stock by the resource, and calls nothing a session that is none', () => {
    const product = answerTo(nexalayer, 'resource.not_found', { resource: 'product', id: 'P-9' })
    expect(product).toMatchObject({ status: 404, json: { error: { code: 'PRODUCT_NOT_FOUND', details: { product_no: 'P-9' } } } })
    const stock = answerTo(nexalayer, 'resource.conflict', { resource: 'stock', id: 'P-9', remaining: 1, required: 3 })
    expect(stock).toMatchObject({
      status: 409, json: { error: { code: 'PRODUCT_OUT_OF_STOCK', details: { product_no: 'P-9', available: 1, requested: 3 } } },
    })
    for (const reason of ['resource.not_found', 'resource.gone'] as const) {
      const { status, json } = answerTo(nexalayer, reason, { resource: 'recharge', id: 'rc_1' })
      expect([status, json]).toMatchObject([404, { error: { code: 'INVALID_REQUEST', message: 'Not found', details: {} } }])
    }
    expect(answerTo(nexalayer, 'session.not_found', { id: 's1' }).json).toMatchObject({ error: { code: 'SESSION_NOT_FOUND', details: { session_id: 's1' } } })
    expect(answerTo(nexalayer, 'resource.conflict').json).toMatchObject({ error: { code: 'INVALID_REQUEST' } })
  })

  it('loses nothing on the wire', () => {
    expect(nexalayer.loss).toEqual({ members: [], entries: {} })
  })
})
