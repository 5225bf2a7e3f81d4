import { afterEach, describe, expect, it } from 'vitest'
import { anthropic, openai } from '../../catalog/dialects.ts'
import { defineDialect } from '../../contract/read/dialect.ts'
import type { ApiError } from '../api-error.ts'
import type { ClientOptions } from '../client-options.ts'
import { createClient } from '../create-client.ts'
import type { Extension } from '../extension.ts'
import { createJumpingClock, createScriptedFetch, json, networkError, type JumpingClock, type Step } from '../fixtures/scripted-fetch.ts'
import type { StreamEvent } from './event-parser.ts'
import { receivedOf, stream, streamJson } from './stream.ts'
import type { StreamInit } from './stream-init.ts'

let clock: JumpingClock = createJumpingClock()
afterEach(() => {
  if (clock.pending() > 0) throw new Error('a timer has outlived its stream')
})

const keyed = defineDialect({
  name: 'keyed',
  title: 'Keyed',
  idempotencyKey: 'Idempotency-Key',
  envelope: { error: { error: { code: '$code', message: '$message' } }, stream: { event: 'error', end: { data: '[DONE]' } } },
  entries: {
    busy: { code: 'BUSY', status: 503, reason: 'capacity.overloaded', message: 'Busy.', description: 'x' },
    poor: { code: 'POOR', status: 402, reason: 'credit.insufficient', message: 'Poor.', description: 'x' },
    fast: { code: 'FAST', status: 429, reason: 'rate.limited', message: 'Fast.', description: 'x' },
  },
})

type Part = string | Error | 'silence'

/** A stream that comes in these parts. */
function events(...parts: readonly Part[]): Response {
  const encoder = new TextEncoder()
  const left = [...parts]
  const body = new ReadableStream({
    pull(controller) {
      const part = left.shift()
      if (part === undefined) controller.close()
      else if (part instanceof Error) controller.error(part)
      else if (part === 'silence') return new Promise<void>(() => {})
      else controller.enqueue(encoder.encode(part))
      return undefined
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } })
}
const each = (...parts: readonly Part[]): Step => () => events(...parts)

function world(options: Partial<ClientOptions<unknown>>, ...steps: readonly Step[]) {
  clock = createJumpingClock()
  const scripted = createScriptedFetch(clock, ...steps)
  const api = createClient({ baseUrl: 'https://api.test', contract: keyed, clock, random: () => 0.5, budget: false, fetch: scripted.fetch, ...options } as ClientOptions<never>)
  async function all(init: StreamInit = {}): Promise<{ readonly said: readonly string[]; readonly error: ApiError | undefined }> {
    const said: string[] = []
    try {
      for await (const { event, data } of stream(api, '/chat', { method: 'POST', ...init })) said.push(event === undefined ? data : `${event}:${data}`)
      return { said, error: undefined }
    } catch (error) {
      return { said, error: error as ApiError }
    }
  }
  return { ...scripted, api, all: (init?: StreamInit) => clock.until(all(init)) }
}

