/** Listens to an answer on its way through: to keep it for its key, and to find what it says was used. Bounded: a longer answer is let go. */
import { joined } from './event-lines.ts'
import type { Row } from './gate-options.ts'
import { mediaType, isJsonMediaType } from './headers.ts'
import type { UsageRule } from './step-options.ts'
import { createStreamUsage, parsed, usageUnits } from './usage-price.ts'

/** A JSON answer that is longer is not searched for what was used. */
const USAGE_BYTES_MAX = 4_194_304

export interface AnswerTap {
  push(chunk: Uint8Array): void
  /** All of it; undefined when it was longer than `keptBytesMax`, or was not to be kept. */
  body(): Uint8Array | undefined
  /** What was used; undefined when that is not said. `isWhole`: it came to its own end, else what has come so far. */
  units(isWhole: boolean): number | undefined
}

export interface TapOptions {
  /** Undefined: the answer is not kept. */
  readonly keptBytesMax: number | undefined
  readonly usage: UsageRule | undefined
  readonly row: Row | undefined
  /** Of the answer. */
  readonly headers: readonly string[]
}

/** Undefined when there is nothing to listen for. */
export function createAnswerTap({ keptBytesMax, usage, row, headers }: TapOptions): AnswerTap | undefined {
  const type = mediaType(headers)
  const stream = usage !== undefined && type === 'text/event-stream' ? createStreamUsage(usage, row) : undefined
  const json = usage !== undefined && isJsonMediaType(type) ? usage : undefined
  const bytesMax = Math.max(keptBytesMax ?? -1, json === undefined ? -1 : USAGE_BYTES_MAX)
  if (bytesMax < 0 && stream === undefined) return undefined

  let chunks: Uint8Array[] = []
  let bytes = 0
  const whole = (max: number): Uint8Array | undefined => (bytes > max ? undefined : joined(chunks, bytes))

  return {
    push(chunk) {
      stream?.push(chunk)
      bytes += chunk.length
      if (bytes > bytesMax) chunks = []
      else chunks.push(chunk)
    },
    body: () => (keptBytesMax === undefined ? undefined : whole(keptBytesMax)),
    units(isWhole) {
      if (stream !== undefined) return stream.units(isWhole)
      const body = json === undefined ? undefined : whole(USAGE_BYTES_MAX)
      return json === undefined || body === undefined ? undefined : usageUnits(json, row, parsed(new TextDecoder().decode(body)))
    },
  }
}
