import { expect, it } from 'vitest'
import { problemsWhen, type Change } from '../build/fixtures/nexalayer-config.ts'

it.each<[string, Change, readonly string[]]>([
  ['an unknown meter to read', (a) => (a.routes[3].steps[1].read = ['credits']), ['routes[3].steps[1].read[0]: no meter is called "credits"; did you mean "credit"?']],
  ['a meter read twice', (a) => (a.routes[3].steps[1].read = ['credit', 'credit']), ['routes[3].steps[1].read[1]: "credit" is read twice']],
  ['a meter of a resource to read', (a) => (a.routes[2].steps = [{ lookup: { table: 'products', resource: 'product', param: 'id' } }, { read: ['stock'] }]), ['routes[2].steps[1].read[0]: "stock" counts per resource, and a read shows only meters of the caller']],
  ['a meter of an account on a public route', (a) => a.routes[4].steps.push({ read: ['credit'] }), ['routes[4].steps[1].read[0]: "credit" counts per account, but a public route knows no caller; use a meter per ip']],
])('is told where, what and how to mend it: %s', (_, change, problems) => {
  expect(problemsWhen(change)).toEqual(problems)
})
