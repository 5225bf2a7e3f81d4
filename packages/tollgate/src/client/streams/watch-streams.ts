/** For those who read streams by themselves, as SDKs do: the body of an answer fails where the stream has failed, and where it was cut off. */
import type { Dialect } from '../../contract/read/dialect.ts'
import type { StreamEnd } from '../../contract/declare/declaration.ts'
import type { Clock } from '../../engine/clock.ts'
import { ApiError } from '../api-error.ts'
import type { FetchLike } from '../client-plan.ts'
import { signalOf } from '../../engine/request-signal.ts'
import { webClock } from '../web-clock.ts'
import { formatEvent, type StreamEvent } from './event-parser.ts'
import { EventReader, isEventStream, isLineStream } from './event-reader.ts'

/** What streams are held against. */
export interface WatchOptions {
  readonly contract: Dialect<unknown> | readonly Dialect<unknown>[]
  /** How long a stream may say nothing. Default 120,000. */
  readonly idleTimeoutMs?: number
  /** The longest event. Default 16,777,216. */
  readonly eventCharsMax?: number
  /** How a stream says that it is whole. Default: what the contract says. */
  readonly end?: StreamEnd | readonly StreamEnd[] | false
  /** Default: the system's. */
  readonly clock?: Clock
}

/**
 * A `fetch` whose event streams cannot be taken for whole when they are not: reading them rejects with an `ApiError`.
 *
 * @example
 * import { wrapFetch, type FetchLike } from 'tollgate/client'
 * import type { Dialect } from 'tollgate/contract'
 *
 * const watched = (contract: Dialect): FetchLike => watchStreams(wrapFetch(fetch, { contract }), { contract })
 */
export function watchStreams(fetch: FetchLike, { contract, idleTimeoutMs = 120_000, eventCharsMax = 16_777_216, end, clock = webClock }: WatchOptions): FetchLike {
  const dialects = [contract].flat() as readonly Dialect[]
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!response.ok || response.body === null || !isEventStream(response)) return response
    const signal = init?.signal ?? (typeof input === 'object' && !(input instanceof URL) ? signalOf(input) : undefined)
    const reader = new EventReader(response, { dialects, clock, signal, idleTimeoutMs, eventCharsMax, end })
    return withBody(response, toBytes(reader, isLineStream(response) ? ({ data }) => `${data}\n` : formatEvent, signal))
  }
}

function toBytes(reader: EventReader, format: (event: StreamEvent) => string, signal: AbortSignal | undefined): ReadableStream {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const step = await reader.next()
      if (step.kind === 'event') controller.enqueue(encoder.encode(format(step.event)))
      else if (step.kind === 'end') {
        if (step.event !== undefined) controller.enqueue(encoder.encode(format(step.event)))
        controller.close()
      } else controller.error(step.kind === 'aborted' ? signal?.reason : new ApiError({ ...step.failure.init, because: 'delivered' }))
    },
    cancel: () => reader.cancel(),
  })
}

/** An answer with another body. Where it came from is no option of its constructor. */
function withBody(answer: Response, body: ReadableStream): Response {
  const { status, statusText, headers, url } = answer
  return Object.defineProperty(new Response(body, { status, statusText, headers }), 'url', { value: url })
}
