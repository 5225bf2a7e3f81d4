/**
 * The published schema of `tollgate.yaml`, held against `check`: it refuses what a schema can refuse, and never what is right. A colleague's new setting is
 * guarded too: a text that has no pattern must be named below.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configJsonSchema } from './file-shape.ts'
import { changed, nexalayer, type Change } from '../build/fixtures/nexalayer-config.ts'
import { loadConfig } from '../load-config.ts'

type Node = { readonly [keyword: string]: unknown }

const root = new URL('../../../../../', import.meta.url)
const schema = configJsonSchema()
const fits = new Ajv2020({ strict: true, logger: false }).compile(schema)

function isRefusedByCheck(change: Change): boolean {
  return !loadConfig(changed(change), { environment: {}, baseDir: '/srv/tollgate' }).ok
}

const issuer = { issuer: 'https://id.example.com/', jwks: 'https://id.example.com/keys', audience: 'x' }
const take = (c: Parameters<Change>[0], at: number) => c.routes[0].steps[3].take[at]

/** What `check` refuses and a schema can say. */
const refused: readonly (readonly [string, Change])[] = [
  // The whole
  ['an unknown setting', (_, c) => (c.lisen = {})],
  ['no store', (_, c) => delete c.store],
  ['a store that does not exist', (_, c) => (c.store = 'redis')],
  ['no upstreams', (_, c) => delete c.upstreams],
  ['no API', (_, c) => (c.apis = {})],
  ['an API of another kind', (_, c) => (c.apis.nexalayer = 'x')],
  ['a name with a slash', (_, c) => (c.upstreams['a/b'] = 'http://a')],
  // Listeners
  ['a port out of range', (_, c) => (c.listen = { port: 70_000 })],
  ['a port that is no number', (_, c) => (c.listen = { port: 'http' })],
  ['a trust that is none', (_, c) => (c.listen = { trust: 'all' })],
  ['too many trusted hops', (_, c) => (c.listen = { trust: 33 })],
  ['a network that is none', (_, c) => (c.listen = { trust: ['10.0.0.0/33'] })],
  ['a network with a name', (_, c) => (c.listen = { trust: ['example.com/8'] })],
  ['a host that is none', (_, c) => (c.listen = { host: 'not a host' })],
  ['an address with a slip', (_, c) => (c.listen = { host: '127.0.0.256' })],
  ['an unknown contract of the listener', (_, c) => (c.listen = { contract: 'problems' })],
  ['an admin host that is a name', (_, c) => (c.admin = { host: 'gateway.internal', token: 'x'.repeat(16) })],
  ['an open admin API without a token', (_, c) => (c.admin = { host: '0.0.0.0' })],
  ['a permission that there is not', (_, c) => (c.admin = { token: 'x'.repeat(16), may: { admin: ['all'] } })],
  ['an admin token that is too short', (_, c) => (c.admin = { token: 'short' })],
  ['a calls host that is a name', (_, c) => (c.calls = { host: 'gateway.internal' })],
  ['a calls address that is no URL', (_, c) => (c.calls = { url: 'gateway:9091' })],
  ['a calls address with a password', (_, c) => (c.calls = { url: 'http://user:pass@h/calls' })],
  ['a duration without a unit', (_, c) => (c.requestLog = { keep: 30 })],
  ['a duration of an unknown unit', (_, c) => (c.requestLog = { keep: '30 days' })],
  ['a duration that is too short', (_, c) => (c.requestLog = { keep: '1s' })],
  ['a duration that is too short in small units', (_, c) => (c.requestLog = { keep: '59999ms' })],
  ['a negative duration', (_, c) => (c.shutdown = { grace: '-1s' })],
  // Upstreams
  ['an upstream that is no URL', (_, c) => (c.upstreams.nexalayer = '127.0.0.1:9101')],
  ['an upstream of another scheme', (_, c) => (c.upstreams.nexalayer = { url: 'ftp://a' })],
  ['an upstream with a query', (_, c) => (c.upstreams.nexalayer = { url: 'http://a/?b' })],
  ['an upstream with a password', (_, c) => (c.upstreams.nexalayer = 'http://u:p@a')],
  ['an upstream that speaks an unknown contract', (_, c) => (c.upstreams.nexalayer.speaks = 'openia')],
  ['no connections', (_, c) => (c.upstreams.nexalayer.connections = 0)],
  ['a yes that is a text', (_, c) => (c.upstreams.nexalayer.idempotent = 'yes')],
  // An API
  ['a mount without a slash', (a) => (a.mount = 'a')],
  ['a mount with a slash at its end', (a) => (a.mount = '/ads/')],
  ['a mount with dots', (a) => (a.mount = '/a/../b')],
  ['a mount with a parameter', (a) => (a.mount = '/{a}')],
  ['to rewrite where the mount is kept', (a) => ((a.keepMount = true), (a.rewrite = ['location']))],
  ['an unknown thing to rewrite', (a) => (a.rewrite = ['links'])],
  ['an unknown contract', (a) => (a.contract = 'chatad')],
  ['a contract named like a member of every object', (a) => (a.contract = 'constructor')],
  ['a contract that only reads', (a) => (a.contract = { use: 'slack' })],
  ['a status that is none', (a) => (a.contract = { use: 'problem', alwaysStatus: 600 })],
  ['no place for a credential', (a) => (a.credentials.from = [])],
  ['a place that is none', (a) => (a.credentials.from[0] = { scheme: 'Bearer' })],
  ['a place that is two', (a) => (a.credentials.from[0].subprotocol = 'tollgate.key.')],
  ['a header that is none', (a) => (a.credentials.from[0].header = 'x key')],
  ['the header of all subprotocols', (a) => (a.credentials.from[0].header = 'Sec-WebSocket-Protocol')],
  ['a scheme before a subprotocol', (a) => (a.credentials.from[0] = { subprotocol: 'tollgate.key.', scheme: 'Bearer' })],
  ['a subprotocol that is no beginning', (a) => (a.credentials.from[0] = { subprotocol: 'key' })],
  ['no prefix', (a) => delete a.credentials.prefix],
  ['a prefix that is none', (a) => (a.credentials.prefix = 'a k')],
  ['routes for callers whom nobody can know', (a) => delete a.credentials],
  ['a token that lives too short', (a) => (a.tokens.expires = '10ms')],
  ['an issuer that is the gateway', (a) => (a.tokens.issuers = [{ ...issuer, issuer: 'tollgate' }])],
  ['an issuer for no audience', (a) => (a.tokens.issuers = [{ ...issuer, audience: [] }])],
  ['an issuer whose keys come over plain HTTP', (a) => (a.tokens.issuers = [{ ...issuer, jwks: 'http://id.example.com/keys' }])],
  ['an issuer whose keys are nowhere', (a) => (a.tokens.issuers = [{ ...issuer, jwks: 'ftp://id.example.com/keys' }])],
  ['an issuer with a shared secret', (a) => (a.tokens.issuers = [{ ...issuer, algorithms: ['HS256'] }])],
  ['an issuer whose accounts can have no id', (a) => (a.tokens.issuers = [{ ...issuer, accountPrefix: 'a b' }])],
  ['a scope that includes all', (a) => (a.scopeImplies.admin = ['*'])],
  ['a size without a unit', (a) => (a.body = { max: 64 })],
  ['a size of an unknown unit', (a) => (a.body = { max: '1 megabyte' })],
  ['no time to connect', (a) => (a.timeouts = { connect: '0s' })],
  ['no places in flight', (a) => (a.inFlight = { max: 0 })],
  ['no routes', (a) => (a.routes = [])],
  // Browsers
  ['no origins', (a) => (a.cors = { origins: [] })],
  ['an origin with a slash', (a) => (a.cors = { origins: ['https://app.example.com/'] })],
  ['an origin without a scheme', (a) => (a.cors = { origins: ['app.example.com'] })],
  ['an origin in upper case', (a) => (a.cors = { origins: ['https://App.example.com'] })],
  ['an origin with the port that it has anyway', (a) => (a.cors = { origins: ['https://app.example.com:443'] })],
  ['an origin with half a wildcard', (a) => (a.cors = { origins: ['https://app-*.example.com'] })],
  ['an origin of a whole top-level domain', (a) => (a.cors = { origins: ['https://*.com'] })],
  ['the origin of nobody', (a) => (a.cors = { origins: ['null'] })],
  ['everybody and somebody', (a) => (a.cors = { origins: ['*', 'https://app.example.com'] })],
  ['everybody with cookies', (a) => (a.cors = { origins: ['*'], credentials: true })],
  ['every header with cookies', (a) => (a.cors = { origins: ['https://a.example'], credentials: true, exposeHeaders: ['*'] })],
  // Meters, plans, tables
  ['a meter of two kinds', (a) => (a.meters.requests.quota = 'day')],
  ['a meter of no kind', (a) => delete a.meters.requests.window],
  ['an anchor on a window', (a) => (a.meters.addresses.anchor = '2026-01-01T00:00:00Z')],
  ['an anchor that is no instant', (a) => (a.meters.addresses = { quota: 'day', per: 'ip', limit: 1, anchor: 'monday' })],
  ['an anchor without an offset', (a) => (a.meters.addresses = { quota: 'day', per: 'ip', limit: 1, anchor: '2026-01-01T00:00:00' })],
  ['a time zone of a window', (a) => (a.meters.addresses.timeZone = 'Europe/Berlin')],
  ['an offset for a time zone', (a) => (a.meters.addresses = { quota: 'day', per: 'ip', limit: 1, timeZone: '+02:00' })],
  ['a week that begins within a month', (a) => (a.meters.addresses = { quota: 'month', per: 'ip', limit: 1, weekStart: 'sunday' })],
  ['a week with two beginnings', (a) => (a.meters.addresses = { quota: 'week', per: 'ip', limit: 1, weekStart: 'sunday', anchor: '2026-01-01T00:00:00Z' })],
  ['an algorithm on a lease', (a) => (a.meters.sessions.algorithm = 'log')],
  ['attempts at what lives', (a) => (a.meters.sessions.counts = 'attempts')],
  ['money that is given back by a count', (a) => (a.meters.credit.uncountOn = ['internal'])],
  ['what is reserved without a usage', (a) => (a.routes[3].steps = [{ take: [{ meter: 'requests', reserve: 5 }] }])],
  ['what is reserved beside a cost', (a) => (a.routes[3].steps = [{ take: [{ meter: 'requests', reserve: 5, cost: 1, usage: { amounts: { tokens: 1 } } }] }])],
  ['a usage of nothing reserved', (a) => (a.routes[3].steps = [{ take: [{ meter: 'requests', usage: { amounts: { tokens: 1 } } }] }])],
  ['money that is reserved', (a) => (a.routes[3].steps = [{ take: [{ meter: 'credit', price: 1, reserve: 5, usage: { amounts: { tokens: 1 } } }] }])],
  ['rate headers of no name', (a) => (a.meters.credit.inHeaders = '')],
  ['a limit of money', (a) => (a.meters.credit.limit = 5)],
  ['money of an address', (a) => (a.meters.credit.per = 'ip')],
  ['what a balance brings that does not renew', (a) => (a.meters.credit.balance.amount = 5)],
  ['what is carried over of nothing', (a) => (a.meters.credit.balance.carry = 1)],
  ['the clocks of a balance that does not renew', (a) => (a.meters.credit.balance.timeZone = 'Europe/Berlin')],
  ['a balance that renews with nothing', (a) => (a.meters.credit.balance.renew = 'month')],
  ['a balance that renews by the hour', (a) => (a.meters.credit.balance = { scale: 2, renew: 'hour', amount: 5 })],
  ['a balance that brings less than nothing', (a) => (a.meters.credit.balance = { scale: 2, renew: 'month', amount: { free: -5 } })],
  ['what is carried over for too long', (a) => (a.meters.credit.balance = { scale: 2, renew: 'month', amount: 5, carry: 101 })],
  ['what is carried over as somebody likes', (a) => (a.meters.credit.balance = { scale: 2, renew: 'month', amount: 5, carry: 'always' })],
  ['money that comes in a week that begins within a month', (a) => (a.meters.credit.balance = { scale: 2, renew: 'month', amount: 5, weekStart: 'sunday' })],
  ['a session for each lease', (a) => (a.meters.each = { lease: 'session', per: 'lease', limit: 1 })],
  ['money for each lease', (a) => (a.meters.each = { balance: { scale: 2 }, per: 'lease' })],
  ['networks of keys', (a) => (a.meters.requests.ipv6Prefix = 64)],
  ['an unknown subject', (a) => (a.meters.requests.per = 'team')],
  ['a reason with a typing error', (a) => (a.meters.requests.uncountOn = ['request.invald'])],
  ['a window of no time', (a) => (a.meters.requests.window = '0s')],
  ['a limit that is a word', (a) => (a.meters.requests.limit = 'many')],
  ['a negative limit', (a) => (a.plans.free.requests = -1)],
  ['a limit with a typing error', (a) => (a.plans.free.requests = 'unlimted')],
  ['a table of no kind', (a) => delete a.tables.products.rows],
  ['a key column of rows in place', (a) => (a.tables.products.key = 'id')],
  // Routes
  ['a method with a slip', (a) => (a.routes[0].on = 'PSOT /a')],
  ['a method in lower case', (a) => (a.routes[0].on = 'get /x')],
  ['a route without a path', (a) => (a.routes[0].on = 'POST')],
  ['a route without a method', (a) => (a.routes[0].on = '/v1/sessions')],
  ['a rest before the end', (a) => (a.routes[3].on = 'GET /{rest...}/a')],
  ['an Express parameter within a segment', (a) => (a.routes[3].on = 'GET /a{id}')],
  ['a star in a path', (a) => (a.routes[3].on = 'GET /a/*')],
  ['a query in a path', (a) => (a.routes[3].on = 'GET /a?b')],
  ['dots in a path', (a) => (a.routes[3].on = 'GET /a/../b')],
  ['an empty segment', (a) => (a.routes[3].on = 'GET /v1//items')],
  ['a semicolon in a path', (a) => (a.routes[3].on = 'GET /v1/a;b')],
  ['a parameter of an unknown kind', (a) => (a.routes[3].on = 'GET /v1/{id:slash}')],
  ['a parameter twice', (a) => (a.routes[3].on = 'GET /v1/{id:encoded}/{id}')],
  ['scopes of nobody', (a) => (a.routes[4].scopes = ['read'])],
  ['an unknown handler', (a) => (a.routes[4].handler = 'issueTokens')],
  ['a handler and an upstream', (a) => (a.routes[5].upstream = 'nexalayer')],
  ['a handler and timeouts', (a) => (a.routes[5].timeouts = { idle: '1s' })],
  ['a token asked for with a credential', (a) => delete a.routes[4].public],
  ['a token refreshed without one', (a) => (a.routes[5].public = true)],
  ['a secret rotated by nobody', (a) => (a.routes[6].public = true)],
  ['a secret that is kept for a repeat', (a) => a.routes[6].steps.push({ idempotency: {} })],
  ['idempotency of nobody', (a) => a.routes[4].steps.push({ idempotency: {} })],
  ['leases of nobody', (a) => a.routes[4].steps.push({ lease: { param: 'id' } })],
  // Steps
  ['a step of two kinds', (a) => (a.routes[0].steps[0].blockWords = { field: 'a' })],
  ['a step of no kind', (a) => (a.routes[0].steps[0] = {})],
  ['an empty stage', (a) => (a.routes[0].steps[0].take = [])],
  ['a meter taken twice', (a) => (a.routes[0].steps[0].take = ['requests', 'requests'])],
  ['a meter read twice', (a) => (a.routes[3].steps[1].read = ['credit', 'credit'])],
  ['a deadline without a take', (a) => (a.routes[3].steps[1].hold = { for: '1m' })],
  ['blocked words of nobody', (a) => a.routes[4].steps.push({ blockWords: { field: 'text' } })],
  ['a token that is kept for a repeat', (a) => a.routes[5].steps.push({ idempotency: {} })],
  ['two deadlines', (a) => (a.routes[0].steps[0].hold = { for: '1m' })],
  ['a deadline of no time', (a) => (a.routes[0].steps[3].hold.for = '0s')],
  ['two idempotency steps', (a) => a.routes[0].steps.splice(1, 0, { idempotency: {} })],
  ['an answer kept for no time', (a) => (a.routes[0].steps[1].idempotency.kept = '0s')],
  ['answers of an unknown class', (a) => (a.routes[0].steps[1].idempotency.store = ['6xx'])],
  ['a fingerprint of another kind', (a) => (a.routes[0].steps[1].idempotency.fingerprint = 'xml')],
  ['a price and a cost', (a) => (take(a, 2).cost = 1)],
  ['a price and a limit', (a) => (take(a, 2).limit = 1)],
  ['usage without a price', (a) => (a.routes[3].steps[0].take = [{ meter: 'credit', usage: { amounts: { tokens: 1 } } }])],
  ['usage of nothing', (a) => (a.routes[3].steps[0].take = [{ meter: 'credit', price: 1, usage: { amounts: {} } }])],
  ['answers that cost, without a price', (a) => (a.routes[3].steps[0].take = [{ meter: 'requests', chargeOn: ['2xx'] }])],
  ['refusals that cost by their status', (a) => (take(a, 2).chargeOn = [404])],
  ['a class of refusals that cost', (a) => (take(a, 2).chargeOn = ['4xx'])],
  ['a price in words', (a) => (take(a, 2).price = 'much')],
  ['a negative price', (a) => (take(a, 2).price = -1)],
  ['a price in two ways', (a) => (take(a, 2).price.amount = 1)],
  ['a price with a comma', (a) => (take(a, 2).price = '0,25')],
  ['a quantity in two ways', (a) => (take(a, 1).cost.column = 'stock')],
  ['a default of a column', (a) => (take(a, 1).cost = { column: 'stock', default: 1 })],
  ['thousands of a column', (a) => (take(a, 1).cost = { column: 'stock', per: 1_000 })],
  ['a quantity that is a word', (a) => (take(a, 1).cost = 'one')],
  ['a lookup by two names', (a) => (a.routes[0].steps[2].lookup.param = 'id')],
  ['a lookup of nothing', (a) => delete a.routes[0].steps[2].lookup.resource],
  ['a lease in an unknown state', (a) => (a.routes[1].steps[1].lease.allow = ['dead'])],
  ['a document without an operation', (a) => (a.routes[3].steps[1] = { validate: { openapi: './api.yaml' } })],
]

