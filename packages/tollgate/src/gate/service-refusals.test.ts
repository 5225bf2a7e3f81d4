/** What a service answers in an envelope: taken for what it says, translated, or kept from the caller. */
import { describe, expect, it } from 'vitest'
import { jogg, openai, slack, nexalayer } from '../catalog/contracts.ts'
import { defineContract } from '../contract/declare/define-contract.ts'
import { createWorld, nexalayerApi, type ServiceAnswer } from './fixtures/paid-world.ts'
import type { ApiOptions } from './gate-options.ts'

const json = ['content-type', 'application/json']
const envelope = (code: string, message: string, details: object = {}, status = 400): ServiceAnswer => ({
  status,
  headers: json,
  body: JSON.stringify({ success: false, data: null, error: { code, message, details }, meta: { request_id: 'req_of_the_service' } }),
})
const answers = (status: number, value: unknown, headers: readonly string[] = json): ServiceAnswer => ({ status, headers, body: JSON.stringify(value) })
const routed = (change: Partial<ApiOptions['routes'][number]>): readonly ApiOptions['routes'][number][] => nexalayerApi.routes.map((route) => ({ ...route, ...change }))

async function refused(service: ServiceAnswer, api: Partial<ApiOptions> = {}) {
  const world = await createWorld({ api })
  const answered = await world.run({}, service)
  const [row] = await world.store.requests({ limit: 1 })
  return { ...answered, json: answered.body.endsWith('}') ? (JSON.parse(answered.body) as Record<string, unknown>) : {}, row, alerts: world.alerts, money: await world.money(), ledger: await world.ledger() }
}

const released = { available: 1_000, held: 0 }

describe("a refusal in the contract's own envelope", () => {
  it('is taken for what it says: entry, sentence and figures; the request id is ours, and it costs nothing', async () => {
    const { status, error, headers, json: body, row, money, alerts } = await refused(envelope('SESSION_EXPIRED', 'The session ended at noon.', { session_id: 's1', expired_at: '2026-11-21T12:00:00Z' }, 410))
    expect(status).toBe(410)
    expect(error).toEqual({ code: 'SESSION_EXPIRED', message: 'The session ended at noon.', details: { session_id: 's1', expired_at: '2026-11-21T12:00:00Z' } })
    expect(body['meta']).toEqual({ request_id: headers['x-request-id'] })
    expect(headers['x-request-id']).not.toBe('req_of_the_service')
    expect(row).toMatchObject({ status: 410, refusal: { entry: 'sessionExpired', reason: 'session.expired', message: 'The session ended at noon.' } })
    expect(row?.serviceSaid).toBeUndefined()
    expect(money).toEqual(released)
    expect(alerts).toEqual([])
  })

  it('leaves behind what the entry does not declare, and figures of a wrong type', async () => {
    const { error } = await refused(envelope('SESSION_EXPIRED', 'Over.', { session_id: 7, stack: 'at x.js:1', host: '10.0.0.1' }, 410))
    expect(error?.details).toEqual({})
  })

  it("has the contract's status, whatever status it came under; the log says that they differ", async () => {
    const { status, error, row } = await refused(envelope('PRODUCT_NOT_FOUND', 'No such product.', {}, 500))
    expect([status, error?.code]).toEqual([404, 'PRODUCT_NOT_FOUND'])
    expect(row?.refusal?.cause).toBe('the service answered 500, where the contract has 404')
  })

  it('without a sentence, or with a stack trace in its place, has that of the entry', async () => {
    for (const message of ['', 'TypeError: x is undefined\n    at handler (/srv/app.js:3:7)']) {
      const { error } = await refused(envelope('PRODUCT_NOT_FOUND', message, {}, 404))
      expect(error?.message).not.toContain('TypeError')
      expect(error?.message).not.toBe('')
    }
  })

  it('may say a wait, which header and body then tell alike', async () => {
    const { headers, status } = await refused({ ...envelope('BACKEND_ERROR', 'Back in a moment.', {}, 502), headers: [...json, 'retry-after', '7'] })
    expect([status, headers['retry-after']]).toEqual([502, '7'])
  })

  it.each(['AUTH_INVALID_KEY', 'AUTH_EXPIRED_TOKEN', 'RATE_LIMIT_EXCEEDED', 'INSUFFICIENT_BALANCE', 'IDEMPOTENCY_CONFLICT'])(
    '%s is the gateway’s own to say: from a service it means that it refuses us, with an alert, and shown in the log only',
    async (code) => {
      const status = [...nexalayer.entries.values()].find((entry) => entry.code === code)?.status ?? 400
      const { error, alerts, row, money, body } = await refused(envelope(code, 'Our card was declined.', {}, status))
      expect(error?.code).toBe('BACKEND_ERROR')
      expect(body).not.toContain('card')
      expect(alerts.join()).toContain(code)
      expect(row?.refusal).toMatchObject({ reason: 'upstream.unavailable', source: 'upstream' })
      expect(row?.serviceSaid).toContain('Our card was declined.')
      expect(money).toEqual(released)
    },
  )

  it.each([['insufficientBalance'], ['credit.insufficient'], ['credit.*']])('unless `may` lists it: %s', async (name) => {
    const said = envelope('INSUFFICIENT_BALANCE', 'Your shop account is empty.', {}, 402)
    for (const api of [{ may: [name] }, { routes: routed({ may: [name] }) }]) {
      const { status, error, alerts } = await refused(said, api)
      expect([status, error?.code, error?.message, alerts]).toEqual([402, 'INSUFFICIENT_BALANCE', 'Your shop account is empty.', []])
    }
    expect((await refused(said, { may: [name], routes: routed({ may: [] }) })).error?.code).toBe('BACKEND_ERROR')
  })

  it('problem+json that names an entry obeys the same rule', async () => {
    const problem = answers(402, { entry: 'insufficientBalance' }, ['content-type', 'application/problem+json'])
    expect((await refused(problem)).error?.code).toBe('BACKEND_ERROR')
    expect((await refused(problem, { may: ['insufficientBalance'] })).error?.code).toBe('INSUFFICIENT_BALANCE')
  })

  it('with a code that the contract lacks is what its status says, an alert, and shown in the log', async () => {
    const { status, error, alerts, row } = await refused(envelope('OUT_OF_INK', 'The printer is out of ink.', {}, 422))
    expect([status, error?.code]).toEqual([400, 'INVALID_REQUEST'])
    expect(alerts.join()).toContain('"OUT_OF_INK"')
    expect(row?.serviceSaid).toContain('OUT_OF_INK')
  })
})

