/** The service, a callback and a gateway that holds money on loopback, and a clock that stands still until a test moves it. */
import { createManualClock } from '@tollgate/example-parts/testing/manual-clock'
import type { ManualClock } from '@tollgate/example-parts/testing/manual-clock'
import { createReceiver } from '@tollgate/example-parts/testing/receiver'
import type { Receiver } from '@tollgate/example-parts/testing/receiver'
import { vi } from 'vitest'
import { createLeaperoneService } from '../src/service.ts'
import type { LeaperoneOptions } from '../src/service.ts'
import { createFakeGateway } from '@tollgate/example-parts/testing/fake-gateway'
import type { FakeGateway } from '@tollgate/example-parts/testing/fake-gateway'

export interface World {
  readonly clock: ManualClock
  readonly receiver: Receiver
  readonly gateway: FakeGateway
  readonly url: string
  readonly errors: { readonly error: unknown; readonly where: string }[]
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Orders images and tells the id of the task. */
  order(fields?: Data, headers?: Record<string, string>): Promise<string>
  /** Lets time pass, step by step, until the task has this status. */
  until(id: string, status: string): Promise<Data>
  /** Waits, with the clock standing still, until something has come about. */
  eventually(check: () => void | Promise<void>): Promise<void>
  close(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Data
}

export interface Data {
  readonly [name: string]: unknown
}

export const startMs = Date.UTC(2026, 10, 21, 12)

/** Streams come as fast as they are read, unless a test says otherwise. */
export async function createWorld(options: LeaperoneOptions = {}): Promise<World> {
  const clock = createManualClock(startMs)
  const receiver = await createReceiver()
  const gateway = await createFakeGateway()
  const errors: World['errors'] = []
  const service = createLeaperoneService({ clock, allowLoopback: true, tokenIntervalMs: 0, onError: (error, where) => errors.push({ error, where }), ...options })
  const { url } = await service.listen(0)

  const send: World['send'] = async (method, path, body, headers = {}) => {
    const isBody = typeof body === 'string' || body instanceof FormData
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'tollgate-account': 'leaper_studio', 'tollgate-request-id': 'req_1', ...headers },
      ...(body !== undefined && { body: isBody ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, body: text.startsWith('{') ? (JSON.parse(text) as Data) : {} }
  }

  return {
    clock,
    receiver,
    gateway,
    url,
    errors,
    send,
    async order(fields, headers) {
      const answer = await send('POST', '/v1/images/generations', imageBody(fields), headers)
      const id = answer.body['id']
      if (typeof id !== 'string') throw new Error(`no images were ordered: ${answer.status} ${answer.text}`)
      return id
    },
    until: (id, status) =>
      vi.waitFor(
        async () => {
          // While a file is read no timer waits; time passes only between the steps.
          if (clock.pending() > 0) clock.advance(500)
          const { body } = await send('GET', `/v1/images/generations/${id}`)
          if (body['status'] !== status) throw new Error(`the task ${id} is ${String(body['status'])}, not ${status}`)
          return body
        },
        { timeout: 60_000, interval: 2 },
      ),
    eventually: (check) => vi.waitFor(check, { timeout: 60_000, interval: 2 }),
    async close() {
      await service.close()
      await receiver.close()
      await gateway.close()
    },
  }
}

export function chatBody(fields: Data = {}): Data {
  return { model: 'auto', messages: [{ role: 'user', content: 'Write two sentences about the harbour.' }], ...fields }
}

export function imageBody(fields: Data = {}): Data {
  return { model: 'landscape-1', prompt: 'A harbour before the rain', ...fields }
}
