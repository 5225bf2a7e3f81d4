/** Reads one answer event by event, and tells what becomes of it: what a plain reader takes for a whole stream may have been cut off, or may say in its middle that it failed. */
import type { StreamEnd } from '../../contract/declare/declaration.ts'
import type { Dialect } from '../../contract/read/dialect.ts'
import type { Clock } from '../../engine/clock.ts'
import { toFailure, toNetworkFailure, toTimeout, type Failure } from '../failure.ts'
import { adviseFully } from '../advise.ts'
import { toStreamRefusal } from '../read-refusal-answer.ts'
import { within } from '../web-clock.ts'
import { EventParser, type StreamEvent } from './event-parser.ts'
import { LineParser } from './line-parser.ts'

/** What a stream is held against. */
export interface EventReaderOptions {
  readonly dialects: readonly Dialect[]
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
  /** How long a stream may say nothing. */
  readonly idleTimeoutMs: number
  /** The longest event. */
  readonly eventCharsMax: number
  /** How it says that it is whole. `false`: it does not. Default: what the dialects say. */
  readonly end: StreamEnd | readonly StreamEnd[] | false | undefined
}

/** What comes next in a stream. */
export type StreamStep =
  | { readonly kind: 'event'; readonly event: StreamEvent }
  /** Whole. `event`: what said so, where it says nothing else. */
  | { readonly kind: 'end'; readonly event: StreamEvent | undefined }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'aborted' }

/** What follows its end may be read for so long, so that the connection can be used again. */
const DRAIN_MS = 1_000
/** So little may follow. */
const DRAIN_PARTS = 16

const streamTypes = /^text\/event-stream\b/i
const lineTypes = /^application\/(?:x-ndjson|ndjson|jsonl|x-jsonlines|json-lines|jsonlines)\b/i

/** Whether an answer comes event by event. */
export function isEventStream(response: Response): boolean {
  return streamTypes.test(typeOf(response)) || isLineStream(response)
}

/** JSON in lines. */
export function isLineStream(response: Response): boolean {
  return lineTypes.test(typeOf(response))
}

function typeOf(response: Response): string {
  return response.headers.get('content-type') ?? ''
}

/** Runtimes do not agree on the name of its type. */
type BodyReader = ReturnType<typeof readerOf>
const readerOf = (body: ReadableStream) => body.getReader()

export class EventReader {
  readonly #options: EventReaderOptions
  readonly #ends: readonly StreamEnd[]
  readonly #reader: BodyReader | undefined
  readonly #decoder = new TextDecoder()
  readonly #parser: EventParser | LineParser
  readonly #status: number
  #events: readonly StreamEvent[] = []
  #at = 0
  #isWhole = false
  /** Nothing more is read. */
  #isOver = false

  constructor(response: Response, options: EventReaderOptions) {
    this.#options = options
    this.#ends = endsOf(options)
    this.#reader = response.body === null ? undefined : readerOf(response.body)
    this.#parser = new (isLineStream(response) ? LineParser : EventParser)({ charsMax: options.eventCharsMax })
    this.#status = response.status
  }

  /** To ask for what follows with. */
  get lastEventId(): string | undefined {
    return this.#parser.lastEventId
  }

