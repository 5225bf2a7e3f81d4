import { expect, it } from 'vitest'
import { configWhen, problemsWhen } from '../build/fixtures/nexalayer-config.ts'

const at = 'routes[0].steps[0].allow'
const time = { from: '08:00', to: '18:00' }

it.each<[string, unknown, string]>([
  ['nothing', {}, `${at}: must have at least one of addresses, headers, times`],
  ['no network', { addresses: ['10.0.0.0/33'] }, `${at}.addresses[0]: is not a network; write 10.0.0.0/8, 2001:db8::/32 or one address`],
  ['bits beyond the network', { addresses: ['10.1.2.3/8'] }, `${at}.addresses[0]: has bits set beyond its /8; write 10.0.0.0/8`],
  ['an unknown zone', { times: [{ ...time, timeZone: 'Europe/Berlyn' }] }, `${at}.times[0].timeZone: is no time zone; did you mean "Europe/Berlin"?`],
  ['a time that is never', { times: [{ from: '08:00', to: '08:00' }] }, `${at}.times[0].to: is where it begins, so it is never; write 00:00 to 24:00 for the whole day`],
  ['no time of day', { times: [{ from: '8:00', to: '18:00' }] }, `${at}.times[0].from: must be a time of day such as 08:00`],
  ['no header', { headers: {} }, `${at}.headers: must name a header`],
  ['a header twice', { headers: { 'X-A': ['a'], 'x-a': ['b'] } }, `${at}.headers: names a header twice; upper and lower case are one`],
])('is told where, what and how to mend it: %s', (_, allow, problem) => {
  expect(problemsWhen((a) => a.routes[0].steps.unshift({ allow }))).toEqual([expect.stringContaining(problem.slice(0, problem.indexOf(': ')))])
  expect(problemsWhen((a) => a.routes[0].steps.unshift({ allow }))[0]).toContain(problem.slice(problem.indexOf(': ') + 2))
})

it.each([['addresses', []], ['times', []], ['headers', { 'x-a': [] }], ['times', [{ ...time, days: [] }]]])('refuses an empty list: %s', (rule, value) => {
  expect(problemsWhen((a) => a.routes[0].steps.unshift({ allow: { [rule]: value } }))).toHaveLength(1)
})

it('gives the gate header names in lower case', () => {
  expect(JSON.stringify(configWhen((a) => a.routes[0].steps.unshift({ allow: { headers: { 'X-Region': ['eu'] } } })))).toContain('"x-region":["eu"]')
})