/** What a schema cannot say: names of other parts, files, sums, the environment. So that this list stays honest, the schema must take each. */
const beyond: readonly (readonly [string, Change])[] = [
  ['a meter that there is not', (a) => (a.routes[0].steps[0].take = ['request'])],
  ['an upstream that there is not', (a) => (a.upstream = 'nexlayer')],
  ['a file that is not there', (a) => (a.contract = './nope.yaml')],
  ['permissions of an unknown token', (_, c) => (c.admin = { may: { nobody: ['read'] } })],
  ['one port for two listeners', (_, c) => (c.admin = { port: 8080 })],
  ['two APIs at one mount', (a, c) => (c.apis.more = a)],
  ['an allowance with more decimals than its balance', (a) => (a.meters.credit.balance = { scale: 2, renew: 'month', amount: 0.005 })],
  ['an allowance of a plan that there is not', (a) => (a.meters.credit.balance = { scale: 2, renew: 'month', amount: { fre: 5 } })],
  ['a price with more decimals than its balance', (a) => (take(a, 2).price = 0.255)],
  ['a reason that there is not, as one that costs', (a) => (take(a, 2).chargeOn = ['resource.not_fund'])],
  ['a variable that is not set', (_, c) => (c.upstreams.nexalayer = '${NOT_SET}')],
  ['one header for two credentials', (a) => (a.credentials.from[1].header = 'X-Api-Key')],
  ['a route that is never reached', (a) => (a.routes[3].on = 'GET /v1/sessions/{name}')],
]

