import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, assert, constantFrom, jsonValue, property, tuple } from 'fast-check'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chatads, problem } from 'tollgate/catalog'
import type { Environment } from './read/environment.ts'
import { configJsonSchema, type FileInput } from './shape/file-shape.ts'
import { shownPath } from './read/files.ts'
import type { GatewayConfig } from './gateway-config.ts'
import { steps } from './steps/steps.ts'
import { loadConfig } from './load-config.ts'
import { formatProblem } from './read/config-problem.ts'

const minimal = {
  store: 'memory',
  upstreams: { service: 'http://127.0.0.1:9101' },
  apis: {
    ads: {
      mount: '/ads',
      credentials: { from: [{ header: 'X-API-Key' }], prefix: 'cak_' },
      meters: { burst: { window: '60s', limit: 600, per: 'account' }, daily: { quota: 'day', per: 'account' }, perIp: { window: '1s', limit: 5, per: 'ip' } },
      plans: { free: { daily: 100 } },
      routes: [{ on: 'POST /v1/messages', steps: [{ take: ['burst', 'daily'] }] }],
    },
  },
} satisfies FileInput

/** A copy of the minimal configuration, changed. */
function changed(change: (config: ReturnType<typeof copy>) => void): unknown {
  const config = copy()
  change(config)
  return config
}

// oxlint-disable-next-line typescript/no-explicit-any -- wrong configurations are what these tests are about
function copy(): any {
  return structuredClone(minimal)
}

function problemsOf(config: unknown, environment: Environment = {}): readonly string[] {
  const loaded = loadConfig(config as FileInput, { environment, baseDir: tmpdir() })
  return loaded.ok ? [] : loaded.problems.map(formatProblem)
}

function configOf(config: unknown, environment: Environment = {}): GatewayConfig {
  const loaded = loadConfig(config as FileInput, { environment, baseDir: '/srv/tollgate' })
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  return loaded.value
}

function problemsIn(file: string): readonly string[] {
  const loaded = loadConfig(file, { environment: {} })
  return loaded.ok ? [] : loaded.problems.map(formatProblem)
}

