import { request as httpRequest, type Server } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDirectory, type Directory } from 'tollgate/directory'
import type { RequestRow } from 'tollgate/journal'
import type { Store } from 'tollgate/stores'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock } from 'tollgate/testing'
import { loadConfig } from '../config/load-config.ts'
import { listenOn } from '../http/listening.ts'
import { silentLog } from '../platform/log.ts'
import { parseAnswer, rawCall } from '../proxy/fixtures/loopback.ts'
import { randomBytes, sha256Hex } from '../platform/secrets.ts'
import type { ReloadOutcome } from './admin-gateway.ts'
import { createAdminServer } from './admin-server.ts'
import { permissions } from '../config/permission.ts'
import { operations } from './operations.ts'
import { openAdminTokens } from './admin-token.ts'
import { declaredReply } from './fixtures/declared-reply.ts'
import { createOrder } from './order.ts'

const NOW = Date.UTC(2026, 10, 22, 10)
const TOKENS = { ops: 'ops-token-0123456789', support: 'support-token-0123456', board: 'board-token-01234567', desk: 'desk-token-012345678' }

const loaded = loadConfig(
  {
    admin: { tokens: TOKENS, hostnames: ['admin.example'], may: { board: ['read'], desk: ['read', 'write'] } },
    store: 'memory',
    upstreams: { service: 'http://127.0.0.1:1' },
    apis: {
      ads: {
        mount: '/ads',
        contract: 'chatads',
        credentials: { from: [{ header: 'x-api-key' }], prefix: 'cak_' },
        meters: { daily: { quota: 'day', per: 'account', counts: 'attempts' }, burst: { window: '60s', limit: 5, per: 'key' } },
        plans: { free: { daily: 100 }, pro: { daily: 1000, burst: 'unlimited' } },
        routes: [{ on: 'POST /v1/messages', steps: [{ take: ['daily'] }] }],
      },
    },
  },
  { environment: {} },
)
if (!loaded.ok) throw new Error('the configuration of this test is wrong')
const config = loaded.value

let server: Server
let store: Store
let directory: Directory
let reloadOutcome: ReloadOutcome
let backups: string[]
let damaged: string[] = []

beforeEach(async () => {
  const clock = createManualClock(NOW)
  store = createMemoryStore({ clock })
  directory = createDirectory({ store, clock, sha256Hex })
  reloadOutcome = { ok: true }
  backups = []
  const gateway = {
    config: () => config,
    directory,
    store,
    order: createOrder(store),
    storeHighWaterMs: store.highWaterMs,
    clock,
    randomBytes,
    sha256Hex,
    reload: () => Promise.resolve(reloadOutcome),
    stop: () => undefined,
    aheadMs: () => 0,
    damage: () => Promise.resolve(damaged),
    backup: (file: string) => {
      if (file === '/full') return Promise.reject(new Error('the disk is full'))
      backups.push(file)
      return Promise.resolve()
    },
    alerts: async () => [{ atMs: NOW, kind: 'upstream', message: 'the upstream refuses our key' }],
    pid: process.pid,
    version: '0.1.0',
    startedAtMs: NOW,
    url: 'http://127.0.0.1:8080',
  }
  server = createAdminServer({ gateway, tokens: openAdminTokens(config.admin, randomBytes), log: silentLog }).server
  await listenOn(server, { port: 0, host: '127.0.0.1' })
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

interface Reply {
  readonly status: number
  readonly headers: Headers
  // oxlint-disable-next-line typescript/no-explicit-any -- compared as a whole, whatever it is
  readonly body: any
}

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKENS.ops}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, body: await declaredReply(method, path, response) }
}

async function createAccount(id = 'acme'): Promise<void> {
  expect((await ask('POST', '/v1/accounts', { id, api: 'ads', plan: 'free', name: 'Acme' })).status).toBe(201)
}

