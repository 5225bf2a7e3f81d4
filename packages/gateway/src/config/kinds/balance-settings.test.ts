/** What `check` says of balances that renew, what they become, and what of them may change while they run. */
import { expect, it } from 'vitest'
import { configWhen, problemsWhen, type Change } from '../build/fixtures/nexalayer-config.ts'
import { meterChanges, meterMeanings } from '../build/meter-changes.ts'
import { balanceSettings } from './balance-settings.ts'

/** With this in the balance `credit`, and a plan `pro` beside `free`. */
const renewing =
  (balance: object, plans: object = {}): Change =>
  (api) => {
    api.meters.credit.balance = { scale: 2, ...balance }
    api.plans = { ...api.plans, pro: { ...api.plans.free, ...plans } }
  }
const monthly = { renew: 'month', amount: { free: 10, pro: '250.50' } }

it.each<[string, object, object]>([
  ['a month in UTC', {}, { period: 'month' }],
  ['a week of a place', { renew: 'week', timeZone: 'Europe/Berlin', weekStart: 'sunday' }, { period: 'week', timeZone: 'Europe/Berlin', weekStart: 'sunday' }],
  ['from an anchor', { anchor: '2026-01-15T09:00:00Z' }, { period: 'month', anchorMs: Date.UTC(2026, 0, 15, 9) }],
  ['from an anchor of a place', { anchor: '2026-01-15T09:00:00', timeZone: 'Europe/Berlin' }, { period: 'month', anchorMs: Date.UTC(2026, 0, 15, 8), timeZone: 'Europe/Berlin' }],
  ['carried over', { carry: 2 }, { period: 'month', carry: 2 }],
  ['carried over for ever', { carry: 'forever' }, { period: 'month', carry: 'forever' }],
  ['not carried over', { carry: 0 }, { period: 'month' }],
])('is read: %s', (_, balance, renew) => {
  const { meters, plans } = configWhen(renewing({ ...monthly, ...balance })).apis[0] ?? {}
  expect(meters?.['credit']).toEqual({ meter: { kind: 'balance', scale: 2, renew }, per: 'account' })
  expect([plans?.['free']?.limits['credit'], plans?.['pro']?.limits['credit']]).toEqual([1_000, 25_050])
})

it('brings the same to every plan where it says one amount', () => {
  const { meters, plans } = configWhen(renewing({ renew: 'day', amount: '0.10' })).apis[0] ?? {}
  expect([meters?.['credit']?.limit, plans?.['free']?.limits['credit']]).toEqual([10, undefined])
})

const at = 'meters.credit.balance'
it.each<[string, Change, string]>([
  ['no amount', renewing({ renew: 'month' }), `${at}.amount: is missing: what does each period bring? Write amount: 1000, or by plan amount: { basic: 1000 }`],
  ['an unknown period', renewing({ ...monthly, renew: 'monthly' }), `${at}.renew: must be day, week, month or year, not "monthly"`],
  ['an amount of what does not renew', renewing({ amount: 5 }), `${at}.amount: 5 belongs to a balance that renews; write renew: month`],
  ['what is carried over of what does not renew', renewing({ carry: 1 }), `${at}.carry: 1 belongs to a balance that renews; write renew: month`],
  ['the clocks of what does not renew', renewing({ timeZone: 'Europe/Berlin' }), `${at}.timeZone: "Europe/Berlin" belongs to a balance that renews; write renew: month`],
  ['an unknown plan', renewing({ renew: 'month', amount: { free: 1, pr: 2, pro: 3 } }), `${at}.amount.pr: no plan is called "pr"; did you mean "pro"?`],
  ['a plan that is forgotten', renewing({ renew: 'month', amount: { free: 1 } }), `${at}.amount.pro: is missing: what does each month bring to who is on the plan "pro"? Write pro: 1000, or pro: 0 where it brings nothing`],
  ['a negative amount', renewing({ renew: 'month', amount: { free: -1, pro: 1 } }), `${at}.amount.free: -1 must be a whole number from 0, or of money an amount such as 20.00`],
  ['an amount that is a word', renewing({ renew: 'month', amount: 'unlimited' }), `${at}.amount: must be a whole number from 0, or of money an amount such as 20.00 or a group of names, not "unlimited"`],
  ['a plan without a limit', renewing({ renew: 'month', amount: { free: 1, pro: 'unlimited' } }), `${at}.amount.pro: "unlimited" must be a whole number from 0, or of money an amount such as 20.00`],
  ['more decimals than the scale', renewing({ renew: 'month', amount: { free: '0.005', pro: 1 } }), `${at}.amount.free: "0.005" has more decimals than "credit" keeps (its scale is 2)`],
  ['more than adds up exactly', renewing({ scale: 9, renew: 'month', amount: 10_000 }), `${at}.amount: 10000 in each month is more than "credit" can count exactly for a hundred years (its scale is 9); use a smaller scale`],
  ['more than can be counted at all', renewing({ scale: 9, renew: 'month', amount: '99999999999999' }), `${at}.amount: "99999999999999" is more than "credit" can count exactly (its scale is 9)`],
  ['to carry less than nothing', renewing({ ...monthly, carry: -1 }), `${at}.carry: must be "forever" or a whole number from 0 to 100, not -1`],
  ['to carry truly', renewing({ ...monthly, carry: true }), `${at}.carry: must be "forever", a number or a text, not true`],
  ['a week that begins in a month', renewing({ ...monthly, weekStart: 'sunday' }), `${at}.weekStart: "sunday" belongs to renew: week`],
  ['an anchor of no place', renewing({ ...monthly, anchor: '2026-01-15T09:00:00' }), `${at}.anchor: "2026-01-15T09:00:00" has no offset; write Z or +01:00 behind it, or say the timeZone`],
  ['its amount among the limits of a plan', renewing(monthly, { credit: 1_000 }), 'plans.pro.credit: "credit" is a balance; what each period brings to a plan stands with it: balance: { amount: { pro: 1000 } }'],
  ['a limit besides', (a, c) => (renewing(monthly)(a, c), (a.meters.credit.limit = 5)), 'meters.credit.limit: 5 does not belong to a balance; of money there is what is granted'],
])('is refused with path, value and mend: %s', (_, change, problem) => {
  expect(problemsWhen(change)).toEqual([problem])
})

it.each<[number, boolean, string]>([
  [1_000, true, 'credit: 4.00 available, 1.00 held; 10.00 come anew at then.'],
  [1_000, false, 'credit: 4.00 available, 1.00 held; 10.00 come anew at then, too little: this is what refused it.'],
  [0, true, 'credit: 4.00 available, 1.00 held.'],
])('is explained with an allowance of %s, admitted %s', (limit, admitted, sentence) => {
  const reading = { name: 'credit', subject: 'account:acme', kind: 'balance' as const, limit, used: 100, remaining: 400, resetAtMs: 0, admitted }
  expect(balanceSettings.display.sentence(reading, { plan: 'free', at: () => 'then', money: (units) => (units / 100).toFixed(2) })).toBe(sentence)
})

it('may begin to renew, renew otherwise and bring something else while it runs; its scale and its holders may not change', () => {
  const changes = (before: Change, after: Change) => meterChanges(meterMeanings(configWhen(before).apis), meterMeanings(configWhen(after).apis))
  for (const other of [{}, { renew: 'week', amount: 5 }, { ...monthly, carry: 'forever', timeZone: 'Asia/Tokyo' }]) expect(changes(renewing(monthly), renewing(other))).toEqual([])
  expect(changes(renewing(monthly), renewing({ ...monthly, scale: 3 }))).toHaveLength(1)
})
