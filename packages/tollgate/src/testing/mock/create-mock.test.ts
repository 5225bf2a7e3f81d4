import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jogg, openai, problem } from '../../catalog/contracts.ts'
import { createManualClock } from '../manual-clock.ts'
import { createMock } from './create-mock.ts'

const clock = () => createManualClock(Date.UTC(2026, 0, 1))
const statuses = async (ask: () => Promise<Response>, times: number): Promise<number[]> => {
  const seen: number[] = []
  for (let at = 0; at < times; at++) {
    const answer = await ask()
    await answer.text().catch(() => undefined)
    seen.push(answer.status)
  }
  return seen
}

describe('on demand', () => {
  it('plays an entry, a code or a reason, by header, by query and by path, as long as it is asked', async () => {
    const mock = createMock(problem)
    const bodies = await Promise.all([
      mock.fetch('/v1', { headers: { 'Tollgate-Mock': 'rateLimited' } }),
      mock.fetch('/v1?tollgate-mock=rate.limited'),
      mock.fetch('/_mock/rateLimited'),
      mock.fetch('/_mock/rateLimited/any/path'),
    ])
    expect(bodies.map(({ status }) => status)).toEqual([429, 429, 429, 429])
    expect(await bodies[0]?.json()).toMatchObject({ code: 'rate.limited', limit: 100, retry_after: 1 })
  })

  it('takes settings of a step, and facts, and comes to an end where it says so', async () => {
    const mock = createMock(problem)
    const ask = () => mock.fetch('/v1', { headers: { 'Tollgate-Mock': 'rateLimited; times=2; retryAfterMs=7s; limit=9' } })
    const first = await ask()
    expect(await first.json()).toMatchObject({ limit: 9, retry_after: 7 })
    expect(first.headers.get('retry-after')).toBe('7')
    expect(await statuses(ask, 3)).toEqual([429, 200, 429])
  })

  it('says what it does not know, with what was meant', async () => {
    const answer = await createMock(problem).fetch('/_mock/rateLimitted')
    expect(answer.status).toBe(400)
    expect(await answer.text()).toBe('"rateLimitted" is no entry, code, reason or status of "problem"; did you mean "rateLimited"?\n')
    expect(await (await createMock(problem).fetch('/_mock/rateLimited?cut=soon')).text()).toBe('"cut=soon" is not understood; write for example cut=3:reset\n')
  })

  it('a status alone is the refusal that has it', async () => {
    const mock = createMock(problem, { rules: [{ on: 'GET /down', answer: { status: 503 } }] })
    expect(await (await mock.fetch('/_mock/402')).json()).toMatchObject({ code: 'credit.insufficient' })
    expect((await mock.fetch('/down')).status).toBe(503)
    expect(mock.calls().map(({ attempts: [first] }) => first?.played.kind)).toEqual(['refusal', 'refusal'])
    expect(() => createMock(problem, { rules: [{ answer: { status: 418 } }] })).toThrow('script.rules.0.answer.status: "problem" has no refusal of status 418; it has 400, 401, ')
    expect(() => createMock(problem, { rules: [{ answer: { status: 201, entry: 'rateLimited' } }] })).toThrow('leave it out')
  })

  it('a limit that is reached is in the rate headers too', async () => {
    const { headers } = await createMock(openai, {}, { clock: clock() }).fetch('/_mock/429?limit=60')
    expect([headers.get('x-ratelimit-limit-requests'), headers.get('x-ratelimit-remaining-requests'), headers.get('x-ratelimit-reset-tokens')]).toEqual(['60', '0', '1s'])
  })

  it('of entries that share a code it plays the one that the contract prefers', async () => {
    const answer = await createMock(openai).fetch('/_mock/rate_limit_exceeded')
    expect([[...openai.entries.values()].filter(({ code }) => code === 'rate_limit_exceeded').length, answer.status]).toEqual([3, 429])
  })

  it('numbers are codes too', async () => {
    const answer = await createMock(jogg).fetch('/_mock/18020')
    expect(await answer.json()).toMatchObject({ code: 18020 })
  })
})

