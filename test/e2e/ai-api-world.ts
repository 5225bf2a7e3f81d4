/** AI-Powered API behind the playground's gateway, with a clock that the test holds; calls over real sockets. */
import { createHash } from 'node:crypto'
import { createJsonLog } from '@tollgate/gateway'
import { runRecipe } from '@tollgate/example-playground'
import type { DescribedRecipe, Playground } from '@tollgate/example-playground'
import { createApiKey } from 'tollgate/directory'
import type { Account, ApiKeyOptions } from 'tollgate/directory'
import type { Clock } from 'tollgate/engine'
import { createManualClock } from 'tollgate/testing'
import { expect } from 'vitest'
import { createPart } from './part-of-playground.ts'
import { NOON } from './playground-world.ts'

export interface Received {
  readonly status: number
  readonly headers: Headers
  /** Parsed. */
  readonly body: unknown
}

export interface SlowCall {
  readonly answer: Promise<Received>
  /** The caller hangs up. */
  abort(): void
}

export interface World {
  readonly playground: Playground<'ai-api'>
  readonly clock: ReturnType<typeof createManualClock>
  /** Each line that was logged. */
  readonly logged: readonly string[]
  /** Below the mount. Without a key: none is sent. What is no text or form is sent as JSON. */
  ask(key: string | undefined, method: string, path: string, body?: unknown): Promise<Received>
  /** As the page runs it, every answer in order; of calls made at once the one that is meant comes last. */
  run(id: string): Promise<readonly Received[]>
  /** A text that takes `SLOW_MS`; resolves when the service is at work on it. */
  slowText(key: string): Promise<SlowCall>
  /** How many such texts the service is at work on. */
  slowTexts(): number
  /** A new account on the free plan unless it says otherwise, and a key of it that may do everything. */
  addKey(account?: Partial<Account>, key?: Pick<ApiKeyOptions, 'limits' | 'scopes' | 'expiresAtMs'>): Promise<string>
  close(): Promise<void>
}

export const NOON_SECONDS = NOON / 1000
/** 28 tokens at 250 ms: a delay that nothing else in the playground waits for, so that its timers are known by it. */
export const SLOW_MS = 7_000
/** What the texts of recipes take. */
const RECIPE_TEXT_MS = 2_000

/** What the headers of the rate say: the limit, what remains of it, the Unix second at which it is whole again. NaN where there is none. */
export function rateOf({ headers }: Pick<Received, 'headers'>): readonly number[] {
  return ['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`x-ratelimit-${name}`) ?? Number.NaN))
}

/** The code of a refusal; of a success its status. */
export function codeOf({ status, body }: Received): string | number {
  return status < 400 ? status : (body as { readonly error: { readonly code: string } }).error.code
}

export async function createWorld(startMs = NOON): Promise<World> {
  const clock = createManualClock(startMs)
  let slowTexts = 0
  const watched: Clock = {
    ...clock,
    after(delayMs, run) {
      if (delayMs !== SLOW_MS) return clock.after(delayMs, run)
      slowTexts += 1
      const end = () => {
        slowTexts -= 1
      }
      const cancel = clock.after(delayMs, () => {
        end()
        run()
      })
      return () => {
        end()
        cancel()
      }
    },
  }
  const logged: string[] = []
  const playground = await createPart('ai-api', { clock: watched, log: createJsonLog((line) => logged.push(line)) })
  const { directory } = playground.gateway
  const seenIds = new Set<string>()
  let accounts = 0

  async function send(path: string, init: RequestInit): Promise<Response> {
    const answer = await fetch(playground.url + path, init)
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true
    expectRequestId(answer.headers, isJson ? ((await answer.clone().json()) as unknown) : undefined, seenIds)
    return answer
  }

  async function request(key: string | undefined, method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Received> {
    const isWritten = typeof body === 'string' || body instanceof FormData
    const answer = await send(`/ai-api${path}`, {
      method,
      headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: isWritten ? body : JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    })
    return received(answer.status, answer.headers, await answer.text())
  }

  return {
    playground,
    clock,
    logged,
    ask: request,
    slowTexts: () => slowTexts,
    async run(id) {
      const recipe = recipeOf(playground, id)
      // Whoever is at work gets done when the others have been answered.
      let ticking: NodeJS.Timeout | undefined
      const onAnswer = () => {
        if (recipe.parallel > 1) ticking ??= setInterval(() => clock.advance(RECIPE_TEXT_MS), 5)
      }
      const { answers, meant } = await runRecipe(recipe, { send, onAnswer }).finally(() => clearInterval(ticking))
      const ordered = [...answers.filter((answer) => answer !== meant), meant]
      return ordered.map(({ status, headers, text }) => received(status, new Headers(headers.map(([name, value]): [string, string] => [name, value])), text))
    },
    async slowText(key) {
      const before = slowTexts
      const controller = new AbortController()
      const answer = request(key, 'POST', '/v1/generate', { prompt: 'Hi', model: 'gpt-4-reflective', max_tokens: 28 }, controller.signal)
      answer.catch(() => undefined)
      await expect.poll(() => slowTexts, { interval: 2 }).toBeGreaterThan(before)
      return { answer, abort: () => controller.abort() }
    },
    async addKey(account = {}, key = {}) {
      accounts += 1
      const id = `org_test_${accounts}`
      const nowMs = clock.wallMs()
      const secret = `aik_test_key_of_account_${accounts}`
      await directory.putAccount({ id, api: 'ai-api', name: `Test ${accounts}`, status: 'active', plan: 'free', createdAtMs: nowMs, ...account })
      await directory.putKey(createApiKey({ id: `key_of_${id}`, api: 'ai-api', accountId: id, secret, prefix: 'aik_', sha256Hex, nowMs, scopes: ['admin'], ...key }))
      return secret
    },
    close: () => playground.close(),
  }
}

function received(status: number, headers: Headers, text: string): Received {
  return { status, headers, body: headers.get('content-type')?.startsWith('application/json') === true ? (JSON.parse(text) as unknown) : text }
}

function recipeOf(playground: Playground<'ai-api'>, id: string): DescribedRecipe {
  const recipe = playground.description.apis.find(({ name }) => name === 'ai-api')?.recipes.find((each) => each.id === id)
  if (recipe === undefined) throw new Error(`AI-API shows no recipe ${id}`)
  return recipe
}

/** Each answer has a fresh request id, the same in header and body. */
function expectRequestId(headers: Headers, body: unknown, seen: Set<string>): void {
  const id = headers.get('x-request-id') ?? ''
  expect(id).toMatch(/^req_[\da-f]{32}$/)
  if (body !== undefined) expect(body).toMatchObject({ meta: { request_id: id } })
  expect(seen).not.toContain(id)
  seen.add(id)
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
