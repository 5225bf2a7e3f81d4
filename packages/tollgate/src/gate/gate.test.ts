import { beforeEach, describe, expect, it } from 'vitest'
import { createDirectory, type Directory } from '../directory/directory.ts'
import type { Account, ApiKey } from '../directory/account.ts'
import type { Command, Store } from '../stores/store.ts'
import { StoreUnavailableError } from '../engine/store-error.ts'
import { chatads, problem } from '../catalog/contracts.ts'
import type { Answer } from '../contract/declare/wire.ts'
import { createMemoryStore } from '../stores/resident/memory.ts'
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts'
import type { Completion, Admitted, Gate, IncomingCall } from './call.ts'
import type { ApiOptions, GateOptions } from './gate-options.ts'
import { createGate } from './gate.ts'

const START_MS = Date.UTC(2026, 10, 21, 12)
const account: Account = { id: 'team_1', api: 'chatads', name: 'One', status: 'active', plan: 'free', blockedWords: ['casino'], createdAtMs: 0 }
const key: ApiKey = { id: 'key_1', api: 'chatads', accountId: 'team_1', hash: 'hash of secret', hint: 'cak_', status: 'active', scopes: [], createdAtMs: 0 }
const uncountOn = ['request.*', 'field.*', 'content.blocked', 'resource.*', 'upstream.*', 'internal'] as const

const api: ApiOptions = {
  name: 'chatads',
  mount: '/chatads',
  contract: chatads,
  credentials: { from: [{ in: 'header', name: 'x-api-key' }], prefix: 'cak_' },
  meters: {
    burst: { meter: { kind: 'window', windowMs: 60_000 }, per: 'account', limit: 4 },
    daily: { meter: { kind: 'quota', period: 'day', counts: 'attempts', uncountOn }, per: 'account' },
    monthly: { meter: { kind: 'quota', period: 'month', counts: 'attempts', uncountOn }, per: 'account' },
  },
  plans: { free: { limits: { daily: 2, monthly: 100 } }, pro: { limits: { daily: 50, monthly: 100 } } },
  routes: [
    {
      methods: ['POST'],
      path: '/v1/messages',
      steps: [
        { kind: 'take', take: ['burst'] },
        { kind: 'take', take: ['daily', 'monthly'] },
        { kind: 'validate', check: (body) => (typeof (body as { message?: unknown }).message === 'string' ? [] : [{ field: 'message', rule: 'required', issue: 'is required' }]) },
        { kind: 'blockWords', field: 'message' },
      ],
    },
    { methods: ['GET'], path: '/v1/open', public: true, steps: [] },
  ],
  bodyBytesMax: 1_000,
}

let clock: ManualClock
const nothing: Completion = { bytesIn: 0, bytesOut: 0, attempts: [] }
let store: Store
let directory: Directory
let gate: Gate
let alerts: string[]

function build(change: Partial<GateOptions> = {}, broken: Partial<Store> = {}): Gate {
  alerts = []
  const merged = { ...store, ...broken }
  directory = createDirectory({ store: merged, clock, sha256Hex: (text) => `hash of ${text}` })
  return createGate({
    apis: [api],
    fallback: problem,
    store: merged,
    directory,
    clock,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    sha256Hex: (text) => `hash of ${text}`,
    alert: ({ kind, message }) => alerts.push(`${kind}: ${message}`),
    ...change,
  })
}

beforeEach(async () => {
  clock = createManualClock(START_MS)
  store = createMemoryStore({ clock })
  gate = build()
  await directory.putAccount(account)
  await directory.putKey(key)
})

const call = (change: Partial<IncomingCall> & { body?: string } = {}): IncomingCall => ({
  method: 'POST',
  target: '/chatads/v1/messages',
  headers: ['x-api-key', 'secret', 'content-type', 'application/json'],
  remoteAddress: '203.0.113.7',
  hasBody: true,
  readBody: async () => ({ kind: 'complete', bytes: new TextEncoder().encode(change.body ?? '{"message":"running shoes"}') }),
  ...change,
})

async function answered(change?: Parameters<typeof call>[0], by: Gate = gate): Promise<{ status: number; code: string; details: Record<string, unknown>; answer: Answer }> {
  const verdict = await by.begin(call(change))
  if (verdict.kind !== 'answer') throw new Error('expected an answer, the call was forwarded')
  const { error } = JSON.parse(String(verdict.answer.body)) as { error: { code: string; details: Record<string, unknown> } }
  return { status: verdict.answer.status, ...error, answer: verdict.answer }
}