it('switches that are set at once do not lose one another', async () => {
  await ask('PUT', '/v1/apis/ads/overload', { on: false })
  for (let round = 0; round < 10; round += 1) {
    const on = round % 2 === 0
    await Promise.all([ask('PUT', '/v1/apis/ads/maintenance', { on }), ask('PUT', '/v1/apis/ads/overload', { on }), ask('PUT', '/v1/apis/ads/maintenance', { on })])
    expect((await ask('GET', '/v1/apis')).body).toMatchObject({ apis: [{ switches: { maintenance: { on }, overload: { on } } }] })
  }
})

it('tells what is damaged in the store', async () => {
  damaged = ['table ledger: Tree 3 page 6']
  expect((await ask('POST', '/v1/store/check')).body).toMatchObject({ damage: ['table ledger: Tree 3 page 6'] })
  damaged = []
})

describe('a token that may not do everything', () => {
  const as = (token: keyof typeof TOKENS) => ({ authorization: `Bearer ${TOKENS[token]}` })

  it('does what it may; each operation asks for one of the permissions', async () => {
    await createAccount()
    const denied: string[] = []
    for (const { name, method, path, may } of operations) {
      const { status, body } = await ask(method, path.replace(/\{\w+\}/g, 'nope'), undefined, as('board'))
      if (status === 403) denied.push(`${name}: ${body.required === may ? may : 'another'}, with ${body.granted}`)
    }
    expect(denied).toEqual(operations.flatMap(({ name, may }) => (may === 'read' ? [] : [`${name}: ${may}, with read`])))
    expect(new Set(operations.map(({ may }) => may))).toEqual(new Set(permissions))
    expect((await ask('GET', '/v1/accounts', undefined, as('board'))).status).toBe(200)
    expect((await ask('PATCH', '/v1/accounts/acme', { name: 'Other' }, as('desk'))).status).toBe(200)
  })

  it('is told what it may, and changes nothing with the rest', async () => {
    const { status, body } = await ask('PUT', '/v1/apis/ads/maintenance', { on: true }, as('desk'))
    expect([status, body.detail]).toEqual([403, 'Permission denied: the token desk may read, write, and this takes operate; see admin.may.'])
    expect((await directory.switches('ads')).maintenance).toBeUndefined()
    expect((await ask('PUT', '/v1/apis/ads/maintenance', { on: true }, as('support'))).status).toBe(200)
  })
})