describe('a stream that is whole', () => {
  it('gives its events, and not the mark of its end', async () => {
    const { all, sent } = world({}, each('data: on', 'e\n\nevent: delta\ndata: two\n\n: ping\n\ndata: [DONE]\n\n'))
    expect(await all()).toEqual({ said: ['one', 'delta:two'], error: undefined })
    expect([sent.length, sent[0]?.headers.get('accept'), sent[0]?.headers.has('idempotency-key')]).toEqual([1, 'text/event-stream', true])
  })

  it('ends with an event that has a name, and gives it', async () => {
    const { all } = world({ contract: anthropic }, each('event: ping\ndata: {"type":"ping"}\n\n', 'event: message_stop\ndata: {"type":"message_stop"}\n\n'))
    expect(await all()).toEqual({ said: ['ping:{"type":"ping"}', 'message_stop:{"type":"message_stop"}'], error: undefined })
  })

  it('where nothing is declared, every end is one', async () => {
    expect(await world({ contract: [] }, each('data: one\n\n')).all()).toEqual({ said: ['one'], error: undefined })
    expect(await world({}, each('data: one\n\n')).all({ end: false })).toEqual({ said: ['one'], error: undefined })
  })

  it('a server that leaves out the last empty line has ended all the same', async () => {
    expect(await world({}, each('data: one\n\ndata: [DONE]')).all()).toEqual({ said: ['one'], error: undefined })
  })

  it('lines of JSON are events', async () => {
    const { all } = world({ contract: [] }, () => new Response('{"a":1}\n\n{"a":2}', { headers: { 'content-type': 'application/x-ndjson' } }))
    expect(await all()).toEqual({ said: ['{"a":1}', '{"a":2}'], error: undefined })
  })

  it('is parsed where it is JSON, and what is none is an error', async () => {
    const { api } = world({}, each('data: {"a":1}\n\ndata: {"a":\n\ndata: [DONE]\n\n'))
    const got: unknown[] = []
    const work = (async () => {
      for await (const one of streamJson(api, '/chat')) got.push(one)
    })()
    await expect(clock.until(work)).rejects.toMatchObject({ reason: 'unknown', body: '{"a":' })
    expect(got).toEqual([{ a: 1 }])
  })
})

