/** Reads bodies of strangers: no more bytes than are wanted, and no longer than is waited for. */
import type { Clock } from '../engine/clock.ts'
import { afterLong, onAbort, type Cut } from './web-clock.ts'

/** What was read of a body. */
export interface BoundedText {
  readonly text: string
  /** Why this is not all of it. */
  readonly cut: Cut | 'too_long' | undefined
}

export interface ReadLimits {
  readonly clock: Clock
  readonly bytesMax: number
  readonly limitMs: number
  readonly signal: AbortSignal | undefined
}

const utf8 = new TextDecoder()

/** Rejects where the connection breaks off. What is not read any further is cancelled. */
export async function readBoundedText(body: ReadableStream | null, { clock, bytesMax, limitMs, signal }: ReadLimits): Promise<BoundedText> {
  if (body === null) return { text: '', cut: undefined }
  const reader = body.getReader()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const progress: { bytes: number; cut: BoundedText['cut'] } = { bytes: 0, cut: undefined }
  // What waits for a part is told at once that there is none; whether the sender can be stopped is its own affair.
  const end = (why: Cut | 'too_long'): void => {
    progress.cut ??= why
    reader.cancel().catch(() => {})
  }
  const cancel = afterLong(clock, limitMs, () => end('expired'))
  const deafen = onAbort(signal, () => end('aborted'))
  if (signal?.aborted === true) end('aborted')
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done || value === undefined) break
      chunks.push(value)
      progress.bytes += value.length
      if (progress.bytes > bytesMax) end('too_long')
    }
  } catch (error) {
    if (progress.cut === undefined) throw error
  } finally {
    cancel()
    deafen()
  }
  return { text: toText(chunks, Math.min(progress.bytes, bytesMax)), cut: progress.cut }
}

function toText(chunks: readonly Uint8Array<ArrayBuffer>[], bytes: number): string {
  const [first] = chunks
  if (first !== undefined && first.length === bytes) return utf8.decode(first)
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const chunk of chunks) {
    const part = chunk.subarray(0, bytes - at)
    whole.set(part, at)
    at += part.length
  }
  return utf8.decode(whole)
}
