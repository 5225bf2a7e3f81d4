import OpenAI from 'openai'
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { chatads, jogg, nexalayer, openai } from '../catalog/dialects.ts'
import { defineDialect } from '../contract/read/dialect.ts'
import { successesPart } from '../contract/read/parts/successes-part.ts'
import type { ApiError } from './api-error.ts'
import { isApiError } from './api-error.ts'
import type { ClientOptions } from './client-options.ts'
import { createClient, wrapFetch } from './create-client.ts'
import type { Extension } from './extension.ts'
import { createJumpingClock, createScriptedFetch, json, networkError, START_MS, type JumpingClock, type Step } from './fixtures/scripted-fetch.ts'
import { createRetryBudget } from './retry-budget.ts'
import { refusalOf } from './stacked-layers.ts'

let clock: JumpingClock = createJumpingClock()
afterEach(() => {
  if (clock.pending() > 0) throw new Error('a timer has outlived its call')
})

const shop = defineDialect({
  name: 'shop',
  title: 'Shop',
  idempotencyKey: 'Idempotency-Key',
  envelope: { error: { ok: false, error: { code: '$code', message: '$message', '...': '$details' } }, success: { ok: true, data: '$data' } },
  entries: {
    tooFast: { code: 'TOO_FAST', status: 429, reason: 'rate.limited', message: 'Too fast.', details: { wait: 'seconds? from retryAfterMs' }, description: 'x' },
    tooPoor: { code: 'TOO_POOR', status: 402, reason: 'credit.insufficient', message: 'Too poor.', details: { left: 'money? from balance' }, description: 'x' },
    noMore: { code: 'NO_MORE', status: 429, reason: 'quota.exhausted', message: 'No more today.', description: 'x' },
    expired: { code: 'EXPIRED', status: 401, reason: 'token.expired', message: 'Expired.', description: 'x' },
    invalid: { code: 'INVALID', status: 401, reason: 'credential.invalid', message: 'Invalid.', description: 'x' },
    broken: { code: 'BROKEN', status: 502, reason: 'upstream.failed', message: 'Broken.', description: 'x' },
    closed: { code: 'CLOSED', status: 503, reason: 'service.maintenance', message: 'Closed.', description: 'x' },
  },
}, { parts: [successesPart] })
const says = (status: number, code: string, headers: Record<string, string> = {}, more: object = {}) => json(status, { ok: false, error: { code, message: code.toLowerCase(), ...more } }, headers)
const ok = json(200, { ok: true, data: 1 })

function world(options: Partial<ClientOptions<unknown>>, ...steps: readonly Step[]) {
  clock = createJumpingClock()
  const scripted = createScriptedFetch(clock, ...steps)
  const api = createClient({ baseUrl: 'https://api.test/v1', contract: shop, clock, random: () => 0.5, fetch: scripted.fetch, ...options } as ClientOptions<never>)
  const run = <T>(work: Promise<T>) => clock.until(work)
  const caught = (work: Promise<unknown>) => run(work.then(() => expect.unreachable(), (error: unknown) => error as ApiError))
  return { ...scripted, api, run, caught }
}

