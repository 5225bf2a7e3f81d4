/** The faults that an answer has besides: cut, slow, of a length that is not its own. */
import type { MockPlayed } from './mock-attempt.ts'
import type { MockAnswer } from './mock-plan.ts'
import type { MockStep } from './mock-script.ts'

/** A body that comes slowly comes in so many pieces. */
const SLOW_PIECES = 10

export interface WholeAnswer {
  readonly status: number
  readonly headers: readonly string[]
  readonly played: MockPlayed
  readonly isStream: boolean
  readonly events: number
  /** The events of a stream, with what ends it; of any other answer the body alone. */
  readonly parts: readonly string[]
}

export function spoiled({ status, headers, isStream, parts }: WholeAnswer, { cut, pauseMs, lengthOff }: MockStep): Pick<MockAnswer, 'head' | 'length' | 'pieces' | 'ends' | 'isBroken'> {
  const encoder = new TextEncoder()
  const whole = isStream ? parts.map((part) => encoder.encode(part)) : inPieces(encoder.encode(parts.join('')), pauseMs === undefined ? 1 : SLOW_PIECES)
  const bytes = whole.reduce((sum, part) => sum + part.length, 0)
  const sent = cut === undefined ? whole : isStream ? whole.slice(0, cut.after) : firstBytes(whole, cut.after)
  // An orderly end too soon is that of a shorter body.
  const length = isStream ? undefined : (cut?.by === 'end' ? sent.reduce((sum, part) => sum + part.length, 0) : bytes) + (lengthOff ?? 0)
  const isShort = length !== undefined && length !== sent.reduce((sum, part) => sum + part.length, 0)
  return {
    head: { status, headers },
    length: length === undefined ? undefined : Math.max(0, length),
    pieces: sent.map((part, at) => ({ afterMs: pauseMs !== undefined && (at > 0 || !isStream) ? pauseMs : 0, bytes: part })),
    ends: cut === undefined || cut.by === 'end' ? (isShort ? 'close' : 'whole') : cut.by,
    isBroken: cut !== undefined || (lengthOff ?? 0) !== 0,
  }
}

function inPieces(bytes: Uint8Array, count: number): readonly Uint8Array[] {
  const size = Math.max(1, Math.ceil(bytes.length / count))
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
}

function firstBytes(parts: readonly Uint8Array[], most: number): readonly Uint8Array[] {
  let left = most
  return parts.flatMap((part) => {
    const taken = part.subarray(0, Math.max(0, left))
    left -= part.length
    return taken.length === 0 ? [] : [taken]
  })
}
