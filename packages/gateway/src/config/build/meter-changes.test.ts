import { expect, it } from 'vitest'
import { configWhen, type Change } from './fixtures/nexalayer-config.ts'
import { meterChanges, meterMeanings } from './meter-changes.ts'

const meanings = (change: Change) => meterMeanings(configWhen(change).apis)
const changesOf = (change: Change) => meterChanges(meanings(() => undefined), meanings(change)).map(({ path, message }) => `${path.join('.')} ${message.split(';', 1)[0]}`)

it.each<[string, Change, string]>([
  ['the scale of a balance', (a) => (a.meters.credit.balance.scale = 4), 'apis.nexalayer.meters.credit was a balance of scale 2 per account and would become a balance of scale 4 per account'],
  ['whose a balance is', (a) => (a.meters.credit.per = 'key'), 'apis.nexalayer.meters.credit was a balance of scale 2 per account and would become a balance of scale 2 per key'],
  ['what a lease is of', (a) => (a.meters.calls.lease = 'session'), 'apis.nexalayer.meters.calls was a lease of each slot per key and would become a lease of each session per key'],
  ['whose a lease is', (a) => (a.meters.sessions.per = 'user'), 'apis.nexalayer.meters.sessions was a lease of each session per account and would become a lease of each session per user'],
  ['a lease into a window', (a) => (a.meters.calls = { window: '1s', per: 'key', limit: 4 }), 'apis.nexalayer.meters.calls was a lease of each slot per key and would become a window of 1s per key'],
  ['which network counts as one', (a) => (a.meters.addresses.ipv6Prefix = 56), 'apis.nexalayer.meters.addresses was a window of 1m per ip and would become a window of 1m per ip, of IPv6 per /56'],
  ['whose clocks a quota follows', (a) => (a.meters.requests = { quota: 'week', timeZone: 'Europe/Berlin', weekStart: 'sunday', per: 'key', limit: 9 }), 'apis.nexalayer.meters.requests was a window of 1m (fixed) per key and would become a quota by the week from sunday in Europe/Berlin per key'],
])('a change of %s is refused', (_, change, problem) => {
  expect(changesOf(change)).toEqual([problem])
})

it('limits and prices may change', () => {
  expect(changesOf((a) => ((a.meters.sessions.limit = 9), (a.tables.products.rows['P-1'].price = 9)))).toEqual([])
})
