import { describe, expect, it } from 'vitest'
import type { FileInput } from '../shape/file-shape.ts'
import { loadConfig } from '../load-config.ts'
import { formatProblem } from '../read/config-problem.ts'

type Route = FileInput['apis'][string]['routes'][number]
type Paths = FileInput['apis'][string]['paths']

const price = (amount: string): Route['steps'] => [{ take: [{ meter: 'credit', price: amount }] }]

function load(routes: readonly Route[], paths: Paths = {}) {
  const api = {
    mount: '/',
    paths,
    credentials: { from: [{ header: 'x-api-key' }], prefix: 'fk_' },
    meters: { credit: { balance: { scale: 2 }, per: 'account' as const } },
    plans: { basic: {} },
    routes: [...routes],
  }
  return loadConfig({ store: 'memory', upstreams: { files: 'http://127.0.0.1:1' }, apis: { files: api } }, { environment: {} })
}

function warningsOf(...args: Parameters<typeof load>): readonly string[] {
  const loaded = load(...args)
  return loaded.ok ? loaded.warnings.map(formatProblem) : [`not loaded: ${loaded.problems.map(formatProblem).join()}`]
}

const exported: Route = { on: 'GET /v1/files/export', scopes: ['export'], steps: price('5.00') }
const mend = 'a service that ignores case or a final slash would serve that path for one that comes to this route, so such paths are refused; say what the service does: paths: { case: exact, finalSlash: exact }, or ignore for what it takes for the same'

describe('a parameter over a literal', () => {
  it('is warned of where scopes or price differ', () => {
    expect(warningsOf([exported, { on: 'GET /v1/files/{id}' }])).toEqual([`apis.files.routes[1].on: lies over GET /v1/files/export (routes[0], with other scopes and another price): ${mend}`])
    expect(warningsOf([{ on: 'GET /v1/files/health', public: true }, { on: '* /{path...}' }])).toEqual([`apis.files.routes[1].on: lies over GET /v1/files/health (routes[0], with another word on public): ${mend}`])
  })

  it('is warned of once, however many routes lie below', () => {
    const below = ['a', 'b', 'c', 'd', 'e'].map((name): Route => ({ ...exported, on: `GET /v1/${name}/{id}` }))
    const [warning = '', ...more] = warningsOf([...below, { on: 'GET /{path...}' }])
    expect(more).toEqual([])
    expect(warning).toContain('GET /v1/c/{id} (routes[2], with other scopes and another price) and 2 more: ')
  })

  it.each<[string, readonly Route[], Paths?]>([
    ['the same is asked for', [{ ...exported }, { ...exported, on: 'GET /v1/files/{id}' }]],
    ['no method is shared', [exported, { on: 'POST /v1/files/{id}' }]],
    ['no path can be both', [exported, { on: 'GET /v1/jobs/{id}' }, { on: 'GET /v1/files/{id}/rows' }, { on: 'GET /v1/files/exports' }]],
    ['it is said what the service does', [exported, { on: 'GET /v1/files/{id}' }], { case: 'exact', finalSlash: 'ignore' }],
  ])('is no reason for a warning where %s', (_, routes, paths) => {
    expect(warningsOf(routes, paths)).toEqual([])
  })

  it('is warned of under HEAD, and where only the spelling of two literals differs', () => {
    expect(warningsOf([{ ...exported, on: 'HEAD /v1/files/export' }, { on: 'GET /v1/files/{id}' }])).toHaveLength(1)
    expect(warningsOf([exported, { on: 'GET /v1/files/Export' }])).toHaveLength(1)
    expect(warningsOf([exported, { on: 'GET /v1/files/export/' }])).toHaveLength(1)
  })
})

describe('a route that comes too late', () => {
  it('is warned of', () => {
    const late = 'has the same method, since that takes its paths and comes first; put this one before it'
    expect(warningsOf([{ on: 'GET /v1/files/{id}' }, { on: 'GET /v1/files/export' }])).toEqual([`apis.files.routes[1].on: is never reached where routes[0], GET /v1/files/{id}, ${late}`])
    expect(warningsOf([{ on: '* /{path...}' }, exported])).toHaveLength(1)
    expect(warningsOf([{ on: 'GET /m/{model:encoded}' }, { on: 'GET /m/{id}' }])).toEqual([expect.stringContaining('is never reached') as string])
    expect(warningsOf([{ on: 'GET /m/{id}' }, { on: 'GET /m/{model:encoded}' }])).toEqual([])
  })

  it('is a problem where the service takes both for the same', () => {
    const twins = (one: string, other: string, paths: Paths) => load([{ on: `GET ${one}` }, { on: `GET ${other}` }], paths).ok
    expect(twins('/v1/items', '/v1/Items', {})).toBe(true)
    expect(twins('/v1/items', '/v1/Items', { case: 'ignore' })).toBe(false)
    expect(twins('/v1/items', '/v1/items/', { finalSlash: 'ignore' })).toBe(false)
    expect(twins('/v1/items', '/v1/items/', { finalSlash: 'exact' })).toBe(true)
  })
})

it.each([
  ['GET /v1//items', 'must not have empty segments'],
  ['GET /v1/a;b', 'has "a;b" in it; a semicolon is refused in every path'],
  ['GET /v1/{id:slash}', 'has "{id:slash}" in it; a segment is plain text, {name}, {name:encoded} where it takes encoded slashes, or {name...} at the end'],
  ['GET /v1/{id:encoded}/{id}', 'names {id} twice'],
])('%s is no route', (on, fault) => {
  expect(warningsOf([{ on }])).toEqual([`not loaded: apis.files.routes[0].on: "${on}" ${fault}`])
})
