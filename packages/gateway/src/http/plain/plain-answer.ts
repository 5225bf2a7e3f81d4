/** An answer by the plain wire, in the words that node:http would use: head and a short body are one write. */
import type { Socket } from 'node:net'
import type { AnswerPlace, AnswerSink } from '../answer-sink.ts'
import { headerLine, statusLine, type AnswerLines } from './answer-lines.ts'
import type { LoopTurn } from './loop-turn.ts'

/** A body, or a piece of it, that is not longer is joined to what stands around it; a longer one is not copied. */
const JOINED_BYTES_MAX = 8_192

const lastChunk = '0\r\n\r\n'

export class PlainAnswer implements AnswerSink {
  readonly keepsConnection: boolean
  headSent = false
  readonly #socket: Socket
  readonly #lines: AnswerLines
  readonly #turn: LoopTurn
  readonly #toHead: boolean
  /** Not yet written. */
  #head = ''
  #isBegun = false
  #framing: 'none' | 'length' | 'chunks' = 'none'
  #onDrain: (() => void) | undefined

  /** `toHead`: of a HEAD request. */
  constructor(socket: Socket, lines: AnswerLines, turn: LoopTurn, toHead: boolean, keepsConnection: boolean) {
    this.#socket = socket
    this.#lines = lines
    this.#turn = turn
    this.#toHead = toHead
    this.keepsConnection = keepsConnection
  }

  get place(): AnswerPlace {
    if (!this.#isBegun) return 'head'
    return this.#framing === 'chunks' ? 'chunk' : undefined
  }

  writeHead(status: number, headers: readonly string[], close: boolean): void {
    let text = statusLine(status)
    let hasLength = false
    let hasDate = false
    for (let at = 0; at + 1 < headers.length; at += 2) {
      const name = headers[at] ?? ''
      switch (name.length) {
        case 4:
          if (name.toLowerCase() === 'date') hasDate = true
          break
        case 14:
          if (name.toLowerCase() === 'content-length') hasLength = true
          break
        // What is said of this connection, and how a body is framed on it, is the wire's own.
        case 10:
          if (name.toLowerCase() === 'connection' || name.toLowerCase() === 'keep-alive') continue
          break
        case 17:
          if (name.toLowerCase() === 'transfer-encoding') continue
          break
        default:
      }
      text += headerLine(name, headers[at + 1] ?? '')
    }
    if (close) text += 'Connection: close\r\n'
    if (!hasDate) text += this.#lines.date()
    if (!close) text += this.#lines.keepAlive
    if (this.#toHead || status === 204 || status === 304 || status < 200) this.#framing = 'none'
    else if (hasLength) this.#framing = 'length'
    else {
      this.#framing = 'chunks'
      text += 'Transfer-Encoding: chunked\r\n'
    }
    this.#head = `${text}\r\n`
    this.headSent = true
  }

  flushHead(): void {
    if (this.#head !== '') this.#send('', '', '')
  }

  write(chunk: Uint8Array): boolean {
    if (this.#framing === 'none' || chunk.length === 0) return true
    if (this.#framing === 'length') return this.#send('', chunk, '')
    return this.#send(sizeLine(chunk.length), chunk, '\r\n')
  }

  end(last: string | Uint8Array = ''): void {
    this.#onDrain = undefined
    if (this.#framing === 'none' || last.length === 0) {
      const end = this.#framing === 'chunks' ? lastChunk : ''
      if (this.#head !== '' || end !== '') this.#send('', '', end)
      return
    }
    const length = typeof last === 'string' ? Buffer.byteLength(last) : last.length
    // As many bytes as letters: it is ASCII.
    const body = typeof last === 'string' && length !== last.length ? Buffer.from(last) : last
    if (this.#framing === 'length') this.#send('', body, '')
    else this.#send(sizeLine(length), body, `\r\n${lastChunk}`)
  }

  #send(before: string, body: string | Uint8Array, after: string): boolean {
    const socket = this.#socket
    const ahead = this.#head + before
    this.#head = ''
    this.#isBegun = true
    this.#turn.hold(socket)
    if (typeof body === 'string') return socket.write(ahead + body + after, 'latin1')
    if (body.length <= JOINED_BYTES_MAX && ahead.length + after.length > 0) return socket.write(ahead + latin1Of(body) + after, 'latin1')
    if (ahead === '' && after === '') return socket.write(body)
    if (ahead !== '') socket.write(ahead, 'latin1')
    const takesMore = socket.write(body)
    return after === '' ? takesMore : socket.write(after, 'latin1')
  }

  whenDrained(run: () => void): void {
    this.#onDrain = run
  }

  drained(): void {
    const run = this.#onDrain
    this.#onDrain = undefined
    run?.()
  }

  whenFlushed(run: () => void): void {
    if (this.#socket.writableLength === 0) run()
    else this.#socket.write('', run)
  }
}

function sizeLine(length: number): string {
  return `${length.toString(16)}\r\n`
}

function latin1Of(bytes: Uint8Array): string {
  return (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)).toString('latin1')
}