describe('as fetch', () => {
  it('a success is handed on as it came', async () => {
    const answer = new Response('hello', { headers: { 'content-type': 'text/plain' } })
    const { api, run, sent } = world({ contract: chatads }, () => answer)
    const response = await run(api('/x?y=1'))
    expect(response).toBe(answer)
    expect([refusalOf(response), await response.text(), sent[0]?.url]).toEqual([undefined, 'hello', 'https://api.test/v1/x?y=1'])
  })

  it('a refusal is an answer, which can be read as an error and as a body', async () => {
    const { api, run, sent } = world({}, says(402, 'TOO_POOR', { 'x-request-id': 'r7' }, { left: 0.5 }))
    const response = await run(api('/x'))
    expect(refusalOf(response)).toMatchObject({ reason: 'credit.insufficient', entry: 'tooPoor', code: 'TOO_POOR', status: 402, details: { left: 0.5 }, requestId: 'r7', source: 'api', because: 'never', action: 'pay_or_upgrade' })
    expect([await response.json(), sent.length]).toMatchObject([{ error: { code: 'TOO_POOR' } }, 1])
  })

  it('where there is no answer it rejects with an ApiError that has the cause', async () => {
    const { api, caught, sent } = world({}, networkError('ECONNRESET'))
    const error = await caught(api('/x'))
    expect(isApiError(error)).toBe(true)
    expect(error).toMatchObject({ reason: 'network.failed', source: 'network', because: 'attempts_used', cause: { message: 'fetch failed' } })
    expect([sent.length, error.attempts.length]).toEqual([3, 3])
  })

  it('mistakes of the program are thrown as fetch throws them, and not repeated', async () => {
    const { api, caught, sent } = world({}, ok)
    expect(await caught(api('/x', { body: 'x' }))).toBeInstanceOf(TypeError)
    expect(await caught(api('/x', { headers: { 'a b': 'c' } }))).toBeInstanceOf(TypeError)
    expect(await caught(api('http://'))).toBeInstanceOf(TypeError)
    expect(isApiError(await caught(api('/x', { method: 'A B' })))).toBe(false)
    expect(sent).toEqual([])
  })

  it('takes addresses, and requests with their bodies', async () => {
    const { api, run, sent } = world({}, says(503, 'CLOSED'), ok)
    await run(api(new URL('https://api.test/v1/a')))
    await run(api(new Request('https://api.test/v1/b', { method: 'PUT', body: 'whole', headers: { 'x-own': '1' } })))
    expect(sent.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual(['GET https://api.test/v1/a ', 'GET https://api.test/v1/a ', 'PUT https://api.test/v1/b whole'])
    const again = world({}, says(503, 'CLOSED'), ok)
    await again.run(again.api(new Request('https://api.test/v1/b', { method: 'PUT', body: 'whole', headers: { 'x-own': '1' } })))
    expect(again.sent.map(({ body, headers }) => `${body} ${headers.get('x-own')}`)).toEqual(['whole 1', 'whole 1'])
  })
})

describe('json and result', () => {
  it('give the data', async () => {
    const { api, run } = world({}, ok)
    expect(await run(api.json('/x'))).toEqual({ ok: true, data: 1 })
    const result = await run(api.result<{ data: number }>('/x'))
    expectTypeOf(result.data).toEqualTypeOf<{ data: number } | undefined>()
    expect(result).toMatchObject({ ok: true, data: { data: 1 }, error: undefined })
  })

  it('give the error', async () => {
    const { api, run, caught } = world({}, says(402, 'TOO_POOR'))
    expect(await caught(api.json('/x'))).toMatchObject({ name: 'ApiError', entry: 'tooPoor' })
    expect(await run(api.result('/x'))).toMatchObject({ ok: false, data: undefined, error: { entry: 'tooPoor' }, response: { status: 402 } })
  })

  it('send JSON', async () => {
    const { api, run, sent } = world({}, ok)
    await run(api.json('/x', { method: 'POST', json: { a: 1 } }))
    expect([sent[0]?.body, sent[0]?.headers.get('content-type')]).toEqual(['{"a":1}', 'application/json'])
  })

  it('an empty body is no data, and what is no JSON an error', async () => {
    const { api, run, caught } = world({}, new Response(null, { status: 204 }), new Response('<html>'))
    expect(await run(api.json('/x'))).toBeUndefined()
    expect(await caught(api.json('/x'))).toMatchObject({ reason: 'unknown', status: 200, body: '<html>' })
  })

  it('know the codes of their contract', async () => {
    const { run } = world({}, ok)
    const api = createClient({ baseUrl: 'https://api.test', contract: shop, clock, fetch: createScriptedFetch(clock, says(402, 'TOO_POOR')).fetch })
    const { error } = await run(api.result('/x'))
    expect(error?.code).toBe('TOO_POOR')
    if (error?.code === 'TOO_POOR') expectTypeOf(error.details).toEqualTypeOf<{ readonly left?: number }>()
    if (error?.entry === 'tooFast') expectTypeOf(error.details.wait).toEqualTypeOf<number | undefined>()
    const unknown: unknown = error
    if (api.isError(unknown)) expectTypeOf(unknown.entry).extract<string>().toEqualTypeOf<'tooFast' | 'tooPoor' | 'noMore' | 'expired' | 'invalid' | 'broken' | 'closed'>()
  })
})

describe('the rule of the error', () => {
  it('never: one attempt', async () => {
    for (const step of [says(402, 'TOO_POOR'), says(429, 'NO_MORE', { 'retry-after': '3600' }), says(401, 'INVALID')]) {
      const { api, run, sent } = world({ credentials: { token: 't', refresh: async () => 'u' } }, step)
      await run(api('/x'))
      expect(sent).toHaveLength(1)
    }
  })

  it('wait: never sooner than told, by header or body', async () => {
    const { api, run, times } = world({}, says(429, 'TOO_FAST', { 'retry-after': '2' }), says(429, 'TOO_FAST', {}, { wait: 7 }), ok)
    expect((await run(api('/x'))).status).toBe(200)
    const [, second = 0, third = 0] = times()
    expect(second).toBeGreaterThanOrEqual(2_000)
    expect(second).toBeLessThan(2_300)
    expect(third - second).toBeGreaterThanOrEqual(7_000)
  })

  it('wait: beyond the limit it gives up at once and says when', async () => {
    const { api, caught, sent } = world({}, says(429, 'TOO_FAST', { 'retry-after': '90' }))
    const error = await caught(api.json('/x'))
    expect(error).toMatchObject({ reason: 'rate.limited', because: 'wait_too_long', retryAfterMs: 90_000, retryAtMs: START_MS + 90_000 })
    expect([error.retryAt, sent.length, clock.wallMs()]).toEqual([new Date(START_MS + 90_000), 1, START_MS])
  })

  it('a wait of a century is given up, and one of months is waited where that is wished', async () => {
    const century = world({ waitMaxMs: Infinity }, says(429, 'TOO_FAST', { 'retry-after': '9999999999999' }))
    expect(await century.caught(century.api.json('/x'))).toMatchObject({ because: 'time_used' })
    const months = world({ waitMaxMs: Infinity, timeoutMs: Infinity }, says(429, 'TOO_FAST', { 'retry-after': '9999999' }), ok)
    await months.run(months.api('/x'))
    expect(months.times()[1]).toBeGreaterThanOrEqual(9_999_999_000)
  })

  it('backoff: longer each time, and no further than the attempts', async () => {
    const { api, run, times } = world({ attempts: 4, random: () => 0.999999 }, says(502, 'BROKEN'))
    await run(api('/x'))
    expect(times()).toEqual([0, 499, 1_498, 3_497])
  })

  it('what nobody knows is judged by its status', async () => {
    const counts = await Promise.all(
      [[500, 3], [502, 3], [503, 3], [504, 3], [429, 3], [408, 3], [501, 1], [400, 1], [403, 1], [404, 1], [409, 1], [422, 1]].map(async ([status]) => {
        const own = createJumpingClock()
        const { fetch, sent } = createScriptedFetch(own, new Response('<html>', { status: status as number }))
        await own.until(createClient({ baseUrl: 'https://a.test', clock: own, budget: false, fetch })('/x'))
        return `${status} ${sent.length}`
      }),
    )
    expect(counts).toEqual(['500 3', '502 3', '503 3', '504 3', '429 3', '408 3', '501 1', '400 1', '403 1', '404 1', '409 1', '422 1'])
  })

  it('402 with a wait told means wait, without one it never passes', async () => {
    const told = world({ contract: [] }, new Response('', { status: 402, headers: { 'retry-after': '1' } }), ok)
    await told.run(told.api('/x'))
    expect(told.sent).toHaveLength(2)
    const bare = world({ contract: [] }, new Response('', { status: 402 }))
    await bare.run(bare.api('/x'))
    expect(bare.sent).toHaveLength(1)
  })

  it('the server may advise against it, and for it', async () => {
    const against = world({}, says(502, 'BROKEN', { 'x-should-retry': 'false' }))
    await against.run(against.api('/x'))
    const known = world({}, says(402, 'TOO_POOR', { 'x-should-retry': 'true' }))
    await known.run(known.api('/x'))
    const unknown = world({}, new Response('', { status: 409, headers: { 'x-should-retry': 'true' } }), ok)
    await unknown.run(unknown.api('/x'))
    expect([against.sent.length, known.sent.length, unknown.sent.length]).toEqual([1, 1, 2])
  })

  it('an error within a 200 is one', async () => {
    const { api, run, caught, sent } = world({ contract: jogg }, json(200, { code: 18020, msg: 'Insufficient credit', data: null }), json(200, { code: 0, msg: 'Success', data: { a: 1 } }))
    expect(await caught(api.json('/x'))).toMatchObject({ reason: 'credit.insufficient', code: 18020, status: 402 })
    const response = await run(api('/x'))
    expect([sent.length, refusalOf(response), await response.json()]).toEqual([2, undefined, { code: 0, msg: 'Success', data: { a: 1 } }])
  })

  it('an answer that was looked into is handed on as it came, byte by byte', async () => {
    const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])
    const headers = { 'content-type': 'application/json', 'content-length': '7', 'x-own': '1' }
    const answer = Object.defineProperty(new Response(bytes, { status: 201, statusText: 'Made', headers }), 'url', { value: 'https://api.test/v1/moved' })
    const { api, run } = world({ contract: jogg }, () => answer)
    const response = await run(api('/x'))
    expect([response.status, response.statusText, response.url, response.type, response.headers.get('x-own'), refusalOf(response)]).toEqual([201, 'Made', 'https://api.test/v1/moved', answer.type, '1', undefined])
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
    const refused = JSON.stringify({ code: 18020, msg: 'Insufficient credit', data: null })
    const short = world({ contract: jogg }, new Response(refused, { headers: { 'content-type': 'application/json', 'content-length': String(refused.length) } }))
    const again = await short.run(short.api('/x'))
    expect([refusalOf(again)?.code, await again.text()]).toEqual([18020, refused])
  })

  it('of several contracts the one that knows it speaks', async () => {
    const { api, run } = world({ contract: [jogg, shop] }, says(402, 'TOO_POOR'))
    expect(refusalOf(await run(api('/x')))).toMatchObject({ dialect: 'shop', entry: 'tooPoor' })
  })
})

