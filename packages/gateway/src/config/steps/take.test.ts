import { expect, it } from 'vitest'
import { changed, configWhen, problemsWhen, type Change } from '../build/fixtures/nexalayer-config.ts'
import { loadConfig } from '../load-config.ts'
import { formatProblem } from '../read/config-problem.ts'

const create = 'routes[0].steps[3].take'

const tokens = { amounts: { 'usage.total_tokens': 1 } }

/** Puts a stage of its own on the route that shows the balance. */
const taking =
  (...take: readonly unknown[]): Change =>
  (api) =>
    (api.routes[3].steps = [{ take }])

it.each<[string, Change, readonly string[]]>([
  ['an unknown meter', (a) => (a.routes[0].steps[3].take[2].meter = 'credits'), [`${create}[2].meter: no meter is called "credits"; did you mean "credit"?`]],
  ['a meter called like a member of every object', taking({ meter: 'constructor' }), ['routes[3].steps[0].take[0].meter: no meter is called "constructor"; there are requests, addresses, sessions, stock, calls, credit']],
  ['a meter twice in one stage', taking('requests', { meter: 'requests', cost: 2 }), ['routes[3].steps[0].take[1].meter: "requests" is taken twice in one stage']],
  ['a balance without a price', taking('credit'), ['routes[3].steps[0].take[0].price: is missing: "credit" is a balance; write { meter: credit, price: 0.25 }']],
  ['a usage without a price', taking({ meter: 'credit', usage: { amounts: { tokens: 1 } } }), ['routes[3].steps[0].take[0].price: is missing: "credit" is a balance; write { meter: credit, price: 0.25 }, the most that a call may use']],
  ['a price of something else', taking({ meter: 'requests', price: 1 }), ['routes[3].steps[0].take[0].price: belongs to a balance, and "requests" is none']],
  ['answers that cost of something else', taking({ meter: 'requests', chargeOn: ['2xx'] }), ['routes[3].steps[0].take[0].chargeOn: belongs to a balance, and "requests" is none']],
  ['refusals that would cost by their status', taking({ meter: 'credit', price: 1, chargeOn: ['2xx', 404] }), ['routes[3].steps[0].take[0].chargeOn[1]: 404 is a refusal, which costs by what it says: write a reason such as resource.not_found, or an entry of the contract']],
  ['a class of refusals that would cost', taking({ meter: 'credit', price: 1, chargeOn: ['2xx', '4xx'] }), ['routes[3].steps[0].take[0].chargeOn[1]: "4xx" is a refusal, which costs by what it says: write a reason such as resource.not_found, or an entry of the contract']],
  ['a status that no answer has', taking({ meter: 'credit', price: 1, chargeOn: [99] }), ['routes[3].steps[0].take[0].chargeOn[0]: 99 must be a status from 200 to 399, 2xx, 3xx, or what refusals say, such as resource.not_found']],
  ['a reason that there is not', taking({ meter: 'credit', price: 1, chargeOn: ['resource.not_fund'] }), ['routes[3].steps[0].take[0].chargeOn[0]: "resource.not_fund" is no status, no entry of the contract nexalayer and no reason; did you mean "resource.not_found"?']],
  ['an entry that there is not', taking({ meter: 'credit', price: 1, chargeOn: ['productNotfound'] }), ['routes[3].steps[0].take[0].chargeOn[0]: "productNotfound" is no status, no entry of the contract nexalayer and no reason; did you mean "productNotFound"?']],
  ['refusals of nobody', (a) => (a.routes[5].steps = [{ take: [{ meter: 'credit', price: 1, chargeOn: ['2xx', 'resource.*'] }] }]), ['routes[5].steps[0].take[0].chargeOn[1]: "resource.*" is what an upstream says, which is never asked: the handler answers']],
  ['a usage without anything reserved', taking({ meter: 'requests', usage: { amounts: { tokens: 1 } } }), ['routes[3].steps[0].take[0].usage: counts what was used, and nothing is reserved for it before; write { meter: requests, reserve: 500, usage: … }, about what a call uses']],
  ['what is reserved without a usage', taking({ meter: 'requests', reserve: 500 }), ['routes[3].steps[0].take[0].reserve: holds so many until the answer says what was used; add usage: { amounts: { usage.total_tokens: 1 } }, or write cost']],
  ['a cost beside what is reserved', taking({ meter: 'requests', cost: 2, reserve: 500, usage: tokens }), ['routes[3].steps[0].take[0].cost: and reserve both say how many; with reserve it is corrected by what was used: take cost away']],
  ['attempts that are reserved', (a, file) => (taking({ meter: 'requests', reserve: 500, usage: tokens })(a, file), (a.meters.requests.counts = 'attempts')), ['routes[3].steps[0].take[0].reserve: is held by a call that is admitted, but "requests" counts attempts; take counts: attempts away']],
  ['slots that are reserved', taking({ meter: 'calls', reserve: 1, usage: tokens }), ['routes[3].steps[0].take[0].reserve: belongs to windows and quotas, and "calls" holds what is alive', 'routes[3].steps[0].take[0].usage: belongs to windows and quotas, and "calls" holds what is alive']],
  ['money that is reserved', taking({ meter: 'credit', price: 1, reserve: 1 }), ['routes[3].steps[0].take[0].reserve: belongs to windows and quotas; what is held of a balance is its price']],
  ['figures that are counted in parts of one', taking({ meter: 'requests', reserve: 500, usage: { amounts: { tokens: 0.5 } } }), ['routes[3].steps[0].take[0].usage.amounts.tokens: 0.5 has more decimals than "requests" keeps (its scale is 0)']],
  ['a column to reserve by, where nothing is looked up', taking({ meter: 'requests', reserve: { column: 'stock' }, usage: tokens }), [expect.stringMatching(/^routes\[3\]\.steps\[0\]\.take\[0\]\.reserve\.column: "stock" is read from a row, but nothing is looked up before/)]],
  ['what is reserved twice', (a) => (a.routes[3].steps = [{ take: [{ meter: 'requests', reserve: 5, usage: tokens }] }, { take: [{ meter: 'requests', reserve: 5, usage: tokens }] }]), ['routes[3].steps[1].take[0].reserve: is said of "requests" by an earlier step already; a route reserves once of each meter']],
  ['an idempotency key after what is reserved', (a) => (a.routes[3].on = 'POST /v1/tokens', a.routes[3].steps = [{ take: [{ meter: 'requests', reserve: 5, usage: tokens }] }, { idempotency: {} }]), [expect.stringMatching(/^routes\[3\]\.steps\[1\]\.idempotency: must come before "requests" is taken/)]],
  ['a cost and a limit of a balance', taking({ meter: 'credit', price: 1, cost: 2, limit: 3 }), ['routes[3].steps[0].take[0].cost: belongs to windows, quotas and leases; what is taken of a balance is its price', 'routes[3].steps[0].take[0].limit: belongs to windows, quotas and leases; of a balance there is what is granted']],
  [
    'two balances',
    (a) => {
      a.meters.bonus = { balance: { scale: 2 }, per: 'account' }
      a.routes[3].steps = [{ take: [{ meter: 'credit', price: 1 }] }, { take: [{ meter: 'bonus', price: 1 }] }]
    },
    ['routes[3].steps[1].take[0]: "bonus" would pay too, but "credit" does already; a call is paid from one balance, once'],
  ],
  ['a price of something else beside one that is right', taking({ meter: 'requests', price: 1 }, { meter: 'credit', price: 1 }), ['routes[3].steps[0].take[0].price: belongs to a balance, and "requests" is none']],
  [
    'a price of the balance and of what counts it',
    (a) => {
      a.meters.cap = { spend: { scale: 2, each: 'day' }, per: 'account', limit: 20 }
      a.routes[3].steps = [{ take: [{ meter: 'credit', price: 1 }, { meter: 'cap', price: 1 }] }]
    },
    ['routes[3].steps[0].take[1].price: is said of "credit" already; a call has one price, and "cap" counts it'],
  ],
  [
    'prices in two stages',
    (a) => {
      a.meters.cap = { spend: { scale: 2, each: 'day' }, per: 'account', limit: 20 }
      a.routes[3].steps = [{ take: [{ meter: 'credit', price: 1 }] }, { take: [{ meter: 'cap', price: 1 }] }]
    },
    ['routes[3].steps[1].take[0].price: is said of "credit" already; a call has one price'],
  ],
  ['a hold said twice', (a) => (a.routes[0].steps[0].hold = { for: '1m' }), ['routes[0].steps[3].hold: is said by an earlier step already; a route says once how long it holds']],
  ['a hold of no time', (a) => (a.routes[0].steps[3].hold.for = '0s'), ['routes[0].steps[3].hold.for: "0s" is too small']],
  ['a hold without a unit', (a) => (a.routes[0].steps[3].hold.for = 600), ['routes[0].steps[3].hold.for: 600 must be a duration with its unit: 250ms, 60s, 5m, 24h, 30d']],
  ['a hold that holds nothing', (a) => (a.routes[3].steps[0].hold = { for: '1m' }), ['routes[3].steps[0].hold: says how long money, leases or an idempotency key are held, but the route holds none']],
  ['a hold of another step', (a) => (a.routes[3].steps[1].hold = { for: '1m' }), ['routes[3].steps[1].hold: belongs to a take']],
  ['an end of a hold that there is not', (a) => (a.routes[0].steps[3].hold.onExpiry = 'relase'), ['routes[0].steps[3].hold.onExpiry: must not be "relase"; did you mean "release"?']],
  ['a meter per resource before anything is looked up', (a) => a.routes[0].steps.splice(2, 1), [expect.stringMatching(/^routes\[0\]\.steps\[2\]\.take\[1\]\.meter: "stock" counts per resource, but nothing is looked up before; put a step such as lookup:/), expect.stringContaining('take[1].limit.column: "stock" is read from a row'), expect.stringContaining('take[2].price.column: "price" is read from a row')]],
  ['a meter per lease before a lease is at hand', (a) => ((a.meters.each = { lease: 'slot', per: 'lease', limit: 1 }), (a.routes[1].steps = [{ take: ['each'] }, { lease: { param: 'id' } }])), ['routes[1].steps[0].take[0]: "each" counts per lease, but no lease is at hand; put a step such as lease: { param: id } before this one']],
  ['a meter per lease on a public route', (a) => ((a.meters.each = { window: '1m', per: 'lease', limit: 1 }), (a.routes[4].steps = [{ take: ['each'] }])), [expect.stringContaining('"each" counts per lease, but a public route knows no caller')]],
  ['a meter per lease that is only read', (a) => ((a.meters.each = { window: '1m', per: 'lease', limit: 1 }), (a.routes[3].steps = [{ read: ['each'] }])), ['routes[3].steps[0].read[0]: "each" counts per lease, and a read shows only meters of the caller']],
  ['a session for each lease', (a) => (a.meters.each = { lease: 'session', per: 'lease', limit: 1 }), ['meters.each.per: "lease" must not be lease: what occupies a session outlives it; write lease: slot for calls in flight, or another per']],
  ['money for each lease', (a) => (a.meters.each = { balance: { scale: 2 }, per: 'lease' }), [expect.stringMatching(/^meters\.each\.per: /)]],
  ['money on a public route', (a) => (a.routes[4].steps = [{ take: [{ meter: 'credit', price: 1 }] }]), ['routes[4].steps[0].take[0].meter: "credit" counts per account, but a public route knows no caller; use a meter per ip']],
  ['stock on a public route', (a) => (a.routes[4].steps = [{ lookup: { table: 'products', resource: 'product', field: 'id' } }, { take: [{ meter: 'stock', limit: 1 }] }]), ['routes[4].steps[1].take[0].meter: "stock" outlives its call, but a public route knows no account that it would belong to; take public: true away']],
  ['sessions without a limit', (a) => (delete a.meters.sessions.limit, (a.plans = {})), ['meters.sessions.limit: is missing: routes[0] takes "sessions", and there is no plan that could limit it; write limit: 3']],
  ['slots that a plan does not limit', (a) => (delete a.meters.calls.limit, (a.routes[3].steps = [{ take: ['calls'] }])), ['plans.free.calls: is missing: routes[3] takes "calls", which has no limit of its own; write calls: 100, or calls: unlimited']],
  ['stock without a limit', (a) => delete a.routes[0].steps[3].take[1].limit, [`${create}[1].limit: is missing: nothing says how many units of "stock" there are; write { meter: stock, limit: { column: stock } }, or a limit of the meter`]],
  ['a plan that names a balance', (a) => (a.plans.free.credit = 5), ['plans.free.credit: "credit" is a balance, and of money there is no limit but what is granted; take it away']],
  ['a setting that a take does not have', taking({ meter: 'credit', prise: 1, price: 1 }), ['routes[3].steps[0].take[0].prise: there is no setting "prise" here; did you mean "price"?']],
])('a route is told what is wrong with what it takes: %s', (_, change, problems) => {
  expect(problemsWhen(change)).toEqual(problems)
})

