/** Listens to an answer on its way through: to keep it for its key, and to find what it says was used. Bounded: a longer answer is let go. */
import { codingsOf, type Decompress } from '../way-out/content-coding.ts'
import { joined } from './event-lines.ts'
import type { Row } from '../gate-options.ts'
import { mediaType, isJsonMediaType } from '../headers.ts'
import type { UsageRule } from '../steps/step-options.ts'
import { unknown, type UsageSaid } from './usage-figures.ts'
import { createStreamUsage, parsed, usageOf } from './usage-price.ts'

/** A JSON answer that is longer is not searched for what was used. */
const USAGE_BYTES_MAX = 4_194_304

export interface AnswerTap {
  /** Undefined: there is nothing to listen for. */
  readonly push: ((chunk: Uint8Array) => void) | undefined
  /** Whether what it hears can say what was used. */
  readonly hearsUsage: boolean
  /** Whether it hears a compressed answer decompressed. */
  readonly isDecoded: boolean
  /** Nothing more comes: all that was pushed has been heard. */
  end(): Promise<void>
  /** All of it; undefined when it was longer than `keptBytesMax`, or was not to be kept. */
  body(): Uint8Array | undefined
  /** Of each rule. `isWhole`: the answer came to its own end; otherwise what has come so far. */
  used(isWhole: boolean): readonly UsageSaid[]
}

export interface TapOptions {
  /** Undefined: the answer is not kept. */
  readonly keptBytesMax: number | undefined
  /** What is looked for. */
  readonly usage: readonly UsageRule[]
  readonly row: Row | undefined
  /** Of the answer. */
  readonly headers: readonly string[]
  readonly decompress: Decompress | undefined
}

export function createAnswerTap({ keptBytesMax, usage: asked, row, headers, decompress }: TapOptions): AnswerTap {
  const type = mediaType(headers)
  const codings = codingsOf(headers)
  let chunks: Uint8Array[] = []
  let bytes = 0
  let isBroken = false
  const decoder = codings.length > 0 && (asked.length > 0 || keptBytesMax !== undefined) ? decompress?.(codings, hear) : undefined
  const rules = codings.length > 0 && decoder === undefined ? [] : asked
  const streams = type === 'text/event-stream' ? rules.map((rule) => createStreamUsage(rule, row)) : []
  const json = isJsonMediaType(type) ? rules : []
  const bytesMax = Math.max(keptBytesMax ?? -1, json.length === 0 ? -1 : USAGE_BYTES_MAX)
  const hears = bytesMax >= 0 || streams.length > 0

  function hear(chunk: Uint8Array): void {
    for (const stream of streams) stream.push(chunk)
    bytes += chunk.length
    if (bytes > bytesMax) chunks = []
    else chunks.push(chunk)
  }

  const whole = (max: number): Uint8Array | undefined => (bytes > max || isBroken ? undefined : joined(chunks, bytes))

  /** Why nothing can be read of it. */
  function whyUnread(): string | undefined {
    if (codings.length > 0 && (decoder === undefined || isBroken)) return `is compressed (${codings.join(', ').slice(0, 40)}) and cannot be read, though it was asked for uncompressed`
    if (streams.length > 0) return undefined
    if (json.length === 0) return `is ${type === '' ? 'of no media type' : type.slice(0, 60)}, and neither JSON nor a stream of events`
    return bytes > USAGE_BYTES_MAX ? `is longer than ${USAGE_BYTES_MAX} bytes` : undefined
  }

  return {
    push: hears ? (decoder?.push ?? hear) : undefined,
    hearsUsage: streams.length + json.length > 0,
    isDecoded: decoder !== undefined,
    async end() {
      if (decoder !== undefined) isBroken = !(await decoder.end())
    },
    body: () => (keptBytesMax === undefined ? undefined : whole(keptBytesMax)),
    used(isWhole) {
      const why = whyUnread()
      if (why !== undefined) return asked.map(() => unknown(why))
      if (streams.length > 0) return streams.map((stream) => stream.used(isWhole))
      const body = whole(USAGE_BYTES_MAX)
      const answer = body && parsed(new TextDecoder().decode(body))
      return json.map((rule) => usageOf(rule, row, answer))
    },
  }
}