describe('a configuration', () => {
  it('may leave nearly everything to defaults', () => {
    const { listen, admin, calls, store, requestLog, shutdown, upstreams, apis, passages, fallback } = configOf(minimal)
    expect({ listen, admin, calls, store, requestLog, shutdown, upstreams }).toEqual({
      listen: { port: 8080, host: '127.0.0.1', trust: 'none', health: false, wire: 'plain' },
      admin: { port: 9090, host: '127.0.0.1', hostnames: [], tokens: {}, may: {}, tokenFile: undefined },
      calls: { port: 9091, host: '127.0.0.1' },
      store: { kind: 'memory' },
      requestLog: { keepMs: 2_592_000_000 },
      shutdown: { graceMs: 30_000, delayMs: 0 },
      upstreams: { service: { url: 'http://127.0.0.1:9101', preserveHost: false } },
    })
    expect(apis).toEqual([
      {
        name: 'ads',
        mount: '/ads',
        contract: problem,
        credentials: { from: [{ in: 'header', name: 'X-API-Key' }], prefix: 'cak_' },
        meters: {
          burst: { meter: { kind: 'window', windowMs: 60_000, counts: 'admitted' }, per: 'account', limit: 600 },
          daily: { meter: { kind: 'quota', period: 'day', counts: 'admitted', uncountOn: ['upstream.*', 'internal', 'capacity.overloaded'] }, per: 'account' },
          perIp: { meter: { kind: 'window', windowMs: 1_000, counts: 'admitted' }, per: 'ip', limit: 5 },
        },
        plans: { free: { limits: { daily: 100 } } },
        routes: [{ name: 'POST /v1/messages', methods: ['POST'], path: '/v1/messages', steps: [{ kind: 'take', take: ['burst', 'daily'] }] }],
        bodyBytesMax: 1_048_576,
      },
    ])
    expect(passages).toEqual({ ads: { upstream: 'service', timeouts: { connectMs: 5_000, headersMs: 60_000, idleMs: 60_000 }, rewrites: [], routes: new Map() } })
    expect(fallback).toBe(problem)
  })

  it('turns every setting into what the pipeline takes', () => {
    const config = configOf(
      changed((each) => {
        each.store = { sqlite: './data/tollgate.db' }
        each.listen = { wire: 'node', port: '${PORT}', trust: ['10.0.0.0/8', '::1'], contract: 'openai' }
        each.admin = { hostnames: ['Gateway.Internal'] }
        each.upstreams = { service: { url: '${URL:-http://127.0.0.1:1}', preserveHost: true, connections: 8 } }
        Object.assign(each.apis.ads, {
          keepMount: true,
          contract: { use: 'chatads', alwaysStatus: 200 },
          body: { max: '64KiB' },
          timeouts: { connect: '2s' },
          inFlight: { max: 10 },
          cors: { origins: ['*'], maxAge: '5m' },
          meters: { monthly: { quota: 'month', anchor: '2026-01-31T00:00:00Z', per: 'key', counts: 'attempts', uncountOn: ['field.*'], inHeaders: true, limit: 3 } },
          plans: {},
          routes: [
            { on: 'GET, HEAD /v1/items/{id}', name: 'show', scopes: ['read'], body: { max: '1KB' }, timeouts: { headers: '9s' }, upstream: 'service', steps: [{ blockWords: { field: 'text' } }] },
            { on: '* /files/{rest...}', public: true },
          ],
        })
      }),
      { PORT: '9000' },
    )
    expect(config.listen).toEqual({ port: 9000, host: '127.0.0.1', trust: ['10.0.0.0/8', '::1'], health: false, tls: undefined, wire: 'node' })
    expect(config.store).toEqual({ kind: 'sqlite', file: '/srv/tollgate/data/tollgate.db' })
    expect(config.admin).toMatchObject({ hostnames: ['gateway.internal'], tokenFile: '/srv/tollgate/data/tollgate.admin-token' })
    expect(config.upstreams).toEqual({ service: { url: 'http://127.0.0.1:1', preserveHost: true, connectionsMax: 8 } })
    expect(config.fallback.name).toBe('openai')
    const { contract, ...api } = config.apis[0] ?? {}
    expect(contract?.declaration).toEqual({ ...chatads.declaration, alwaysStatus: 200 })
    expect(api).toEqual({
      name: 'ads',
      mount: '/ads',
      keepMount: true,
      credentials: { from: [{ in: 'header', name: 'X-API-Key' }], prefix: 'cak_' },
      bodyBytesMax: 65_536,
      inFlightMax: 10,
      inFlightUnauthenticatedMax: 5,
      cors: { origins: ['*'], allowHeaders: [], maxAgeSeconds: 300 },
      meters: {
        monthly: { meter: { kind: 'quota', period: 'month', anchorMs: Date.UTC(2026, 0, 31), counts: 'attempts', uncountOn: ['field.*'] }, per: 'key', limit: 3, inHeaders: true },
      },
      plans: {},
      routes: [
        { name: 'show', methods: ['GET', 'HEAD'], path: '/v1/items/{id}', scopes: ['read'], steps: [{ kind: 'blockWords', field: 'text' }], service: {}, bodyBytesMax: 1_000 },
        { name: '* /files/{rest...}', methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], path: '/files/{rest...}', public: true, steps: [] },
      ],
    })
    const timeouts = { connectMs: 2_000, headersMs: 60_000, idleMs: 60_000 }
    const ofShow = { upstream: 'service', timeouts: { ...timeouts, headersMs: 9_000 }, rewrites: [] }
    expect(config.passages).toEqual({ ads: { upstream: 'service', timeouts, rewrites: [], routes: new Map([[config.apis[0]?.routes[0], ofShow]]) } })
  })

  it('may say that a plan does not limit a meter', () => {
    const config = configOf(changed((each) => (each.apis.ads.plans.pro = { daily: 'unlimited', burst: '5' })))
    expect(config.apis[0]?.plans).toEqual({ free: { limits: { daily: 100 } }, pro: { limits: { burst: 5 }, unlimited: ['daily'] } })
  })

  it.each(['0.0.0.0', '::', 'localhost', 'gateway.internal', 'a-1.b'])('may listen on %s', (host) => {
    expect(configOf(changed((each) => (each.listen = { host }))).listen.host).toBe(host)
  })

  it('speaks the only API’s contract where no API is concerned, and problem+json with several', () => {
    const only = changed((config) => (config.apis.ads.contract = 'chatads'))
    const several = changed((config) => (config.apis.more = { ...config.apis.ads, mount: '/more', contract: 'chatads' }))
    expect(configOf(only).fallback).toBe(chatads)
    expect(configOf(several).fallback).toBe(problem)
  })
})

