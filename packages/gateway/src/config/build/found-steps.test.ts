import { expect, it } from 'vitest'
import { problemsWhen, type Change } from './fixtures/nexalayer-config.ts'

it.each<[string, Change, readonly string[]]>([
  ['an unknown table', (a) => (a.routes[0].steps[2].lookup.table = 'product'), ['routes[0].steps[2].lookup.table: no table is called "product"; did you mean "products"?']],
  ['no source of the id', (a) => delete a.routes[0].steps[2].lookup.field, ['routes[0].steps[2].lookup: must have exactly one of field, param, leased']],
  ['two sources of the id', (a) => (a.routes[0].steps[2].lookup.param = 'id'), ['routes[0].steps[2].lookup: must have exactly one of field, param, leased']],
  ['a parameter that the path does not have', (a) => (a.routes[1].steps[1].lease.param = 'ids'), ['routes[1].steps[1].lease.param: the path of GET /v1/sessions/{id} has no {ids}; did you mean "id"?']],
  ['a parameter of a path without any', (a) => (a.routes[0].steps[2].lookup = { table: 'products', resource: 'product', param: 'id' }), ['routes[0].steps[2].lookup.param: the path of POST /v1/sessions has no {id}; write one, such as /items/{id}']],
  ['the resource of a lease before there is one', (a) => (a.routes[2].steps = a.routes[2].steps.toReversed()), [expect.stringContaining('routes[2].steps[0].take[0].price.times[1].leased: no lease is at hand'), expect.stringContaining('routes[2].steps[0].take[0].price.column: "renew_price" is read from a row'), 'routes[2].steps[1].lookup.leased: no lease is at hand here; put a step such as lease: { param: id } before this one', 'routes[2].steps[3].idempotency: must come before "credit" is taken: a repeat would else need the price once more to be answered']],
  ['the resource of units that belong to none', (a) => (a.routes[2].steps[3].lookup.leased = 'sessions'), ['routes[2].steps[3].lookup.leased: "sessions" counts per account, so its units belong to no resource; name a lease meter per resource']],
  ['a lease on a public route', (a) => ((a.routes[4].on = 'POST /v1/auth/{id}'), a.routes[4].steps.push({ lease: { param: 'id' } })), ['routes[4].steps[1].lease: a public route knows no account whose leases it could look at']],
  ['a state that leases do not have', (a) => (a.routes[1].steps[1].lease.allow = ['expired']), ['routes[1].steps[1].lease.allow[0]: must be active or terminated, not "expired"']],
  ['an unknown meter to read', (a) => (a.routes[3].steps[1].read = ['credits']), ['routes[3].steps[1].read[0]: no meter is called "credits"; did you mean "credit"?']],
  ['a meter read twice', (a) => (a.routes[3].steps[1].read = ['credit', 'credit']), ['routes[3].steps[1].read[1]: "credit" is read twice']],
  ['a meter of a resource to read', (a) => (a.routes[2].steps = [{ lookup: { table: 'products', resource: 'product', param: 'id' } }, { read: ['stock'] }]), ['routes[2].steps[1].read[0]: "stock" counts per resource, and a read shows only meters of the caller']],
  ['a meter of an account on a public route', (a) => a.routes[4].steps.push({ read: ['credit'] }), ['routes[4].steps[1].read[0]: "credit" counts per account, but a public route knows no caller; use a meter per ip']],
])('is told where, what and how to mend it: %s', (_, change, problems) => {
  expect(problemsWhen(change)).toEqual(problems)
})
