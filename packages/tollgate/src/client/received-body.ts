/** Reads bodies of strangers: no more bytes than are wanted, and no longer than is waited for. */
import type { Clock } from '../engine/clock.ts'
import { within } from './web-clock.ts'

/** What was read of a body. */
export interface BoundedText {
  readonly text: string
  /** Why this is not all of it. */
  readonly cut: 'expired' | 'aborted' | 'too_long' | undefined
}

export interface ReadLimits {
  readonly clock: Clock
  readonly bytesMax: number
  readonly limitMs: number
  readonly signal: AbortSignal | undefined
}

/** Rejects where the connection breaks off. What is not read any further is cancelled. */
export async function readBoundedText(body: ReadableStream | null, { clock, bytesMax, limitMs, signal }: ReadLimits): Promise<BoundedText> {
  if (body === null) return { text: '', cut: undefined }
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let bytes = 0
  let cut: BoundedText['cut']
  const untilMs = clock.monotonicMs() + limitMs
  for (;;) {
    const part = await within(clock, untilMs - clock.monotonicMs(), signal, reader.read(), () => {})
    if (typeof part === 'string') {
      cut = part
      break
    }
    if (part.value !== undefined) {
      chunks.push(part.value)
      bytes += part.value.length
    }
    if (part.done) break
    if (bytes > bytesMax) {
      cut = 'too_long'
      break
    }
  }
  // Whether it can still be cancelled is the sender's affair.
  if (cut !== undefined) reader.cancel().catch(() => {})
  return { text: toText(chunks, Math.min(bytes, bytesMax)), cut }
}

function toText(chunks: readonly Uint8Array[], bytes: number): string {
  const [first] = chunks
  if (first !== undefined && first.length === bytes) return new TextDecoder().decode(first as Uint8Array<ArrayBuffer>)
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const chunk of chunks) {
    const part = chunk.subarray(0, bytes - at)
    whole.set(part, at)
    at += part.length
  }
  return new TextDecoder().decode(whole)
}
