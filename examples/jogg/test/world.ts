/** The service and a webhook on loopback, and a clock that stands still until a test moves it. */
import { createManualClock } from '@tollgate/example-parts/testing/manual-clock'
import type { ManualClock } from '@tollgate/example-parts/testing/manual-clock'
import { createReceiver } from '@tollgate/example-parts/testing/receiver'
import type { Receiver } from '@tollgate/example-parts/testing/receiver'
import { vi } from 'vitest'
import { createJoggService } from '../src/service.ts'
import type { JoggOptions } from '../src/service.ts'

export interface World {
  readonly clock: ManualClock
  readonly receiver: Receiver
  readonly url: string
  readonly errors: { readonly error: unknown; readonly where: string }[]
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Orders a video and tells its id. */
  order(fields?: Record<string, unknown>, headers?: Record<string, string>): Promise<string>
  /** Lets time pass, step by step, until the video has this status. */
  until(id: string, status: string, headers?: Record<string, string>): Promise<Data>
  /** Waits, with the clock standing still, until something has come about. */
  eventually(check: () => void | Promise<void>): Promise<void>
  close(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Data & { readonly data?: Data | null }
}

export interface Data {
  readonly [name: string]: unknown
}

export const startMs = Date.UTC(2026, 10, 21, 12)

export async function createWorld(options: JoggOptions = {}): Promise<World> {
  const clock = createManualClock(startMs)
  const receiver = await createReceiver()
  const errors: World['errors'] = []
  const service = createJoggService({ clock, allowLoopback: true, onError: (error, where) => errors.push({ error, where }), ...options })
  const { url } = await service.listen(0)

  const send: World['send'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'tollgate-account': 'studio_1', 'tollgate-request-id': 'req_1', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : {} }
  }

  return {
    clock,
    receiver,
    url,
    errors,
    send,
    async order(fields, headers) {
      const answer = await send('POST', '/v2/create_video_from_avatar', videoBody(fields), headers)
      const id = answer.body.data?.['video_id']
      if (typeof id !== 'string') throw new Error(`no video was ordered: ${answer.status} ${answer.text}`)
      return id
    },
    until: (id, status, headers) =>
      vi.waitFor(
        async () => {
          // While a file is read no timer waits; time passes only between the steps.
          if (clock.pending() > 0) clock.advance(500)
          const data = (await send('GET', `/v2/avatar_video/${id}`, undefined, headers)).body.data ?? {}
          if (data['status'] !== status) throw new Error(`video ${id} is ${String(data['status'])}, not ${status}`)
          return data
        },
        { timeout: 60_000, interval: 2 },
      ),
    eventually: (check) => vi.waitFor(check, { timeout: 60_000, interval: 2 }),
    async close() {
      await service.close()
      await receiver.close()
    },
  }
}

export const script = 'Hi, welcome to JoggAI and create longer videos with Talking Avatars in minutes!'

export function videoBody(fields: Record<string, unknown> = {}): Data {
  return { avatar: { avatar_type: 0, avatar_id: 81 }, voice: { type: 'script', voice_id: 'en-US-ChristopherNeural', script }, aspect_ratio: 'portrait', screen_style: 1, ...fields }
}
