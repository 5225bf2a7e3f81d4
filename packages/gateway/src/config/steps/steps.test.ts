import { expect, it } from 'vitest'
import { problemsWhen } from '../build/fixtures/nexalayer-config.ts'
import { onceInRoute, stepKinds, steps, stepsInNeedOf } from './steps.ts'

const ofRoutes = ['account', 'service']

it('each step is listed under its own key, which is its first setting', () => {
  expect(Object.entries(steps).map(([name, { key, shape }]) => [name, key, Object.keys(shape)[0]])).toEqual(Object.keys(steps).map((name) => [name, name, name]))
})

it('no two steps have a setting of one name', () => {
  const settings = stepKinds.flatMap(({ shape }) => Object.keys(shape))
  expect(settings).toEqual([...new Set(settings)])
})

it('what a step needs, another brings, or the route', () => {
  const brought = new Set([...ofRoutes, ...stepKinds.flatMap(({ brings }) => brings.map(({ what }) => what))])
  for (const { needs, precedes } of stepKinds) for (const { what } of [...needs, ...(precedes === undefined ? [] : [precedes])]) expect(brought).toContain(what)
})

it('who must look up or find something first is told which step does', () => {
  const needed = new Set(stepKinds.flatMap(({ needs }) => needs.flatMap(({ what, where, anywhere }) => (where === undefined || anywhere === true || ofRoutes.includes(what) ? [] : [what]))))
  expect([...needed].toSorted()).toEqual(['lease', 'row'])
  for (const what of needed) expect(stepKinds.flatMap(({ brings }) => brings.flatMap((each) => (each.what === what ? [each.example] : [])))).toEqual([expect.stringMatching(/^\w+: \{ .* \}$/)])
})

it('the published schema is told what it can say of it', () => {
  expect([stepsInNeedOf('account'), stepsInNeedOf('service'), onceInRoute]).toEqual([['idempotency', 'lease', 'blockWords'], ['idempotency'], ['hold', 'idempotency']])
})

it('a step that brings something is heeded only by those after it', () => {
  const lookup = { lookup: { table: 'products', resource: 'product', field: 'id' } }
  const take = { take: [{ meter: 'credit', price: { column: 'price' } }] }
  expect(problemsWhen((a) => (a.routes[3].steps = [lookup, take]))).toEqual([])
  expect(problemsWhen((a) => (a.routes[3].steps = [take, lookup]))).toEqual([
    'routes[3].steps[0].take[0].price.column: "price" is read from a row, but nothing is looked up before; put a step such as lookup: { table: …, resource: …, param: id } before this one',
  ])
})

it('while a step has a slip of its own, nothing is called missing that it might have brought; what the route lacks is said all the same', () => {
  const take = { take: [{ meter: 'credit', price: { column: 'price' } }], hold: { for: '1m' } }
  const change = (isPublic: boolean) => problemsWhen((a) => Object.assign(a.routes[3], { public: isPublic, steps: [{ lookup: 7 }, take, { idempotency: {} }].slice(0, isPublic ? 3 : 2) }))
  expect(change(false)).toEqual(['routes[3].steps[0].lookup: must be a group of settings, not 7'])
  expect(change(true)).toEqual(expect.arrayContaining([expect.stringContaining('counts per account, but a public route'), expect.stringContaining('idempotency: a public route knows no account')]))
})
