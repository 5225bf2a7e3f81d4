import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { callOf } from './call-of.ts'
import { contextOf } from './call-context.ts'

const headers = {
  'tollgate-request-id': 'req_1',
  'tollgate-account': 'team_1',
  'tollgate-user': 'ann',
  'tollgate-key': 'key_1',
  'tollgate-plan': 'pro',
  'tollgate-scopes': 'read write',
  'tollgate-usage': '{"daily":{"limit":100,"used":3,"remaining":97,"reset":"2026-11-22T00:00:00.000Z"},"credit":{"available":"12.50","held":"1.00","scale":2}}',
  'tollgate-lease': 'active',
  'tollgate-call': 'http://127.0.0.1:9091/calls/token',
  'idempotency-key': 'k-1',
}

it('the headers of node:http and those of fetch say the same', () => {
  const context = contextOf(headers)
  expect(context).toEqual({
    requestId: 'req_1',
    account: 'team_1',
    user: 'ann',
    key: 'key_1',
    plan: 'pro',
    scopes: ['read', 'write'],
    usage: { daily: { kind: 'count', limit: 100, used: 3, remaining: 97, reset: '2026-11-22T00:00:00.000Z' }, credit: { kind: 'money', available: '12.50', held: '1.00', scale: 2 } },
    balance: { kind: 'money', available: '12.50', held: '1.00', scale: 2 },
    lease: 'active',
    idempotencyKey: 'k-1',
    url: 'http://127.0.0.1:9091/calls/token',
  })
  expect(contextOf(new Headers(headers))).toEqual(context)
})

it('alone, without a gateway, nothing is known and there is nothing to settle', async () => {
  const call = callOf({})
  expect(call).toMatchObject({ requestId: undefined, account: undefined, scopes: [], usage: {}, balance: undefined, lease: undefined, url: undefined })
  expect(await call.charge('0.25')).toMatchObject({ outcome: 'unknown', detail: expect.stringContaining('Tollgate-Call') })
})

it('a meter is only there if the gateway names it', () => {
  for (const text of ['{"daily":{"limit":1}}', '{"__proto__":{"daily":1}}', '{', 'null', '']) {
    const { usage } = contextOf({ 'tollgate-usage': text })
    expect([usage['constructor'], usage['toString']]).toEqual([undefined, undefined])
  }
})

it('whatever stands in the headers, the context can be read', () => {
  for (const text of ['{"credit":null}', '{"credit":5}', '[7]', '"x"']) expect(contextOf({ 'tollgate-usage': text })).toMatchObject({ usage: {}, balance: undefined })
  const name = fc.constantFrom('tollgate-usage', 'tollgate-scopes', 'tollgate-lease', 'tollgate-account')
  fc.assert(fc.property(fc.dictionary(name, fc.oneof(fc.string(), fc.json(), fc.array(fc.string()))), (some) => {
    expect(contextOf(some).usage).toBeTypeOf('object')
  }))
})

it('a call whose address leads elsewhere is refused before anything is asked', () => {
  expect(() => callOf({ 'tollgate-call': 'http://example.com/calls/t' })).toThrow('Tollgate-Call is "http://example.com/calls/t"')
})
