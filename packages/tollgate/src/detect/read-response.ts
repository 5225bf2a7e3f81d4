/** The same of a `Response` as `fetch` gives it: its body is read, as far as an error goes. */
import type { ReadRefusal, ReadRefusalOptions } from './read-refusal.ts'
import { readRefusal } from './read-refusal.ts'

/** What is asked of a `Response`. */
export interface ResponseLike {
  readonly status: number
  readonly headers: { forEach(each: (value: string, name: string) => void): void }
  readonly body: { getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>; cancel(reason?: unknown): Promise<void> } } | null
  clone?(): ResponseLike
}

/** Bounds beside what is known of who was asked. */
export interface ReadResponseOptions extends ReadRefusalOptions {
  /** Of a longer body so many bytes are looked at. Default: 1 MiB. */
  readonly bytesMax?: number | undefined
}

const BYTES_MAX = 1_048_576

/**
 * Reads the body: whoever needs it again clones the response before. Undefined: it is no refusal. A body that breaks off is read as far as it came; a longer one than
 * the bound is cut off, and then no JSON.
 *
 * @example
 * (await readResponse(new Response('{"ok":false,"error":"ratelimited"}', { headers: { 'content-type': 'application/json' } })))?.reason // => 'rate.limited'
 */
export async function readResponse(response: ResponseLike, options: ReadResponseOptions = {}): Promise<ReadRefusal | undefined> {
  const headers: { [name: string]: string } = {}
  response.headers.forEach((value, name) => {
    if (name !== '__proto__') headers[name.toLowerCase()] = value
  })
  return readRefusal({ status: response.status, headers, body: await bytesOf(response, options.bytesMax ?? BYTES_MAX) }, options)
}

async function bytesOf({ body }: ResponseLike, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  if (body === null) return joined(chunks, length)
  try {
    // One that is read already, or locked, has nothing to give.
    const reader = body.getReader()
    while (length < bytesMax) {
      const { done, value } = await reader.read()
      if (done) return joined(chunks, length)
      if (value !== undefined) chunks.push(value)
      length += value?.length ?? 0
    }
    await reader.cancel()
  } catch {
    // What came is all there is.
  }
  return joined(chunks, Math.min(length, bytesMax))
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    const part = chunk.subarray(0, length - at)
    whole.set(part, at)
    at += part.length
  }
  return whole
}