describe('a 200 that the contract reads as a refusal', () => {
  it('is one: it has its own status and is not charged', async () => {
    const { status, error, money, row } = await refused({ ...envelope('SESSION_NOT_FOUND', 'No such session.'), status: 200 })
    expect([status, error?.code, error?.message]).toEqual([404, 'SESSION_NOT_FOUND', 'No such session.'])
    expect(money).toEqual(released)
    expect(row?.refusal?.cause).toContain('answered 200')
  })

  it('by its constant alone (`success: false`) is a failure of the service, shown in the log and not charged', async () => {
    const { status, error, money, row, alerts } = await refused(answers(200, { success: false, why: 'no idea' }))
    expect([status, error?.code]).toEqual([502, 'BACKEND_ERROR'])
    expect(money).toEqual(released)
    expect(row?.serviceSaid).toContain('no idea')
    expect(alerts).toHaveLength(1)
  })

  it('with a code that the contract lacks, in an error of its own, is a failure of the service', async () => {
    const said = { ...envelope('OUT_OF_INK', 'The printer is out of ink.'), status: 200 }
    expect(await refused(said)).toMatchObject({ status: 502, error: { code: 'BACKEND_ERROR' }, money: released, row: { refusal: { reason: 'upstream.failed' } } })
    expect(await refused(answers(200, { error: { code: 'engine_lost', message: 'x' } }), { service: { speaks: openai } })).toMatchObject({ status: 502, money: released })
  })

  it('by a code in it: code 0 is the success, every other one is none', async () => {
    const said = (code: number): ServiceAnswer => answers(200, { code, msg: 'Record not found', data: null })
    const notFound = [...jogg.entries.values()].find(({ reason }) => reason === 'resource.not_found')
    expect(await refused(said(0), { contract: jogg })).toMatchObject({ status: 200, money: { available: 900, held: 0 } })
    expect(await refused(said(Number(notFound?.code)), { contract: jogg })).toMatchObject({ status: notFound?.status, money: released })
  })

  it('where the dialect answers with 200 always, whatever the body says beside its code', async () => {
    const flat = defineContract({
      name: 'flat', title: 'Flat', alwaysStatus: 200, authenticate: 'Bearer realm="x"',
      envelope: { error: { code: '$code', text: '$message' } },
      entries: {
        notFound: { code: 'NF', status: 404, reason: 'resource.not_found', alsoFor: ['request.*', 'field.*', 'route.*', 'method.*', 'resource.*', 'session.*', 'content.*', 'idempotency.*', 'rate.*', 'concurrency.*', 'quota.*', 'credit.*'], message: 'Not found.', description: 'x' },
        denied: { code: 'NO', status: 401, reason: 'credential.missing', alsoFor: ['credential.*', 'token.*', 'permission.*', 'account.*'], message: 'No.', description: 'x' },
        failed: { code: 'E', status: 500, reason: 'internal', alsoFor: ['upstream.*', 'capacity.*', 'service.*'], message: 'Failed.', description: 'x' },
      },
    })
    expect(await refused(answers(200, { code: 'NF', text: 'Not here.' }), { contract: flat })).toMatchObject({ status: 200, json: { code: 'NF', text: 'Not here.' }, money: released, row: { refusal: { entry: 'notFound' } } })
    // A code that it lacks is a code of something else.
    expect(await refused(answers(200, { code: 'LHR', text: 'London' }), { contract: flat })).toMatchObject({ status: 200, json: { code: 'LHR' }, money: { available: 900 } })
  })

  it('where some of its refusals are sent with 200: so it goes out, and so the log has it', async () => {
    const hiding = defineContract({
      name: 'hiding', title: 'Hiding', authenticate: 'Bearer realm="x"',
      envelope: { error: { error: '$message' } },
      entries: {
        productNotFound: { code: '', status: 404, sentAs: 200, reason: 'resource.not_found', message: 'No such product.', read: 'No such product*', description: 'x' },
        denied: { code: '', status: 401, reason: 'credential.missing', alsoFor: ['credential.*', 'token.*', 'permission.*', 'account.*'], message: 'No.', description: 'x' },
        failed: {
          code: '', status: 500, reason: 'internal', message: 'Failed.', description: 'x',
          alsoFor: ['request.*', 'field.*', 'route.*', 'method.*', 'resource.*', 'session.*', 'content.*', 'idempotency.*', 'rate.*', 'concurrency.*', 'quota.*', 'credit.*', 'upstream.*', 'capacity.*', 'service.*'],
        },
      },
    })
    const contract = { contract: hiding }
    const hidden = await refused(answers(200, { error: 'No such product: P-9', hint: 'Ask for another.' }), contract)
    expect(hidden.row?.refusal?.cause).toBeUndefined()
    expect(hidden).toMatchObject({
      status: 200, json: { error: 'No such product: P-9' }, money: released, row: { status: 200, refusal: { entry: 'productNotFound', reason: 'resource.not_found', message: 'No such product: P-9' } },
    })
    expect(await refused(answers(404, { error: 'No such product: P-9' }), contract)).toMatchObject({ status: 200, row: { refusal: { entry: 'productNotFound' } }, money: released })
    expect(await refused(answers(200, { error: 'Nothing is wrong' }), contract)).toMatchObject({ status: 200, money: { available: 900 } })
  })

  it.each([
    ['a success in the form of the dialect', answers(200, { success: true, data: { error: { code: 'SESSION_NOT_FOUND' } } })],
    ['a resource that failed', answers(200, { id: 'job_1', state: 'failed', error: { kind: 'SESSION_NOT_FOUND' } })],
    ['a body of another media type', { ...envelope('SESSION_NOT_FOUND', 'x'), status: 200, headers: ['content-type', 'text/event-stream'] }],
    ['a problem that was asked for', answers(200, { success: false, error: { code: 'SESSION_NOT_FOUND' } }, ['content-type', 'application/problem+json'])],
    ['a list', answers(200, [{ success: false, error: { code: 'SESSION_NOT_FOUND' } }])],
    ['no JSON', { status: 200, headers: json, body: '{"success":fal' }],
  ] satisfies [string, ServiceAnswer][])('%s is a success, and costs', async (_, said) => {
    const { status, body, money } = await refused(said)
    expect([status, body]).toEqual([200, said.body])
    expect(money).toEqual({ available: 900, held: 0 })
  })
})

