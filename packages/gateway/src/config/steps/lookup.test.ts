import { expect, it } from 'vitest'
import { problemsWhen, type Change } from '../build/fixtures/nexalayer-config.ts'

it.each<[string, Change, readonly string[]]>([
  ['an unknown table', (a) => (a.routes[0].steps[2].lookup.table = 'product'), ['routes[0].steps[2].lookup.table: no table is called "product"; did you mean "products"?']],
  ['no source of the id', (a) => delete a.routes[0].steps[2].lookup.field, ['routes[0].steps[2].lookup: must have exactly one of field, param, query, leased']],
  ['two sources of the id', (a) => (a.routes[0].steps[2].lookup.param = 'id'), ['routes[0].steps[2].lookup: must have exactly one of field, param, query, leased']],
  ['a parameter of a path without any', (a) => (a.routes[0].steps[2].lookup = { table: 'products', resource: 'product', param: 'id' }), ['routes[0].steps[2].lookup.param: the path of POST /v1/sessions has no {id}; write one, such as /items/{id}']],
  ['the resource of a lease before there is one', (a) => (a.routes[2].steps = a.routes[2].steps.toReversed()), [expect.stringContaining('routes[2].steps[0].take[0].price.times[1].leased: no lease is at hand'), expect.stringContaining('routes[2].steps[0].take[0].price.column: "renew_price" is read from a row'), 'routes[2].steps[1].lookup.leased: no lease is at hand here; put a step such as lease: { param: id } before this one', 'routes[2].steps[3].idempotency: must come before "credit" is taken: a repeat would otherwise need the price once more to be answered']],
  ['the resource of units that belong to none', (a) => (a.routes[2].steps[3].lookup.leased = 'sessions'), ['routes[2].steps[3].lookup.leased: "sessions" counts per account, so its units belong to no resource; name a lease meter per resource']],
])('is told where, what and how to mend it: %s', (_, change, problems) => {
  expect(problemsWhen(change)).toEqual(problems)
})
