/** What `check` says of money that may be spent, and what it refuses as nonsense. */
import { expect, it } from 'vitest'
import { configWhen, problemsWhen, type Change } from '../build/fixtures/nexalayer-config.ts'
import { meterChanges, meterMeanings } from '../build/meter-changes.ts'

const spending = { spend: { scale: 2, each: 'day' }, per: 'key', limit: '20.00' }

/** With a meter `spending`, and a route of its own that takes so. */
const taking =
  (take: readonly unknown[], { meter = {}, route = {} }: { readonly meter?: object; readonly route?: object } = {}): Change =>
  (api) => {
    api.meters.spending = { ...spending, ...meter }
    api.routes = [{ on: 'POST /v1/spent', ...route, steps: [{ take }] }]
    api.unauthenticatedMeter = undefined
    delete api.tokens
    api.credentials.from = [{ header: 'x-api-key' }]
  }
const priced = { meter: 'spending', price: '0.25' }
const step = 'routes[0].steps[0].take[0]'

it.each<[string, object, object, unknown]>([
  ['a day in UTC', { scale: 2, each: 'day' }, { kind: 'quota', period: 'day' }, 2],
  ['a week of a place', { scale: 6, each: 'week', timeZone: 'Europe/Berlin', weekStart: 'sunday' }, { kind: 'quota', period: 'week', timeZone: 'Europe/Berlin', weekStart: 'sunday' }, 6],
  ['any hour', { scale: 0, window: '1h' }, { kind: 'window', windowMs: 3_600_000 }, 0],
])('is read: %s', (_, spend, over, scale) => {
  expect(configWhen(taking([{ meter: 'spending', price: 1 }], { meter: { spend, limit: 20 } })).apis[0]?.meters['spending']).toEqual({ meter: { kind: 'spend', scale, over }, per: 'key', limit: 20 * 10 ** Number(scale) })
})

it('has limits of plans as amounts, also none', () => {
  const { plans } = configWhen((api, file) => (taking([priced])(api, file), (api.plans = { free: { spending: '1.50' }, pro: { spending: 'unlimited' } }))).apis[0] ?? {}
  expect(plans).toEqual({ free: { limits: { spending: 150 } }, pro: { limits: {}, unlimited: ['spending'] } })
})