describe('a script', () => {
  it('three 429, then 200', async () => {
    const mock = createMock(problem, { rules: [{ answer: [{ entry: 'rateLimited', times: 3 }] }] })
    expect(await statuses(() => mock.fetch('/'), 5)).toEqual([429, 429, 429, 200, 200])
  })

  it('anew for each call, where it says so: repeats go on in it', async () => {
    const mock = createMock(problem, { rules: [{ each: true, answer: [{ entry: 'overloaded', times: 2 }] }] })
    const ask = (call: string) => statuses(() => mock.fetch('/', { headers: { 'Tollgate-Mock-Call': call } }), 3)
    expect([await ask('one'), await ask('other')]).toEqual([[503, 503, 200], [503, 503, 200]])
  })

  it('by rate, the same for the same seed, in parts that add up', async () => {
    const played = async (seed: number): Promise<number[]> => {
      const mock = createMock(problem, { seed, rules: [{ chance: 0.25, answer: { entry: 'overloaded' } }, { chance: 0.25, answer: { entry: 'internal' } }] })
      return statuses(() => mock.fetch('/'), 800)
    }
    const [one, again, other] = [await played(7), await played(7), await played(8)]
    expect(again).toEqual(one)
    expect(other).not.toEqual(one)
    for (const status of [503, 500]) expect(one.filter((each) => each === status).length / one.length).toBeCloseTo(0.25, 1)
  })

  it('for some requests only', async () => {
    const mock = createMock(problem, { rules: [{ on: 'POST /v1/*/run', answer: { entry: 'rateLimited' } }] })
    const ask = async (method: string, path: string) => (await mock.fetch(path, { method })).status
    expect([await ask('POST', '/v1/jobs/run'), await ask('GET', '/v1/jobs/run'), await ask('POST', '/v1/jobs/run/1'), await ask('POST', '/v1/run')]).toEqual([429, 200, 200, 200])
  })

  it('what is wrong in it is said at once, with place, value and mend', () => {
    const wrong = { rules: [{ on: 'things', chance: 2, answer: [{ entry: 'rateLimitted' }, { reason: 'rate.limit' }, { code: 'x', drop: 'late' }, { midStream: 1 }] }], expect: ['waits 2 s'] }
    expect(() => createMock(problem, wrong as never)).toThrow(TypeError)
    const said = (() => {
      try {
        createMock(problem, wrong as never)
        return ''
      } catch (error) {
        return String(error)
      }
    })()
    expect(said.replace('TypeError: createMock: ', '').split('; script.').join('\n')).toMatchInlineSnapshot(`
      "script.rules.0.on: "things" must be a method and a path, such as "POST /v1/things", in which * stands for anything
      rules.0.chance: 2 must be from 0 to 1
      rules.0.answer.0.entry: "problem" has no entry "rateLimitted"; did you mean "rateLimited"?
      rules.0.answer.1.reason: "rate.limit" is no reason; did you mean "rate.limited"?
      rules.0.answer.2.code: "problem" has no code "x"; it has credential.missing, credential.invalid, credential.expired, credential.revoked, token.expired, permission.denied, account.suspended, account.disabled, account.not_entitled, request.invalid, request.too_large, request.unsupported_media, field.missing, field.invalid, route.unknown, method.not_allowed, resource.not_found, resource.gone, resource.conflict, rate.limited, concurrency.limited, quota.exhausted, credit.insufficient, session.not_found, session.expired, session.limited, idempotency.missing, idempotency.mismatch, idempotency.in_progress, content.blocked, upstream.failed, upstream.timeout, upstream.unavailable, capacity.overloaded, service.maintenance, internal
      rules.0.answer.2.drop: a refusal does no work, so that its answer cannot be lost after it; write drop: early
      rules.0.answer.3.midStream: needs a refusal that is said in the stream; write entry, code or reason beside it
      rules.0.answer.3.midStream: "problem" has no form for errors in a stream; cut it instead: cut: { after: 1, by: reset }
      expect.0: "waits 2 s" is no expectation; write one of: waited at least 2 s · waited at most 10 s · same idempotency key · refreshed once · did not refresh · did not repeat · repeated 3 times · 4 requests · at most 4 requests · at least 4 requests · 1 call · paid once · did not pay"
    `)
  })
})

