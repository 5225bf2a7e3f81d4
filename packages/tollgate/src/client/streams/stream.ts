/** Streams of a client: each event as it comes, and an `ApiError` where the stream says no, breaks off, or falls silent. */
import { ApiError } from '../api-error.ts'
import type { CallOutcome, ClientCall } from '../client-call.ts'
import type { Client } from '../core-client.ts'
import { EventReader, isEventStream } from './event-reader.ts'
import type { StreamEvent } from './event-parser.ts'
import { checkStreamInit, type StreamInit } from './stream-init.ts'
import { toNotUnderstood } from '../take-answer.ts'

/** Before the first output, so many events are held back at most. */
const HELD_MAX = 1_000
/** What an error remembers of what came before it. */
const RECEIVED_CHARS_MAX = 1_048_576

const received = new WeakMap<object, readonly StreamEvent[]>()

/**
 * What a stream had handed on when it failed, the newest of it where that is much (some million characters).
 *
 * @example
 * receivedOf(new Error('no stream')) // => []
 */
export function receivedOf(error: unknown): readonly StreamEvent[] {
  return (typeof error === 'object' && error !== null ? received.get(error) : undefined) ?? []
}

/**
 * The events of an answer, one by one. It throws an `ApiError`, also in the middle, and where it ends without the end that the contract knows. It is begun anew only while
 * nothing was handed on. Whoever leaves the loop ends it.
 *
 * @example
 * import type { Client } from 'tollgate/client'
 *
 * async function sayAll(api: Client): Promise<void> {
 *   for await (const { data } of stream(api, '/chat', { method: 'POST', json: { stream: true } })) console.log(data)
 * }
 */
export async function* stream(api: Client<unknown>, input: string | URL | Request, init: StreamInit = {}): AsyncGenerator<StreamEvent, void, undefined> {
  const { idleTimeoutMs = 120_000, eventCharsMax = 16_777_216, end, isOutput, resumes = false, ...rest } = init
  if (typeof (api as { readonly start?: unknown } | undefined)?.start !== 'function') throw new TypeError('stream: the first argument must be a client of createClient; the fetch of an SDK is wrapped by watchStreams')
  checkStreamInit(init)
  const headers = new Headers(rest.headers ?? (typeof input === 'object' && !(input instanceof URL) ? input.headers : undefined))
  if (!headers.has('accept')) headers.set('accept', 'text/event-stream')
  const call: ClientCall = api.start(input, { ...rest, headers })
  const kept: StreamEvent[] = []
  let keptChars = 0
  let isDelivered = false

  function keep(event: StreamEvent): void {
    kept.push(event)
    keptChars += charsOf(event)
    for (let oldest = kept[0]; keptChars > RECEIVED_CHARS_MAX && oldest !== undefined; oldest = kept[0]) {
      keptChars -= charsOf(oldest)
      kept.shift()
    }
  }

  function open(outcome: CallOutcome): EventReader {
    if (outcome.kind === 'thrown') throw outcome.thrown
    if (outcome.kind !== 'answer') throw withReceived(outcome.error, kept)
    const { response } = outcome
    if (isEventStream(response)) return new EventReader(response, { dialects: api.dialects, clock: call.clock, signal: call.signal, idleTimeoutMs, eventCharsMax, end })
    response.body?.cancel().catch(() => {})
    const error = toNotUnderstood(response, `The answer is no stream of events, but ${response.headers.get('content-type') ?? 'of no type'}.`, '')
    call.end(error)
    throw error
  }

  let reader = open(await call.next())
  let held: StreamEvent[] = []
  let heldChars = 0
  let isOver = false
  try {
    for (;;) {
      const step = await reader.next()
      if (step.kind === 'event') {
        if (!isDelivered && isOutput !== undefined && held.length < HELD_MAX && heldChars < RECEIVED_CHARS_MAX && !isOutput(step.event)) {
          held.push(step.event)
          heldChars += charsOf(step.event)
          continue
        }
        for (const event of [...held, step.event]) {
          keep(event)
          isDelivered = true
          yield event
        }
        held = []
        continue
      }
      if (step.kind === 'end') {
        for (const event of held) yield event
        isOver = true
        call.end(undefined)
        return
      }
      held = []
      heldChars = 0
      isOver = true
      if (step.kind === 'aborted') reader = open(await call.abort())
      else {
        const lastEventId = resumes ? reader.lastEventId : undefined
        reader = open(await call.resume(step.failure, { isDelivered: isDelivered && lastEventId === undefined, lastEventId }))
      }
      isOver = false
    }
  } finally {
    if (!isOver) {
      reader.cancel()
      call.end(undefined)
    }
  }
}

/**
 * The same of events whose data is JSON, parsed. What is none is an `ApiError`; it is not left out.
 *
 * @example
 * import type { Client } from 'tollgate/client'
 *
 * async function sayAll(api: Client): Promise<void> {
 *   for await (const { delta } of streamJson<{ readonly delta: string }>(api, '/chat')) console.log(delta)
 * }
 */
export async function* streamJson<Data = unknown>(api: Client<unknown>, input: string | URL | Request, init: StreamInit = {}): AsyncGenerator<Data, void, undefined> {
  for await (const { data } of stream(api, input, init)) yield parse(data) as Data
}

/** What an event takes of the memory, about: also one that says nothing takes some. */
function charsOf({ event, data, id }: StreamEvent): number {
  return 64 + data.length + (event?.length ?? 0) + (id?.length ?? 0)
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch (cause) {
    throw new ApiError({ reason: 'unknown', message: 'An event of the stream is no JSON.', source: 'api', retry: 'never', action: 'contact_support', body: data.slice(0, 65_536), cause })
  }
}

function withReceived(error: ApiError, events: readonly StreamEvent[]): ApiError {
  received.set(error, events)
  return error
}
