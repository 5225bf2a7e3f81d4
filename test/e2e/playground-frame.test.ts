/** What the playground can do for an API that needs more than one call, shown by a tiny second one. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPlaygroundOf, runRecipe } from '@tollgate/example-playground'
import type { Api, Playground, RecipeRequest } from '@tollgate/example-playground'
import { nexalayer } from 'tollgate/catalog'
import { createManualClock } from 'tollgate/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NOON } from './playground-world.ts'

const HOUR_MS = 3_600_000
const KEY = 'ak_PlaygroundFrameTest00000'
const request = (method: string, path: string, body?: string): RecipeRequest => ({
  method,
  path: `/nexalayer/v1/${path}`,
  headers: { 'x-api-key': KEY, ...(body !== undefined && { 'content-type': 'application/json' }) },
  ...(body !== undefined && { body }),
})

const tiny: Api = {
  contract: nexalayer,
  about: 'Remembers when a session was made; they last an hour.',
  prefix: 'ak_',
  samples: [{ account: { id: 'acct_frame', name: 'Frame', status: 'active', plan: 'free' }, keys: [{ id: 'key_frame', secret: KEY, status: 'active' }], used: { monthly: 7 } }],
  past: [{ agoMs: 2 * HOUR_MS, request: request('POST', 'sessions', '{}'), capture: { old: 'session_id' } }],
  recipes: [
    { id: 'read', title: 'Read it', cause: 'It was just made.', before: [{ request: request('POST', 'sessions', '{}'), capture: { made: 'session_id' } }], request: request('GET', 'sessions/{{made}}') },
    { id: 'old', title: 'Too old', cause: 'Its hour is over.', entry: 'sessionExpired', request: request('GET', 'sessions/{{old}}') },
    { id: 'at-once', title: 'Three at once', cause: 'Two are allowed.', entry: 'rateLimitExceeded', request: request('GET', 'pair'), parallel: 3 },
  ],
  traffic: [{ kind: 'recipe', weight: 1, recipe: 'read' }],
  async start({ clock }) {
    const madeAtMs: number[] = []
    const server = createServer((incoming, answer) => {
      const [, , resource, id] = incoming.url?.split('/') ?? []
      const made = id === undefined ? undefined : madeAtMs[Number(id)]
      const json = (status: number, type: string, value: object) => answer.writeHead(status, { 'content-type': type }).end(JSON.stringify(value))
      if (incoming.method === 'POST') return json(201, 'application/json', { session_id: String(madeAtMs.push(clock.wallMs()) - 1) })
      if (resource === 'pair') return json(200, 'application/json', {})
      if (made !== undefined && clock.wallMs() - made < HOUR_MS) return json(200, 'application/json', { made })
      return json(410, 'application/problem+json', { entry: 'sessionExpired' })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      close: () => new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    }
  },
}

let playground: Playground<'nexalayer'>
beforeAll(async () => {
  playground = await createPlaygroundOf({ nexalayer: tiny }, { port: 0, clock: createManualClock(NOON), config: {
    listen: { port: 0 },
    admin: { port: 0 },
    store: 'memory',
    upstreams: { service: '${NEXALAYER_URL}', site: '${SITE_URL}' },
    apis: {
      nexalayer: {
        mount: '/nexalayer', contract: 'nexalayer', upstream: 'service',
        credentials: { from: [{ header: 'x-api-key' }], prefix: 'ak_' },
        meters: { pairs: { window: '60s', limit: 2, per: 'key' }, monthly: { quota: 'month', limit: 100, per: 'account' } },
        plans: { free: {} },
        routes: [
          { on: 'POST /v1/sessions', steps: [{ take: ['monthly'] }] },
          { on: 'GET /v1/sessions/{id}', steps: [] },
          { on: 'GET /v1/pair', steps: [{ take: ['pairs'] }] },
        ],
      },
      site: { mount: '/', contract: 'problem', upstream: 'site', routes: [{ on: 'GET /playground', public: true }, { on: 'GET /playground/accounts/{api}', public: true }] },
    },
  } })
})
afterAll(() => playground.close())

const run = (id: string) => {
  const recipe = playground.description.apis[0]?.recipes.find((each) => each.id === id)
  if (recipe === undefined) throw new Error(`no recipe ${id}`)
  return runRecipe(recipe, { send: (path, init) => fetch(playground.url + path, init) })
}

test('what one call answers is used by the next, at the time that it is now', async () => {
  const { answers, meant } = await run('read')
  expect(answers.map(({ status }) => status)).toEqual([201, 200])
  expect(JSON.parse(meant.text)).toEqual({ made: NOON })
})

test('what was made in the past has come of age by its own clock', async () => {
  expect(playground.description.apis[0]?.recipes.find(({ id }) => id === 'old')?.curl).toContain('/sessions/0 ')
  const { meant } = await run('old')
  expect([meant.status, meant.text]).toEqual([410, expect.stringContaining('SESSION_EXPIRED')])
})

test('of calls at once the one that is as documented is meant', async () => {
  const { answers, meant } = await run('at-once')
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 429])
  expect(meant.status).toBe(429)
})

test('a step that is refused ends the run with what it was answered', async () => {
  const before = [{ request: request('GET', 'sessions/99') }]
  const send = (path: string, init: RequestInit) => fetch(playground.url + path, init)
  await expect(runRecipe({ before, request: request('GET', 'pair'), repeat: 1, parallel: 1, expect: { status: 200 } }, { send })).rejects.toThrow(/which comes first, was answered 410/)
})

test('counters begin where the sample says', async () => {
  const { accounts } = (await (await fetch(`${playground.url}/playground/accounts/nexalayer`)).json()) as { accounts: { meters: { name: string; used: number }[] }[] }
  expect(accounts[0]?.meters.find(({ name }) => name === 'monthly')?.used).toBeGreaterThanOrEqual(7)
})