describe('faults', () => {
  it('a dropped connection is the error that fetch gives', async () => {
    const mock = createMock(problem, { rules: [{ answer: { drop: 'early' } }] })
    await expect(mock.fetch('/')).rejects.toThrow('fetch failed')
  })

  it('a body is cut, and a stream ends without its end', async () => {
    const mock = createMock(openai, { success: { events: ['one', 'two', 'three'] } })
    await expect((await mock.fetch('/_mock/success?cut=5')).text()).rejects.toThrow('terminated')
    expect(await (await mock.fetch('/_mock/success?stream&cut=2:end')).text()).toBe('data: one\n\ndata: two\n\n')
    const reader = (await mock.fetch('/_mock/success?stream&cut=2')).body?.getReader()
    const texts = [await reader?.read(), await reader?.read()].map((read) => new TextDecoder().decode(read?.value))
    expect(texts).toEqual(['data: one\n\n', 'data: two\n\n'])
    await expect(reader?.read()).rejects.toThrow('terminated')
  })

  it('a refusal in the middle of a stream is in the form of the contract', async () => {
    const mock = createMock(openai, { success: { events: ['one', 'two', 'three'] } })
    const text = await (await mock.fetch('/_mock/serverOverloaded?midStream=2'.replace('serverOverloaded', overloadedOf()))).text()
    const frames = text.split('\n\n').filter((frame) => frame !== '')
    expect(frames.slice(0, 2)).toEqual(['data: one', 'data: two'])
    expect(openai.readStreamEvent({ data: frames[2]?.replace('data: ', '') ?? '' })?.entry).toBe(overloadedOf())
  })

  it('waits before the head and between the pieces pass by the clock, and end at once when the caller gives up', async () => {
    const time = clock()
    const mock = createMock(problem, { rules: [{ answer: [{ delayMs: 5_000 }] }, { answer: { pauseMs: 100 } }] }, { clock: time })
    const caller = new AbortController()
    const asked = mock.fetch('/', { signal: caller.signal })
    await new Promise((resolve) => setImmediate(resolve))
    expect(time.pending()).toBe(1)
    caller.abort()
    await expect(asked).rejects.toThrow('aborted')
    expect(time.pending()).toBe(0)
    expect(mock.calls()[0]?.attempts[0]?.ending).toBe('gone')
  })

  it('a wait that no timer can hold is not over at once', async () => {
    const mock = createMock(problem)
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(new Error('given up')), 50)
    await expect(mock.fetch('/x', { headers: { 'Tollgate-Mock': 'success; delay=40d' }, signal: controller.signal })).rejects.toThrow('given up')
    clearTimeout(timer)
  })

  it('a wrong length is said, and the body breaks off where it is too large', async () => {
    const mock = createMock(problem)
    const long = await mock.fetch('/_mock/success?lengthOff=10')
    await expect(long.text()).rejects.toThrow('terminated')
    const short = await mock.fetch('/_mock/success?lengthOff=-3')
    expect((await short.text()).endsWith('"/_mock/succes')).toBe(true)
  })

  it('headers are lost on the way', async () => {
    const mock = createMock(problem, { rules: [{ answer: { entry: 'rateLimited', headers: { 'retry-after': null, 'X-Should-Retry': 'false' } } }] })
    const { headers } = await mock.fetch('/')
    expect([headers.get('retry-after'), headers.get('x-should-retry')]).toEqual([null, 'false'])
  })
})

function overloadedOf(): string {
  const entry = [...openai.entries.values()].find(({ reason, read }) => reason === 'capacity.overloaded' && read === undefined)
  return entry?.id ?? 'none'
}

describe('idempotency keys', () => {
  const send = (mock: ReturnType<typeof createMock>, key?: string, body = 'a') => mock.fetch('/', { method: 'POST', body, headers: key === undefined ? {} : { 'Idempotency-Key': key } })

  it('a repeat gets the first answer again, another request a refusal, and the work is done and paid once', async () => {
    const mock = createMock(problem, { paid: 'POST *', idempotency: { required: true } })
    const first = await (await send(mock, 'k')).text()
    const second = await send(mock, 'k')
    expect([second.headers.get('idempotent-replayed'), await second.text()]).toEqual(['true', first])
    expect(await (await send(mock, 'k', 'b')).json()).toMatchObject({ code: 'idempotency.mismatch' })
    expect(await (await send(mock)).json()).toMatchObject({ code: 'idempotency.missing' })
    mock.assert('paid once')
    expect(() => mock.assert('did not pay')).toThrow('expected "did not pay", but it was paid once')
  })

  it('a repeat that comes while the first is under way is told so', async () => {
    const time = clock()
    const mock = createMock(problem, { idempotency: {}, rules: [{ answer: [{ delayMs: 1_000 }] }] }, { clock: time })
    const first = send(mock, 'k')
    await new Promise((resolve) => setImmediate(resolve))
    expect(await (await send(mock, 'k')).json()).toMatchObject({ code: 'idempotency.in_progress' })
    time.advance(1_000)
    expect((await first).status).toBe(200)
  })

  it('an answer that was lost is there for the repeat', async () => {
    const mock = createMock(problem, { paid: 'POST *', idempotency: {}, rules: [{ answer: [{ drop: 'late' }] }] })
    await expect(send(mock, 'k')).rejects.toThrow('fetch failed')
    expect((await send(mock, 'k')).headers.get('idempotent-replayed')).toBe('true')
    mock.assert('paid once')
  })
})

