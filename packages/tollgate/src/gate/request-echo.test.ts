/** Answers that say the id of their request again, whenever they are given. */
import { describe, expect, it } from 'vitest'
import { jsonRpc } from '../catalog/contracts.ts'
import { createWorld, nothingSent, type World, type WorldOptions } from './fixtures/paid-world.ts'
import type { RouteOptions } from './gate-options.ts'

const routes: readonly RouteOptions[] = [
  { methods: ['POST'], path: '/v1/rpc', steps: [], bodyBytesMax: 200 },
  { methods: ['POST'], path: '/v1/paid', steps: [{ kind: 'take', take: [{ meter: 'balance', price: { amount: 5_000, times: [] } }] }] },
]
const worldOf = (change: WorldOptions = {}): Promise<World> => createWorld({ ...change, api: { contract: jsonRpc, routes, ...change.api } })
const idOf = (text: string): unknown => (JSON.parse(text) as { readonly id?: unknown }).id
const call = (more: object = {}) => ({ method: 'POST', target: '/nexalayer/v1/rpc', body: { jsonrpc: '2.0', method: 'm', id: 'c-7' }, ...more })

describe('the id of the request stands in a refusal', () => {
  it.each([
    ['before its caller is known', call({ headers: ['x-api-key', 'nope'] }), 401],
    ['of a path that is not there', call({ target: '/nexalayer/nope' }), 200],
    ['of a method', call({ method: 'PUT' }), 405],
    ['of a call that costs too much', call({ target: '/nexalayer/v1/paid' }), 402],
  ])('%s', async (_, sent, status) => {
    const world = await worldOf()
    const answer = await world.answered(sent)
    expect([answer.status, idOf(answer.body)]).toEqual([status, 'c-7'])
  })

  it('of the service, and of one that fails', async () => {
    const world = await worldOf()
    const refused = await world.run(call(), { status: 404, body: '{"detail":"no"}' })
    expect(idOf(refused.body)).toBe('c-7')
    const admitted = await world.forwarded(call())
    const failed = await admitted.failed({ kind: 'reset', detail: '' }, nothingSent)
    expect(idOf(failed.body)).toBe('c-7')
  })
})

describe('it is null', () => {
  it.each([
    ['where the body is no JSON', call({ bytes: new TextEncoder().encode('{"id":'), headers: ['x-api-key', 'nope'] })],
    ['where a member stands twice', call({ bytes: new TextEncoder().encode('{"id":1,"id":2}'), headers: ['x-api-key', 'nope'] })],
    ['where the body is too large', call({ bytes: new TextEncoder().encode(`{"id":1,"x":"${'x'.repeat(200)}"}`) })],
  ])('%s', async (_, sent) => {
    const world = await worldOf()
    expect(idOf((await world.answered(sent)).body)).toBeNull()
  })
})

it('a body is asked for once, and not at all of a form or by a contract that says nothing again', async () => {
  const asked: string[] = []
  const world = await worldOf()
  const begin = async (gate: World['gate'], headers: readonly string[]) =>
    gate.begin({
      method: 'POST', target: '/nexalayer/v1/rpc', headers, remoteAddress: '203.0.113.7', hasBody: true,
      readBody: async () => {
        asked.push('read')
        return { kind: 'timeout' }
      },
    })
  await begin(world.gate, [])
  expect(asked).toEqual(['read'])
  await begin(world.gate, ['content-type', 'application/x-www-form-urlencoded'])
  await begin((await createWorld()).gate, [])
  expect(asked).toEqual(['read'])
})