it('a limit may come from the step, the meter or each plan', () => {
  const limits: readonly Change[] = [
    (a) => (a.routes[0].steps[3].take[1].limit = 5),
    (a) => (delete a.routes[0].steps[3].take[1].limit, (a.meters.stock.limit = 5)),
    (a) => (delete a.routes[0].steps[3].take[1].limit, (a.plans.free.stock = 'unlimited')),
  ]
  for (const change of limits) expect(problemsWhen(change)).toEqual([])
})

it('a slip in a setting is told once, not as a setting that is missing too', () => {
  expect(problemsWhen(taking({ meter: 'credit', price: 'much' }))).toEqual(['routes[3].steps[0].take[0].price: must be a decimal from 0, such as 0.25 or "0.25" or a group of settings, not "much"'])
  expect(problemsWhen((a) => (a.meters.sessions.limit = -1))).toEqual(['meters.sessions.limit: -1 must be a whole number from 0, or of money an amount such as 20.00'])
  expect(problemsWhen((a) => (a.routes[0].steps[2].lookup.field = 7))).toEqual(['routes[0].steps[2].lookup.field: must be a text, not 7'])
})

it('a public route may take slots per ip', () => {
  const change: Change = (a) => ((a.meters.strangers = { lease: 'slot', per: 'ip', limit: 2 }), a.routes[4].steps.push({ take: ['strangers'] }))
  expect(configWhen(change).apis[0]?.routes[4]?.steps[1]).toEqual({ kind: 'take', take: ['strangers'] })
})

