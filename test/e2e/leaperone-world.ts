/** LEAPERone behind the playground's gateway, with a clock that the test holds; calls over real sockets, and its money to look at. */
import { createHash } from 'node:crypto'
import { createJsonLog } from '@tollgate/gateway'
import { runRecipe } from '@tollgate/example-playground'
import type { DescribedRecipe, Playground } from '@tollgate/example-playground'
import OpenAI from 'openai'
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
  readonly text: string
}

export interface Caller {
  readonly id: string
  readonly key: string
  /** Of the same account. */
  addKey(options?: Pick<ApiKeyOptions, 'userId' | 'limits'>): Promise<string>
  /** Millionths of a credit. */
  money(): Promise<{ readonly available: number; readonly held: number }>
  /** Oldest first. */
  ledger(): Promise<readonly LedgerRow[]>
}

export interface World {
  readonly playground: Playground<'leaperone'>
  readonly clock: ReturnType<typeof createManualClock>
  /** Each line that was logged. */
  readonly logged: readonly string[]
  /** Without a key: none is sent. What is no text or form is sent as JSON. */
  send(key: string | undefined, method: string, path: string, body?: unknown): Promise<Received>
  chat(key: string | undefined, content: string, fields?: object): Promise<Received>
  order(key: string, prompt: string, fields?: object): Promise<Received>
  /** As the page runs it, every answer in order. */
  run(id: string): Promise<readonly Received[]>
  /** Waits until a stream is ready for its next token, and lets it be written. For one stream at a time. */
  oneToken(): Promise<void>
  /** Lets time pass, a little at a time, while something is under way that waits for it. */
  whileTimePasses<T>(work: Promise<T>): Promise<T>
  /** A new account and a key of it. `credits`: decimal. */
  addCaller(credits: string, account?: Partial<Account>): Promise<Caller>
  /** OpenAI's own client. */
  client(key: string, options?: ConstructorParameters<typeof OpenAI>[0]): OpenAI
  close(): Promise<void>
}

const CREDIT = 1_000_000
/** The service's own pace. */
const TOKEN_INTERVAL_MS = 20

export async function createWorld(startMs = NOON): Promise<World> {
  const clock = createManualClock(startMs)
  let breaths = 0
  const watched: Clock = {
    ...clock,
    after(delayMs, run) {
      if (delayMs === TOKEN_INTERVAL_MS) breaths += 1
      return clock.after(delayMs, run)
    },
  }
  const logged: string[] = []
  const playground = await createPart('leaperone', { clock: watched, log: createJsonLog((line) => logged.push(line)) })
  const { directory, store } = playground.gateway
  const seenIds = new Set<string>()
  let callers = 0

  async function fetchOnce(path: string, init: RequestInit): Promise<Response> {
    const answer = await fetch(playground.url + path, init)
    expectRequestId(answer.headers, seenIds)
    return answer
  }

  const send: World['send'] = async (key, method, path, body) => {
    const isWritten = typeof body === 'string' || body instanceof FormData
    const answer = await fetchOnce(`/leaperone${path}`, {
      method,
      headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: isWritten ? body : JSON.stringify(body) }),
    })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }

  async function whileTimePasses<T>(work: Promise<T>, everyMs = 1): Promise<T> {
    const timer = setInterval(() => clock.advance(TOKEN_INTERVAL_MS), everyMs)
    return work.finally(() => clearInterval(timer))
  }

  return {
    playground,
    clock,
    logged,
    send,
    whileTimePasses,
    async oneToken() {
      await expect.poll(() => breaths, { interval: 1 }).toBeGreaterThan(0)
      breaths = 0
      clock.advance(TOKEN_INTERVAL_MS)
    },
    chat: (key, content, fields = {}) => send(key, 'POST', '/v1/chat/completions', { model: 'auto', messages: [{ role: 'user', content }], ...fields }),
    order: (key, prompt, fields = {}) => send(key, 'POST', '/v1/images/generations', { model: 'landscape-1', prompt, ...fields }),
    async run(id) {
      const recipe = recipeOf(playground, id)
      const pause = async (milliseconds: number) => {
        const untilMs = clock.wallMs() + milliseconds
        // Ten times slower than for a stream: what is read from the disk meanwhile takes its own time.
        await whileTimePasses(expect.poll(() => clock.wallMs(), { interval: 2 }).toBeGreaterThan(untilMs), 10)
      }
      const run = runRecipe(recipe, { send: fetchOnce, pause })
      const { answers } = await (recipe.request.stream === true ? whileTimePasses(run) : run)
      return answers.map(({ status, headers, text }) => ({ status, headers: new Headers(headers.map(([name, value]): [string, string] => [name, value])), text }))
    },
    async addCaller(credits, account = {}) {
      callers += 1
      const id = `leaper_test_${callers}`
      const nowMs = clock.wallMs()
      const subject = `account:${id}`
      let keys = 0
      await directory.putAccount({ id, api: 'leaperone', name: `Test ${callers}`, status: 'active', plan: 'enterprise', createdAtMs: nowMs, ...account })
      await applyOne(store, { kind: 'grant', subject, name: 'credit', scale: 6, grantId: `grant of ${id}`, units: Math.round(Number(credits) * CREDIT), reason: 'test' })
      const addKey: Caller['addKey'] = async (options = {}) => {
        keys += 1
        const secret = `sk-test-key-${keys}-of-${id}`
        await directory.putKey(createApiKey({ id: `key_${keys}_of_${id}`, api: 'leaperone', accountId: id, secret, prefix: 'sk-', sha256Hex, nowMs, userId: 'owner', ...options }))
        return secret
      }
      const ledger = () => store.ledger({ subject, name: 'credit', limit: 1_000 })
      return {
        id,
        key: await addKey(),
        addKey,
        ledger,
        async money() {
          const { availableUnits: available = 0, heldUnits: held = 0 } = (await ledger()).at(-1) ?? {}
          return { available, held }
        },
      }
    },
    client: (key, options = {}) => new OpenAI({ apiKey: key, baseURL: `${playground.url}/leaperone/v1`, maxRetries: 0, ...options }),
    async close() {
      const [rows, calls] = await Promise.all([store.ledger({ limit: 10_000 }), store.calls({ limit: 10_000 })])
      await playground.close()
      // Whatever a test did, the sums hold.
      expect(checkLedger(rows, calls)).toEqual([])
    },
  }
}

function recipeOf(playground: Playground<'leaperone'>, id: string): DescribedRecipe {
  const recipe = playground.description.apis.find(({ name }) => name === 'leaperone')?.recipes.find((each) => each.id === id)
  if (recipe === undefined) throw new Error(`LEAPERone shows no recipe ${id}`)
  return recipe
}

/** The bodies have no place for it: the header has it, a fresh one each time. */
function expectRequestId(headers: Headers, seen: Set<string>): void {
  const id = headers.get('x-request-id') ?? ''
  expect(id).toMatch(/^req_[\da-f]{32}$/)
  expect(seen).not.toContain(id)
  seen.add(id)
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