describe('what may be repeated', () => {
  const post = { method: 'POST', body: 'x' }

  it('a POST without a key is sent once, whatever fails', async () => {
    for (const step of [says(502, 'BROKEN'), new Response('', { status: 503 }), new Response('', { status: 500, headers: { 'x-should-retry': 'true' } }), networkError('ECONNRESET')]) {
      const { api, run, sent } = world({ idempotencyHeader: false }, step)
      await run(api('/x', post).catch(() => {}))
      expect(sent).toHaveLength(1)
    }
  })

  it('no key is sent where none shall be, not even one that the call brings', async () => {
    const { api, run, sent } = world({ idempotencyHeader: false }, networkError('ECONNRESET'))
    await run(api('/x', { ...post, idempotencyKey: 'k1' }).catch(() => {}))
    expect(sent.map(({ headers }) => headers.get('idempotency-key'))).toEqual([null])
  })

  it('but again where nothing was done', async () => {
    for (const step of [says(429, 'TOO_FAST'), says(503, 'CLOSED'), networkError('ECONNREFUSED'), networkError('ENOTFOUND')]) {
      const { api, run, sent } = world({ idempotencyHeader: false }, step, ok)
      await run(api('/x', post))
      expect(sent.map(({ body }) => body)).toEqual(['x', 'x'])
    }
  })

  it('with a key it is repeated, under the same one', async () => {
    const { api, run, sent } = world({}, networkError('ECONNRESET'), says(502, 'BROKEN'), ok)
    await run(api('/x', post))
    const keys = sent.map(({ headers }) => headers.get('idempotency-key'))
    expect(keys[0]).toMatch(/^[\da-f-]{36}$/)
    expect(keys).toEqual([keys[0], keys[0], keys[0]])
    await run(api('/x', post))
    expect(sent[3]?.headers.get('idempotency-key')).not.toBe(keys[0])
  })

  it('a key of the caller is kept, and a GET gets none', async () => {
    const { api, run, sent } = world({}, ok)
    await run(api('/x', { ...post, headers: { 'Idempotency-Key': 'mine' } }))
    await run(api('/x', { ...post, idempotencyKey: 'own' }))
    await run(api('/x'))
    expect(sent.map(({ headers }) => headers.get('idempotency-key'))).toEqual(['mine', 'own', null])
  })

  it('a key that the contract does not take makes nothing safe', async () => {
    const { api, run, sent } = world({ contract: chatads }, new Response('', { status: 502 }))
    await run(api('/x', { ...post, headers: { 'Idempotency-Key': 'mine' } }))
    expect(sent).toHaveLength(1)
  })

  it('one call may say that it is', async () => {
    const { api, run, sent } = world({ contract: chatads }, new Response('', { status: 502 }), ok)
    await run(api('/x', { ...post, repeatable: true }))
    expect(sent).toHaveLength(2)
  })

  it('nobody knows what became of a POST that broke off', async () => {
    const reset = world({ contract: chatads }, networkError('ECONNRESET'))
    expect(await reset.caught(reset.api('/x', post))).toMatchObject({ reason: 'outcome.unknown', because: 'not_repeatable', retry: 'never', action: 'contact_support' })
    const silent = world({ contract: chatads, attemptTimeoutMs: 1_000 }, 'silence')
    expect(await silent.caught(silent.api.json('/x', post))).toMatchObject({ reason: 'outcome.unknown' })
    expect(silent.sent).toHaveLength(1)
    const refused = world({ contract: chatads }, networkError('ECONNREFUSED'))
    expect(await refused.caught(refused.api('/x', post))).toMatchObject({ reason: 'network.failed' })
  })

  it('with a key it can be asked again later, and the error has the key', async () => {
    const { api, caught, sent } = world({}, networkError('ECONNRESET'))
    const error = await caught(api('/x', post))
    expect(error).toMatchObject({ reason: 'outcome.unknown', action: 'wait', idempotencyKey: sent[0]?.headers.get('idempotency-key') })
    expect(sent).toHaveLength(3)
  })

  it('of an answer that broke off in its body, too', async () => {
    const broken = () => new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) }))
    const { api, caught, sent } = world({ contract: chatads }, broken)
    expect(await caught(api.json('/x', post))).toMatchObject({ reason: 'outcome.unknown' })
    expect(sent).toHaveLength(1)
    const get = world({ contract: chatads }, broken, ok)
    expect(await get.run(get.api.json('/x'))).toEqual({ ok: true, data: 1 })
  })

  it('bodies are sent whole each time', async () => {
    const form = new FormData()
    form.set('a', 'b')
    const bodies = ['text', new TextEncoder().encode('bytes'), new TextEncoder().encode('buffer').buffer, new URLSearchParams({ a: 'b' }), new Blob(['blob']), form]
    for (const body of bodies) {
      const { api, run, sent } = world({}, says(502, 'BROKEN'), ok)
      await run(api('/x', { method: 'PUT', body: body as never }))
      const [first, second] = sent.map((each) => each.body.replaceAll(/-+[\w-]*formdata[\w-]*/gi, ''))
      expect(first).not.toBe('')
      expect(second).toBe(first)
    }
  })

  it('a stream is not sent again: its refusal is handed on, never an empty body', async () => {
    const stream = new Blob(['streamed']).stream()
    const { api, run, sent } = world({}, says(502, 'BROKEN'), ok)
    const response = await run(api('/x', { method: 'PUT', body: stream, duplex: 'half' } as RequestInit))
    expect([sent.map(({ body }) => body), refusalOf(response)?.because]).toEqual([['streamed'], 'body_gone'])
  })
})