describe('a wrong configuration', () => {
  it.each<[string, (config: ReturnType<typeof copy>) => unknown, readonly string[]]>([
    ['a comma that divides a value', (c) => (c.apis.ads['5'] = null), ['apis.ads["5"]: there is no setting "5" here; if the comma before it belongs to a value, put that in quotes; a decimal is written 0.25']],
    ['an unknown setting', (c) => (c.lisen = {}), ['lisen: there is no setting "lisen" here; did you mean "listen"?']],
    ['a missing part', (c) => delete c.upstreams, ['upstreams: is missing', 'apis.ads.upstream: is missing; it is one of (there are no upstreams)']],
    ['no store', (c) => delete c.store, ['store: is missing']],
    ['a store that does not exist', (c) => (c.store = 'redis'), ['store: must be "memory" or a group of settings, not "redis"']],
    ['a port out of range', (c) => (c.listen = { port: 70_000 }), ['listen.port: 70000 must be a whole number from 0 to 65535']],
    ['a wrong trust', (c) => (c.listen = { trust: 'all' }), ['listen.trust: must be "none", a whole number from 1 to 32 or a list, not "all"']],
    ['a network with bits beyond it', (c) => (c.listen = { trust: ['10.1.2.3/8'] }), ['listen.trust[0]: "10.1.2.3/8" has bits set beyond its /8; write 10.0.0.0/8']],
    ['a network that is none', (c) => (c.listen = { trust: ['10.0.0.0/33'] }), ['listen.trust[0]: "10.0.0.0/33" is not a network; write 10.0.0.0/8, 2001:db8::/32 or one address']],
    ['one port for two listeners', (c) => (c.admin = { port: 8080 }), ['admin.port: 8080 is the port of listen too; they need one each']],
    ['an open admin API without a token', (c) => (c.admin = { host: '0.0.0.0' }), ['admin.host: "0.0.0.0" can be reached from other machines; set admin.token as well, or keep to 127.0.0.1']],
    ['a duration without a unit', (c) => (c.requestLog = { keep: 30 }), ['requestLog.keep: 30 must be a duration with its unit: 250ms, 60s, 5m, 24h, 30d']],
    ['a duration that is too short', (c) => (c.requestLog = { keep: '1s' }), ['requestLog.keep: "1s" is too small']],
    ['a size without a unit', (c) => (c.apis.ads.body = { max: 64 }), ['apis.ads.body.max: 64 must be a size with its unit: 512B, 64KiB, 1MiB, 10MB']],
    ['an upstream that is no URL', (c) => (c.upstreams.service = '127.0.0.1:9101'), ['upstreams.service: "127.0.0.1:9101" must be a URL such as http://127.0.0.1:9101']],
    ['an upstream with a query', (c) => (c.upstreams.service = { url: 'http://a/?b' }), ['upstreams.service.url: "http://a/?(secret)" must not have a query or fragment']],
    ['a name with a slash', (c) => (c.upstreams['a/b'] = 'http://a'), ['upstreams["a/b"]: the name must begin with a letter and have only letters, digits, - and _ (64 at most)', 'apis.ads.upstream: is missing; it is one of service, a/b']],
    ['an unknown upstream', (c) => (c.apis.ads.upstream = 'servce'), ['apis.ads.upstream: no upstream is called "servce"; did you mean "service"?']],
    ['an unknown contract', (c) => (c.apis.ads.contract = 'chatad'), ['apis.ads.contract: no shipped contract is called "chatad"; did you mean "chatads"? (a file is written ./chatad.yaml)']],
    ['a contract named like a member of every object', (c) => (c.apis.ads.contract = 'constructor'), ['apis.ads.contract: no shipped contract is called "constructor"; there are ai-api, anthropic, chatads, jogg, leaperone, nexalayer, openai, problem, aspnet, fastapi, graphql, json-api, … (a file is written ./constructor.yaml)']],
    ['a contract that only reads', (c) => (c.apis.ads.contract = 'slack'), ['apis.ads.contract: the contract "slack" is made for reading answers only; it cannot answer for an API']],
    ['a contract file that is not there', (c) => (c.apis.ads.contract = './nope.yaml'), ['apis.ads.contract: cannot read ./nope.yaml: there is no such file']],
    ['an upstream that speaks an unknown contract', (c) => (c.upstreams.service = { url: 'http://a', speaks: 'openia' }), ['upstreams.service.speaks: no shipped contract is called "openia"; did you mean "openai"? (a file is written ./openia.yaml)']],
    ['a saying that the contract does not know', (c) => (c.apis.ads.may = ['rate.limitd', 'quota.*']), ['apis.ads.may[0]: "rate.limitd" is no entry of the contract problem and no reason; did you mean "rate.limited"?']],
    ['a saying of a route', (c) => (c.apis.ads.routes[0].may = ['rateLimit']), ['apis.ads.routes[0].may[0]: "rateLimit" is no entry of the contract problem and no reason; did you mean "rateLimited"?']],
    ['a mount with a slash at its end', (c) => (c.apis.ads.mount = '/ads/'), ['apis.ads.mount: "/ads/" must be a path without a slash at its end, such as /chatads or /']],
    ['two APIs at one mount', (c) => (c.apis.more = c.apis.ads), ['apis.more.mount: "/ads" is where ads is mounted; each API needs its own']],
    ['no API', (c) => (c.apis = {}), ['apis: must have at least one API']],
    ['a meter of both kinds', (c) => (c.apis.ads.meters.burst.quota = 'day'), ['apis.ads.meters.burst: must have exactly one of window (a rate limit), quota (a calendar quota), balance (prepaid money), lease (what is alive at once) or spend (money that may be spent)']],
    ['a meter of no kind', (c) => delete c.apis.ads.meters.burst.window, ['apis.ads.meters.burst: must have exactly one of window (a rate limit), quota (a calendar quota), balance (prepaid money), lease (what is alive at once) or spend (money that may be spent)']],
    ['an anchor on a window', (c) => (c.apis.ads.meters.burst.anchor = '2026-01-01T00:00:00Z'), ['apis.ads.meters.burst.anchor: "2026-01-01T00:00:00Z" belongs to a quota']],
    ['an unknown subject', (c) => (c.apis.ads.meters.burst.per = 'team'), ['apis.ads.meters.burst.per: must be account, user, key, ip, resource or lease, not "team"']],
    ['a reason with a typing error', (c) => (c.apis.ads.meters.burst.uncountOn = ['request.invald']), ['apis.ads.meters.burst.uncountOn[0]: must not be "request.invald"; did you mean "request.invalid"?']],
    ['a plan that limits an unknown meter', (c) => (c.apis.ads.plans.free.dayly = 5), ['apis.ads.plans.free.dayly: no meter is called "dayly"; did you mean "daily"?']],
    ['a negative limit', (c) => (c.apis.ads.plans.free.daily = -1), ['apis.ads.plans.free.daily: must be "unlimited" or a whole number from 0, or of money an amount such as 20.00, not -1']],
    ['a limit that is no number', (c) => (c.apis.ads.plans.free.daily = 'unlimted'), ['apis.ads.plans.free.daily: must be "unlimited" or a whole number from 0, or of money an amount such as 20.00, not "unlimted"']],
    ['a plan without a limit for a meter that has none', (c) => (c.apis.ads.plans.pro = {}), ['apis.ads.plans.pro.daily: is missing: routes[0] takes "daily", which has no limit of its own; write daily: 100, or daily: unlimited']],
    ['a public route whose meter has no limit', (c) => (delete c.apis.ads.meters.perIp.limit, c.apis.ads.routes.push({ on: 'GET /', public: true, steps: [{ take: ['perIp'] }] })), ['apis.ads.meters.perIp.limit: is missing: routes[1] takes "perIp" for callers without a plan; write limit: 100']],
    ['a host that is none', (c) => (c.listen = { host: 'not a host' }), ['listen.host: "not a host" must be an IP address or a host name, such as 0.0.0.0 or localhost']],
    ['an address with a slip', (c) => (c.listen = { host: '127.0.0.256' }), ['listen.host: "127.0.0.256" must be an IP address or a host name, such as 0.0.0.0 or localhost']],
    ['a plan called __proto__', (c) => (c.apis.ads.plans = JSON.parse('{"free":{"daily":1},"__proto__":{"daily":2}}')), ['apis.ads.plans.__proto__: nothing can have this name; choose another']],
    ['a step that takes an unknown meter', (c) => (c.apis.ads.routes[0].steps[0].take[1] = 'dayly'), ['apis.ads.routes[0].steps[0].take[1]: no meter is called "dayly"; did you mean "daily"?']],
    ['a step that takes a meter called like a member of every object', (c) => (c.apis.ads.routes[0].steps[0].take = ['toString']), ['apis.ads.routes[0].steps[0].take[0]: no meter is called "toString"; there are burst, daily, perIp']],
    ['a meter taken twice', (c) => (c.apis.ads.routes[0].steps[0].take = ['burst', 'burst']), ['apis.ads.routes[0].steps[0].take[1]: "burst" is taken twice in one stage']],
    ['an empty stage', (c) => (c.apis.ads.routes[0].steps[0].take = []), ['apis.ads.routes[0].steps[0].take: must have at least one item']],
    ['a step of two kinds', (c) => (c.apis.ads.routes[0].steps[0].blockWords = { field: 'a' }), [`apis.ads.routes[0].steps[0]: must be exactly one of ${Object.keys(steps).join(', ')}`]],
    ['an unknown method', (c) => (c.apis.ads.routes[0].on = 'PSOT /a'), ['apis.ads.routes[0].on: "PSOT /a" has no method "PSOT"; did you mean "POST"?']],
    ['a route without a path', (c) => (c.apis.ads.routes[0].on = 'POST'), ['apis.ads.routes[0].on: "POST" must be methods and a path, such as POST /v1/messages']],
    ['a wildcard in the middle', (c) => (c.apis.ads.routes[0].on = 'GET /{rest...}/a'), ['apis.ads.routes[0].on: "GET /{rest...}/a" has {rest...} before the end; it takes all that remains']],
    ['a route that is never reached', (c) => c.apis.ads.routes.push({ on: 'GET, POST /v1/messages' }), ['apis.ads.routes[1].on: POST /v1/messages is already answered by routes[0]']],
    ['a public route that counts per account', (c) => (c.apis.ads.routes[0].public = true), ['apis.ads.routes[0].steps[0].take[0]: "burst" counts per account, but a public route knows no caller; use a meter per ip', 'apis.ads.routes[0].steps[0].take[1]: "daily" counts per account, but a public route knows no caller; use a meter per ip']],
    ['a route without credentials', (c) => delete c.apis.ads.credentials, ['apis.ads.routes[0]: asks for a credential, but the API declares none; give the API credentials, or the route public: true']],
    ['an inline schema with a slip', (c) => c.apis.ads.routes[0].steps.push({ validate: { type: 'object', propertis: {} } }), ['apis.ads.routes[0].steps[1].validate: the schema has an unknown keyword: "propertis"; did you mean "properties"?']],
    ['an OpenAPI document without the operation', (c) => c.apis.ads.routes[0].steps.push({ validate: { openapi: './api.yaml' } }), ['apis.ads.routes[0].steps[1].validate: must name the operation too: operation: createMessage, or POST /v1/messages']],
    ['an OpenAPI document that is not there', (c) => c.apis.ads.routes[0].steps.push({ validate: { openapi: './api.yaml', operation: 'x' } }), ['apis.ads.routes[0].steps[1].validate: cannot read ./api.yaml: there is no such file']],
    ['a variable that is not set', (c) => (c.upstreams.service = '${SERVICE_URL}'), ['upstreams.service: the environment variable SERVICE_URL is not set; set it, or write a default: ${SERVICE_URL:-…}']],
    ['a placeholder that is none', (c) => (c.upstreams.service = '${service url}'), ['upstreams.service: ${service url} is not a placeholder; write ${NAME} or ${NAME:-default}, or $${ for a literal ${']],
  ])('is told where, what and how to mend it: %s', (_, change, problems) => {
    expect(problemsOf(changed((config) => void change(config)))).toEqual(problems)
  })

  it.each([[null], [7], ['text'], [[]], [{}]])('is refused whatever it is: %j', (config) => {
    expect(problemsOf(config).length).toBeGreaterThan(0)
  })

  it('never brings the checker down, whatever stands wherever', () => {
    const places: readonly (readonly string[])[] = [
      ['listen'], ['listen', 'trust'], ['admin'], ['store'], ['upstreams'], ['upstreams', 'service'], ['apis'], ['apis', 'ads'], ['apis', 'ads', 'mount'], ['apis', 'ads', 'contract'],
      ['apis', 'ads', 'credentials'], ['apis', 'ads', 'meters'], ['apis', 'ads', 'meters', 'burst'], ['apis', 'ads', 'plans'], ['apis', 'ads', 'plans', 'free'], ['apis', 'ads', 'routes'],
      ['apis', 'ads', 'routes', '0'], ['apis', 'ads', 'routes', '0', 'on'], ['apis', 'ads', 'routes', '0', 'steps'], ['apis', 'ads', 'routes', '0', 'steps', '0'], ['apis', 'ads', 'routes', '0', 'steps', '0', 'validate'],
    ]
    assert(
      property(array(tuple(constantFrom(...places), jsonValue({ maxDepth: 4 })), { minLength: 1, maxLength: 3 }), (changes) => {
        const config = copy()
        for (const [place, value] of changes) {
          const parent = place.slice(0, -1).reduce((at, step) => at?.[step], config)
          if (typeof parent === 'object' && parent !== null) parent[place.at(-1) ?? ''] = value
        }
        for (const problemText of problemsOf(config)) expect(problemText.length).toBeGreaterThan(5)
      }),
    )
  })

  it('tells of all its problems at once, in every part', () => {
    const problems = problemsOf(
      changed((config) => {
        config.listen = { prot: 1 }
        config.store = 'redis'
        config.apis.ads.meters.burst.window = 60
        config.apis.ads.plans.free.dayly = 1
        config.apis.ads.routes[0].steps = [{ take: [] }, { take: ['bursd'] }]
        config.apis.more = { mount: '/ads', upstream: 'x', routes: [{ on: 'GET' }] }
      }),
    )
    expect(problems).toEqual([
      'listen.prot: there is no setting "prot" here; did you mean "port"?',
      'store: must be "memory" or a group of settings, not "redis"',
      'apis.ads.meters.burst.window: 60 must be a duration with its unit: 250ms, 60s, 5m, 24h, 30d',
      'apis.ads.routes[0].steps[0].take: must have at least one item',
      'apis.ads.plans.free.dayly: no meter is called "dayly"; did you mean "daily"?',
      'apis.ads.routes[0].steps[1].take[0]: no meter is called "bursd"; did you mean "burst"?',
      'apis.more.upstream: no upstream is called "x"; the only one is service',
      'apis.more.routes[0].on: "GET" must be methods and a path, such as POST /v1/messages',
      'apis.more.routes[0]: asks for a credential, but the API declares none; give the API credentials, or the route public: true',
      'apis.more.mount: "/ads" is where ads is mounted; each API needs its own',
    ])
  })

  it('permissions of a token that nobody has, or that there are not', () => {
    const may = (settings: object) => problemsOf(changed((config) => (config.admin = { tokens: { anna: 'x'.repeat(16), bert: 'y'.repeat(16) }, may: settings })))
    expect(may({ anna: ['read'], bert: ['write', 'money', 'operate'] })).toEqual([])
    expect(may({ ana: ['read'] })).toEqual(['admin.may.ana: no token is called "ana"; did you mean "anna"?'])
    expect(may({ anna: ['reed'] })).toEqual(['admin.may.anna[0]: must not be "reed"; did you mean "read"?'])
    expect(may({ anna: [] })).toHaveLength(1)
  })

  it('never repeats a secret, neither one that is written out nor one from the environment', () => {
    const written = problemsOf(changed((config) => (config.admin = { token: 'hush', tokens: { ops: 'psst' } })))
    expect(written).toEqual([
      'admin.token: "(secret)" is too short to be a secret; use at least 16 characters',
      'admin.tokens.ops: "(secret)" is too short to be a secret; use at least 16 characters',
    ])
    const ofOtherTypes: readonly [admin: unknown, problem: string][] = [
      [{ token: 1_234_567_890_123_456 }, 'admin.token: must be a text, not "(secret number)"'],
      [{ token: ['psst-psst-psst-psst'] }, 'admin.token: must be a text, not ["(secret)"]'],
      [{ token: { value: 'psst' } }, 'admin.token: must be a text, not {"value":"(secret)"}'],
      [{ tokens: 'psst-psst-psst-psst' }, 'admin.tokens: must be a group of names, not "(secret)"'],
      [{ tokens: { ops: 17 } }, 'admin.tokens.ops: must be a text, not "(secret number)"'],
      [{ token: '${TOKEN:-psst}' }, 'admin.token: "(secret)" is too short to be a secret; use at least 16 characters'],
      ['psst-psst-psst-psst', 'admin: must be a group of settings, not "(secret)"'],
    ]
    for (const [admin, problemText] of ofOtherTypes) expect(problemsOf(changed((config) => (config.admin = admin)))).toEqual([problemText])
    const urls: readonly [url: string, shown: string][] = [
      ['http://u:PW@h', 'http://(secret)@h'],
      ['http://u:P/W@h/path', 'http://(secret)@h/path'],
      ['u:PW@h', '(secret)@h'],
      ['http://h/?key=PW', 'http://h/?(secret)'],
      ['http://h/#PW', 'http://h/#(secret)'],
    ]
    for (const [url, shown] of urls) {
      for (const service of [url, { url }]) {
        const [problemText, ...more] = problemsOf(changed((config) => (config.upstreams.service = service)))
        expect([problemText, more]).toEqual([expect.stringContaining(`: "${shown}" must`), []])
      }
    }
    const filled = changed((config) => {
      config.admin = { token: '${TOKEN}' }
      config.upstreams.service = 'ftp://${PASSWORD}@host'
    })
    expect(problemsOf(filled, { TOKEN: 'hush', PASSWORD: 'psst' })).toEqual([
      'admin.token: "${TOKEN}" is too short to be a secret; use at least 16 characters',
      'upstreams.service: "ftp://${PASSWORD}@host" must be a URL such as http://127.0.0.1:9101',
    ])
  })
})