describe('expectations', () => {
  it.each([
    ['waited at least 2 s', 'waited at least 2.1 s'],
    ['waited at most 2s', 'waited at most 1999 ms'],
    ['repeated once', 'did not repeat'],
    ['2 requests', 'at most 1 request'],
    ['1 call', 'at least 2 calls'],
    ['did not refresh', 'refreshed once'],
    ['did not pay', 'paid once'],
  ])('%s holds, and %s does not', async (holds, fails) => {
    const time = clock()
    const mock = createMock(problem, { rules: [{ answer: [{ entry: 'rateLimited', facts: { retryAfterMs: 2_000 } }] }] }, { clock: time })
    const ask = () => mock.fetch('/', { method: 'POST', headers: { 'Idempotency-Key': 'a' } })
    await ask()
    time.advance(2_000)
    await ask()
    expect(() => mock.assert(holds)).not.toThrow()
    expect(() => mock.assert(fails)).toThrow(`expected "${fails}", but `)
  })

  it('one key for all attempts', async () => {
    const mock = createMock(problem, { rules: [{ answer: { entry: 'rateLimited' } }] })
    const ask = (key: string) => mock.fetch('/', { headers: { 'Idempotency-Key': key } })
    await ask('a')
    expect(() => mock.assert('same idempotency key')).toThrow('nothing was repeated')
    await ask('a')
    expect(() => mock.assert('same idempotency key')).not.toThrow()
    await ask('b')
    expect(() => mock.assert('same idempotency key')).not.toThrow()
    const careless = createMock(problem, { rules: [{ answer: { entry: 'rateLimited' } }] })
    for (const key of ['a', 'b']) await careless.fetch('/', { headers: { 'Idempotency-Key': key } })
    expect(() => careless.assert('same idempotency key')).toThrow('call 1 had several keys')
  })

  it('one refresh after a token has expired', async () => {
    const mock = createMock(problem, { tokens: { on: 'POST /token' } })
    await mock.fetch('/', { headers: { Authorization: 'Bearer old' } })
    const { access_token: token } = (await (await mock.fetch('/token', { method: 'POST' })).json()) as { readonly access_token: string }
    expect((await mock.fetch('/', { headers: { Authorization: `Bearer ${token}` } })).status).toBe(200)
    expect(() => mock.assert('refreshed once', 'repeated once')).not.toThrow()
  })

  it('what is none is said with what was meant', () => {
    expect(() => createMock(problem).assert('waited at least two seconds')).toThrow('is no expectation')
    expect(() => createMock(problem).assert('same idempotence key')).toThrow('did you mean "same idempotency key"?')
  })
})

it('entries of a script are those of the contract, as a type', () => {
  createMock(problem, { rules: [{ answer: { entry: 'rateLimited' } }] })
  // @ts-expect-error -- no entry of it
  expect(() => createMock(problem, { rules: [{ answer: { entry: 'rateLimit' } }] })).toThrow('did you mean "rateLimited"?')
})

it('a look at an answer is no call', async () => {
  const mock = createMock(problem)
  expect((await mock.fetch('/_mock/rateLimited', { headers: { 'Tollgate-Mock-Call': 'off' } })).status).toBe(429)
  expect(mock.grade()).toMatchObject({ requests: 0, verdict: 'passed' })
})

it('forgets all at a reset, and begins with the same chances', async () => {
  const mock = createMock(problem, { rules: [{ chance: 0.5, answer: { entry: 'internal' } }] })
  const first = await statuses(() => mock.fetch('/'), 20)
  mock.reset()
  expect(mock.grade().requests).toBe(0)
  expect(await statuses(() => mock.fetch('/'), 20)).toEqual(first)
})

