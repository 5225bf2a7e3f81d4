/** The playground with a clock that the test holds, and calls through real sockets. */
import { createHash } from 'node:crypto'
import { createJsonLog } from '@tollgate/gateway'
import { createPlayground } from '@tollgate/example-playground'
import type { Playground } from '@tollgate/example-playground'
import { createApiKey } from 'tollgate/directory'
import { applyOne } from 'tollgate/stores'
import type { Account } from 'tollgate/directory'
import { createManualClock } from 'tollgate/testing'
import { expect } from 'vitest'
import { createPart } from './part-of-playground.ts'

/** A Tuesday noon: twelve hours to the next day, 21 and a half days to the next month. */
export const NOON = Date.parse('2026-03-10T12:00:00Z')

export interface Received {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

export interface Request {
  readonly method: string
  readonly path: string
  readonly headers: { readonly [name: string]: string }
  readonly body?: string
}

export interface World {
  readonly playground: Playground<'chatads'>
  readonly clock: ReturnType<typeof createManualClock>
  /** Each line that was logged. */
  readonly logged: readonly string[]
  call(request: Request): Promise<Received>
  /** Posts a message to ChatAds. */
  say(key: string | undefined, fields: string | { readonly [name: string]: unknown }): Promise<Received>
  /** A new team of ChatAds and its keys. */
  addTeam(account?: Partial<Account>, used?: { readonly daily?: number; readonly monthly?: number }): Promise<Team>
  close(): Promise<void>
}

export interface Team {
  readonly id: string
  readonly key: string
  readonly otherKey: string
}

/** ChatAds alone, or the whole playground. */
export async function createWorld({ whole = false } = {}): Promise<World> {
  const clock = createManualClock(NOON)
  const logged: string[] = []
  const log = createJsonLog((line) => logged.push(line))
  const playground = whole ? await createPlayground({ port: 0, clock, log }) : await createPart('chatads', { clock, log })
  const { directory, store } = playground.gateway
  const seenIds = new Set<string>()
  let teams = 0

  async function call({ method, path, headers, body }: Request): Promise<Received> {
    const answer = await fetch(playground.url + path, { method, headers, ...(body !== undefined && { body }) })
    const received = { status: answer.status, headers: answer.headers, body: (await answer.json()) as unknown }
    expectRequestId(received, seenIds)
    return received
  }

  return {
    playground,
    clock,
    logged,
    call,
    say(key, fields) {
      const body = typeof fields === 'string' ? fields : JSON.stringify(fields)
      const headers = { 'content-type': 'application/json', ...(key !== undefined && { 'x-api-key': key }) }
      return call({ method: 'POST', path: '/chatads/v1/chatads/messages', headers, body })
    },
    async addTeam(account = {}, used = {}) {
      teams += 1
      const id = `team_test_${teams}`
      const nowMs = clock.wallMs()
      await directory.putAccount({ id, api: 'chatads', name: `Test ${teams}`, status: 'active', plan: 'free', createdAtMs: nowMs, ...account })
      const secrets = ['a', 'b'].map((letter) => `cak_test_key_${letter}_of_team_${teams}`)
      for (const secret of secrets) {
        await directory.putKey(createApiKey({ id: `key_${secret}`, api: 'chatads', accountId: id, secret, prefix: 'cak_', sha256Hex, nowMs }))
      }
      for (const [name, cost] of Object.entries(used)) {
        const meter = { kind: 'quota', period: name === 'daily' ? 'day' : 'month', counts: 'attempts' } as const
        await applyOne(store, { kind: 'admit', takes: [{ subject: `account:${id}`, name, meter, limit: cost, cost }] })
      }
      const [key = '', otherKey = ''] = secrets
      return { id, key, otherKey }
    },
    close: () => playground.close(),
  }
}

/** Each answer has a fresh request id, the same in header and body. */
function expectRequestId({ headers, body }: Received, seen: Set<string>): void {
  const id = headers.get('x-request-id') ?? ''
  expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  expect(body).toMatchObject({ meta: { request_id: id } })
  expect(seen).not.toContain(id)
  seen.add(id)
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
