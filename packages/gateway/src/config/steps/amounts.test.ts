import { expect, it } from 'vitest'
import { configWhen, problemsWhen, type Change } from '../build/fixtures/nexalayer-config.ts'

const price = 'routes[3].steps[0].take[0].price'

/** The balance route pays: `before` are the steps in front. */
const paying =
  (take: object, ...before: readonly unknown[]): Change =>
  (api) =>
    (api.routes[3].steps = [...before, { take: [{ meter: 'credit', ...take }] }])

const lookup = { lookup: { table: 'products', resource: 'product', field: 'id' } }

it.each<[string, object, object]>([
  ['a number', { price: 0.25 }, { price: { amount: 25 } }],
  ['a text', { price: '0.25' }, { price: { amount: 25 } }],
  ['a number with factors', { price: { amount: 0.5, times: [{ field: 'number', default: 1 }, 3] } }, { price: { amount: 50, times: [{ kind: 'field', path: 'number', default: 1 }, 3] } }],
  ['a column', { price: { column: 'price' } }, { price: { amount: { kind: 'column', column: 'price' } } }],
  ['started thousands of characters', { price: { amount: 1, times: [{ length: 'text', per: 1000 }] } }, { price: { amount: 100, times: [{ kind: 'length', path: 'text', per: 1000 }] } }],
  ['a text that may stand in two places', { price: { amount: 1, times: [{ length: ['a.text', 'text'] }] } }, { price: { amount: 100, times: [{ kind: 'length', path: ['a.text', 'text'] }] } }],
  ['a column of counts', { price: { amount: 1, times: [{ column: 'stock' }] } }, { price: { amount: 100, times: [{ kind: 'column', column: 'stock' }] } }],
  ['nothing', { price: 0 }, { price: { amount: 0 } }],
  [
    'what the answer says was used',
    { price: 1, usage: { per: 1_000_000, amounts: { 'usage.prompt_tokens': 0.15, 'usage.completion_tokens': { column: 'price' } }, perEvent: 0.01 } },
    { price: { amount: 100 }, usage: { per: 1_000_000, amounts: { 'usage.prompt_tokens': 15, 'usage.completion_tokens': { kind: 'column', column: 'price' } }, perEvent: 1 } },
  ],
  [
    'figures that contain others, and stand in several places',
    { price: 1, usage: { amounts: { in: { amount: 0.1, also: 'message.in', parts: { 'in_details[kind=audio].count': { column: 'price', parts: { 'in_details.cached': '0.02' } } } }, out: { amount: 0.2 } } } },
    {
      price: { amount: 100 },
      usage: {
        per: 1,
        amounts: { in: { kind: 'figure', amount: 10, also: ['message.in'], parts: { 'in_details[kind=audio].count': { kind: 'figure', amount: { kind: 'column', column: 'price' }, parts: { 'in_details.cached': 2 } } } }, out: 20 },
      },
    },
  ],
])('a price may be %s', (_, written, built) => {
  const config = configWhen((api, whole) => {
    api.tables.products.rows['P-2'].stock = 7
    delete api.routes[0].steps[3].take[1].limit
    api.meters.stock.limit = 20
    paying(written, lookup)(api, whole)
  })
  expect(config.apis[0]?.routes[3]?.steps[1]).toEqual({ kind: 'take', take: [{ meter: 'credit', ...built }] })
})

