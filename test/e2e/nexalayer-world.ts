/** NexaLayer behind the playground's gateway, with a clock that the test holds; calls over real sockets, and its money to look at. */
import { createHash } from 'node:crypto'
import { createJsonLog } from '@tollgate/gateway'
import { runRecipe } from '@tollgate/example-playground'
import type { DescribedRecipe, Playground } from '@tollgate/example-playground'
import { createApiKey } from 'tollgate/directory'
import { checkLedger } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import type { Account, ApiKeyOptions } from 'tollgate/directory'
import type { Clock, LedgerRow } from 'tollgate/engine'
import { createManualClock } from 'tollgate/testing'
import { expect } from 'vitest'
import { createPart } from './part-of-playground.ts'
import { NOON } from './playground-world.ts'

export interface Received {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

interface Body {
  readonly success: boolean
  readonly data: { readonly [name: string]: unknown } | null
  readonly error: { readonly code: string; readonly message: string; readonly details: { readonly [name: string]: unknown } } | null
  readonly meta: { readonly request_id: string }
}

export interface Caller {
  readonly id: string
  readonly key: string
  /** Of the same account. */
  addKey(options?: Pick<ApiKeyOptions, 'scopes' | 'limits'> & { readonly tokenSecret?: string }): Promise<string>
  /** Decimals. */
  money(): Promise<{ readonly available: string; readonly held: string }>
  /** Kind and amount of each movement after the first grant, oldest first. */
  movements(): Promise<readonly string[]>
}

export interface Call {
  readonly key?: string | undefined
  readonly headers?: { readonly [name: string]: string }
  /** What is no text is sent as JSON. */
  readonly body?: unknown
}

export interface World {
  readonly playground: Playground<'nexalayer'>
  readonly clock: ReturnType<typeof createManualClock>
  /** Each line that was logged. */
  readonly logged: readonly string[]
  /** Below `/nexalayer/v1`. */
  send(method: string, path: string, call?: Call): Promise<Received>
  buyTraffic(key: string, config?: object, headers?: Call['headers']): Promise<Received>
  buyAddresses(key: string, config?: object, headers?: Call['headers']): Promise<Received>
  /** As the page runs it. `before`: the other answers, in the order in which they came. */
  run(id: string): Promise<{ readonly before: readonly number[]; readonly meant: Received }>
  /** Lets time pass, half a second at once, until the session has this status. */
  until(key: string, session: string, status: string): Promise<Received>
  /** Waits until the backend is asked, and lets its deadline pass. */
  silence<T>(work: Promise<T>): Promise<T>
  /** Lets time pass, half a second at once, while something is under way that waits for it; no call may be, or it will run out of time. */
  whileTimePasses<T>(work: Promise<T>): Promise<T>
  /** A new account on the plan `enterprise`, and a key of it. `credits`: decimal. */
  addCaller(credits: string, account?: Partial<Account>): Promise<Caller>
  close(): Promise<void>
}

const STEP_MS = 500
/** The playground's own; nothing else waits so long. */
const BACKEND_DEADLINE_MS = 3_000

export async function createWorld(startMs = NOON): Promise<World> {
  const clock = createManualClock(startMs)
  let asked = 0
  const watched: Clock = {
    ...clock,
    after(delayMs, run) {
      if (delayMs === BACKEND_DEADLINE_MS) asked += 1
      return clock.after(delayMs, run)
    },
  }
  const logged: string[] = []
  const playground = await createPart('nexalayer', { clock: watched, log: createJsonLog((line) => logged.push(line)) })
  const { directory, store } = playground.gateway
  let callers = 0

  function received({ status, headers, text }: { readonly status: number; readonly headers: Iterable<readonly [string, string]>; readonly text: string }): Received {
    const answer = { status, headers: new Headers([...headers].map(([name, value]): [string, string] => [name, value])), body: JSON.parse(text) as Body }
    expectHeaders(answer)
    return answer
  }

  const send: World['send'] = async (method, path, { key, headers = {}, body } = {}) => {
    const all = { ...(key !== undefined && { 'x-api-key': key }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers }
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await fetch(`${playground.url}/nexalayer/v1${path}`, { method, headers: all, ...(body !== undefined && { body: text }) })
    return received({ status: answer.status, headers: answer.headers, text: await answer.text() })
  }

  async function whileTimePasses<T>(work: Promise<T>): Promise<T> {
    const timer = setInterval(() => clock.advance(STEP_MS), 5)
    return work.finally(() => clearInterval(timer))
  }

  async function silence<T>(work: Promise<T>): Promise<T> {
    asked = 0
    await expect.poll(() => asked, { interval: 1 }).toBeGreaterThan(0)
    clock.advance(BACKEND_DEADLINE_MS)
    return work
  }

  /** As long as the steps say; then until all money has found its place. */
  async function pause(milliseconds: number): Promise<void> {
    const untilMs = clock.wallMs() + milliseconds
    await whileTimePasses(expect.poll(() => clock.wallMs(), { interval: 1 }).toBeGreaterThanOrEqual(untilMs))
    await expect.poll(async () => (await money(store, 'nexa_crawlers')).held, { interval: 2 }).toBe('0.00')
  }

  return {
    playground,
    clock,
    logged,
    send,
    whileTimePasses,
    silence,
    buyTraffic: (key, config = {}, headers = {}) =>
      send('POST', '/sessions', { key, headers, body: { type: 'dynamic', config: { product_no: 'DYN-RES-01', traffic_gb: 5, country: 'DE', ...config } } }),
    buyAddresses: (key, config = {}, headers = {}) =>
      send('POST', '/sessions', { key, headers, body: { type: 'static', config: { product_no: 'STA-DC-01', quantity: 2, duration_days: 30, country: 'US', ...config } } }),
    async run(id) {
      const { answers, meant } = await runRecipe(recipeOf(playground, id), {
        pause,
        send(path, init) {
          const call = fetch(playground.url + path, init)
          return String(init.body).includes('zz-timeout') ? silence(call) : call
        },
      })
      const others = answers.filter((answer) => answer !== meant)
      return { before: others.map(({ status }) => status), meant: received(meant) }
    },
    async until(key, session, status) {
      for (let steps = 0; steps < 400; steps += 1) {
        const shown = await send('GET', `/sessions/${session}`, { key })
        if (shown.body.data?.['status'] === status) return shown
        if (shown.status !== 200) throw new Error(`session ${session} was answered ${shown.status}`)
        clock.advance(STEP_MS)
      }
      throw new Error(`session ${session} did not become ${status}`)
    },
    async addCaller(credits, account = {}) {
      callers += 1
      const id = `nexa_test_${callers}`
      const nowMs = clock.wallMs()
      let keys = 0
      await directory.putAccount({ id, api: 'nexalayer', name: `Test ${callers}`, status: 'active', plan: 'enterprise', createdAtMs: nowMs, ...account })
      await applyOne(store, { kind: 'grant', subject: `account:${id}`, name: 'credit', scale: 2, grantId: `grant of ${id}`, units: Math.round(Number(credits) * 100), reason: 'test' })
      const addKey: Caller['addKey'] = async ({ tokenSecret, ...options } = {}) => {
        keys += 1
        const secret = `ak_test_key_${keys}_of_${id}`
        const row = createApiKey({ id: `key_${keys}_of_${id}`, api: 'nexalayer', accountId: id, secret, prefix: 'ak_', sha256Hex, nowMs, scopes: ['admin'], ...options })
        await directory.putKey({ ...row, ...(tokenSecret !== undefined && { secretHashes: [{ hash: sha256Hex(tokenSecret), createdAtMs: nowMs }] }) })
        return secret
      }
      return { id, key: await addKey(), addKey, money: () => money(store, id), movements: () => movements(store, id) }
    },
    async close() {
      const [rows, calls] = await Promise.all([store.ledger({ limit: 10_000 }), store.calls({ limit: 10_000 })])
      await playground.close()
      // Whatever a test did, the sums hold.
      expect(checkLedger(rows, calls)).toEqual([])
    },
  }
}

type Store = Playground<'nexalayer'>['gateway']['store']

async function money(store: Store, account: string): ReturnType<Caller['money']> {
  const { availableUnits = 0, heldUnits = 0 } = (await ledgerOf(store, account)).at(-1) ?? {}
  return { available: decimal(availableUnits), held: decimal(heldUnits) }
}

async function movements(store: Store, account: string): ReturnType<Caller['movements']> {
  return (await ledgerOf(store, account)).slice(1).map(({ kind, units, reason }) => `${kind} ${decimal(units)} ${reason}`)
}

function ledgerOf(store: Store, account: string): Promise<readonly LedgerRow[]> {
  return store.ledger({ subject: `account:${account}`, name: 'credit', limit: 10_000 })
}

function decimal(units: number): string {
  return (units / 100).toFixed(2)
}

function recipeOf(playground: Playground<'nexalayer'>, id: string): DescribedRecipe {
  const recipe = playground.description.apis.find(({ name }) => name === 'nexalayer')?.recipes.find((each) => each.id === id)
  if (recipe === undefined) throw new Error(`NexaLayer shows no recipe ${id}`)
  return recipe
}

/** The same in header and body; `X-RateLimit-*` beside it, on every answer there is. */
function expectHeaders({ headers, body }: Received): void {
  const id = headers.get('x-request-id') ?? ''
  expect(id).toMatch(/^req_[\da-f]{32}$/)
  expect(body.meta).toEqual({ request_id: id })
  for (const name of ['limit', 'remaining', 'reset']) expect(headers.get(`x-ratelimit-${name}`)).toMatch(/^\d+$/)
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