describe('a code that an entry is read by, beside its own', () => {
  const { entries: { productNotFound, ...entries }, ...declaration } = nexalayer.declaration
  const contract = defineContract({ ...declaration, entries: { ...entries, productNotFound: { ...productNotFound, read: { code: 'PRODUCT_*' } } } })

  it('is the one that the caller is told, and the log', async () => {
    const { status, error, row, alerts } = await refused(envelope('PRODUCT_RETIRED', 'Retired in May.', {}, 404), { contract })
    expect([status, error?.code, error?.message, row?.refusal?.code, row?.refusal?.entry]).toEqual([404, 'PRODUCT_RETIRED', 'Retired in May.', 'PRODUCT_RETIRED', 'productNotFound'])
    expect(alerts).toEqual([])
  })

  it('may be named in a problem too', async () => {
    const { error, row } = await refused(answers(404, { code: 'PRODUCT_RETIRED' }, ['content-type', 'application/problem+json']), { contract })
    expect([error?.code, row?.refusal?.entry]).toEqual(['PRODUCT_RETIRED', 'productNotFound'])
  })

  it('of another dialect is not ours to tell', async () => {
    const { error } = await refused(envelope('PRODUCT_RETIRED', 'Retired.', {}, 404), { service: { speaks: contract } })
    expect(error?.code).not.toBe('PRODUCT_RETIRED')
  })
})