describe('the admin API', () => {
  it('asks for a token, whatever the path, and answers as problem+json', async () => {
    for (const path of ['/v1/status', '/v1/nope', '/']) {
      const { status, headers, body } = await ask('GET', path, undefined, { authorization: '' })
      expect(status).toBe(401)
      expect(headers.get('content-type')).toContain('application/problem+json')
      expect(headers.get('www-authenticate')).toContain('Bearer')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(body).toMatchObject({ status: 401, code: 'credential.missing' })
    }
    for (const authorization of ['Bearer wrong', `Basic ${TOKENS.ops}`, `Bearer ${TOKENS.ops}x`, 'Bearer ']) {
      expect((await ask('GET', '/v1/status', undefined, { authorization })).status).toBe(401)
    }
  })

  it('answers to addresses, localhost and configured names only, so that DNS rebinding gets nowhere', async () => {
    const { port } = server.address() as AddressInfo
    const statusFor = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        httpRequest({ port, host: '127.0.0.1', path: '/v1/status', headers: { host, authorization: `Bearer ${TOKENS.ops}` } }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
          .on('error', reject)
          .end()
      })
    for (const host of ['127.0.0.1:9090', 'localhost', 'LOCALHOST:1', '[::1]:9090', 'admin.example']) expect(await statusFor(host)).toBe(200)
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'admin.example.']) expect(await statusFor(host)).toBe(403)
  })

  it('says what there is not, and which methods there are', async () => {
    expect((await ask('GET', '/v1/nope')).body).toMatchObject({ status: 404, code: 'route.unknown', issue: 'there is no /v1/nope' })
    const wrongMethod = await ask('DELETE', '/v1/accounts')
    expect(wrongMethod.status).toBe(405)
    expect(wrongMethod.headers.get('allow')).toBe('GET, POST')
    expect((await ask('GET', '/v1/accounts/%ff')).status).toBe(404)
  })

  it('refuses bodies that are too large, of another type, or not JSON', async () => {
    expect((await ask('POST', '/v1/accounts', 'x'.repeat(70_000))).body).toMatchObject({ status: 413, code: 'request.too_large' })
    expect((await ask('POST', '/v1/accounts', '{}', { 'content-type': 'text/plain' })).body).toMatchObject({ status: 415 })
    expect((await ask('POST', '/v1/accounts', '{"a":')).body).toMatchObject({ status: 400, issue: 'the body is not valid JSON' })
    expect((await ask('POST', '/v1/accounts', '[]')).status).toBe(400)
  })

  it.each([
    ['no HTTP at all', 'NOT HTTP AT ALL\r\n\r\n', 400, 'the request is not valid HTTP/1.1: it does not begin with a method, in upper case, such as GET'],
    ['a request without a Host', 'GET /v1/status HTTP/1.1\r\n\r\n', 400, 'the Host header is missing'],
    ['a head that is too long', `GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 413, "the request's head is longer than 16384 bytes"],
    ['an expectation that nobody knows', 'GET /v1/status HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\n\r\n', 400, 'the only expectation understood here is 100-continue'],
    ['a body that is not chunked as it says', 'POST /v1/reload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n', 400, 'the request is not valid HTTP/1.1'],
    ['CONNECT', 'CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n', 405, 'CONNECT is not allowed here'],
  ])('answers even %s as problem+json, and closes', async (_, text, status, issue) => {
    const answer = parseAnswer(await rawCall((server.address() as AddressInfo).port, text).closed)
    expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/problem+json', connection: 'close', 'cache-control': 'no-store' } })
    expect(JSON.parse(answer.body)).toMatchObject({ status, issue })
    expect(answer.headers['allow']).toBe(status === 405 ? '' : undefined)
  })

  it('refuses 60 kB of opening brackets as it refuses any other nonsense, and lives on', async () => {
    for (const text of ['['.repeat(60_000), `${'['.repeat(30_000)}${']'.repeat(30_000)}`, `{"id":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`]) {
      expect(await ask('POST', '/v1/accounts', text)).toMatchObject({ status: 400, body: { code: 'request.invalid', issue: 'the body is nested deeper than 64 levels' } })
    }
    expect((await ask('GET', '/v1/status')).status).toBe(200)
  })

  it('answers HEAD without a body', async () => {
    const answer = parseAnswer(await rawCall((server.address() as AddressInfo).port, 'HEAD /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n').closed)
    expect(answer).toMatchObject({ status: 401, body: '' })
  })

  it('says to its operator why the store fails, and lives on', async () => {
    await store.close()
    const { status, body } = await ask('GET', '/v1/accounts')
    expect([status, body.detail]).toEqual([503, 'Upstream unavailable: the store is closed.'])
    expect((await ask('GET', '/v1/plans')).status).toBe(200)
  })
})

describe('accounts', () => {
  it('are created, shown, listed in pages and changed by merge patches', async () => {
    const created = await ask('POST', '/v1/accounts', { id: 'acme', api: 'ads', plan: 'free', name: 'Acme', limits: { daily: 5 }, blockedWords: ['casino'] })
    const account = { id: 'acme', api: 'ads', plan: 'free', name: 'Acme', status: 'active', limits: { daily: 5 }, blockedWords: ['casino'], createdAt: '2026-11-22T10:00:00.000Z' }
    expect(created).toMatchObject({ status: 201, body: { account } })
    expect((await ask('GET', '/v1/accounts/acme')).body).toEqual({ account })

    const changed = await ask('PATCH', '/v1/accounts/acme', { plan: 'pro', status: 'suspended', suspendedUntil: '2026-12-01T00:00:00Z', limits: { daily: null }, blockedWords: null })
    expect(changed.body.account).toEqual({ id: 'acme', api: 'ads', plan: 'pro', name: 'Acme', status: 'suspended', suspendedUntil: '2026-12-01T00:00:00.000Z', createdAt: account.createdAt })

    await createAccount('beta')
    expect((await ask('GET', '/v1/accounts?limit=1')).body).toMatchObject({ accounts: [{ id: 'acme' }], next: 'acme' })
    expect((await ask('GET', '/v1/accounts?limit=5&after=acme')).body.accounts).toHaveLength(1)
    expect((await ask('GET', '/v1/accounts?api=other')).body).toEqual({ accounts: [] })
  })

  it('get an id when none is given', async () => {
    expect((await ask('POST', '/v1/accounts', { api: 'ads', plan: 'free', name: 'Acme' })).body.account.id).toMatch(/^acct_[0-9a-f]{18}$/)
  })

  it.each([
    [{}, 'field.missing', 'api', 'is missing'],
    [{ api: 'ad', plan: 'free', name: 'A' }, 'field.invalid', 'api', 'no API is called "ad"; did you mean "ads"?'],
    [{ api: 'ads', plan: 'fre', name: 'A' }, 'field.invalid', 'plan', 'no plan of ads is called "fre"; did you mean "free"?'],
    [{ api: 'ads', plan: 'constructor', name: 'A' }, 'field.invalid', 'plan', 'no plan of ads is called "constructor"; there are free, pro'],
    [{ api: 'ads', plan: 'free', name: ' ' }, 'field.invalid', 'name', '" " must not be empty'],
    [{ api: 'ads', plan: 'free', name: 'A', limits: { dayly: 1 } }, 'field.invalid', 'limits.dayly', 'no meter of ads is called "dayly"; did you mean "daily"?'],
    [{ api: 'ads', plan: 'free', name: 'A', limits: { daily: 1.5 } }, 'field.invalid', 'limits.daily', '1.5 must be a whole number from 0'],
    [{ api: 'ads', plan: 'free', name: 'A', id: 'a b' }, 'field.invalid', 'id', '"a b" must have only letters, digits, . _ and - (64 at most)'],
    [{ api: 'ads', plan: 'free', name: 'A', state: 'x' }, 'field.invalid', 'state', 'there is no setting "state" here; did you mean "status"?'],
    [JSON.parse('{"api":"ads","plan":"free","name":"A","limits":{"__proto__":1}}'), 'field.invalid', 'limits.__proto__', 'nothing can have this name; choose another'],
    [{ api: 'ads', plan: 'free', name: 'A', suspendedUntil: 'soon' }, 'field.invalid', 'suspendedUntil', '"soon" must be an instant such as 2026-01-31T12:30:00Z, or in how long: 30m, 24h, 7d'],
  ])('are not created from %j', async (body, code, field, issue) => {
    expect((await ask('POST', '/v1/accounts', body)).body).toMatchObject({ status: 422, code, field, issue })
  })

  it('are not created twice, and not changed where there is none', async () => {
    await createAccount()
    expect((await ask('POST', '/v1/accounts', { id: 'acme', api: 'ads', plan: 'free', name: 'Acme' })).body).toMatchObject({ status: 409, issue: 'there is an account "acme" already' })
    expect((await ask('PATCH', '/v1/accounts/nobody', { plan: 'pro' })).body).toMatchObject({ status: 404, issue: 'there is no account "nobody"' })
  })
})

describe('an instant', () => {
  it.each([
    ['2026-12-01T02:00:00+02:00', '2026-12-01T00:00:00.000Z'],
    ['1h', '2026-11-22T11:00:00.000Z'],
    ['7d', '2026-11-29T10:00:00.000Z'],
  ])('that lies ahead is written as one, or in how long: %s', async (written, shown) => {
    await createAccount()
    const replies = [
      await ask('PUT', '/v1/apis/ads/maintenance', { on: true, until: written }),
      await ask('PATCH', '/v1/accounts/acme', { status: 'suspended', suspendedUntil: written }),
      await ask('POST', '/v1/accounts', { id: 'beta', api: 'ads', plan: 'free', name: 'Beta', suspendedUntil: written }),
      await ask('POST', '/v1/accounts/acme/keys', { expiresAt: written }),
    ]
    const { body } = await ask('PATCH', `/v1/keys/${replies[3]?.body.key.id as string}`, { expiresAt: written })
    expect([replies[0]?.body.switches.maintenance.until, replies[1]?.body.account.suspendedUntil, replies[2]?.body.account.suspendedUntil, replies[3]?.body.key.expiresAt, body.key.expiresAt]).toEqual(Array(5).fill(shown))
  })

  it('that has passed is written as one, or how long ago, wherever one is asked for', async () => {
    for (const path of ['/v1/requests?since=', '/v1/requests?before=', '/v1/requests/top?since=', '/v1/requests/top?before=', '/v1/calls?before=']) {
      for (const written of ['2026-11-22T00:00:00Z', '90m']) expect((await ask('GET', `${path}${written}`)).status).toBe(200)
      expect((await ask('GET', `${path}soon`)).body).toMatchObject({ status: 422, issue: '"soon" must be an instant such as 2026-01-31T12:30:00Z, or how long ago: 30m, 24h, 7d' })
    }
  })
})

describe('keys', () => {
  it('are found by their secret, with their account, also when they are over; the secret is not repeated', async () => {
    await createAccount()
    const { body: made } = await ask('POST', '/v1/accounts/acme/keys', { label: 'production' })
    const { secret } = made
    await ask('PATCH', `/v1/keys/${made.key.id}`, { status: 'revoked' })
    const found = await ask('POST', '/v1/keys/find', { secret })
    expect(found).toMatchObject({ status: 200, body: { key: { id: made.key.id, status: 'revoked', label: 'production' }, account: { id: 'acme', name: 'Acme' } } })
    for (const wrong of [`${secret}x`, secret.slice(0, -1), 'constructor', 'x'.repeat(10_000)]) {
      const { status, body } = await ask('POST', '/v1/keys/find', { secret: wrong })
      expect([status, body.code]).toEqual([404, 'resource.not_found'])
      expect(JSON.stringify(body)).not.toContain(wrong.slice(0, 20))
    }
    const faulty = await ask('POST', '/v1/keys/find', { secret: [secret] })
    expect(faulty.status).toBe(422)
    expect(JSON.stringify([found.body, faulty.body, (await ask('GET', '/v1/audit')).body])).not.toContain(secret)
  })

  it('show their secret once and their hash never', async () => {
    await createAccount()
    const { status, body } = await ask('POST', '/v1/accounts/acme/keys', { label: 'production', scopes: ['read'] })
    expect(status).toBe(201)
    expect(body.secret).toMatch(/^cak_[0-9A-Za-z]{38}$/)
    expect(await directory.findKey('ads', body.secret)).toMatchObject({ key: { id: body.key.id, label: 'production' }, account: { id: 'acme' } })
    const listed = await ask('GET', '/v1/accounts/acme/keys')
    expect(listed.body.keys).toEqual([body.key])
    for (const reply of [listed, await ask('GET', `/v1/keys/${body.key.id}`), await ask('GET', '/v1/audit')]) {
      expect(JSON.stringify(reply.body)).not.toContain(body.secret)
      expect(JSON.stringify(reply.body)).not.toContain(sha256Hex(body.secret))
    }
  })

  it('are imported with the secret that they have, once, and errors do not repeat it', async () => {
    await createAccount()
    const imported = await ask('POST', '/v1/accounts/acme/keys/import', { secret: 'cak_older-than-this-gateway' })
    expect(imported).toMatchObject({ status: 201, body: { key: { hint: expect.stringContaining('cak_') as unknown } } })
    expect(imported.body.secret).toBeUndefined()
    expect((await ask('POST', '/v1/accounts/acme/keys/import', { secret: 'cak_older-than-this-gateway' })).body).toMatchObject({ status: 409, issue: 'there is a key with this secret already' })
    for (const secret of ['cak_short', 'other_0123456789abcdef', 'cak_with a space in it']) {
      const { status, body } = await ask('POST', '/v1/accounts/acme/keys/import', { secret })
      expect(status).toBe(422)
      expect(body.field).toBe('secret')
      expect(JSON.stringify(body)).not.toContain(secret)
    }
  })

  it('are disabled, enabled and revoked; revoked is for good', async () => {
    await createAccount()
    const { body } = await ask('POST', '/v1/accounts/acme/keys', {})
    const change = (status: string) => ask('PATCH', `/v1/keys/${body.key.id}`, { status })
    expect((await change('disabled')).body.key.status).toBe('disabled')
    expect((await change('active')).body.key.status).toBe('active')
    expect((await change('revoked')).body.key).toMatchObject({ status: 'revoked', revokedAt: '2026-11-22T10:00:00.000Z' })
    expect((await change('active')).body).toMatchObject({ status: 409, issue: 'a revoked key stays revoked; create another one' })
    expect((await directory.findKey('ads', body.secret))?.key.status).toBe('revoked')
    expect((await ask('PATCH', '/v1/keys/nope', { status: 'revoked' })).status).toBe(404)
  })
})

describe('operations', () => {
  it('report status, APIs with their switches, and plans with their limits', async () => {
    expect((await ask('GET', '/v1/status')).body).toMatchObject({ version: '0.1.0', store: 'memory', apis: ['ads'], alerts: [{ kind: 'upstream', at: '2026-11-22T10:00:00.000Z' }] })
    expect((await ask('GET', '/v1/plans')).body).toEqual({ plans: [{ api: 'ads', name: 'free', limits: { daily: 100, burst: 5 } }, { api: 'ads', name: 'pro', limits: { daily: 1000, burst: 'unlimited' } }] })
    await ask('PUT', '/v1/apis/ads/maintenance', { on: true, until: '2026-11-22T11:00:00Z' })
    await ask('PUT', '/v1/apis/ads/overload', { on: true })
    expect(await directory.switches('ads')).toEqual({ maintenance: { on: true, untilMs: NOW + 3_600_000 }, overload: { on: true } })
    expect((await ask('GET', '/v1/apis')).body.apis[0]).toMatchObject({ name: 'ads', mount: '/ads', switches: { maintenance: { on: true, until: '2026-11-22T11:00:00.000Z' }, overload: { on: true } } })
    expect((await ask('PUT', '/v1/apis/adds/overload', { on: true })).body).toMatchObject({ status: 404, issue: 'no API is called "adds"; did you mean "ads"?' })
    expect((await ask('PUT', '/v1/apis/ads/overload', { on: 'yes' })).body).toMatchObject({ status: 422, field: 'on', issue: 'must be true or false, not "yes"' })
  })

  it('read an account’s usage without changing it, for the account and each of its keys', async () => {
    await createAccount()
    const { body } = await ask('POST', '/v1/accounts/acme/keys', {})
    await store.apply([{ kind: 'admit', takes: [{ subject: 'account:acme', name: 'daily', meter: { kind: 'quota', period: 'day', counts: 'attempts' }, limit: 100, cost: 3 }] }])
    const expected = [
      { meter: 'daily', subject: 'account:acme', kind: 'quota', limit: 100, used: 3, remaining: 97, resetAt: '2026-11-23T00:00:00.000Z' },
      { meter: 'burst', subject: `key:${body.key.id}`, kind: 'window', limit: 5, used: 0, remaining: 5, resetAt: expect.any(String) as unknown },
    ]
    for (const _ of [1, 2]) expect((await ask('GET', '/v1/accounts/acme/usage')).body).toEqual({ account: 'acme', plan: 'free', meters: expected })
  })

  it('keep an audit of who changed what, with before and after', async () => {
    await createAccount()
    await ask('PATCH', '/v1/accounts/acme', { plan: 'pro' }, { authorization: `Bearer ${TOKENS.support}` })
    const { body } = await ask('GET', '/v1/audit')
    expect(body.audit).toMatchObject([
      { action: 'account.update', detail: { who: 'support', account: 'acme', before: { plan: 'free' }, after: { plan: 'pro' } } },
      { action: 'account.create', detail: { who: 'ops', account: 'acme' } },
    ])
  })

  it('reload and back up, and say why not', async () => {
    expect((await ask('POST', '/v1/reload')).body).toEqual({ reloaded: true })
    reloadOutcome = { ok: false, problems: [{ path: ['store'], message: 'is missing' }] }
    expect((await ask('POST', '/v1/reload')).body).toMatchObject({ status: 409, issue: 'the old configuration stays: store: is missing' })
    const file = join(mkdtempSync(join(tmpdir(), 'tollgate-admin-')), 'copy.db')
    expect((await ask('POST', '/v1/backup', { file })).body).toEqual({ file })
    expect(backups).toEqual([file])
    expect((await ask('POST', '/v1/backup', { file: 'copy.db' })).body).toMatchObject({ status: 422, field: 'file' })
    expect((await ask('POST', '/v1/backup', { file: '/tmp/copy\n.db' })).body).toMatchObject({ status: 422, field: 'file', issue: '"/tmp/copy\\n.db" must not hold control characters' })
    expect((await ask('POST', '/v1/backup', { file: '/full' })).body).toMatchObject({ status: 409, issue: 'the backup failed: the disk is full' })
    rmSync(join(file, '..'), { recursive: true })
  })
})

describe('the request log', () => {
  const row: RequestRow = {
    requestId: 'b0a9c1d2-0000-4000-8000-000000000001',
    clientRequestId: 'order-17',
    atMs: NOW,
    durationMs: 3,
    method: 'POST',
    path: '/ads/v1/messages',
    remoteAddress: '203.0.113.7',
    api: 'ads',
    route: 'POST /v1/messages',
    accountId: 'acme',
    keyId: 'key_1',
    plan: 'free',
    status: 429,
    refusal: { entry: 'dailyQuota', code: 'DAILY_QUOTA_EXCEEDED', reason: 'quota.exhausted', source: 'client', message: 'Daily request limit exceeded.', facts: {} },
    meters: [],
    upstream: [],
    timings: {},
    bytesIn: 0,
    bytesOut: 0,
  }

  it('finds requests by account, entry, API and the caller’s own id, and explains one', async () => {
    await store.apply([{ kind: 'log', row }])
    for (const query of ['account=acme', 'entry=dailyQuota', 'api=ads', 'clientRequestId=order-17', 'before=2026-11-22T10:00:01Z']) {
      expect((await ask('GET', `/v1/requests?${query}`)).body.requests).toHaveLength(1)
    }
    for (const query of ['account=other', 'before=2026-11-22T09:00:00Z']) expect((await ask('GET', `/v1/requests?${query}`)).body.requests).toHaveLength(0)
    const { body } = await ask('GET', `/v1/requests/${row.requestId}`)
    expect(body.request).toMatchObject({ requestId: row.requestId, at: '2026-11-22T10:00:00.000Z' })
    expect(body.explanation[0].about).toBe('who')
    expect((await ask('GET', '/v1/requests/nope')).body).toMatchObject({ status: 404, issue: 'there is no request "nope"' })
  })

  it('says which filter is wrong', async () => {
    expect((await ask('GET', '/v1/requests?limit=0')).body).toMatchObject({ status: 422, field: 'limit', issue: '"0" must be a whole number from 1 to 1000' })
    expect((await ask('GET', '/v1/requests?acount=a')).body).toMatchObject({ status: 422, issue: 'there is no setting "acount" here; did you mean "account"?' })
  })
})