it('reads what is reserved and what is counted in the end, of several meters and of money in one stage', () => {
  const usage = { per: 1, amounts: { 'usage.total_tokens': 1 } }
  const { apis } = configWhen(taking({ meter: 'requests', reserve: { query: 'max', default: 500 }, usage: { ...tokens, perEvent: 2 } }, { meter: 'credit', price: '0.50', usage: { amounts: { 'usage.total_tokens': '0.01' } } }))
  expect(apis[0]?.routes[3]?.steps).toEqual([
    {
      kind: 'take',
      take: [
        { meter: 'requests', reserve: { kind: 'query', parameter: 'max', default: 500 }, usage: { ...usage, perEvent: 2 } },
        { meter: 'credit', price: { amount: 50 }, usage },
      ],
    },
  ])
})

it('refusals may cost by reason, family and entry, as they stand there', () => {
  const chargeOn = ['2xx', '303', 'resource.not_found', 'content.*', 'productNotFound']
  expect(configWhen(taking({ meter: 'credit', price: 1, chargeOn })).apis[0]?.routes[3]?.steps[0]).toMatchObject({ take: [{ chargeOn: ['2xx', 303, 'resource.not_found', 'content.*', 'productNotFound'] }] })
})

it.each<[string, Change, readonly string[]]>([
  ['the gateway’s own', taking({ meter: 'credit', price: 1, chargeOn: ['resource.*', 'quota.exhausted'] }), [expect.stringMatching(/chargeOn\[1\]: no answer of the service costs by "quota.exhausted", which is the gateway’s own to say; list it under may, or take it away$/)]],
  ['the gateway’s own, by its entry', taking({ meter: 'credit', price: 1, chargeOn: ['insufficientBalance'] }), [expect.stringContaining('costs by "insufficientBalance"')]],
  ['what the API lets it say', (a, c) => (taking({ meter: 'credit', price: 1, chargeOn: ['quota.exhausted'] })(a, c), (a.may = ['quota.*'])), []],
  ['what the route lets it say, by its entry', (a, c) => (taking({ meter: 'credit', price: 1, chargeOn: ['credit.*'] })(a, c), (a.routes[3].may = ['insufficientBalance'])), []],
  ['what a service may say in the words of the API', taking({ meter: 'credit', price: 1, chargeOn: ['account.*'] }), []],
  ['and may not in those of others', (a, c) => (taking({ meter: 'credit', price: 1, chargeOn: ['account.*'] })(a, c), (c.upstreams.nexalayer.speaks = 'openai')), [expect.stringContaining('costs by "account.*"')]],
])('a refusal that never comes from the service is warned of: %s', (_, change, warnings) => {
  const loaded = loadConfig(changed(change), { environment: {} })
  const told = loaded.ok ? loaded.warnings.map(formatProblem) : loaded.problems.map(formatProblem)
  expect(told.filter((each) => each.includes('chargeOn'))).toEqual(warnings)
})

it('a meter may be per lease behind the step that finds it', () => {
  const change: Change = (a) => ((a.meters.each = { lease: 'slot', per: 'lease', limit: 1 }), a.routes[2].steps.splice(3, 0, { take: ['each'] }))
  expect(configWhen(change).apis[0]).toMatchObject({ meters: { each: { meter: { kind: 'lease', of: 'slot' }, per: 'lease', limit: 1 } } })
})
