import { expect, it } from 'vitest'
import { configWhen } from './fixtures/nexalayer-config.ts'

it('money, leases, keys, tables and tokens become what the pipeline takes', () => {
  const { calls, upstreams, apis, passages } = configWhen(() => undefined)
  const [api] = apis
  expect(calls).toEqual({ port: 9091, host: '127.0.0.1' })
  expect(upstreams).toEqual({ nexalayer: { url: 'http://127.0.0.1:9102', preserveHost: false } })
  expect(api).toMatchObject({
    credentials: { from: [{ in: 'header', name: 'x-api-key' }, { in: 'header', name: 'authorization', scheme: 'bearer', token: true }], prefix: 'ak_' },
    scopeImplies: { admin: ['read', 'write'] },
    unauthenticatedMeter: 'addresses',
    service: { isIdempotent: true },
    tables: { products: { 'P-1': { price: 300, renew_price: 250, stock: 20 }, 'P-2': { price: 15, renew_price: 10, stock: null } } },
  })
  expect(passages['nexalayer']).toMatchObject({ upstream: 'nexalayer', rewrites: [] })
  expect(api?.meters).toEqual({
    requests: { meter: { kind: 'window', windowMs: 60_000, algorithm: 'fixed', counts: 'admitted' }, per: 'key', limit: 60 },
    addresses: { meter: { kind: 'window', windowMs: 60_000, counts: 'admitted' }, per: 'ip', limit: 120 },
    sessions: { meter: { kind: 'lease', of: 'session' }, per: 'account', limit: 3 },
    stock: { meter: { kind: 'lease', of: 'stock' }, per: 'resource' },
    calls: { meter: { kind: 'lease', of: 'slot' }, per: 'key', limit: 4 },
    credit: { meter: { kind: 'balance', scale: 2 }, per: 'account' },
  })
  expect(api?.routes.map(({ steps }) => steps)).toEqual([
    [
      { kind: 'take', take: ['requests'] },
      { kind: 'idempotency', header: 'idempotency-key', keptMs: 86_400_000, fingerprint: 'json', answerBytesMax: 262_144, storeStatuses: ['2xx'] },
      { kind: 'lookup', table: 'products', resource: 'product', by: 'field', name: 'config.product_no' },
      {
        kind: 'take',
        take: [
          'sessions',
          { meter: 'stock', cost: { kind: 'field', path: 'config.quantity', default: 1 }, limit: { kind: 'column', column: 'stock' } },
          { meter: 'credit', price: { amount: { kind: 'column', column: 'price' }, times: [{ kind: 'field', path: 'config.quantity', default: 1 }, { kind: 'field', path: 'config.duration_days', default: 1 }] } },
        ],
        hold: { holdMs: 600_000, onExpiry: 'release' },
      },
    ],
    [{ kind: 'take', take: ['requests'] }, { kind: 'lease', param: 'id', allow: ['active', 'terminated'] }],
    [
      { kind: 'take', take: ['requests'] },
      { kind: 'idempotency', header: 'idempotency-key' },
      { kind: 'lease', param: 'id' },
      { kind: 'lookup', table: 'products', resource: 'product', by: 'leased', name: 'stock' },
      { kind: 'take', take: [{ meter: 'credit', price: { amount: { kind: 'column', column: 'renew_price' }, times: [{ kind: 'field', path: 'duration_days' }, { kind: 'leased', meter: 'stock' }] } }] },
    ],
    [{ kind: 'take', take: ['requests'] }, { kind: 'read', meters: ['credit'] }],
    [{ kind: 'take', take: ['addresses'] }],
    [{ kind: 'take', take: ['requests'] }],
    [{ kind: 'take', take: ['requests'] }],
  ])
})

it('an API whose routes all have a handler needs no upstream', () => {
  const { passages } = configWhen((each, config) => {
    config.upstreams = {}
    each.routes = each.routes.filter(({ handler }: { handler?: string }) => handler !== undefined)
  })
  expect(passages['nexalayer']?.upstream).toBe('')
})
