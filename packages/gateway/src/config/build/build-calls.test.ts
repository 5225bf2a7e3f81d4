import { describe, expect, it } from 'vitest'
import { needsCallApi } from './call-api-need.ts'
import { fixedChanges } from './fixed-settings.ts'
import { configWhen, problemsWhen, type Change } from './fixtures/nexalayer-config.ts'

const unpaid: Change = (a) => (a.routes = a.routes.slice(3, 4))

describe('the listener for services', () => {
  it('is reached under host and port, or as is said', () => {
    expect(configWhen((_, config) => (config.calls = { port: 7, host: '::1', url: 'http://gateway.internal/calls/' })).calls).toEqual({ port: 7, host: '::1', url: 'http://gateway.internal/calls' })
  })

  it.each<[string, Change, readonly string[]]>([
    ['the port of another listener', (_, c) => (c.calls = { port: 8080 }), ['calls.port: 8080 is the port of listen too; they need one each']],
    ['the port of the admin API', (_, c) => (c.admin = { port: 9091 }), ['calls.port: 9091 is the port of admin too; they need one each']],
    ['a host that is none', (_, c) => (c.calls = { host: 'gateway.internal' }), ['calls.host: "gateway.internal" must be an IP address or localhost']],
    ['an address that nobody can ask for', (_, c) => (c.calls = { host: '0.0.0.0' }), ['calls.url: is missing: services cannot ask for 0.0.0.0; write the address under which they reach it, such as url: http://gateway.internal:9091/calls']],
    ['a URL that is none', (_, c) => (c.calls = { url: 'gateway:9091' }), ['calls.url: "gateway:9091" must be a URL such as http://127.0.0.1:9091/calls']],
    ['a URL with a password', (_, c) => (c.calls = { url: 'http://u:hush@h/calls' }), ['calls.url: "http://(secret)@h/calls" must not hold a user and password']],
    ['a setting that there is not', (_, c) => (c.calls = { prot: 1 }), ['calls.prot: there is no setting "prot" here; did you mean "port"?']],
  ])('is told where, what and how to mend it: %s', (_, change, problems) => {
    expect(problemsWhen(change)).toEqual(problems)
  })

  it('is in nobody’s way where it is not needed', () => {
    expect(problemsWhen((api, config) => (unpaid(api, config), delete api.tokens, api.credentials.from.pop(), (config.admin = { port: 9091 })))).toEqual([])
  })

  it('keeps its address while the gateway runs: services keep its URLs', () => {
    const before = configWhen(() => undefined)
    const after = configWhen((_, config) => (config.calls = { port: 7, host: '::1', url: 'http://h/calls' }))
    expect(fixedChanges(before, before)).toEqual([])
    expect(fixedChanges(before, after).map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual([
      'calls.port is 9091 and cannot become 7 while running; restart for that',
      'calls.host is 127.0.0.1 and cannot become ::1 while running; restart for that',
      'calls.url is not set and cannot become http://h/calls while running; restart for that',
    ])
  })
})

describe('services have something to settle', () => {
  const only =
    (...steps: readonly unknown[]): Change =>
    (a) =>
      (a.routes = [{ on: 'POST /v1/{id}', steps }, a.routes[4]])
  const lookup = { lookup: { table: 'products', resource: 'product', param: 'id' } }

  it.each<[boolean, string, Change]>([
    [true, 'a balance', only({ take: [{ meter: 'credit', price: 1 }] })],
    [true, 'a session', only({ take: ['sessions'] })],
    [true, 'stock', only(lookup, { take: [{ meter: 'stock', limit: 5 }] })],
    [true, 'a lease', only({ lease: { param: 'id' } })],
    [false, 'a slot', only({ take: ['calls'] })],
    [false, 'a window and a key', only({ take: ['requests'] }, { idempotency: {} })],
    [false, 'a look at the balance', only({ read: ['credit'] })],
  ])('%s for a route with %s', (needed, _, change) => {
    expect(needsCallApi(configWhen(change))).toBe(needed)
  })
})