it.each<[string, Change, readonly string[]]>([
  ['more decimals than the balance has', paying({ price: 0.255 }), [`${price}: 0.255 has more decimals than "credit" keeps (its scale is 2)`]],
  ['more decimals inside', paying({ price: { amount: '1.001' } }), [`${price}.amount: "1.001" has more decimals than "credit" keeps (its scale is 2)`]],
  ['too much to be exact', paying({ price: '99999999999999.99' }), [`${price}: "99999999999999.99" is more than "credit" can count exactly (its scale is 2)`]],
  ['a product beyond the safe integers', paying({ price: { amount: 1_000_000, times: [1_000_000, 1_000] } }), [`${price}: comes to 100000000000000000 units at least, which is more than can be counted exactly (9007199254740991)`]],
  ['a negative price', paying({ price: -1 }), [`${price}: must be a decimal from 0, such as 0.25 or "0.25" or a group of settings, not -1`]],
  ['a price that is neither number nor text', paying({ price: true }), [`${price}: must be a number, a text or a group of settings, not true`]],
  ['an amount and a column', paying({ price: { amount: 1, column: 'price' } }, lookup), ['routes[3].steps[1].take[0].price: must have exactly one of amount, column']],
  ['neither', paying({ price: {} }), [`${price}: must have exactly one of amount, column`]],
  ['no factors', paying({ price: { amount: 1, times: [] } }), [`${price}.times: must have at least one item`]],
  ['a factor that is none', paying({ price: { amount: 1, times: [1.5] } }), [`${price}.times[0]: must be a whole number from 0 or a group of settings, not 1.5`]],
  ['a factor of two kinds', paying({ price: { amount: 1, times: [{ field: 'a', length: 'b' }] } }), [`${price}.times[0]: must have exactly one of column, field, length, query, leased`]],
  ['a factor that stands nowhere', paying({ price: { amount: 1, times: [{ length: [] }] } }), [`${price}.times[0].length[0]: is missing`]],
  ['per 0', paying({ price: { amount: 1, times: [{ field: 'a', per: 0 }] } }), [`${price}.times[0].per: 0 must be a whole number from 1`]],
  ['per of a lease', paying({ price: { amount: 1, times: [{ leased: 'stock', per: 2 }] } }, { lease: { param: 'id' } }), ['routes[3].steps[1].take[0].price.times[0].per: 2 belongs to a field, a length or a query', 'routes[3].steps[0].lease.param: the path of GET /v1/billing/balance has no {id}; write one, such as /items/{id}']],
  ['a column before a row is looked up', paying({ price: { column: 'price' } }), [expect.stringMatching(/take\[0\]\.price\.column: "price" is read from a row, but nothing is looked up before; put a step such as lookup: /)]],
  ['a column that no row has', paying({ price: { column: 'prise' } }, lookup), ['routes[3].steps[1].take[0].price.column: no row of "products" has a column "prise"; did you mean "price"?']],
  ['a limit as a price', paying({ price: { column: 'stock' } }, lookup), ['routes[3].steps[1].take[0].price.column: the column "stock" of "products" is a limit elsewhere and would be a price in "credit" (scale 2) here; give each a column of its own']],
  [
    'one column as a price in two scales',
    (api, whole) => {
      api.meters.points = { balance: { scale: 0 }, per: 'account' }
      paying({ meter: 'points', price: { column: 'price' } }, lookup)(api, whole)
    },
    ['routes[3].steps[1].take[0].price.column: the column "price" of "products" is a price in "credit" (scale 2) elsewhere and would be a price in "points" (scale 0) here; give each a column of its own'],
  ],
  ['units of a lease that is not at hand', paying({ price: { amount: 1, times: [{ leased: 'stock' }] } }), [`${price}.times[0].leased: no lease is at hand here; put a step such as lease: { param: id } before this one`]],
  ['units of what no lease occupies', paying({ price: { amount: 1, times: [{ leased: 'requests' }] } }), [`${price}.times[0].leased: "requests" is no meter that a lease occupies; name one with lease: session or lease: stock`]],
  ['units of an unknown meter', paying({ price: { amount: 1, times: [{ leased: 'stok' }] } }), [`${price}.times[0].leased: no meter is called "stok"; did you mean "stock"?`]],
  ['a usage without a figure', paying({ price: 1, usage: { amounts: {} } }), ['routes[3].steps[0].take[0].usage.amounts: must name at least one figure of the answer, such as usage.total_tokens: 0.15']],
  ['a usage per 0', paying({ price: 1, usage: { per: 0, amounts: { tokens: 1 } } }), ['routes[3].steps[0].take[0].usage.per: 0 must be a whole number from 1']],
  ['a usage that is too fine', paying({ price: 1, usage: { amounts: { tokens: 0.001 }, perEvent: 0.001 } }), ['routes[3].steps[0].take[0].usage.amounts.tokens: 0.001 has more decimals than "credit" keeps (its scale is 2)', 'routes[3].steps[0].take[0].usage.perEvent: 0.001 has more decimals than "credit" keeps (its scale is 2)']],
  ['a part that is too fine', paying({ price: 1, usage: { amounts: { all: { amount: 0.1, parts: { some: 0.001 } } } } }), ['routes[3].steps[0].take[0].usage.amounts.all.parts.some: 0.001 has more decimals than "credit" keeps (its scale is 2)']],
  ['a figure that is priced twice', paying({ price: 1, usage: { amounts: { all: { amount: 0.1, parts: { all: 0.1 } }, more: { amount: 1, also: ['some', 'more'] }, some: 1 } } }), [
    'routes[3].steps[0].take[0].usage.amounts.all.parts.all: "all" is priced twice',
    'routes[3].steps[0].take[0].usage.amounts.more: "more" is priced twice',
    'routes[3].steps[0].take[0].usage.amounts.some: "some" is priced twice',
  ]],
  ['a figure without a price', paying({ price: 1, usage: { amounts: { all: { parts: { some: 1 } } } } }), ['routes[3].steps[0].take[0].usage.amounts.all: must have exactly one of amount, column']],
  ['a figure that stands nowhere', paying({ price: 1, usage: { amounts: { 'usage..all': 1 } } }), ['routes[3].steps[0].take[0].usage.amounts["usage..all"]: the name must be the path of a figure, such as usage.total_tokens or tokens[kind=audio].count']],
  ['a misspelt setting of a figure', paying({ price: 1, usage: { amounts: { all: { amount: 1, part: {} } } } }), ['routes[3].steps[0].take[0].usage.amounts.all.part: there is no setting "part" here; did you mean "parts"?']],
])('is told where, what and how to mend it: %s', (_, change, problems) => {
  expect(problemsWhen(change)).toEqual(problems)
})

it('whatever names a column or the lease at hand needs a step before that finds it, wherever it stands', () => {
  const take = { meter: 'credit', price: 1, usage: { amounts: { all: { amount: 1, parts: { some: { column: 'price' } } }, more: { column: 'price' } }, perEvent: { column: 'price' } } }
  const missing = (at: string) => expect.stringMatching(new RegExp(String.raw`^routes\[3\]\.steps\[0\]\.take\[\d\]\.${at}: .*; put a step such as `))
  expect(problemsWhen((a) => (a.routes[3].steps = [{ take: [take, { meter: 'requests', cost: { leased: 'stock' } }] }]))).toEqual([
    missing(String.raw`cost\.leased`),
    missing(String.raw`usage\.amounts\.all\.parts\.some\.column`),
    missing(String.raw`usage\.amounts\.more\.column`),
    missing(String.raw`usage\.perEvent\.column`),
  ])
})

it('columns are of the row that was found last', () => {
  const change: Change = (a) => {
    a.tables.plans = { rows: { basic: { price: 5, monthly: 1 } } }
    a.routes[3].steps = [lookup, { lookup: { table: 'plans', resource: 'plan', field: 'plan' } }, { take: [{ meter: 'credit', price: { column: 'monthly' } }] }]
  }
  expect(problemsWhen(change)).toEqual([])
})