it.each<[string, Change, string]>([
  ['no scale', taking([priced], { meter: { spend: { each: 'day' } } }), 'meters.spending.spend.scale: is missing'],
  ['a scale beyond what is exact', taking([priced], { meter: { spend: { scale: 10, each: 'day' } } }), 'meters.spending.spend.scale: 10 must be a whole number from 0 to 9'],
  ['no period', taking([priced], { meter: { spend: { scale: 2 } } }), 'meters.spending.spend: must have exactly one of each (day, week, month or year) or window'],
  ['two periods', taking([priced], { meter: { spend: { scale: 2, each: 'day', window: '1h' } } }), 'meters.spending.spend: must have exactly one of each (day, week, month or year) or window'],
  ['the time zone of a window', taking([priced], { meter: { spend: { scale: 2, window: '1h', timeZone: 'Europe/Berlin' } } }), 'meters.spending.spend.timeZone: "Europe/Berlin" belongs to each'],
  ['a limit that is too fine', taking([priced], { meter: { limit: '20.001' } }), 'meters.spending.limit: "20.001" has more decimals than the meter keeps (its scale is 2)'],
  ['a limit that is no amount', taking([priced], { meter: { limit: 'lots' } }), 'meters.spending.limit: "lots" must be a whole number from 0, or of money an amount such as 20.00'],
  ['a limit of a plan that is too fine', (api, file) => (taking([priced])(api, file), (api.plans.free.spending = 0.005)), 'plans.free.spending: 0.005 has more decimals than "spending" keeps (its scale is 2)'],
  ['no limit anywhere', taking([priced], { meter: { limit: undefined } }), 'plans.free.spending: is missing: routes[0] takes "spending", which has no limit of its own'],
  ['per address', taking([priced], { meter: { per: 'ip' } }), 'meters.spending.per: "ip" spends nothing; money is spent per account, user or key'],
  ['per user in a public route', taking([priced], { meter: { per: 'user' }, route: { public: true } }), `${step}.meter: "spending" counts per user, but a public route knows no caller; use a meter per ip`],
  ['no price', taking(['spending']), `${step}: "spending" counts money, but nothing of this step has a price; take it with the balance that pays, or write { meter: spending, price: 0.25 }`],
  ['two scales in one stage', taking(['spending', { meter: 'credit', price: '0.25' }], { meter: { spend: { scale: 6, each: 'day' } } }), `${step}: "spending" has scale 6, and "credit" has scale 2; give both the same`],
  ['two prices in one stage', taking([priced, { meter: 'credit', price: '0.25' }]), `routes[0].steps[0].take[1]: "credit" would pay too, but "spending" does already`],
  ['a price that is too fine', taking([{ meter: 'spending', price: '0.255' }]), `${step}.price: "0.255" has more decimals than "spending" keeps (its scale is 2)`],
  ['a cost in place of a price', taking([{ meter: 'spending', cost: 5, price: '0.25' }]), `${step}.cost: belongs to windows, quotas and leases; what is counted of money is the price`],
  ['a limit of the step', taking([{ meter: 'spending', limit: 5, price: '0.25' }]), `${step}.limit: belongs to windows, quotas and leases; write the limit of "spending" with the meter or in the plans`],
  ['usage without a price', taking([{ meter: 'spending', usage: { amounts: { tokens: '0.01' } } }, { meter: 'credit', price: '0.25' }]), `${step}: has usage or chargeOn without a price; write them where the price is`],
  ['taken twice in one stage', taking([priced, 'spending']), 'routes[0].steps[0].take[1]: "spending" is taken twice in one stage'],
  ['counted attempts', taking([priced], { meter: { counts: 'attempts' } }), 'meters.spending.counts: "attempts" belongs to windows and quotas'],
  ['outcomes that give the count back', taking([priced], { meter: { uncountOn: ['internal'] } }), 'meters.spending.uncountOn: belongs to windows and quotas'],
])('is refused with path, value and mend: %s', (_, change, problem) => {
  expect(problemsWhen(change).map((each) => each.slice(0, problem.length))).toContain(problem)
})

it.each<[string, object, string]>([
  ['its scale', { spend: { scale: 4, each: 'day' } }, 'was money of scale 2 spent in a quota by the day per key and would become money of scale 4 spent in a quota by the day per key'],
  ['its period', { spend: { scale: 2, each: 'month' } }, 'was money of scale 2 spent in a quota by the day per key and would become money of scale 2 spent in a quota by the month per key'],
  ['its period into a window', { spend: { scale: 2, window: '1d' } }, 'was money of scale 2 spent in a quota by the day per key and would become money of scale 2 spent in a window of 1d per key'],
  ['whose clocks it follows', { spend: { scale: 2, each: 'day', timeZone: 'Europe/Berlin' } }, 'was money of scale 2 spent in a quota by the day per key and would become money of scale 2 spent in a quota by the day in Europe/Berlin per key'],
  ['whose money it counts', { per: 'account' }, 'was money of scale 2 spent in a quota by the day per key and would become money of scale 2 spent in a quota by the day per account'],
])('cannot change %s while it counts', (_, meter, message) => {
  const [before, after] = [taking([priced]), taking([priced], { meter })].map((change) => meterMeanings(configWhen(change).apis))
  expect(meterChanges(before ?? {}, after ?? {}).map((change) => change.message.split(';', 1)[0])).toEqual([message])
})

it('may change its limit, and how it is priced', () => {
  const [before, after] = [taking([priced]), taking([{ meter: 'spending', price: 1 }], { meter: { limit: 5 } })].map((change) => meterMeanings(configWhen(change).apis))
  expect(meterChanges(before ?? {}, after ?? {})).toEqual([])
})
