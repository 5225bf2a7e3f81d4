/** Each rule of the grading has a bad client that it catches, and a good one that it lets pass. */
import { expect, it, test } from 'vitest'
import { problem } from '../../catalog/contracts.ts'
import { createManualClock, type ManualClock } from '../manual-clock.ts'
import { createMock, type Mock } from './create-mock.ts'
import { formatReport, gradingRules } from './mock-report.ts'
import type { MockScript } from './mock-script.ts'

interface World {
  readonly mock: Mock
  readonly clock: ManualClock
  post(headers?: Readonly<Record<string, string>>, body?: string): Promise<Response>
  get(headers?: Readonly<Record<string, string>>): Promise<Response>
  /** The client waits. */
  wait(ms: number): void
}

type Client = (world: World) => Promise<void>

interface Case {
  readonly script: MockScript<keyof typeof problem.declaration.entries>
  readonly bad: Client
  readonly good: Client
  /** How the sentence begins that the bad one gets. */
  readonly words: RegExp
}

function createWorld(script: MockScript): World {
  const clock = createManualClock(Date.UTC(2026, 0, 1))
  const mock = createMock(problem, script as MockScript<never>, { clock })
  const send = async (method: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Response> => {
    const answer = await mock.fetch('/v1/things', { method, headers, ...(body === undefined ? {} : { body }) })
    await answer.clone().text().catch(() => undefined)
    return answer
  }
  return { mock, clock, post: (headers = {}, body = '{"a":1}') => send('POST', headers, body), get: (headers = {}) => send('GET', headers), wait: (ms) => clock.advance(ms) }
}

const limited = { rules: [{ answer: [{ entry: 'rateLimited', facts: { retryAfterMs: 2_000 } }] }] } as const
const keyA = { 'Idempotency-Key': 'a' }
const keyB = { 'Idempotency-Key': 'b' }
const lost = (world: World, headers = {}): Promise<unknown> => world.post(headers).catch(() => undefined)
const repeated = (waits: (call: number) => number): Client => async ({ get, wait }) => {
  for (let call = 0; call < 8; call++) {
    // Each call fails once, and is repeated after a pause.
    await get({ 'Tollgate-Mock-Call': String(call) })
    wait(waits(call))
    await get({ 'Tollgate-Mock-Call': String(call) })
  }
}

const cases: { readonly [rule: string]: Case } = {
  'retried-never': {
    script: { rules: [{ answer: { entry: 'insufficientCredit' } }] },
    bad: async ({ get, wait }) => (await get(), wait(5_000), await get(), wait(5_000), void (await get())),
    good: async ({ get }) => void (await get()),
    words: /^GET \/v1\/things \(call 1\) was repeated 2 times after insufficientCredit \(402 credit\.insufficient\), whose rule is never: no repeat can pass; pay or upgrade$/,
  },
  'too-early': {
    script: limited,
    bad: async ({ get, wait }) => (await get(), wait(180), void (await get())),
    good: async ({ get, wait }) => (await get(), wait(2_000), void (await get())),
    words: /was repeated 180 ms after rateLimited \(429 rate\.limited\), which told it to wait 2 s$/,
  },
  'gave-up': {
    script: { rules: [{ each: true, answer: [{ entry: 'overloaded' }] }] },
    bad: async ({ get }) => void (await get()),
    good: async ({ get, wait }) => (await get(), wait(1_000), void (await get())),
    words: /was given up after overloaded \(503 capacity\.overloaded\), which may be repeated with growing pauses$/,
  },
  hammered: {
    script: { rules: [{ answer: { entry: 'internal' } }] },
    bad: async ({ get, wait }) => {
      for (let attempt = 0; attempt < 4; attempt++) {
        await get()
        wait(2)
      }
    },
    good: async ({ get, wait }) => {
      for (const pause of [310, 640, 1_190]) {
        await get()
        wait(pause)
      }
      await get()
    },
    words: /was repeated 3 times at once \(within 2 ms\), without a pause that grows$/,
  },
  'no-jitter': {
    script: { rules: [{ each: true, answer: [{ entry: 'internal' }] }] },
    bad: repeated(() => 500),
    good: repeated((call) => 60 + call * 70),
    words: /^the pauses before attempt 2 of 8 calls were all 500 ms: /,
  },
  'new-key': {
    script: limited,
    bad: async ({ post, wait }) => (await post(keyA), wait(2_000), void (await post(keyB))),
    good: async ({ post, wait }) => (await post(keyA), wait(2_000), void (await post(keyA))),
    words: /^POST \/v1\/things \(call 1\) was repeated with another idempotency key: /,
  },
  'reused-key': {
    script: { idempotency: {}, ...limited },
    bad: async ({ post, wait }) => (await post(keyA), wait(2_000), void (await post(keyA, '{"a":2}'))),
    good: async ({ post, wait }) => (await post(keyA), wait(2_000), await post(keyA), void (await post(keyB, '{"a":2}'))),
    words: /came under the idempotency key of another request \(POST \/v1\/things with another body\)$/,
  },
  'empty-body': {
    script: limited,
    bad: async ({ post, wait }) => (await post(), wait(2_000), void (await post({}, ''))),
    good: async ({ post, wait }) => (await post(), wait(2_000), void (await post())),
    words: /was repeated with an empty body; the first attempt had 7 bytes$/,
  },
  'ignored-refresh': {
    script: { tokens: { on: 'POST /token', calls: 1 } },
    bad: async ({ get }) => (await get({ Authorization: 'Bearer old' }), void (await get({ Authorization: 'Bearer old' }))),
    good: async ({ get, mock }) => (await get({ Authorization: 'Bearer old' }), void (await get({ Authorization: `Bearer ${await tokenOf(mock)}` }))),
    words: /was repeated after expiredToken \(401 token\.expired\) with the credentials that had expired$/,
  },
  'refresh-stampede': {
    script: { tokens: { on: 'POST /token', calls: 5 } },
    bad: async ({ get, mock }) => (await tokenOf(mock), await tokenOf(mock), void (await get({ Authorization: `Bearer ${await tokenOf(mock)}` }))),
    good: async ({ get, mock }) => void (await get({ Authorization: `Bearer ${await tokenOf(mock)}` })),
    words: /^2 tokens of 3 were fetched and never used: /,
  },
  'unsafe-repeat': {
    script: { rules: [{ answer: [{ drop: 'late' }] }] },
    bad: async (world) => (await lost(world), world.wait(500), void (await world.post())),
    good: async (world) => void (await lost(world)),
    words: /was sent again after a dropped connection, without an idempotency key: the first may have been done$/,
  },
  'paid-twice': {
    script: { paid: 'POST /v1/*', idempotency: {}, rules: [{ answer: [{ drop: 'late' }] }] },
    bad: async (world) => (await lost(world), world.wait(500), void (await world.post())),
    good: async (world) => (await lost(world, keyA), world.wait(500), void (await world.post(keyA))),
    words: /was accepted, done and paid 2 times$/,
  },
}

async function tokenOf(mock: Mock): Promise<string> {
  const answer = await mock.fetch('/token', { method: 'POST' })
  return ((await answer.json()) as { readonly access_token: string }).access_token
}

it('each rule is tried', () => {
  expect(Object.keys(cases).toSorted()).toEqual(gradingRules.map(({ name }) => name).toSorted())
})

test.each(Object.entries(cases))('%s: a client that does it is caught, in words', async (rule, { script, bad, words }) => {
  const world = createWorld(script)
  await bad(world)
  const { verdict, faults, rules } = world.mock.grade()
  expect(faults.filter((fault) => fault.rule === rule).map((fault) => fault.words)).toEqual([expect.stringMatching(words)])
  expect({ verdict, state: rules.find(({ name }) => name === rule)?.state }).toEqual({ verdict: 'failed', state: 'broken' })
})

test.each(Object.entries(cases))('%s: a client that does right passes', async (rule, { script, good }) => {
  const world = createWorld(script)
  await good(world)
  const report = world.mock.grade()
  expect(report.faults).toEqual([])
  expect(report.verdict).toBe('passed')
  expect(report.rules.find(({ name }) => name === rule)?.state).toBe('kept')
})

it('says what was seen and what was not, and what no server can see', async () => {
  const world = createWorld({ rules: [{ answer: [{ cut: { after: 2, by: 'end' }, stream: true }, { entry: 'rateLimited' }] }], expect: ['waited at least 2 s'] })
  await world.get()
  await world.get()
  world.wait(1_000)
  await world.get()
  expect(formatReport(world.mock.grade())).toMatchInlineSnapshot(`
    "mock of problem, seed 1: 3 requests in 1 call

      WRONG  expected          "waited at least 2 s": the shortest wait was 0 ms
      ok     too-early         it waits as long as it is told (seen once)
      ok     hammered          it pauses between attempts, and ends them (seen once)
      -      not seen          retried-never, gave-up, no-jitter, new-key, reused-key, empty-body, ignored-refresh, refresh-stampede, unsafe-repeat, paid-twice

    What no server can see:
      1 stream ended without what says that it is whole: whether the client took it for whole, only its own test can see

    Failed: 1 expectation not met.
    "
  `)
})

it('a repeat that arrives before it is seen that the client has given up belongs to its call', () => {
  const { mock } = createWorld({ paid: 'POST *' })
  const post = { method: 'POST', target: '/v1/things', headers: [], body: new TextEncoder().encode('{"a":1}') }
  const at = (monotonicMs: number) => ({ monotonicMs, wallMs: 0 })
  const first = mock.begin(post, at(0))
  const second = mock.begin(post, at(5_000))
  mock.ended(first.attempt, 'gone', 5_003)
  mock.ended(second.attempt, 'sent', 5_010)
  const report = mock.grade()
  expect([report.calls, report.faults.map(({ rule }) => rule)]).toEqual([1, ['unsafe-repeat', 'paid-twice']])
})

it('says once what is wrong in the same way several times', async () => {
  const world = createWorld({ rules: [{ answer: { entry: 'rateLimited' } }] })
  for (const key of ['a', 'b', 'c']) {
    await world.post({ 'Idempotency-Key': key })
    world.wait(1_000)
  }
  expect(formatReport(world.mock.grade()).split('\n').filter((line) => line.includes('new-key'))).toEqual([expect.stringMatching(/ is then done again \(2 times\)$/)])
})

it('whoever is still waiting has not given up', async () => {
  const world = createWorld({ rules: [{ answer: [{ entry: 'rateLimited', facts: { retryAfterMs: 30_000 } }] }] })
  await world.get()
  world.wait(29_000)
  expect(world.mock.grade(false).faults).toEqual([])
  world.wait(20_000)
  expect(world.mock.grade(false).faults.map(({ rule }) => rule)).toEqual(['gave-up'])
})

it('a wait that is longer than a caller has patience for may be given up, and a POST without a key', async () => {
  const long = createWorld({ rules: [{ answer: { entry: 'rateLimited', facts: { retryAfterMs: 3_600_000 } } }] })
  await long.get()
  expect(long.mock.grade().faults).toEqual([])
  const keyless = createWorld({ rules: [{ answer: { entry: 'overloaded' } }] })
  await keyless.post()
  expect(keyless.mock.grade().faults).toEqual([])
})

it('who repeats one call and not the next keeps to a budget, which is no fault', async () => {
  const world = createWorld({ rules: [{ answer: { entry: 'internal' } }] })
  for (let attempt = 0; attempt < 3; attempt++) {
    await world.get({ 'Tollgate-Mock-Call': 'one' })
    world.wait(400)
  }
  await world.get({ 'Tollgate-Mock-Call': 'next' })
  expect(world.mock.grade().faults).toEqual([])
})

it('calls alike, each under its own key, are not taken for repeats of each other', async () => {
  const world = createWorld({ rules: [{ each: true, answer: [{ entry: 'overloaded' }] }] })
  for (const key of ['a', 'b', 'c']) await world.post({ 'Idempotency-Key': key })
  world.wait(1_000)
  for (const key of ['a', 'b', 'c']) await world.post({ 'Idempotency-Key': key })
  expect(world.mock.grade()).toMatchObject({ calls: 3, requests: 6, faults: [] })
})

it('a key for each of four attempts is three faults of one call', async () => {
  const world = createWorld({ rules: [{ answer: [{ entry: 'overloaded', times: 3 }] }] })
  for (const key of ['a', 'b', 'c', 'd']) {
    await world.post({ 'Idempotency-Key': key })
    world.wait(1_000)
  }
  expect(world.mock.grade()).toMatchObject({ calls: 1, requests: 4, faults: [{ rule: 'new-key', attempts: [1, 2] }, { rule: 'new-key', attempts: [2, 3] }, { rule: 'new-key', attempts: [3, 4] }] })
})

it('new credentials or a new key, where that is what is asked for, are no repeat', async () => {
  const world = createWorld({ rules: [{ on: 'GET *', answer: [{ entry: 'invalidCredential' }] }, { on: 'POST *', answer: [{ entry: 'idempotencyMismatch' }] }] })
  await world.get({ Authorization: 'Bearer wrong' })
  await world.get({ Authorization: 'Bearer right' })
  await world.post(keyA)
  await world.post(keyB)
  expect(world.mock.grade().faults).toEqual([])
})