describe('a configuration file', () => {
  let directory: string
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'tollgate-config-'))))
  afterEach(() => rmSync(directory, { recursive: true }))

  const write = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text)
    return join(directory, name)
  }

  const text = `store: memory
upstreams: { service: "http://127.0.0.1:9101" }
apis:
  ads:
    mount: /ads
    contract: ./contract.yaml
    credentials: { from: [{ header: x-api-key }], prefix: cak_ }
    meters:
      daily: &quota { quota: day, per: account, counts: attempts }
      monthly: { <<: *quota, quota: month }
    routes:
      - on: POST /v1/messages
        steps:
          - take: [daily, monthly]
          - validate: ./message.schema.json
`

  it('finds contracts and schemas beside itself, and shares settings by merge keys', () => {
    write('contract.yaml', JSON.stringify(chatads.declaration))
    write('message.schema.json', '{"type":"object","required":["message"]}')
    const loaded = loadConfig(write('tollgate.yaml', text), { environment: {} })
    const api = loaded.ok ? loaded.value.apis[0] : undefined
    expect(api?.contract.name).toBe('chatads')
    expect(api?.meters['monthly']?.meter).toEqual({ kind: 'quota', period: 'month', counts: 'attempts', uncountOn: ['upstream.*', 'internal', 'capacity.overloaded'] })
    const step = api?.routes[0]?.steps[1]
    const check = step?.kind === 'validate' ? step.check : undefined
    expect(typeof check === 'function' && check({})).toEqual([{ field: 'message', in: 'body', rule: 'required', issue: 'is required' }])
  })

  it('is told line and column of each problem, in the order of the file', () => {
    write('contract.yaml', JSON.stringify(chatads.declaration))
    const file = write('tollgate.yaml', text.replace('[daily, monthly]', '[dayly]').replace('store: memory', 'store: none'))
    expect(problemsIn(file)).toEqual([
      `${shownPath(file)}:1:1 store: must be "memory" or a group of settings, not "none"`,
      `${shownPath(file)}:14:20 apis.ads.routes[0].steps[0].take[0]: no meter is called "dayly"; did you mean "daily"?`,
      `${shownPath(file)}:15:13 apis.ads.routes[0].steps[1].validate: cannot read ./message.schema.json: there is no such file`,
    ])
  })

  it('is told the place inside a contract’s own file', () => {
    write('message.schema.json', '{}')
    const { entries, ...declaration } = structuredClone(chatads.declaration) as { entries: Record<string, Record<string, unknown>> }
    const [first = ''] = Object.keys(entries)
    write('contract.yaml', JSON.stringify({ ...declaration, entries: { ...entries, [first]: { ...entries[first], retry: 'nevr' } } }, null, 2))
    const [problemText] = problemsIn(write('tollgate.yaml', text))
    expect(problemText).toMatch(new RegExp(String.raw`^\./contract\.yaml:\d+:\d+ entries\.${first}\.retry: "nevr" .*did you mean "never"\?$`))
  })

  it('what is valid in a contract file and hardly meant is a warning, with its line', () => {
    write('message.schema.json', '{}')
    const { entries, ...declaration } = chatads.declaration
    write('contract.yaml', JSON.stringify({ ...declaration, entries: { ...entries, notFound: { ...entries.notFound, alsoFor: [...entries.notFound.alsoFor, 'internal'] } } }, null, 2))
    const loaded = loadConfig(write('tollgate.yaml', text), { environment: {} })
    expect((loaded.ok ? loaded.warnings : loaded.problems).map(formatProblem)).toEqual([
      expect.stringMatching(/contract\.yaml:\d+:\d+ entries\.notFound\.alsoFor\[4\]: "internal" never comes to this entry: "internalError" has it as its own reason; leave it out$/),
    ])
  })

  it('is told the first slip of its syntax, and that placeholders within braces are quoted', () => {
    expect(problemsIn(write('tollgate.yaml', 'store: memory\nadmin: { token: ${TOKEN} }\n'))).toEqual([
      expect.stringMatching(/tollgate\.yaml:2:\d+: not valid YAML: .*; within braces a placeholder must be quoted: "\$\{NAME\}"$/),
    ])
  })

  it.each(['*hush-hush-hush-hush', '|hush-hush-hush-hush', ']hush-hush-hush-hush', '"a" hush-hush-hush-hush'])('is not told the token when that breaks the syntax: %s', (token) => {
    const [problemText, ...more] = problemsIn(write('tollgate.yaml', `store: memory\nadmin:\n  token: ${token}\n`))
    expect(problemText).toContain('not valid YAML: ')
    expect(problemText).not.toContain('hush')
    expect(more).toEqual([])
  })

  it('is told when a name stands there twice, or an alias bomb', () => {
    expect(problemsIn(write('tollgate.yaml', 'store: memory\nstore: memory\n'))).toEqual([expect.stringContaining('Map keys must be unique')])
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]', ...'bcdefghi'.split('').map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[at]}`).join(', ')}]`)].join('\n')
    expect(problemsIn(write('bomb.yaml', bomb))).toEqual([expect.stringContaining('bomb.yaml:7:8: not valid YAML: *f stands for more than 250000 values')])
  })

  it('is told when it cannot be read', () => {
    expect(problemsIn(join(directory, 'none.yaml'))).toEqual([`${shownPath(join(directory, 'none.yaml'))}: cannot be read: there is no such file`])
    expect(problemsIn(directory)).toEqual([expect.stringContaining('cannot be read: it is a directory')])
  })
})

describe('the published JSON Schema', () => {
  it('accepts what the gateway accepts', () => {
    const validate = new Ajv2020({ strict: true, logger: false }).compile(configJsonSchema())
    expect(validate(minimal)).toBe(true)
    expect(validate({ ...minimal, store: 'redis' })).toBe(false)
  })

  it('is what docs/tollgate.schema.json says (run with UPDATE=1 to write it)', () => {
    const file = new URL('../../../../docs/tollgate.schema.json', import.meta.url)
    const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`
    if (process.env['UPDATE'] === '1') writeFileSync(file, text)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})
