/** JoggAI behind the playground's gateway, with a clock that the test holds; calls over real sockets, and its credits to look at. */
import { createHash } from 'node:crypto'
import { createJsonLog } from '@tollgate/gateway'
import { createPlayground, runRecipe } from '@tollgate/example-playground'
import type { DescribedRecipe, Playground, PlaygroundOptions } from '@tollgate/example-playground'
import { createApiKey } from 'tollgate/directory'
import { checkLedger } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import type { Account } from 'tollgate/directory'
import type { LedgerRow } from 'tollgate/engine'
import { createManualClock } from 'tollgate/testing'
import { expect } from 'vitest'
import { createPart } from './part-of-playground.ts'
import { NOON } from './playground-world.ts'

export interface Received {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface Purse {
  /** Thousandths of a credit. */
  money(): Promise<{ readonly available: number; readonly held: number }>
  /** Each movement after the grant: kind, thousandths of a credit, reason. */
  movements(): Promise<readonly string[]>
}

export interface Studio extends Purse {
  readonly key: string
  /** Of the same account. */
  addKey(): Promise<string>
}

export interface World {
  readonly playground: Playground<'jogg'>
  readonly clock: ReturnType<typeof createManualClock>
  /** Each line that was logged. */
  readonly logged: readonly string[]
  /** Below the mount. Without a key: none is sent. What is no text is sent as JSON. */
  send(key: string | undefined, method: string, path: string, body?: unknown): Promise<Received>
  /** `fields` beside avatar 81 and a full screen: `scriptOf` or a recording. */
  order(key: string, fields: object): Promise<Received>
  /** As the page runs it, every answer in order. */
  run(id: string): Promise<readonly Received[]>
  /** Lets time pass until something has come about, a little at a time. */
  untilTrue(check: () => void | Promise<void>): Promise<void>
  purseOf(account: string): Purse
  /** A new account on the standard plan and a key of it. `credits`: decimal. */
  addStudio(credits: string, account?: Partial<Account>): Promise<Studio>
  close(): Promise<void>
}

const CREDIT = 1_000

/** `config`: a file for the whole playground. */
export async function createWorld({ config }: Pick<PlaygroundOptions, 'config'> = {}): Promise<World> {
  const clock = createManualClock(NOON)
  const logged: string[] = []
  const log = createJsonLog((line) => logged.push(line))
  const playground = config === undefined ? await createPart('jogg', { clock, log }) : await createPlayground({ port: 0, clock, log, config })
  const { directory, store } = playground.gateway
  const seenIds = new Set<string>()
  let studios = 0

  async function fetchOnce(path: string, init: RequestInit): Promise<Response> {
    const answer = await fetch(playground.url + path, init)
    expectFreshId(answer.headers, seenIds)
    if (answer.headers.get('content-type')?.startsWith('application/json') === true) expectThreeKeys(await answer.clone().json())
    return answer
  }

  const send: World['send'] = async (key, method, path, body) => {
    const answer = await fetchOnce(`/jogg${path}`, {
      method,
      headers: { ...(key !== undefined && { 'x-api-key': key }), ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }

  function purseOf(account: string): Purse {
    const ledger = (): Promise<readonly LedgerRow[]> => store.ledger({ subject: `account:${account}`, name: 'credit', limit: 1_000 })
    return {
      movements: async () => (await ledger()).slice(1).map(({ kind, units, reason }) => `${kind} ${units} ${reason}`),
      async money() {
        const { availableUnits: available = 0, heldUnits: held = 0 } = (await ledger()).at(-1) ?? {}
        return { available, held }
      },
    }
  }

  const untilTrue: World['untilTrue'] = async (check) => {
    const passed = async () => {
      clock.advance(100)
      await check()
      return true
    }
    await expect.poll(passed, { interval: 2 }).toBe(true)
  }

  return {
    playground,
    clock,
    logged,
    send,
    untilTrue,
    purseOf,
    order: (key, fields) => send(key, 'POST', '/v2/create_video_from_avatar', { avatar: { avatar_id: 81 }, aspect_ratio: 'portrait', screen_style: 1, ...fields }),
    async run(id) {
      const pause = (milliseconds: number) => {
        const untilMs = clock.wallMs() + milliseconds
        return untilTrue(() => expect(clock.wallMs()).toBeGreaterThanOrEqual(untilMs))
      }
      const { answers } = await runRecipe(recipeOf(playground, id), { send: fetchOnce, pause })
      return answers.map(({ status, headers, text }) => ({ status, headers: new Headers(headers.map(([name, value]): [string, string] => [name, value])), text }))
    },
    async addStudio(credits, account = {}) {
      studios += 1
      const id = `studio_test_${studios}`
      const nowMs = clock.wallMs()
      let keys = 0
      await directory.putAccount({ id, api: 'jogg', name: `Test ${studios}`, status: 'active', plan: 'standard', createdAtMs: nowMs, ...account })
      await applyOne(store, { kind: 'grant', subject: `account:${id}`, name: 'credit', scale: 3, grantId: `grant of ${id}`, units: Math.round(Number(credits) * CREDIT), reason: 'test' })
      const addKey: Studio['addKey'] = async () => {
        keys += 1
        const secret = `jogg_test_key_${keys}_of_${id}`
        await directory.putKey(createApiKey({ id: `key_${keys}_of_${id}`, api: 'jogg', accountId: id, secret, prefix: 'jogg_', sha256Hex, nowMs }))
        return secret
      }
      return { ...purseOf(id), key: await addKey(), addKey }
    },
    async close() {
      const [rows, calls] = await Promise.all([store.ledger({ limit: 10_000 }), store.calls({ limit: 10_000 })])
      await playground.close()
      // Whatever a test did, the sums hold.
      expect(checkLedger(rows, calls)).toEqual([])
    },
  }
}

/** So many characters, said by the slowest voice: 1440 in two minutes. */
export function scriptOf(characters: number): object {
  return { voice: { voice_id: 'en-GB-SoniaNeural', script: 'x'.repeat(characters) } }
}

/** What the headers of the rate say: the limit, what remains of it, the Unix second at which it is whole again. NaN where there is none. */
export function rateOf({ headers }: Received): readonly number[] {
  return ['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`x-ratelimit-${name}`) ?? Number.NaN))
}

/** Status and code. */
export function codeOf({ status, text }: Received): readonly number[] {
  return [status, (JSON.parse(text) as { readonly code: number }).code]
}

export function dataOf({ text }: Received): { readonly [name: string]: unknown } {
  return (JSON.parse(text) as { readonly data: { readonly [name: string]: unknown } }).data
}

function recipeOf(playground: Playground<'jogg'>, id: string): DescribedRecipe {
  const recipe = playground.description.apis.find(({ name }) => name === 'jogg')?.recipes.find((each) => each.id === id)
  if (recipe === undefined) throw new Error(`JoggAI shows no recipe ${id}`)
  return recipe
}

/** The bodies have no place for it: the header has it, a fresh one each time. */
function expectFreshId(headers: Headers, seen: Set<string>): void {
  const id = headers.get('x-request-id') ?? ''
  expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  expect(seen).not.toContain(id)
  seen.add(id)
}

function expectThreeKeys(body: unknown): void {
  expect(Object.keys(body as object)).toEqual(['code', 'msg', 'data'])
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
