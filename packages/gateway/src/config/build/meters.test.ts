import { expect, it } from 'vitest'
import { configWhen, problemsWhen, type Change } from './fixtures/nexalayer-config.ts'

const quota =
  (settings: object): Change =>
  (api) =>
    (api.meters.requests = { quota: 'month', per: 'key', limit: 9, ...settings })

it.each<[string, object, object]>([
  ['the clocks of a place', { timeZone: 'Europe/Berlin' }, { period: 'month', timeZone: 'Europe/Berlin' }],
  ['a week', { quota: 'week', weekStart: 'sunday' }, { period: 'week', weekStart: 'sunday' }],
  ['a year from an instant', { quota: 'year', anchor: '2026-07-01T00:00:00+02:00' }, { period: 'year', anchorMs: Date.UTC(2026, 5, 30, 22) }],
  ['a month from what the clocks of a place showed', { timeZone: 'Europe/Berlin', anchor: '2026-07-01T09:00' }, { period: 'month', timeZone: 'Europe/Berlin', anchorMs: Date.UTC(2026, 6, 1, 7) }],
])('a quota follows %s', (_, written, built) => {
  expect(configWhen(quota(written)).apis[0]?.meters['requests']?.meter).toMatchObject({ kind: 'quota', counts: 'admitted', ...built })
})

it.each<[string, Change, readonly string[]]>([
  ['a balance without a scale', (a) => (a.meters.credit.balance = {}), ['meters.credit.balance.scale: is missing']],
  ['a scale beyond what is exact', (a) => (a.meters.credit.balance.scale = 10), ['meters.credit.balance.scale: 10 must be a whole number from 0 to 9']],
  ['a balance per address', (a) => (a.meters.credit.per = 'ip'), ['meters.credit.per: "ip" cannot hold money; a balance is per account, user or key']],
  ['a limit of a balance', (a) => (a.meters.credit.limit = 5), ['meters.credit.limit: 5 does not belong to a balance; of money there is what is granted']],
  ['a lease of something else', (a) => (a.meters.sessions.lease = 'sesion'), ['meters.sessions.lease: must not be "sesion"; did you mean "session"?']],
  ['counted attempts of a lease', (a) => (a.meters.sessions.counts = 'attempts'), ['meters.sessions.counts: "attempts" belongs to windows and quotas']],
  ['outcomes that give money back', (a) => (a.meters.credit.uncountOn = ['internal']), ['meters.credit.uncountOn: belongs to windows and quotas; money and leases are given back by the end of their call']],
  ['rate headers that the contract has not', (a) => (a.meters.sessions.inHeaders = 'sesions'), ['meters.sessions.inHeaders: "sesions" is no set of rate headers of the contract; it has the main one only, so write true']],
  ['an algorithm of a lease', (a) => (a.meters.sessions.algorithm = 'log'), ['meters.sessions.algorithm: "log" belongs to a window']],
  ['a lease that is a window too', (a) => (a.meters.sessions.window = '1s'), ['meters.sessions: must have exactly one of window (a rate limit), quota (a calendar quota), balance (prepaid money), lease (what is alive at once) or spend (money that may be spent)']],
  ['networks of a meter per key', (a) => (a.meters.requests.ipv6Prefix = 64), ['meters.requests.ipv6Prefix: 64 belongs to a meter per ip']],
  ['a network of no bits', (a) => (a.meters.addresses.ipv6Prefix = 0), ['meters.addresses.ipv6Prefix: 0 must be a whole number from 1 to 128']],
  ['a time zone that there is not', quota({ timeZone: 'Europe/Berln' }), ['meters.requests.timeZone: "Europe/Berln" is no time zone; did you mean "Europe/Berlin"?']],
  ['a time zone far from any', quota({ timeZone: 'home' }), ['meters.requests.timeZone: "home" is no time zone; write one such as Europe/Berlin']],
  ['an offset for a time zone', quota({ timeZone: '+02:00' }), ['meters.requests.timeZone: "+02:00" is no time zone; name a place, such as Europe/Berlin, or give the anchor this offset']],
  ['a time zone of a window', (a) => (a.meters.requests.timeZone = 'UTC'), ['meters.requests.timeZone: "UTC" belongs to a quota']],
  ['the first day of a month', quota({ weekStart: 'sunday' }), ['meters.requests.weekStart: "sunday" belongs to quota: week']],
  ['two beginnings of a week', quota({ quota: 'week', weekStart: 'sunday', anchor: '2026-01-01T00:00:00Z' }), ['meters.requests.weekStart: "sunday" says when a week begins, and so does the anchor; take one of the two away']],
  ['an anchor of no place', quota({ anchor: '2026-01-01T00:00:00' }), ['meters.requests.anchor: "2026-01-01T00:00:00" has no offset; write Z or +01:00 behind it, or say the timeZone']],
  ['a period that there is not', quota({ quota: 'weak' }), ['meters.requests.quota: must not be "weak"; did you mean "week"?']],
  ['strangers counted by an unknown meter', (a) => (a.unauthenticatedMeter = 'adresses'), ['unauthenticatedMeter: no meter is called "adresses"; did you mean "addresses"?']],
  ['strangers counted per key', (a) => (a.unauthenticatedMeter = 'requests'), ['unauthenticatedMeter: "requests" counts per key, but of who is not known there is only the address; name a meter per ip']],
  ['strangers held as slots', (a) => ((a.meters.calls.per = 'ip'), (a.unauthenticatedMeter = 'calls')), ['unauthenticatedMeter: "calls" holds what is alive; name a window or quota per ip']],
  ['strangers without a limit', (a) => (delete a.meters.addresses.limit, (a.routes[4].steps = [])), ['meters.addresses.limit: is missing: "addresses" is the unauthenticatedMeter, for callers without a plan; write limit: 100']],
])('is told where, what and how to mend it: %s', (_, change, problems) => {
  expect(problemsWhen(change)).toEqual(problems)
})