describe('an upstream that speaks another dialect', () => {
  const speaks = { service: { speaks: openai } }
  const error = (code: string | null, message: string, type: string, param: string | null = null) => ({ error: { message, type, param, code } })

  it('is translated: what happened, under the names of our contract', async () => {
    const said = answers(400, error('invalid_value', "Invalid 'temperature': must be at most 2.", 'invalid_request_error', 'temperature'))
    const { status, error: own, row, body, money } = await refused(said, speaks)
    expect([status, own?.code]).toEqual([400, 'INVALID_REQUEST'])
    expect(body).not.toContain('invalid_request_error')
    expect(row?.refusal).toMatchObject({ reason: 'field.invalid', facts: { field: 'temperature', issue: "Invalid 'temperature': must be at most 2." }, cause: 'openai answered 400 invalid_value' })
    expect(money).toEqual(released)
  })

  it.each([
    [401, error('invalid_api_key', 'Incorrect API key provided: sk-…', 'invalid_request_error')],
    [429, error('insufficient_quota', 'You exceeded your current quota.', 'insufficient_quota')],
    [403, error('unsupported_country_region_territory', 'Country not supported.', 'request_forbidden')],
  ])('%i about our account there stays our trouble', async (status, said) => {
    const { error: own, alerts, body } = await refused(answers(status, said), speaks)
    expect(own?.code).toBe('BACKEND_ERROR')
    expect(body).not.toContain(said.error.message)
    expect(alerts).toHaveLength(1)
  })

  it('its own failures are an upstream’s, whatever it calls them, and its words stay with us', async () => {
    const { error: own, row, body } = await refused(answers(500, error(null, 'The engine in rack 7 burned.', 'server_error')), speaks)
    expect(own?.code).toBe('BACKEND_ERROR')
    expect(body).not.toContain('rack')
    expect(row?.refusal).toMatchObject({ reason: 'upstream.failed', source: 'upstream' })
  })

  it('is read also if it is made for reading only, and hides its refusals in a 200', async () => {
    const { status, money } = await refused(answers(200, { ok: false, error: 'channel_not_found' }), { service: { speaks: slack } })
    expect(status).toBe(404)
    expect(money).toEqual(released)
  })

  it('does not name our entries: what happens to look so is not believed', async () => {
    const { error: own } = await refused(answers(400, { entry: 'productNotFound' }, ['content-type', 'application/problem+json']), speaks)
    expect(own?.code).toBe('INVALID_REQUEST')
  })
})

describe('what cannot be read', () => {
  it('is what its status says, and its beginning is in the log, on one line and without secrets', async () => {
    const page = `<html>\n<h1>500</h1> postgres://app:hunter2@db/main Authorization: Bearer abcdef123456 ak_0123456789abcdef {"api_key":"verysecret99","max_tokens": 4096} ${'x'.repeat(600)}`
    const { status, row, body } = await refused({ status: 400, headers: ['content-type', 'text/html'], body: page })
    expect(status).toBe(400)
    expect(body).not.toContain('html')
    expect(row?.serviceSaid).toMatch(/^text\/html, \d+ bytes: <html> <h1>500<\/h1> postgres:\/\/\(secret\)@db\/main .*…$/)
    expect(row?.serviceSaid).toContain('"max_tokens": 4096')
    expect(row?.serviceSaid).not.toMatch(/hunter2|abcdef123456|ak_0123|verysecret99/)
    expect(row?.serviceSaid?.length).toBeLessThan(560)
  })

  it('is named by its type where its body is compressed, or did not come whole', async () => {
    expect((await refused({ status: 500, headers: [...json, 'content-encoding', 'br'], body: 'xyz' })).row?.serviceSaid).toBe('application/json, 3 bytes, br')
  })
})
