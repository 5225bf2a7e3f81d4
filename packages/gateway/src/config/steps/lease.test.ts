import { expect, it } from 'vitest'
import { problemsWhen, type Change } from '../build/fixtures/nexalayer-config.ts'

it.each<[string, Change, readonly string[]]>([
  ['a parameter that the path does not have', (a) => (a.routes[1].steps[1].lease.param = 'ids'), ['routes[1].steps[1].lease.param: the path of GET /v1/sessions/{id} has no {ids}; did you mean "id"?']],
  ['a lease on a public route', (a) => ((a.routes[4].on = 'POST /v1/auth/{id}'), a.routes[4].steps.push({ lease: { param: 'id' } })), ['routes[4].steps[1].lease: a public route knows no account whose leases it could look at']],
  ['a state that leases do not have', (a) => (a.routes[1].steps[1].lease.allow = ['expired']), ['routes[1].steps[1].lease.allow[0]: must be active or terminated, not "expired"']],
])('is told where, what and how to mend it: %s', (_, change, problems) => {
  expect(problemsWhen(change)).toEqual(problems)
})
