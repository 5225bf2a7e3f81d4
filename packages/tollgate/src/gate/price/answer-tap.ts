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
  /** `isWhole`: the answer came to its own end; otherwise what has come so far. */
  used(isWhole: boolean): UsageSaid
}

export interface TapOptions {
  /** Undefined: the answer is not kept. */
  readonly keptBytesMax: number | undefined
  readonly usage: UsageRule | undefined
  readonly row: Row | undefined
  /** Of the answer. */
  readonly headers: readonly string[]
  readonly decompress: Decompress | undefined
}

export function createAnswerTap({ keptBytesMax, usage: rule, row, headers, decompress }: TapOptions): AnswerTap {
  const type = mediaType(headers)
  const codings = codingsOf(headers)
  let chunks: Uint8Array[] = []
  let bytes = 0
  let isBroken = false
  const decoder = codings.length > 0 && (rule !== undefined || keptBytesMax !== undefined) ? decompress?.(codings, hear) : undefined
  const usage = codings.length > 0 && decoder === undefined ? undefined : rule
  const stream = usage !== undefined && type === 'text/event-stream' ? createStreamUsage(usage, row) : undefined
  const json = usage !== undefined && isJsonMediaType(type) ? usage : undefined
  const bytesMax = Math.max(keptBytesMax ?? -1, json === undefined ? -1 : USAGE_BYTES_MAX)
  const hears = bytesMax >= 0 || stream !== undefined

  function hear(chunk: Uint8Array): void {
    stream?.push(chunk)
    bytes += chunk.length
    if (bytes > bytesMax) chunks = []
    else chunks.push(chunk)
  }

  const whole = (max: number): Uint8Array | undefined => (bytes > max || isBroken ? undefined : joined(chunks, bytes))

  return {
    push: hears ? (decoder?.push ?? hear) : undefined,
    hearsUsage: stream !== undefined || json !== undefined,
    isDecoded: decoder !== undefined,
    async end() {
      if (decoder !== undefined) isBroken = !(await decoder.end())
    },
    body: () => (keptBytesMax === undefined ? undefined : whole(keptBytesMax)),
    used(isWhole) {
      if (codings.length > 0 && (decoder === undefined || isBroken)) return unknown(`is compressed (${codings.join(', ').slice(0, 40)}) and cannot be read, though it was asked for uncompressed`)
      if (stream !== undefined) return stream.used(isWhole)
      if (json === undefined) return unknown(`is ${type === '' ? 'of no media type' : type.slice(0, 60)}, and neither JSON nor a stream of events`)
      const body = whole(USAGE_BYTES_MAX)
      return body === undefined ? unknown(`is longer than ${USAGE_BYTES_MAX} bytes`) : usageOf(json, row, parsed(new TextDecoder().decode(body)))
    },
  }
}
