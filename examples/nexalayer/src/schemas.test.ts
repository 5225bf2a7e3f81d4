import { readFileSync, readdirSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { AnySchemaObject } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { dynamicBody, staticBody } from '../test/world.ts'
import { recharge } from './billing.ts'
import { readCaller } from './caller.ts'
import { parseEvent, parseRenewal, parseRotate, eventTypes, rotateReasons } from './operation-request.ts'
import type { Recharges } from './recharges.ts'
import { parseSessionRequest } from './session-request.ts'

const folder = new URL('../schemas/', import.meta.url)
const anyRecharge: Recharges = { create: () => ({ recharge_id: 'rch_1', amount: '1.00', status: 'pending', created_at: '' }), find: () => undefined }

const bodies: { readonly [schema: string]: { readonly service: (body: string) => boolean; readonly good: readonly unknown[]; readonly bad: readonly unknown[] } } = {
  'create-session.json': {
    service: (body) => parseSessionRequest(body).ok,
    good: [dynamicBody(), dynamicBody({ protocol: 'socks5', country: 'zz-timeout', rotation: { mode: 'timed', interval_seconds: 60 } }), staticBody({ city: 'Denver' })],
    bad: [{}, { type: 'dynamic' }, { type: 'other', config: {} }, dynamicBody({ traffic_gb: 1001 }), staticBody({ country: undefined }), staticBody({ duration_days: 31 }), staticBody({ quantity: 0 }), dynamicBody({ quantity: 2 }), dynamicBody({ duration_days: 30 }), staticBody({ traffic_gb: 5 }), staticBody({ rotation: {} })],
  },
  'renew-session.json': { service: (body) => parseRenewal(body).ok, good: [{ duration_days: 30 }, { duration_days: 90 }], bad: [{}, { duration_days: '30' }, []] },
  'rotate-session.json': { service: (body) => parseRotate(body).ok, good: rotateReasons.map((reason) => ({ reason })), bad: [{}, { reason: 'toString' }] },
  'report-event.json': {
    service: (body) => parseEvent(body).ok,
    good: eventTypes.map((event_type) => ({ event_type, traffic_mb: 5 })),
    bad: [{}, { event_type: 'constructor' }, { event_type: 'success', traffic_mb: -1 }],
  },
  'recharge.json': {
    service: (body) => recharge(anyRecharge, readCaller({}), body).status === 201,
    good: [{ amount: '50.00' }, { amount: '1' }],
    bad: [{}, { amount: 50 }, { amount: '1e3' }, { amount: '-5.00' }, { amount: '5,00' }],
  },
}

test('each schema is here', () => expect(readdirSync(folder).toSorted()).toEqual(Object.keys(bodies).toSorted()))

test.each(Object.entries(bodies))('%s is valid, and takes and refuses what the service does', (name, { service, good, bad }) => {
  const schema = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as AnySchemaObject
  // As the gateway compiles it: a condition may require a field that stands elsewhere in the schema.
  const accepts = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema)
  const judged = (list: readonly unknown[], judge: (body: unknown) => boolean) => list.map((body) => judge(JSON.parse(JSON.stringify(body))))
  const asService = (body: unknown) => service(JSON.stringify(body))
  expect([judged(good, accepts), judged(good, asService)]).toEqual([good.map(() => true), good.map(() => true)])
  expect([judged(bad, accepts), judged(bad, asService)]).toEqual([bad.map(() => false), bad.map(() => false)])
})