describe('limits', () => {
  it('of time, for all attempts together', async () => {
    const { api, caught, sent } = world({ timeoutMs: 1_000, attempts: 100, random: () => 0.99 }, says(502, 'BROKEN'))
    expect(await caught(api.json('/x'))).toMatchObject({ because: 'time_used' })
    expect(sent.length).toBe(2)
    expect(clock.wallMs() - START_MS).toBeLessThan(1_000)
  })

  it('of time, while nobody answers', async () => {
    const { api, caught, sent } = world({ timeoutMs: 1_000 }, 'silence')
    expect(await caught(api('/x'))).toMatchObject({ reason: 'network.timeout', because: 'time_used' })
    expect([clock.wallMs() - START_MS, sent.length, sent[0]?.signal?.aborted]).toEqual([1_000, 1, true])
  })

  it.each(['attemptTimeoutMs', 'headersTimeoutMs'])('%s: of one attempt, and then there is another', async (name) => {
    const { api, run, times } = world({ [name]: 200 }, 'silence', ok)
    await run(api('/x'))
    expect(times()).toEqual([0, 450])
  })

  it('a limit too long for a signal is kept all the same, and what comes later is not kept open', async () => {
    let cancelled = 0
    let answer: (response: Response) => void = () => {}
    const { api, caught, sent } = world({ contract: [], attempts: 1 }, () => new Promise((resolve) => (answer = resolve)))
    expect(await caught(api('/x'))).toMatchObject({ reason: 'network.timeout' })
    expect([clock.wallMs() - START_MS, sent[0]?.signal]).toEqual([600_000, undefined])
    answer(new Response(new ReadableStream({ cancel: () => void (cancelled += 1) })))
    await clock.turn()
    expect(cancelled).toBe(1)
  })

  it('of a body that does not end', async () => {
    let cancelled = 0
    const endless = () => new Response(new ReadableStream({ pull: () => new Promise(() => {}), cancel: () => void (cancelled += 1) }))
    const { api, caught } = world({ bodyTimeoutMs: 500, attempts: 1 }, endless)
    expect(await caught(api.json('/x'))).toMatchObject({ reason: 'network.timeout' })
    expect([clock.wallMs() - START_MS, cancelled]).toEqual([500, 1])
  })

  it('the body of a refusal is not waited for longer than it is worth', async () => {
    const begun = () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"ok":false')), pull: () => new Promise(() => {}) }), { status: 402 })
    const { api, caught } = world({}, begun)
    expect(await caught(api.json('/x'))).toMatchObject({ reason: 'credit.insufficient', body: '{"ok":false' })
    expect(clock.wallMs() - START_MS).toBe(10_000)
  })

  it('of bytes', async () => {
    const { api, caught } = world({ bodyBytesMax: 5 }, new Response('"123456"'))
    expect(await caught(api.json('/x'))).toMatchObject({ reason: 'unknown', message: 'The answer is longer than 5 bytes.' })
  })

  it('of one call alone', async () => {
    const { api, run, sent } = world({}, says(502, 'BROKEN'))
    await run(api('/x', { attempts: 1 }))
    expect(sent).toHaveLength(1)
    await expect(api('/x', { attempts: 0 })).rejects.toThrow('call: attempts is 0; it must be a whole number, 1 or more')
  })

  it('of what may be spent on retries', async () => {
    const { api, run, sent } = world({ budget: createRetryBudget({ capacity: 1 }) }, says(502, 'BROKEN'))
    await run(api('/x'))
    const response = await run(api('/x'))
    expect([sent.length, refusalOf(response)?.because]).toEqual([3, 'budget_used'])
  })
})