async function forwarded(change?: Parameters<typeof call>[0], by: Gate = gate): Promise<Admitted> {
  const verdict = await by.begin(call(change))
  if (verdict.kind !== 'admitted') throw new Error(`expected a admitted, got ${verdict.answer.body}`)
  return verdict.admitted
}

const daily = async (): Promise<number | undefined> => {
  const [reading] = await store.peek([{ subject: 'account:team_1', name: 'daily', meter: api.meters['daily']?.meter as never, limit: 2, cost: 1 }])
  return reading?.used
}

it.each(['switches', 'keys'])('where its %s cannot be read, nobody is let in, and it is the store that does not answer', async (collection) => {
  const get: Store['get'] = (asked, id) => (asked === collection ? Promise.reject(new StoreUnavailableError('the disk is full')) : store.get(asked, id))
  gate = build({}, { get })
  const { status, code, answer } = await answered()
  expect([status, code]).toEqual([503, 'SERVICE_UNAVAILABLE'])
  expect(String(answer.body)).not.toContain('disk')
  expect(alerts).toEqual([expect.stringContaining('store: StoreUnavailableError: the disk is full')])
  expect((await store.requests({ limit: 1 }))[0]?.refusal).toMatchObject({ reason: 'upstream.unavailable' })
})

describe('an admitted call', () => {
  it('carries the trusted context, the body that was read, and loses the mount', async () => {
    const admitted = await forwarded()
    const context = Object.fromEntries(Array.from({ length: admitted.contextHeaders.length / 2 }, (_, at) => admitted.contextHeaders.slice(at * 2, at * 2 + 2)))
    expect(context).toMatchObject({ 'tollgate-request-id': admitted.requestId, 'tollgate-account': 'team_1', 'tollgate-plan': 'free', 'tollgate-key': 'key_1' })
    expect(JSON.parse(context['tollgate-usage'] as string)).toMatchObject({ daily: { limit: 2, used: 1, remaining: 1, reset: '2026-11-22T00:00:00.000Z' }, burst: { used: 1 } })
    expect(admitted.target).toBe('/v1/messages')
    expect(admitted.withheldHeaders).toEqual(['x-api-key'])
    expect(new TextDecoder().decode(admitted.body)).toContain('running')
    expect(admitted.answerHeaders.slice(0, 2)).toEqual(['x-request-id', admitted.requestId])
    expect(admitted.answerHeaders.map((header) => header.toLowerCase())).toContain('x-ratelimit-remaining')
  })

  it('is logged once, when it ends, with its meters', async () => {
    const admitted = await forwarded()
    expect(await store.request(admitted.requestId)).toBeUndefined()
    await admitted.completed(200, { bytesIn: 10, bytesOut: 20, attempts: [{ target: 'ads', status: 200, durationMs: 3 }] })
    await admitted.failed({ kind: 'reset', detail: 'too late' }, nothing)
    expect(await store.request(admitted.requestId)).toMatchObject({ status: 200, accountId: 'team_1', route: 'POST /v1/messages', bytesOut: 20, upstream: [{ status: 200 }] })
    expect((await store.requests({ limit: 10 })).length).toBe(1)
  })

  it('on a public route needs no key and leaves the body alone', async () => {
    const admitted = await forwarded({ method: 'GET', target: '/chatads/v1/open?x=1', headers: [], readBody: () => Promise.reject(new Error('read')) })
    expect(admitted.target).toBe('/v1/open?x=1')
    expect(admitted.body).toBeUndefined()
  })
})

