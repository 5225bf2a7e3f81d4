/** The body of an answer behind a plain head: its bytes without their framing, and where it ends. */
import type { ResponseFraming } from './response-grammar.ts'

/** `left`: what comes is no plain chunk, and is Node's to read from here on. `broken`: it is none at all. */
export type BodyState = 'more' | 'done' | 'left' | 'broken'

export interface ResponseBody {
  /** The body's part of what was read from the wire, which may be none of it. */
  read(bytes: Buffer): Buffer
  readonly state: BodyState
  /** What was read behind the part that belongs to it, or that it can read. */
  readonly rest: Buffer
}

const nothing: Buffer = Buffer.alloc(0)

/** What Node's parser is given in place of the head that has been read, so that it reads on at the beginning of a chunk. */
export function headOfChunks(closes: boolean): Buffer {
  return Buffer.from(`HTTP/1.1 200 OK\r\nConnection: ${closes ? 'close' : 'keep-alive'}\r\nTransfer-Encoding: chunked\r\n\r\n`)
}

export function createResponseBody(framing: ResponseFraming): ResponseBody {
  if (framing.kind === 'chunks') return new ChunkedBody()
  return new MeasuredBody(framing.kind === 'length' ? framing.length : 0)
}

class MeasuredBody implements ResponseBody {
  #bytesLeft: number
  rest: Buffer = nothing

  constructor(length: number) {
    this.#bytesLeft = length
  }

  get state(): 'more' | 'done' {
    return this.#bytesLeft === 0 ? 'done' : 'more'
  }

  read(bytes: Buffer): Buffer {
    const left = this.#bytesLeft
    if (bytes.length <= left) {
      this.#bytesLeft = left - bytes.length
      return bytes
    }
    this.#bytesLeft = 0
    this.rest = bytes.subarray(left)
    return bytes.subarray(0, left)
  }
}

/** More digits than that tell a length that nobody sends in one piece. */
const SIZE_DIGITS_MAX = 8
const CR = 13
const LF = 10
const ZERO = 48

/**
 * Chunks as nearly everybody writes them (RFC 9112 section 7.1): hexadecimal digits without leading zeros, no extension, no trailer. What is read at once comes out in
 * one piece, however many chunks it is.
 */
class ChunkedBody implements ResponseBody {
  /** Of the chunk that has begun; -1: its line end is due, -2: a size is. */
  #bytesLeft = -2
  /** The beginning of a line whose end has not come. */
  #line: Buffer | undefined
  state: BodyState = 'more'
  rest: Buffer = nothing

  read(chunk: Buffer): Buffer {
    const bytes = this.#line === undefined ? chunk : Buffer.concat([this.#line, chunk])
    this.#line = undefined
    let piece: Buffer | undefined
    let more: Buffer[] | undefined
    let at = 0
    while (this.state === 'more' && at < bytes.length) {
      if (this.#bytesLeft > 0) {
        const to = Math.min(bytes.length, at + this.#bytesLeft)
        const data = bytes.subarray(at, to)
        this.#bytesLeft -= to - at
        if (this.#bytesLeft === 0) this.#bytesLeft = -1
        at = to
        if (piece === undefined) piece = data
        else (more ??= [piece]).push(data)
      } else if (this.#bytesLeft === -1) {
        if (bytes[at] !== CR || (at + 1 < bytes.length && bytes[at + 1] !== LF)) this.state = 'broken'
        else if (at + 1 === bytes.length) return this.#hold(bytes, at, piece, more)
        else this.#bytesLeft = -2
        at += 2
      } else {
        const next = this.#readSize(bytes, at)
        if (next === undefined) return this.#hold(bytes, at, piece, more)
        at = next
      }
    }
    if (this.state !== 'more') this.rest = bytes.subarray(at)
    return more === undefined ? (piece ?? nothing) : Buffer.concat(more)
  }

  #hold(bytes: Buffer, at: number, piece: Buffer | undefined, more: readonly Buffer[] | undefined): Buffer {
    this.#line = bytes.subarray(at)
    return more === undefined ? (piece ?? nothing) : Buffer.concat(more)
  }

  /** Where what follows the line begins; undefined: it is not all there. */
  #readSize(bytes: Buffer, start: number): number | undefined {
    let size = 0
    let at = start
    for (; at < bytes.length && at - start <= SIZE_DIGITS_MAX; at += 1) {
      const digit = digitOf(bytes[at] ?? 0)
      if (digit === -1) break
      size = size * 16 + digit
    }
    const isLast = bytes[start] === ZERO
    const digits = at - start
    if (digits > SIZE_DIGITS_MAX || (digits === 0 && at < bytes.length) || (isLast && digits > 1)) return this.#leave(start)
    const lineEnd = isLast ? '\r\n\r\n' : '\r\n'
    for (let due = 0; due < lineEnd.length; due += 1, at += 1) {
      if (at >= bytes.length) return undefined
      if (bytes[at] !== lineEnd.charCodeAt(due)) return this.#leave(start)
    }
    if (isLast) this.state = 'done'
    else this.#bytesLeft = size
    return at
  }

  #leave(start: number): number {
    this.state = 'left'
    return start
  }
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  if (code >= 97 && code <= 102) return code - 87
  if (code >= 65 && code <= 70) return code - 55
  return -1
}