describe('giving up', () => {
  it('ends a wait at once', async () => {
    const { api, sent } = world({}, says(429, 'TOO_FAST', { 'retry-after': '30' }))
    const controller = new AbortController()
    const work = api('/x', { signal: controller.signal })
    const reason = new Error('enough')
    for (let n = 0; n < 20; n++) await clock.turn()
    controller.abort(reason)
    await expect(work).rejects.toBe(reason)
    expect([sent.length, clock.wallMs()]).toEqual([1, START_MS])
  })

  it('ends an attempt, also where the fetch does not listen', async () => {
    const { api, sent } = world({}, () => new Promise(() => {}))
    const controller = new AbortController()
    const work = api.json('/x', { signal: controller.signal })
    for (let n = 0; n < 5; n++) await clock.turn()
    controller.abort()
    await expect(work).rejects.toMatchObject({ name: 'AbortError', reason: 'aborted', because: 'aborted', attempts: [{ number: 1, because: 'aborted' }] })
    expect(sent).toHaveLength(1)
  })

  it('ends the reading of a body', async () => {
    const { api } = world({}, () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })))
    const controller = new AbortController()
    const work = api.json('/x', { signal: controller.signal })
    for (let n = 0; n < 5; n++) await clock.turn()
    controller.abort()
    await expect(work).rejects.toMatchObject({ reason: 'aborted' })
  })

  it('before it begins, nothing is sent', async () => {
    const { api, sent } = world({}, ok)
    await expect(api('/x', { signal: AbortSignal.abort('why') })).rejects.toBe('why')
    expect(await api.result('/x', { signal: AbortSignal.abort('why') })).toMatchObject({ ok: false, error: { reason: 'aborted' } })
    expect(sent).toEqual([])
  })

  it('many waits on one signal are no leak', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const { api } = world({}, says(429, 'TOO_FAST', { 'retry-after': '30' }))
    const controller = new AbortController()
    const works = Array.from({ length: 50 }, () => api.result('/x', { signal: controller.signal }))
    for (let n = 0; n < 20; n++) await clock.turn()
    controller.abort()
    const results = await Promise.all(works)
    expect(results.every(({ error }) => (error as ApiError | undefined)?.reason === 'aborted')).toBe(true)
    expect(warned).not.toHaveBeenCalled()
    warned.mockRestore()
  })
})