it.each([
  [{}, [2_000, 2_000]],
  [{ 'Retry-After': '5' }, [2_000, 5_000]],
  [{ 'Retry-After': new Date(Date.UTC(2026, 0, 1, 0, 0, 9)).toUTCString() }, [2_000, 9_000]],
  [{ 'Retry-After-Ms': '1500' }, [1_500, 2_000]],
  [{ 'Retry-After': null }, [2_000, 2_000]],
] as const)('knows what an answer tells to wait, in head and body: %o', async (headers, told) => {
  const mock = createMock(problem, { rules: [{ answer: { entry: 'rateLimited', facts: { retryAfterMs: 2_000 }, headers } }] }, { clock: clock() })
  await mock.fetch('/')
  const played = mock.calls()[0]?.attempts[0]?.played
  expect(played?.kind === 'refusal' ? [played.toldWaitMs, played.toldAtMostMs] : played).toEqual(told)
})

it('remembers so many requests and no more', () => {
  const core = createMock(problem, { rules: [{ answer: { entry: 'internal' } }] })
  const body = new Uint8Array(0)
  for (let at = 0; at < 24_000; at++) {
    const { attempt } = core.begin({ method: 'GET', target: `/things/${at % 5_000}`, headers: at % 2 === 0 ? [] : ['Idempotency-Key', String(at)], body }, { monotonicMs: at * 400_000, wallMs: 0 })
    core.ended(attempt, 'sent', at * 400_000)
  }
  const report = core.grade()
  expect(report.requests).toBeLessThanOrEqual(20_000)
  expect(report.unseen).toContainEqual(expect.stringMatching(/^4\d\d\d requests before these are no longer remembered$/))
})

it('whatever is asked gets a plan, and whatever it did a report', () => {
  const word = fc.oneof(fc.constantFrom('rateLimited', 'success', '503', '__proto__', 'constructor', 'times=2', 'cut=3:end', 'drop=late', 'stream', 'midStream=1', 'lengthOff=-5', 'retryAfterMs=5s', 'fields={"a":["b"]}', 'limit=-1e999', ';', '='), fc.string())
  const line = fc.array(word, { maxLength: 5 }).map((words) => words.join('; '))
  const headers = fc.array(fc.tuple(fc.constantFrom('Tollgate-Mock', 'tollgate-mock-call', 'Idempotency-Key', 'Authorization', 'Accept', 'Content-Type', 'X-Stainless-Retry-Count'), fc.oneof(line, fc.constantFrom('text/event-stream', 'multipart/form-data; boundary=(', 'k', '')))).map((pairs) => pairs.flat())
  const request = fc.record({
    method: fc.constantFrom('GET', 'POST', 'HEAD', 'x'), target: fc.oneof(line.map((text) => `/_mock/${text}?${text}`), fc.string(), fc.constant('/token')), headers,
    body: fc.oneof(fc.uint8Array({ maxLength: 50 }), fc.json().map((text) => new TextEncoder().encode(text))), laterMs: fc.integer({ min: 0, max: 400_000 }), how: fc.constantFrom('sent', 'gone', 'never'),
  })
  fc.assert(fc.property(fc.constantFrom(problem, openai, jogg), fc.array(request, { maxLength: 12 }), (contract, requests) => {
    const mock = createMock(contract as typeof problem, { idempotency: { required: true }, paid: 'POST *', tokens: contract === (problem as unknown) ? { on: '/token', calls: 2 } : undefined, rules: [{ chance: 0.2, answer: { status: 500 } }], expect: ['did not repeat'] })
    let nowMs = 0
    for (const { laterMs, how, ...asked } of requests) {
      nowMs += laterMs
      const plan = mock.begin(asked, { monotonicMs: nowMs, wallMs: nowMs })
      for (const piece of plan.pieces) expect(piece.bytes).toBeInstanceOf(Uint8Array)
      expect(plan.head?.headers.every((text, at) => at % 2 === 1 || /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text))).not.toBe(false)
      expect(plan.head?.headers.some((text) => /[\r\n\0]/.test(text))).not.toBe(true)
      if (how !== 'never') mock.ended(plan.attempt, how, nowMs)
    }
    const { requests: count, verdict } = mock.grade()
    expect(count).toBeLessThanOrEqual(requests.length)
    expect(['passed', 'failed']).toContain(verdict)
  }))
})

it('tokens need a contract that tells to refresh them', () => {
  expect(() => createMock(jogg, { tokens: { on: 'POST /token' } })).toThrow(/script\.tokens: "jogg" tells no client to get a new token/)
})

it('what cannot be sent as a header is a fault of the script', () => {
  expect(() => createMock(problem, { rules: [{ answer: { headers: { 'X A': 'b', 'X-C': 'd\r\nX-E: f' } } }] })).toThrow(/"X A" is no name of a header; .*"d\\r\\nX-E: f" cannot be the value of a header/)
})
