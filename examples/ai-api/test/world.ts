/** The service and a webhook on loopback, and a clock that stands still until a test moves it. */
import { createManualClock } from '@tollgate/example-parts/testing/manual-clock'
import type { ManualClock } from '@tollgate/example-parts/testing/manual-clock'
import { createReceiver } from '@tollgate/example-parts/testing/receiver'
import type { Receiver } from '@tollgate/example-parts/testing/receiver'
import { vi } from 'vitest'
import { createAiApiService } from '../src/service.ts'
import type { AiApiOptions } from '../src/service.ts'
import { formOf, formType } from './form.ts'
import type { Part } from './form.ts'

export interface World {
  readonly clock: ManualClock
  readonly receiver: Receiver
  readonly url: string
  readonly errors: { readonly error: unknown; readonly where: string }[]
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  upload(part: Part, headers?: Record<string, string>): Promise<Answer>
  /** Waits, with the clock standing still, until something has come about. */
  eventually(check: () => void | Promise<void>): Promise<void>
  close(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Buffer
  /** Undefined unless it is an object in JSON. */
  readonly body: Data | undefined
  /** Of a success; empty otherwise. */
  readonly data: Data
}

export interface Data {
  readonly [name: string]: unknown
}

export const startMs = Date.UTC(2026, 10, 21, 12)

export async function createWorld(options: AiApiOptions = {}): Promise<World> {
  const clock = createManualClock(startMs)
  const receiver = await createReceiver()
  const errors: World['errors'] = []
  const service = createAiApiService({ clock, allowLoopback: true, onError: (error, where) => errors.push({ error, where }), ...options })
  const { url } = await service.listen(0)

  const send: World['send'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'tollgate-account': 'org_1', 'tollgate-request-id': 'req_1', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const parsed = answer.headers.get('content-type')?.includes('json') === true ? (JSON.parse(bytes.toString('utf8')) as Data) : undefined
    return { status: answer.status, headers: answer.headers, bytes, body: parsed, data: (parsed?.['data'] ?? {}) as Data }
  }

  return {
    clock,
    receiver,
    url,
    errors,
    send,
    upload: (part, headers = {}) => send('POST', '/v1/files', formOf(part), { 'content-type': formType, ...headers }),
    eventually: (check) => vi.waitFor(check, { timeout: 60_000, interval: 2 }),
    async close() {
      await service.close()
      await receiver.close()
    },
  }
}