describe('credentials', () => {
  const jwt = (exp: number) => `h.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.s`
  const tokenOf = ({ headers }: { readonly headers: Headers }) => headers.get('authorization')

  it('go to the own origin alone', async () => {
    const { api, run, sent } = world({ credentials: { token: 't' }, headers: { 'X-Own': '1' } }, ok)
    for (const address of ['/x', 'https://api.test/other', 'https://elsewhere.test/x', '//elsewhere.test/x', 'https://api.test.elsewhere.test/v1/x', 'https://api.test:444/v1/x']) await run(api(address))
    expect(sent.map((each) => `${each.url} ${tokenOf(each)} ${each.headers.get('x-own')}`)).toEqual([
      'https://api.test/v1/x Bearer t 1',
      'https://api.test/other Bearer t 1',
      'https://elsewhere.test/x null null',
      'https://api.test/v1/elsewhere.test/x Bearer t 1',
      'https://api.test.elsewhere.test/v1/x null null',
      'https://api.test:444/v1/x null null',
    ])
  })

  it('in a header of its own', async () => {
    const { api, run, sent } = world({ credentials: { header: 'X-Api-Key', token: 't' } }, ok)
    await run(api('/x'))
    expect(sent[0]?.headers.get('x-api-key')).toBe('t')
  })

  it('those of the caller go first', async () => {
    const { api, run, sent } = world({ credentials: { token: 't', refresh: async () => 'u' } }, says(401, 'EXPIRED'))
    const response = await run(api('/x', { headers: { Authorization: 'Bearer own' } }))
    expect([sent.map(tokenOf), refusalOf(response)?.because]).toEqual([['Bearer own'], 'no_credentials'])
  })

  it('one refresh for all who were refused, and each call goes on', async () => {
    let refreshed = 0
    const refresh = async ({ token }: { token: string | undefined }) => {
      refreshed += 1
      await clock.turn()
      return `${token}+`
    }
    const { api, run, sent } = world({ credentials: { token: 't', refresh } }, (request) => (tokenOf(request) === 'Bearer t' ? says(401, 'EXPIRED') : ok.clone()))
    const answers = await run(Promise.all(Array.from({ length: 20 }, () => api('/x'))))
    expect([answers.every(({ status }) => status === 200), refreshed, sent.length]).toEqual([true, 1, 40])
    // Whoever comes late with the old one gets the new one.
    await run(api('/x'))
    expect([refreshed, tokenOf(sent[40] as never)]).toEqual([1, 'Bearer t+'])
  })

  it('a second refusal is final', async () => {
    let refreshed = 0
    const { api, run, sent } = world({ credentials: { token: 't', refresh: async () => `u${(refreshed += 1)}` } }, says(401, 'EXPIRED'))
    const response = await run(api('/x'))
    expect([refusalOf(response)?.because, refreshed, sent.map(tokenOf)]).toEqual(['refreshed_already', 1, ['Bearer t', 'Bearer u1']])
  })

  it('costs no attempt and nothing of the budget', async () => {
    const { api, run, sent } = world({ attempts: 1, budget: createRetryBudget({ capacity: 0 }), credentials: { token: 't', refresh: async () => 'u' } }, says(401, 'EXPIRED'), ok)
    expect([(await run(api('/x', { method: 'POST', body: 'x' }))).status, sent.map(({ body }) => body)]).toEqual([200, ['x', 'x']])
  })

  it('a 401 that nobody knows is tried with another token, where there is a way', async () => {
    const { api, run, sent } = world({ contract: [], credentials: { token: 't', refresh: async () => 'u' } }, new Response('', { status: 401 }), ok)
    await run(api('/x'))
    expect(sent.map(tokenOf)).toEqual(['Bearer t', 'Bearer u'])
  })

  it('are got before the first request where there are none', async () => {
    const { api, run, sent } = world({ credentials: { refresh: async () => ({ token: 'first' }) } }, ok)
    await run(Promise.all([api('/x'), api('/x')]))
    expect(sent.map(tokenOf)).toEqual(['Bearer first', 'Bearer first'])
  })

  it('where none can be got, nothing is sent, and the error says why', async () => {
    const { api, caught, sent } = world({ credentials: { refresh: () => Promise.reject(new Error('no such client')) } }, ok)
    expect(await caught(api.json('/x'))).toMatchObject({ reason: 'credential.missing', source: 'client', cause: { message: 'no such client' } })
    expect(sent).toEqual([])
  })

  it('are replaced before they end, by what a JWT says', async () => {
    const seconds = START_MS / 1_000
    let refreshed = 0
    const refresh = async () => {
      refreshed += 1
      return jwt(seconds + 7_200)
    }
    const { api, run, sent } = world({ credentials: { token: jwt(seconds + 3_600), refresh } }, ok)
    await run(api('/x'))
    clock.advance(3_569_999)
    await run(api('/x'))
    expect(refreshed).toBe(0)
    clock.advance(1)
    await run(Promise.all([api('/x'), api('/x')]))
    expect([refreshed, sent.map(tokenOf)]).toEqual([1, [3_600, 3_600, 7_200, 7_200].map((after) => `Bearer ${jwt(seconds + after)}`)])
  })

  it('one that cannot be replaced in time serves to its end', async () => {
    let asked = 0
    const refresh = () => Promise.reject(new Error(String((asked += 1))))
    const { api, run, sent } = world({ credentials: { token: { token: 't', expiresAtMs: START_MS + 20_000 }, refresh } }, ok)
    clock.advance(18_000)
    await run(api('/x'))
    await run(api('/x'))
    expect([asked, sent.map(tokenOf)]).toEqual([1, ['Bearer t', 'Bearer t']])
  })
})