describe('a stream that fails', () => {
  it('in its middle is the same error as before its head, with what has arrived', async () => {
    const { all, sent } = world({}, each('data: one\n\n', 'event: error\ndata: {"error":{"code":"BUSY","message":"Too busy."}}\n\n', 'data: never\n\n'))
    const { said, error } = await all()
    expect(said).toEqual(['one'])
    expect(error).toMatchObject({ reason: 'capacity.overloaded', entry: 'busy', status: 503, message: 'Too busy.', because: 'delivered', dialect: 'keyed' })
    expect(error?.attempts).toMatchObject([{ number: 1, status: 200, reason: 'capacity.overloaded', because: 'delivered' }])
    expect([receivedOf(error).map(({ data }) => data), sent.length]).toEqual([['one'], 1])
  })

  it('before its first event is begun anew, under the same key', async () => {
    const { all, sent } = world({}, each('event: error\ndata: {"error":{"code":"BUSY","message":"x"}}\n\n'), each('data: one\n\ndata: [DONE]\n\n'))
    expect(await all()).toEqual({ said: ['one'], error: undefined })
    expect(new Set(sent.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1)
    expect(sent.length).toBe(2)
  })

  it('for want of money it is not begun anew', async () => {
    const { all, sent } = world({}, each('event: error\ndata: {"error":{"code":"POOR","message":"x"}}\n\n'))
    expect((await all()).error).toMatchObject({ reason: 'credit.insufficient', status: 402, because: 'never' })
    expect(sent.length).toBe(1)
  })

  it('by ending without its end is an error, not a success', async () => {
    const { all, sent } = world({}, each('data: one\n\n'))
    const { said, error } = await all()
    expect([said, error?.reason, error?.because, sent.length]).toEqual([['one'], 'network.failed', 'delivered', 1])
  })

  it('with nothing said, and no key, it may have been done', async () => {
    const { all, sent } = world({ contract: openai }, each(': hello\n\n'))
    const { error } = await all()
    expect([error?.reason, error?.because, sent.length]).toEqual(['outcome.unknown', 'not_repeatable', 1])
  })

  it('by breaking off is an error', async () => {
    const { all } = world({}, each('data: one\n\n', networkError('ECONNRESET')))
    expect((await all()).error).toMatchObject({ reason: 'network.failed', because: 'delivered' })
  })

  it('by falling silent is an error in time', async () => {
    const { all } = world({}, each('data: one\n\n', 'silence'))
    const { said, error } = await all({ idleTimeoutMs: 5_000 })
    expect([said, error?.reason, error?.because]).toEqual([['one'], 'network.timeout', 'delivered'])
  })

  it('by an event without end is an error', async () => {
    const { all } = world({}, each(`data: ${'x'.repeat(5_000)}`, 'y'.repeat(5_000)))
    expect((await all({ eventCharsMax: 6_000 })).error).toMatchObject({ reason: 'unknown', message: 'An event of the stream is longer than 6000 characters.' })
  })

  it('by being none is an error', async () => {
    const { all } = world({}, json(200, { a: 1 }))
    expect((await all()).error).toMatchObject({ reason: 'unknown', message: 'The answer is no stream of events, but application/json.' })
  })

  it('before its head it is tried again as any call', async () => {
    const { all, times } = world({}, json(429, { error: { code: 'FAST', message: 'x' } }, { 'retry-after': '7' }), each('data: one\n\ndata: [DONE]\n\n'))
    expect(await all()).toEqual({ said: ['one'], error: undefined })
    expect(times()).toEqual([0, 7_350])
  })
})

describe('what is output', () => {
  const isOutput = ({ event }: StreamEvent): boolean => event !== 'start'

  it('is held back until there is some, so that a failure before it is not seen', async () => {
    const { all, sent } = world({}, each('event: start\ndata: 1\n\n', 'event: error\ndata: {"error":{"code":"BUSY","message":"x"}}\n\n'), each('event: start\ndata: 2\n\ndata: one\n\ndata: [DONE]\n\n'))
    expect(await all({ isOutput })).toEqual({ said: ['start:2', 'one'], error: undefined })
    expect(sent.length).toBe(2)
  })

  it('a stream without any gives what it has', async () => {
    expect(await world({}, each('event: start\ndata: 1\n\ndata: [DONE]\n\n')).all({ isOutput })).toEqual({ said: ['start:1'], error: undefined })
  })
})

describe('a protocol that goes on where it broke off', () => {
  it('is asked to, after the wait that the stream has told', async () => {
    const { all, sent, times } = world({}, each('retry: 3000\nid: 1\ndata: one\n\n', 'id: 2\ndata: two\n\n'), each('id: 3\ndata: three\n\ndata: [DONE]\n\n'))
    expect(await all({ method: 'GET', resumes: true })).toEqual({ said: ['one', 'two', 'three'], error: undefined })
    expect([sent[1]?.headers.get('last-event-id'), times()]).toEqual(['2', [0, 3_150]])
  })

  it('not without a word', async () => {
    const { all, sent } = world({}, each('id: 1\ndata: one\n\n'))
    expect((await all({ method: 'GET' })).error).toMatchObject({ because: 'delivered' })
    expect(sent.length).toBe(1)
  })
})

describe('whoever gives up', () => {
  it('by its signal, at once', async () => {
    const controller = new AbortController()
    const { all } = world({}, each('data: one\n\n', 'silence'))
    clock.after(1_000, () => controller.abort(new Error('enough')))
    const { said, error } = await all({ signal: controller.signal })
    expect([said, error?.reason, error?.name, (error?.cause as Error | undefined)?.message]).toEqual([['one'], 'aborted', 'AbortError', 'enough'])
  })

  it('by leaving the loop ends the stream and the call', async () => {
    const log: unknown[] = []
    const extension: Extension = { name: 'log', begin: () => ({ afterAttempt: ({ because }) => log.push(because), onEnd: ({ error }) => log.push(error) }) }
    let isCancelled = false
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: one\n\n')),
      cancel() {
        isCancelled = true
      },
    })
    const { api } = world({ extensions: [extension] }, () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
    const work = (async () => {
      for await (const { data } of stream(api, '/chat')) if (data === 'one') break
    })()
    await clock.until(work)
    expect([isCancelled, log]).toEqual([true, ['succeeded', undefined]])
  })
})

it.each([
  [{ idleTimeoutMs: 0 }, 'stream: idleTimeoutMs is 0; it must be a number of milliseconds above 0'],
  [{ eventCharsMax: -1 }, 'stream: eventCharsMax is -1; it must be a number of characters, 1 or more'],
  [{ resumes: 'yes' }, 'stream: resumes is yes; it must be true or false'],
  [{ end: ['[DONE]'] }, `stream: end is ["[DONE]"]; it must be false, or how the stream ends: { data: '[DONE]' }`],
])('%j is told before anything is sent', async (init, message) => {
  const { all, sent } = world({}, each(''))
  expect((await all(init as StreamInit)).error?.message).toBe(message)
  expect(sent.length).toBe(0)
})