describe('refusals come in the declared order', () => {
  it('key before limits before body: a refused key does not consume quota', async () => {
    expect(await answered({ headers: [], body: '{' })).toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
    expect(await answered({ headers: ['x-api-key', 'wrong'] })).toMatchObject({ status: 403, code: 'FORBIDDEN' })
    expect(await daily()).toBe(0)
  })

  it('the last admitted call reaches the limit, the next says it passed it, attempts count on', async () => {
    await forwarded()
    await forwarded()
    const third = await answered()
    expect(third).toMatchObject({ status: 429, code: 'DAILY_QUOTA_EXCEEDED', details: { daily_limit: 2, daily_usage: 3, plan: 'free' } })
    expect(third.answer.headers).toContain(String(12 * 3_600))
    expect((await answered()).details).toMatchObject({ daily_usage: 4 })
  })

  it('a refused burst leaves the quotas of the next stage alone', async () => {
    await directory.updateAccount('team_1', (row) => ({ ...row, plan: 'pro' }))
    for (let i = 0; i < 4; i++) await forwarded()
    expect(await answered()).toMatchObject({ status: 429, code: 'RATE_LIMIT_EXCEEDED', details: { limit: 4, window_seconds: 60 } })
    expect(await daily()).toBe(4)
  })

  it('a changed plan acts at once', async () => {
    await forwarded()
    await forwarded()
    await directory.updateAccount('team_1', (row) => ({ ...row, plan: 'pro' }))
    await forwarded()
  })

  it.each([
    ['{', 'INVALID_INPUT', 400],
    ['{}', 'INVALID_INPUT', 400],
    ['{"message":"visit the CASINO"}', 'CONTENT_BLOCKED', 422],
  ])('%s is %s and is not counted', async (body, code, status) => {
    expect(await answered({ body })).toMatchObject({ code, status })
    expect(await daily()).toBe(0)
  })

  it('the blocked word stays private, but is in the log', async () => {
    const { answer } = await answered({ body: '{"message":"casino"}' })
    expect(answer.body).not.toContain('casino')
    const [row] = await store.requests({ limit: 1 })
    expect(row).toMatchObject({ refusal: { entry: 'contentBlocked', cause: 'blocked word: casino' }, uncounted: ['daily', 'monthly'] })
  })

  it('a body over the limit is refused', async () => {
    expect(await answered({ readBody: async () => ({ kind: 'too_large' }) })).toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('outside the routes', () => {
  it('an unknown path below the mount, a wrong method and a path outside every mount answer in the dialect', async () => {
    expect(await answered({ target: '/chatads/nope' })).toMatchObject({ status: 404, code: 'INVALID_INPUT' })
    const wrong = await answered({ method: 'PUT' })
    expect(wrong).toMatchObject({ status: 405, code: 'INVALID_INPUT' })
    expect(wrong.answer.headers).toContain('POST')
    expect(await answered({ target: '/elsewhere' })).toMatchObject({ status: 404, code: 'INVALID_INPUT' })
  })

  it('with several APIs, what belongs to none is answered as problem+json', () => {
    const both = build({ apis: [api, { ...api, name: 'other', mount: '/other' }] })
    const { answer } = both.refuseRaw('request.invalid', { issue: 'malformed' }, { remoteAddress: '203.0.113.7', cause: 'HPE_INVALID_METHOD' })
    expect(answer.headers.join(' ')).toContain('application/problem+json')
    expect(answer.body).not.toContain('HPE_INVALID_METHOD')
  })
})

describe('the way to a route', () => {
  const catchAll: ApiOptions = { ...api, name: 'site', mount: '/', meters: {}, plans: {}, routes: [{ methods: ['GET', 'POST'], path: '/{rest...}', public: true, steps: [] }] }

  it('an encoded mount is the same mount: no way around the key by another API on the same upstream', async () => {
    const both = build({ apis: [api, catchAll] })
    expect(await answered({ target: '/%63hatads/v1/messages', headers: [] }, both)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
    expect((await forwarded({ target: '/%63hatads/v1/messages' }, both)).target).toBe('/v1/messages')
  })

  it.each(['//chatads/v1/messages', '/x/../chatads/v1/messages'])('%s is refused before any mount is asked', async (target) => {
    const verdict = await build({ apis: [api, catchAll] }).begin(call({ target, headers: [] }))
    expect(verdict).toMatchObject({ kind: 'answer', answer: { status: 400 } })
  })

  it('a malformed path below a mount is refused in the dialect of that mount', async () => {
    const both = build({ apis: [api, catchAll] })
    expect(await answered({ target: '/chatads/v1;x/messages' }, both)).toMatchObject({ status: 400, code: 'INVALID_INPUT' })
  })
})

describe('a plan that the configuration does not have', () => {
  it('makes nobody unlimited: the call is refused and the operator is told', async () => {
    await directory.updateAccount('team_1', (row) => ({ ...row, plan: 'renamed' }))
    expect(await answered()).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' })
    expect(alerts.join()).toContain('daily')
  })

  it('unless the account has limits of its own, or its plan says unlimited', async () => {
    await directory.updateAccount('team_1', (row) => ({ ...row, plan: 'renamed', limits: { daily: 5, monthly: 5 } }))
    await forwarded()
    await directory.updateAccount('team_1', (row) => ({ ...row, plan: 'open', limits: {} }))
    await forwarded({}, build({ apis: [{ ...api, plans: { open: { limits: {}, unlimited: ['daily', 'monthly'] } } }] }))
  })
})

describe('switches', () => {
  it('maintenance refuses everything at once, says until when, and ends by itself', async () => {
    await directory.updateSwitches('chatads', () => ({ maintenance: { on: true, untilMs: clock.wallMs() + 90_500 } }))
    const refused = await answered({ headers: [] })
    expect(refused).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' })
    expect(refused.answer.headers).toContain('91')
    clock.advance(90_500)
    await forwarded()
  })

  it('overload sheds load, by switch and by the number in flight', async () => {
    await directory.updateSwitches('chatads', () => ({ overload: { on: true } }))
    expect(await answered()).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    const narrow = build({ apis: [{ ...api, inFlightMax: 1, plans: { free: { limits: { daily: 9, monthly: 9 } } } }] })
    await directory.updateSwitches('chatads', () => ({}))
    const [first, second] = [await forwarded({}, narrow), await forwarded({}, narrow)]
    expect(await first.dispatching?.()).toBe(true)
    expect(await answered({}, narrow)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    // Which was let in while there was a place, and goes out when there is none.
    expect(await second.dispatching?.()).toBe(false)
    expect(await second.failed({ kind: 'refused', detail: '' }, nothing)).toMatchObject({ status: 503 })
    await first.completed(200, nothing)
    expect(await (await forwarded({}, narrow)).dispatching?.()).toBe(true)
  })

  it('whom nobody knows takes the places that are left for such callers, and no more', async () => {
    const open = { name: 'open', methods: ['POST'], path: '/open', public: true, steps: [] }
    const narrow = build({ apis: [{ ...api, routes: [...api.routes, open], inFlightMax: 3, inFlightUnauthenticatedMax: 1 }] })
    const stranger = { target: '/chatads/open', headers: [] }
    const [first, second] = [await forwarded(stranger, narrow), await forwarded(stranger, narrow)]
    expect(await first.dispatching?.()).toBe(true)
    expect(await answered(stranger, narrow)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    expect(await second.dispatching?.()).toBe(false)
    await second.failed({ kind: 'refused', detail: '' }, nothing)
    const known = [await forwarded({}, narrow), await forwarded({}, narrow)]
    for (const admitted of known) expect(await admitted.dispatching?.()).toBe(true)
    await first.completed(200, nothing)
    expect(await (await forwarded(stranger, narrow)).dispatching?.()).toBe(true)
  })

  it('calls whose bodies are still coming take no place', async () => {
    const narrow = build({ apis: [{ ...api, inFlightMax: 1, plans: { free: { limits: { daily: 9, monthly: 9 } } } }] })
    let arrive = (): void => undefined
    const arrived = new Promise<void>((resolve) => void (arrive = resolve))
    const readBody: IncomingCall['readBody'] = async () => arrived.then(() => ({ kind: 'complete', bytes: new TextEncoder().encode('{') }))
    const verdicts = [1, 2, 3].map(() => narrow.begin(call({ readBody })))
    expect(await (await forwarded({}, narrow)).dispatching?.()).toBe(true)
    arrive()
    const codes = (await Promise.all(verdicts)).map((verdict) => verdict.kind === 'answer' && (JSON.parse(String(verdict.answer.body)) as { error: { code: string } }).error.code)
    expect(codes.toSorted()).toEqual(['INVALID_INPUT', 'INVALID_INPUT', 'INVALID_INPUT'])
  })
})

describe('what the upstream does', () => {
  const problemHeaders = ['content-type', 'application/problem+json']
  const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

  it.each([
    [500, [], undefined, 'INTERNAL_ERROR', 500],
    [503, ['retry-after', '30'], undefined, 'SERVICE_UNAVAILABLE', 503],
    [401, [], undefined, 'SERVICE_UNAVAILABLE', 503],
    [429, [], undefined, 'SERVICE_UNAVAILABLE', 503],
    [400, [], undefined, 'INVALID_INPUT', 400],
    [404, [], undefined, 'INVALID_INPUT', 404],
    [400, problemHeaders, encode({ entry: 'invalidInput', field: 'country', issue: 'is not a country' }), 'INVALID_INPUT', 400],
    [422, problemHeaders, encode({ code: 'CONTENT_BLOCKED' }), 'CONTENT_BLOCKED', 422],
    [400, problemHeaders, encode({ entry: 'constructor' }), 'INTERNAL_ERROR', 500],
    [500, problemHeaders, encode(['no', 'object']), 'INTERNAL_ERROR', 500],
  ])('%i %j → %s', async (status, headers, body, code, answerStatus) => {
    const admitted = await forwarded()
    expect(admitted.judge(status, headers)).toMatchObject({ kind: 'read' })
    const answer = await admitted.answerFor(status, headers, body, nothing)
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code } })
    expect(answer.status).toBe(answerStatus)
    expect(await daily()).toBe(0)
  })

  it('facts of a wrong type from the service are left out', async () => {
    const answer = await (await forwarded()).answerFor(405, problemHeaders, encode({ reason: 'method.not_allowed', allow: 'GET' }), nothing)
    expect(answer).toMatchObject({ status: 405, headers: expect.arrayContaining(['Allow', '']) as string[] })
  })

  it('an upstream that refuses us is an alert, and its words never reach the caller', async () => {
    const admitted = await forwarded()
    const answer = await admitted.answerFor(402, [], encode({ error: 'our card was declined' }), nothing)
    expect(answer.body).not.toContain('card')
    expect(alerts.join()).toContain('402')
  })

  it('the wait that the upstream names is passed on', async () => {
    const answer = await (await forwarded()).answerFor(503, ['Retry-After', '30'], undefined, nothing)
    expect(answer.headers.join(' ').toLowerCase()).toContain('retry-after 30')
  })

  it('success and redirects pass', async () => {
    const admitted = await forwarded()
    expect(admitted.judge(200, []).kind).toBe('pass')
    expect(admitted.judge(304, []).kind).toBe('pass')
  })

  it('a failed connection, a timeout and a broken answer are told apart', async () => {
    expect(JSON.parse((await (await forwarded()).failed({ kind: 'refused', detail: 'ECONNREFUSED 10.1.1.1' }, nothing)).body)).toMatchObject({ error: { code: 'SERVICE_UNAVAILABLE' } })
    const reset = await (await forwarded()).failed({ kind: 'reset', detail: 'ECONNRESET' }, nothing)
    expect(reset.body).not.toContain('ECONN')
    const rows = await store.requests({ limit: 2 })
    expect(rows.map((row) => row.refusal?.reason)).toEqual(['upstream.failed', 'upstream.unavailable'])
    expect(rows[1]?.refusal).toMatchObject({ source: 'upstream', cause: 'ECONNREFUSED 10.1.1.1' })
  })

  it('a caller who went away is logged as such and keeps its count', async () => {
    const admitted = await forwarded()
    await admitted.failed({ kind: 'client_gone', detail: 'closed' }, nothing)
    expect(await store.request(admitted.requestId)).toMatchObject({ status: 499, refusal: { reason: 'aborted', source: 'client' } })
    expect(await daily()).toBe(1)
  })

  it('a stream that breaks is logged as broken in mid-stream', async () => {
    const admitted = await forwarded()
    await admitted.brokenMidStream({ kind: 'reset', detail: 'x' }, 200, ['content-type', 'text/event-stream'], nothing)
    expect(await store.request(admitted.requestId)).toMatchObject({ status: 200, refusal: { midStream: true, reason: 'upstream.failed' } })
  })
})

describe('when our own side fails', () => {
  it('a contract that cannot write its own refusal answers internal, under the same id, and the row is kept', async () => {
    const broken = { ...chatads, render: (...[refusal, context]: Parameters<typeof chatads.render>) => {
      if (refusal.reason === 'credential.missing') throw new Error('cannot render')
      return chatads.render(refusal, context)
    } }
    const refused = await answered({ headers: [] }, build({ apis: [{ ...api, contract: broken }] }))
    expect(refused).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' })
    expect((await store.requests({ limit: 1 }))[0]).toMatchObject({ status: 500, refusal: { cause: 'Error: cannot render' } })
  })

  it('neither scheme, authority nor query of an odd target reaches the log', async () => {
    for (const target of ['http://user:secret@host/chatads/x?secret', 'user:secret@host:443']) gate.refuseRaw('request.invalid', {}, { target, remoteAddress: '203.0.113.7' })
    expect((await store.requests({ limit: 2 })).map(({ path }) => path)).toEqual(['host:443', '/chatads/x'])
  })

  it('a store that cannot count admits nobody, and the cause stays inside', async () => {
    const apply = async (commands: readonly Command[]) => {
      if (commands[0]?.kind === 'admit') throw new Error('disk full at /var/lib/tollgate')
      return store.apply(commands)
    }
    const refused = await answered({}, build({}, { apply }))
    expect(refused).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' })
    expect(refused.answer.body).not.toContain('disk')
    expect(alerts.join()).toContain('disk full')
  })

  it('a key store that throws is an internal error', async () => {
    const refused = await answered({}, build({}, { get: () => Promise.reject(new Error('boom')) }))
    expect(refused).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' })
    expect(refused.answer.body).not.toContain('boom')
  })
})