describe('layers that repeat', () => {
  it('two of ours: the outer one alone does', async () => {
    clock = createJumpingClock()
    const { fetch, sent } = createScriptedFetch(clock, says(502, 'BROKEN'))
    const options = { contract: shop, clock, budget: false } as const
    const outer = createClient({ baseUrl: 'https://api.test', ...options, fetch: wrapFetch(wrapFetch(fetch, options), options) })
    expect(refusalOf(await clock.until(outer('/x')))).toMatchObject({ because: 'attempts_used' })
    expect(sent).toHaveLength(3)
  })

  it('where the inner one cannot see the outer one, the outer one sees what it gave up on', async () => {
    clock = createJumpingClock()
    const { fetch, sent } = createScriptedFetch(clock, says(502, 'BROKEN'))
    const inner = wrapFetch(fetch, { contract: shop, clock, budget: false })
    const between = (input: string | URL | Request, init?: RequestInit) => inner(new Request(input, init))
    const outer = createClient({ baseUrl: 'https://api.test', contract: shop, clock, budget: false, fetch: between })
    expect(refusalOf(await clock.until(outer('/x')))).toMatchObject({ because: 'stacked' })
    const failing = wrapFetch(createScriptedFetch(clock, networkError('ECONNRESET')).fetch, { clock, budget: false })
    const around = wrapFetch((input, init) => failing(new Request(input, init)), { clock, budget: false })
    await expect(clock.until(around('https://api.test/'))).rejects.toMatchObject({ reason: 'network.failed', because: 'stacked' })
    expect(sent).toHaveLength(3)
  })

  it('an SDK that repeats is known by its count', async () => {
    for (const [name, value, requests] of [['X-Stainless-Retry-Count', '1', 1], ['X-Stainless-Retry-Count', '0', 3], ['amz-sdk-request', 'attempt=2; max=3', 1], ['amz-sdk-request', 'attempt=1; max=3', 3], ['Tollgate-Attempt', '2', 1]] as const) {
      const { api, run, sent } = world({ budget: false }, says(502, 'BROKEN'))
      await run(api('/x', { headers: { [name]: value } }))
      expect(sent).toHaveLength(requests)
    }
  })

  it('an SDK whose retries are on is told not to repeat what was given up on', async () => {
    clock = createJumpingClock()
    const { fetch, sent } = createScriptedFetch(clock, json(502, { error: { message: 'x', type: 'server_error' } }, { 'x-request-id': 'r1' }))
    const sdk = new OpenAI({ apiKey: 'x', baseURL: 'https://api.test/v1', fetch: wrapFetch(fetch, { contract: openai, clock, budget: false }) })
    await expect(clock.until(sdk.models.list())).rejects.toMatchObject({ status: 502, requestID: 'r1' })
    expect(sent.map(({ url }) => url)).toEqual(Array.from({ length: 3 }, () => 'https://api.test/v1/models'))
  })

  it('the server is told the attempt from the second on', async () => {
    const { api, run, sent } = world({}, says(502, 'BROKEN'), ok)
    await run(api('/x'))
    expect(sent.map(({ headers }) => headers.get('tollgate-attempt'))).toEqual([null, '2'])
  })
})

describe('extensions', () => {
  it('follow a call from its beginning to its end', async () => {
    const told: string[] = []
    const extension: Extension = {
      name: 'teller',
      begin({ method, origin }) {
        told.push(`begin ${method} ${origin}`)
        return {
          beforeAttempt: ({ number, setHeader }) => {
            told.push(`before ${number}`)
            setHeader('traceparent', `span-${number}`)
            return undefined
          },
          afterAttempt: ({ number, because, status, reason }) => void told.push(`after ${number} ${status} ${reason} ${because}`),
          onWait: ({ delayMs }) => {
            told.push(`wait ${delayMs}`)
            return () => void told.push('waited')
          },
          onEnd: ({ error, attempts }) => void told.push(`end ${error?.reason} ${attempts.map(({ because }) => because)}`),
        }
      },
    }
    const { api, run, sent } = world({ extensions: [extension] }, says(429, 'TOO_FAST', { 'retry-after': '2' }), ok)
    await run(api('/x'))
    expect(told).toEqual(['begin GET https://api.test', 'before 1', 'after 1 429 rate.limited told_to_wait', 'wait 2100', 'waited', 'before 2', 'after 2 200 undefined succeeded', 'end undefined told_to_wait,succeeded'])
    expect(sent.map(({ headers }) => headers.get('traceparent'))).toEqual(['span-1', 'span-2'])
  })

  it('may hold an attempt back, for a while or for good', async () => {
    const paced: Extension = { name: 'pace', begin: ({ clock: time }) => ({ beforeAttempt: () => new Promise((resolve) => void time.after(500, () => resolve(undefined))) }) }
    const slow = world({ extensions: [paced] }, ok)
    await slow.run(slow.api('/x'))
    expect(slow.times()).toEqual([500])
    const open: Extension = { name: 'circuit', begin: () => ({ beforeAttempt: () => ({ kind: 'held_back', message: 'The circuit is open.', retryAtMs: START_MS + 5_000 }) }) }
    const held = world({ extensions: [open] }, ok)
    expect(await held.caught(held.api.json('/x'))).toMatchObject({ message: 'The circuit is open.', source: 'client', because: 'held_back', retryAfterMs: 5_000, attempts: [] })
    expect(held.sent).toEqual([])
  })
})

