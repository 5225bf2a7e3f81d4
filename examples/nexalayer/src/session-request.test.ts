import { expect, test } from 'vitest'
import { dynamicBody, staticBody } from '../test/world.ts'
import { parseSessionRequest } from './session-request.ts'

const parse = (body: unknown) => parseSessionRequest(JSON.stringify(body))

test('a dynamic session speaks http and rotates on demand unless it is told otherwise', () => {
  expect(parse(dynamicBody({ city: 'Berlin' }))).toEqual({
    ok: true,
    value: {
      type: 'dynamic',
      productNo: 'DYN-RES-01',
      trafficGb: 5,
      protocol: 'http',
      location: { country: 'DE', city: 'Berlin' },
      rotation: { mode: 'on_demand', interval_seconds: null },
    },
  })
})

test('a timed rotation needs its interval, which no schema says', () => {
  expect(parse(dynamicBody({ rotation: { mode: 'timed' } }))).toEqual({
    ok: false,
    field: 'config.rotation.interval_seconds',
    issue: 'must be a whole number from 10 to 86400 when mode is timed',
  })
  expect(parse(dynamicBody({ rotation: { mode: 'timed', interval_seconds: 60 } }))).toMatchObject({ ok: true })
})

test.each([
  [{}, 'type'],
  [{ type: 'constructor', config: {} }, 'type'],
  [{ type: 'static' }, 'config'],
  [{ type: 'static', config: [] }, 'config'],
  [staticBody({ product_no: 7 }), 'config.product_no'],
  [staticBody({ quantity: 1.5 }), 'config.quantity'],
  [staticBody({ duration_days: 31 }), 'config.duration_days'],
  [staticBody({ country: null }), 'config.country'],
  [dynamicBody({ traffic_gb: 0 }), 'config.traffic_gb'],
  [dynamicBody({ quantity: 2 }), 'config.quantity'],
  [staticBody({ traffic_gb: 5 }), 'config.traffic_gb'],
])('%j is refused at %s', (body, field) => {
  expect(parse(body)).toMatchObject({ ok: false, field })
})

test.each(['', '{"type":', '[]', 'null', '"static"'])('the body %j is refused as a whole', (body) => {
  expect(parseSessionRequest(body)).toEqual({ ok: false, issue: expect.stringMatching(/^the body must be/) })
})
