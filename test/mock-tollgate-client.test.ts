/** `tollgate/client`, graded by the mock: it must get no fault, for any entry of any contract that is written, and in every trouble that a network has. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { catalog, openai, problem } from 'tollgate/catalog'
import { createClient, createRetryBudget, wrapFetch, type Client, type ClientOptions } from 'tollgate/client'
import { streamJson } from 'tollgate/client/streams'
import { createMock, formatReport, gradingRules, type Mock, type MockReport, type MockScript } from 'tollgate/testing'
import type { Contract } from 'tollgate/contract'
import { findContract } from '../packages/gateway/src/config/build/contract-source.ts'
import { createFiles } from '../packages/gateway/src/config/read/files.ts'
import { startMock } from '../packages/gateway/src/mock/mock-server.ts'
import { createJumpingClock } from '../packages/tollgate/src/client/fixtures/scripted-fetch.ts'
import { createSeededRandom } from '../packages/tollgate/src/testing/mock/seeded-random.ts'

interface World {
  readonly mock: Mock
  readonly client: Client
  /** Lets time pass until the work is done; what it throws is its own affair. */
  run(work: Promise<unknown>): Promise<unknown>
}

function createWorld(contract: Contract, script: MockScript, options: Partial<ClientOptions> = {}): World {
  const clock = createJumpingClock()
  const mock = createMock(contract, script, { clock })
  // One client, one origin, and a budget that is its own: what others have spent is not its fault.
  const client = createClient({ baseUrl: 'https://api.example.com/v1', contract, fetch: mock.fetch, clock, random: createSeededRandom(1), budget: createRetryBudget({}), ...options } as ClientOptions)
  return { mock, client: client as Client, run: (work) => clock.until(work.then((value) => value, (error: unknown) => error)) }
}

const faultsOf = (report: MockReport): readonly string[] => report.faults.map(({ rule, words }) => `${rule}: ${words}`)
const seen = new Set<string>()
function expectNoFault({ mock }: World): void {
  const report = mock.grade()
  for (const { name, state } of report.rules) if (state === 'kept') seen.add(name)
  expect(faultsOf(report)).toEqual([])
}

const ignored = () => undefined
/** With the parser that one of XML is read by. */
const written = Object.keys(catalog)
  .flatMap((name) => findContract(name, [], createFiles('.'), ignored, ignored) ?? [])
  .filter(({ declaration: { decodeOnly } }) => decodeOnly !== true)

describe.each(written.map((contract) => [contract.name, contract] as const))('%s', (_, contract) => {
  it.each([...contract.entries.keys()])('%s', async (entry) => {
    let renewed = 0
    const world = createWorld(contract, { rules: [{ each: true, answer: [{ entry }] }] }, { credentials: { token: 'old', refresh: async () => `new ${(renewed += 1)}` } })
    await world.run(world.client('/things'))
    await world.run(world.client('/things', { method: 'POST', body: '{"a":1}' }))
    await world.run(world.client('/things', { method: 'PUT', body: '{"a":1}' }))
    expectNoFault(world)
  })
})

it('an outage, a queue of calls: pauses by chance, and an end', async () => {
  const world = createWorld(problem, { rules: [{ answer: { entry: 'internal' } }] })
  await world.run(Promise.all(Array.from({ length: 12 }, (_, at) => world.client(`/things/${at}`))))
  expectNoFault(world)
})

it('calls that fail once each', async () => {
  const world = createWorld(problem, { rules: [{ each: true, answer: [{ entry: 'internal' }] }] })
  for (let at = 0; at < 12; at++) await world.run(world.client(`/things/${at}`))
  expectNoFault(world)
  expect(world.mock.grade().rules.find(({ name }) => name === 'no-jitter')?.state).toBe('kept')
})

it('a token that has expired, for five calls at once: one refresh, one repeat each', async () => {
  const world = createWorld(problem, { tokens: { on: 'POST /v1/token' } }, {
    credentials: {
      token: 'old',
      refresh: async () => ((await (await world.mock.fetch('/v1/token', { method: 'POST' })).json()) as { readonly access_token: string }).access_token,
    },
  })
  await world.run(Promise.all(Array.from({ length: 5 }, (_, at) => world.client.json(`/things/${at}`))))
  expectNoFault(world)
  expect(() => world.mock.assert('refreshed once', 'repeated 5 times')).not.toThrow()
})

it('paid work whose answer is lost: with a key once, without one not again', async () => {
  const lost: MockScript = { paid: 'POST /v1/*', idempotency: {}, rules: [{ each: true, answer: [{ drop: 'late' }] }] }
  const keyed = createWorld(problem, lost, { idempotencyHeader: 'Idempotency-Key' })
  await keyed.run(keyed.client.json('/things', { method: 'POST', body: '{"a":1}' }))
  expectNoFault(keyed)
  expect(() => keyed.mock.assert('paid once', 'repeated once', 'same idempotency key')).not.toThrow()
  const keyless = createWorld(problem, lost, { idempotencyHeader: false })
  await keyless.run(keyless.client.json('/things', { method: 'POST', body: '{"a":1}' }))
  expectNoFault(keyless)
  expect(() => keyless.mock.assert('paid once', 'did not repeat')).not.toThrow()
})