describe('the published schema', () => {
  it('is one for strict validators, and takes a whole configuration', () => {
    expect([fits(nexalayer), fits.errors]).toEqual([true, null])
    expect(isRefusedByCheck(() => undefined)).toBe(false)
  })

  it.each(refused)('refuses, as check does: %s', (_, change) => {
    expect([isRefusedByCheck(change), fits(changed(change))]).toEqual([true, false])
  })

  it.each(beyond)('leaves to check: %s', (_, change) => {
    expect([isRefusedByCheck(change), fits(changed(change))]).toEqual([true, true])
  })

  it('takes a placeholder in every text', () => {
    for (const value of ['${ANY}', 'a ${ANY:-b} c', '$${']) {
      expect([fits(withTexts(nexalayer, value)), fits.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`)]).toEqual([true, undefined])
    }
  })

  it('takes the examples and every block of the documentation that is a whole configuration', () => {
    const files = ['examples/services/tollgate.yaml', 'examples/your-api/tollgate.yaml', 'examples/playground/tollgate.yaml'].map((file) => readFileSync(new URL(file, root), 'utf8'))
    const pages = readdirSync(new URL('docs/', root)).filter((name) => name.endsWith('.md')).map((name) => readFileSync(new URL(`docs/${name}`, root), 'utf8'))
    const blocks = [...pages, readFileSync(new URL('README.md', root), 'utf8')].flatMap((page) => [...page.matchAll(/```yaml(?: (?!wrong)\S+)?\n([\s\S]*?)```/g)].map(([, text = '']) => text))
    const whole = [...files, ...blocks].map((text) => parse(text, { merge: true }) as Node).filter((each) => each['apis'] !== undefined && each['store'] !== undefined)
    expect(whole.length).toBeGreaterThan(4)
    for (const config of whole) expect([fits(config), fits.errors]).toEqual([true, null])
  })

  it('says of every text what it may be, but for those that are free', () => {
    expect([...new Set(freeTexts(schema))].toSorted()).toEqual(free.toSorted())
  })
})

/** Names of other parts, of files, of fields, for people: nothing that a pattern could say. */
const free = [
  'admin.hostnames[]', 'admin.tls.certificate', 'admin.tls.key', 'admin.tls.passphrase', 'listen.tls.certificate', 'listen.tls.key', 'listen.tls.passphrase', 'store.sqlite', 'counters.valkey.prefix',
  ...['store.postgres', 'counters.valkey'].flatMap((engine) => ['ca', 'certificate', 'key', 'passphrase', 'serverName'].map((each) => `${engine}.tls.${each}`)),
  ...['headers.*', 'headers.*.file', 'headers.*.scheme', 'query.*', 'query.*.file', 'query.*.scheme', 'tls.ca', 'tls.certificate', 'tls.key', 'tls.passphrase', 'tls.serverName'].map((each) => `upstreams.*.${each}`),
  ...[
    'credentials.from[].query', 'credentials.from[].scheme', 'docs.title', 'may[]', 'meters.*.inHeaders', 'routes[].may[]', 'routes[].name', 'routes[].scopes[]', 'routes[].upstream', 'unauthenticatedMeter', 'upstream', 'tables.*.file', 'tables.*.key',
    ...['account', 'account[]', 'audience', 'audience[]', 'createAccounts.plan', 'plan', 'plan[]', 'scopes', 'scopes[]', 'user', 'user[]'].map((each) => `tokens.issuers[].${each}`),
    ...[
      'allow.headers.*[]', 'blockWords.field', 'lease.param', 'lookup.field', 'lookup.param', 'lookup.query', 'lookup.resource', 'lookup.table', 'read[]', 'take[]', 'take[].cost.column', 'take[].cost.field', 'take[].cost.field[]',
      'take[].cost.length', 'take[].cost.length[]', 'take[].cost.query', 'take[].price.times[].query', 'take[].reserve.column', 'take[].reserve.field', 'take[].reserve.field[]', 'take[].reserve.length', 'take[].reserve.length[]', 'take[].reserve.query', 'take[].limit.column', 'take[].meter', 'take[].price.column', 'take[].price.times[].column', 'take[].price.times[].field', 'take[].price.times[].field[]',
      'take[].price.times[].length', 'take[].price.times[].length[]', 'take[].usage.amounts.*.column', 'take[].usage.amounts.*.parts.*.column', 'take[].usage.amounts.*.parts.*.parts.*.column',
      'take[].usage.amounts.*.parts.*.parts.*.parts.*.column', 'take[].usage.perEvent.column', 'validate', 'validate.body', 'validate.form', 'validate.openapi', 'validate.operation', 'validate.query',
    ].map((each) => `routes[].steps[].${each}`),
  ].map((each) => `apis.*.${each}`),
]

function freeTexts(node: unknown, path = ''): readonly string[] {
  if (typeof node !== 'object' || node === null) return []
  const { type, pattern, anyOf, properties = {}, additionalProperties, items } = node as Node & { readonly properties?: Node }
  const forms = Array.isArray(anyOf) ? (anyOf as readonly unknown[]) : []
  if (type === 'string' && pattern === undefined && forms.length === 0) return [path]
  return [
    ...(type === 'string' ? [] : forms.flatMap((form) => freeTexts(form, path))),
    ...Object.entries(properties).flatMap(([name, inner]) => freeTexts(inner, path === '' ? name : `${path}.${name}`)),
    ...freeTexts(additionalProperties, `${path}.*`),
    ...freeTexts(items, `${path}[]`),
  ]
}

/** Each text of the file replaced; the lists whose items must differ keep one. */
function withTexts(value: unknown, text: string): unknown {
  if (typeof value === 'string') return text
  if (Array.isArray(value)) return value.map((item) => withTexts(item, text)).filter((item, at, all) => typeof item !== 'string' || all.indexOf(item) === at)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withTexts(inner, text)]))
}