it.each(['begin', 'beforeAttempt', 'afterAttempt', 'onWait'])('what an extension throws (%s) the call throws, and leaves nothing behind', async (name) => {
  const fault = () => {
    throw new Error('its own fault')
  }
  const ended: unknown[] = []
  const extension: Extension = name === 'begin' ? { name, begin: fault } : { name, begin: () => ({ [name]: fault, onEnd: (end) => void ended.push(end.error) }) }
  const { api, run } = world({ extensions: [extension] }, says(502, 'BROKEN'))
  await expect(run(api('/x'))).rejects.toThrow('its own fault')
  expect(ended).toEqual(name === 'begin' ? [] : [undefined])
})

it('a page does not count its attempts for the server, which would have to be asked for leave first', async () => {
  vi.stubGlobal('location', { href: 'https://page.test/' })
  const { api, run, sent } = world({}, says(502, 'BROKEN'), ok)
  vi.unstubAllGlobals()
  await run(api('/x'))
  expect(sent.map(({ headers }) => headers.get('tollgate-attempt'))).toEqual([null, null])
})

it('an error tells each attempt, and why it was followed by another', async () => {
  const { api, caught } = world({}, says(429, 'TOO_FAST', { 'retry-after': '1', 'x-request-id': 'a' }), networkError('ECONNRESET'), says(402, 'TOO_POOR', { 'x-request-id': 'c' }))
  const error = await caught(api.json('/x'))
  expect(error.attempts).toMatchObject([
    { number: 1, startedAtMs: START_MS, status: 429, reason: 'rate.limited', code: 'TOO_FAST', requestId: 'a', because: 'told_to_wait', delayMs: 1_050 },
    { number: 2, startedAtMs: START_MS + 1_050, status: undefined, reason: 'network.failed', because: 'backoff', delayMs: 500 },
    { number: 3, status: 402, reason: 'credit.insufficient', requestId: 'c', because: 'never', delayMs: undefined },
  ])
})

it('the limits of an answer are told', async () => {
  const { api, caught } = world({ contract: nexalayer }, json(429, { success: false, data: null, error: { code: 'RATE_LIMIT_EXCEEDED', message: 'x', details: {} }, meta: { request_id: 'r' } }, { 'X-RateLimit-Limit': '20', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': String(START_MS / 1_000 + 3_000) }))
  expect(await caught(api.json('/x'))).toMatchObject({ meter: { limit: 20, remaining: 0, resetAtMs: START_MS + 3_000_000 }, because: 'wait_too_long' })
})

describe('wrong options are found at once, by name and value', () => {
  it.each([
    [{ attempts: 0 }, 'createClient: attempts is 0; it must be a whole number, 1 or more'],
    [{ timeoutMs: '5' }, 'createClient: timeoutMs is "5"; it must be a number of milliseconds, 0 or more'],
    [{ timeoutMs: Number.NaN }, 'createClient: timeoutMs is NaN; it must be a number of milliseconds, 0 or more'],
    [{ baseUrl: 'api.test' }, 'createClient: baseUrl must be an address that begins with https:// or http://, without user, password and query'],
    [{ baseUrl: 'https://user:secret@api.test' }, 'createClient: baseUrl must be an address that begins with https:// or http://, without user, password and query'],
    [{ baseUrl: undefined }, 'createClient: baseUrl is missing; give the address of the API'],
    [{ contract: {} }, 'createClient: contract is {}; it must be a contract or dialect (defineContract, defineDialect, tollgate/dialects), or a list of them'],
    [{ retries: 3 }, 'createClient: retries is 3; it is no option; there are attempts, timeoutMs, attemptTimeoutMs, headersTimeoutMs, bodyTimeoutMs, waitMaxMs, repeatable, contract, idempotencyHeader, attemptHeader, backoff, budget, bodyBytesMax, extensions, clock, random, baseUrl, credentials, headers, fetch'],
    [{ backoff: { base: 5 } }, 'createClient: backoff is {"base":5}; it has no base; it has baseMs and maxMs'],
    [{ credentials: {} }, 'createClient: credentials must have a token, or refresh, which gets one'],
    [{ credentials: { token: 'se\ncret' } }, 'createClient: credentials must have a token of visible ASCII characters'],
    [{ headers: { a: 5 } }, 'createClient: headers must have texts as its values'],
    [{ extensions: [{}] }, 'createClient: extensions is [{}]; it must be a list of extensions: pacing(), circuit(), telemetry()'],
    [{ attemptHeader: 'a b' }, 'createClient: attemptHeader is "a b"; it must be the name of a header, or false'],
    [{ budget: true }, 'createClient: budget is true; it must be a retry budget, or false'],
  ])('%j', (options, message) => {
    expect(() => createClient({ baseUrl: 'https://api.test', ...options } as never)).toThrow(new TypeError(message))
  })

  it('of wrapFetch, too', () => {
    expect(() => wrapFetch(undefined as never)).toThrow('wrapFetch: the first argument is undefined; it must be a fetch')
    expect(() => wrapFetch(fetch, { credentials: { token: 't' } } as never)).toThrow(/^wrapFetch: credentials it?/)
  })
})