it('paid work that takes too long, without a key', async () => {
  const world = createWorld(problem, { paid: 'POST /v1/*', rules: [{ answer: [{ delayMs: 120_000 }] }] }, { idempotencyHeader: false, attemptTimeoutMs: 5_000 })
  await world.run(world.client.json('/things', { method: 'POST', body: '{"a":1}' }))
  expectNoFault(world)
  expect(() => world.mock.assert('did not repeat')).not.toThrow()
})

it.each([
  ['a body that breaks off', { cut: { after: 5, by: 'close' } }],
  ['a body that ends too soon', { cut: { after: 5, by: 'end' } }],
  ['a length that is too large', { lengthOff: 10 }],
  ['the page of a proxy', { raw: { status: 502, body: '<html>Bad Gateway</html>' } }],
  ['a connection that is dropped', { drop: 'early' }],
  ['a wait that nobody tells', { entry: 'rateLimited', headers: { 'Retry-After': null } }],
  ['a wait of a year', { entry: 'rateLimited', headers: { 'Retry-After': '31536000' } }],
  ['a wait that is longer than timers are', { entry: 'rateLimited', headers: { 'Retry-After': '9999999' } }],
] as const)('%s', async (_, step) => {
  const world = createWorld(problem, { rules: [{ each: true, answer: [{ ...step, times: 2 }] }] })
  await world.run(world.client.json('/things'))
  await world.run(world.client.json('/things', { method: 'POST', body: '{"a":1}' }))
  expectNoFault(world)
})

describe('streams', () => {
  const read = async (client: Client): Promise<string> => {
    let said = ''
    for await (const { text } of streamJson<{ readonly text: string }>(client, '/chat', { method: 'POST', json: { stream: true }, headers: { 'Idempotency-Key': 'k' } })) said += text
    return said
  }
  const WHOLE = 'This comes in several events.'

  it.each([
    ['ends in order and too soon', { cut: { after: 2, by: 'end' } }],
    ['is closed', { cut: { after: 2, by: 'close' } }],
    ['is reset', { cut: { after: 2, by: 'reset' } }],
    ['says a refusal', { code: 'rate_limit_exceeded', midStream: 2 }],
  ] as const)('one that %s after it has begun is an error, and is not begun anew', async (_, step) => {
    const world = createWorld(openai, { rules: [{ answer: [step] }] })
    expect(await world.run(read(world.client))).toBeInstanceOf(Error)
    expectNoFault(world)
    expect(() => world.mock.assert('1 request')).not.toThrow()
  })

  it.each([
    ['ends', { cut: { after: 0, by: 'close' } }],
    ['says a refusal', { code: 'rate_limit_exceeded', midStream: 0 }],
  ] as const)('one that %s before anything was handed on is begun anew, and comes whole', async (_, step) => {
    const world = createWorld(openai, { rules: [{ answer: [{ ...step, stream: true }] }] }, { idempotencyHeader: 'Idempotency-Key' })
    expect(await world.run(read(world.client))).toBe(WHOLE)
    expectNoFault(world)
    expect(() => world.mock.assert('2 requests', 'same idempotency key')).not.toThrow()
  })
})

it('over a port, in real time', async () => {
  const server = await startMock({ contract: problem, script: { rules: [{ answer: ['rateLimited', 'internal'].map((entry) => ({ entry })) }] }, address: { port: 0, host: '127.0.0.1' }, onError: (error) => expect.unreachable(String(error)) })
  onTestFinished(() => server.close())
  const client = createClient({ baseUrl: server.url, contract: problem })
  expect(await client.json('/things')).toMatchObject({ ok: true })
  expect(faultsOf(server.mock.grade())).toEqual([])
  expect(() => server.mock.assert('3 requests', '1 call')).not.toThrow()
})

it('as the fetch of others it keeps the rules of the contract', async () => {
  const clock = createJumpingClock()
  const mock = createMock(openai, { rules: [{ each: true, answer: [{ code: 'rate_limit_exceeded', facts: { retryAfterMs: 3_000 } }] }, { on: 'GET /v1/none', answer: { code: 'insufficient_quota' } }] }, { clock })
  const careful = wrapFetch(mock.fetch, { contract: openai, clock, budget: false })
  await clock.until(careful('https://api.openai.com/v1/models'))
  await clock.until(careful('https://api.openai.com/v1/none'))
  expect(formatReport(mock.grade())).toContain('Passed.')
})

it('each rule of the grading was there to be broken', () => {
  // With a key for each call no two requests share one by mistake, and this client repeats them whole.
  expect(gradingRules.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([])
})