  async next(): Promise<StreamStep> {
    for (;;) {
      const event = this.#events[this.#at]
      if (event !== undefined) {
        this.#at += 1
        const step = this.#judge(event)
        if (step !== undefined) return step
        continue
      }
      if (this.#isWhole) return this.#end()
      if (this.#parser.isTooLong) return this.#fail(toFailure({ reason: 'unknown', message: `An event of the stream is longer than ${this.#options.eventCharsMax} characters.`, source: 'api', retry: 'never', action: 'contact_support', status: this.#status }, 'failed'))
      if (this.#isOver) return this.#cutOff()
      const step = await this.#read()
      if (step !== undefined) return step
    }
  }

  /** Nobody wants the rest. */
  cancel(): void {
    this.#isOver = true
    // Whether it can still be cancelled is the sender's affair.
    this.#reader?.cancel().catch(() => {})
  }

  /** Undefined: there are more events, or none will come. */
  async #read(): Promise<StreamStep | undefined> {
    const { clock, signal, idleTimeoutMs } = this.#options
    try {
      const part = this.#reader === undefined ? { done: true, value: undefined } : await within(clock, idleTimeoutMs, signal, this.#reader.read(), () => this.cancel())
      if (part === 'aborted') return { kind: 'aborted' }
      if (part === 'expired') return this.#fail(toTimeout('the next part of a stream'))
      const events = this.#parser.push(this.#decoder.decode(part.value, { stream: !part.done }))
      const rest = part.done ? this.#parser.rest() : undefined
      this.#isOver = part.done
      this.#at = 0
      // What has no empty line after it is no event, but for what says that the stream is whole, or has failed: some servers leave the line out.
      this.#events = rest === undefined || !this.#isTold(rest) ? events : [...events, rest]
      return undefined
    } catch (thrown) {
      if (signal?.aborted === true) return { kind: 'aborted' }
      return this.#fail(toNetworkFailure(thrown))
    }
  }

  #isTold(event: StreamEvent): boolean {
    return this.#parser instanceof LineParser || this.#isEnd(event) !== undefined || this.#refusalIn(event) !== undefined
  }

  #judge(event: StreamEvent): StreamStep | undefined {
    const end = this.#isEnd(event)
    if (end !== undefined) {
      this.#isWhole = true
      this.#events = []
      // With a name, it may say more: what was used, why it ended.
      return end.event === undefined ? this.#end(event) : { kind: 'event', event }
    }
    const failure = this.#refusalIn(event)
    return failure === undefined ? { kind: 'event', event } : this.#fail(failure)
  }

  #isEnd({ event, data }: StreamEvent): StreamEnd | undefined {
    return this.#ends.find((end) => (end.event === undefined || end.event === event) && (end.data === undefined || end.data === data.trim()))
  }

  #refusalIn({ event, data }: StreamEvent): Failure | undefined {
    return toStreamRefusal(adviseFully, this.#options.dialects, event === undefined ? { data } : { event, data }, this.#options.clock.wallMs())
  }

  #end(event?: StreamEvent): StreamStep {
    if (!this.#isOver) void this.#drain()
    this.#isOver = true
    return { kind: 'end', event }
  }

  #cutOff(): StreamStep {
    if (this.#ends.length === 0) return { kind: 'end', event: undefined }
    const message = 'The stream ended before it said that it is whole.'
    return this.#fail(toFailure({ reason: 'network.failed', message, source: 'network', retry: 'backoff', action: 'wait', retryAfterMs: this.#parser.retryMs }, 'network'))
  }

  #fail(failure: Failure): StreamStep {
    this.cancel()
    return { kind: 'failed', failure }
  }

  async #drain(): Promise<void> {
    const { clock, signal } = this.#options
    const untilMs = clock.monotonicMs() + DRAIN_MS
    try {
      for (let parts = 0; parts < DRAIN_PARTS; parts++) {
        const part = await within(clock, untilMs - clock.monotonicMs(), signal, this.#reader?.read() ?? Promise.resolve({ done: true as const, value: undefined }), () => {})
        if (typeof part === 'string') break
        if (part.done) return
      }
      this.cancel()
    } catch {
      // The stream was whole: what became of its connection does not matter.
    }
  }
}

/** Where not all dialects say how their streams end, a missing end says nothing. */
function endsOf({ end, dialects }: EventReaderOptions): readonly StreamEnd[] {
  if (end === false) return []
  if (end !== undefined) return [end].flat()
  const declared = dialects.map(({ declaration }) => [declaration.envelope.stream?.end ?? []].flat())
  return declared.every((ends) => ends.length > 0) ? declared.flat() : []
}
