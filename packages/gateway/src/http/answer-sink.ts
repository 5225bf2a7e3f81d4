/** Where the answer to one request goes, byte by byte: each wire towards callers has its own. */
import type { ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'

/** Where an answer stands: a byte may be written ahead of its head, of its next chunk, or nowhere. */
export type AnswerPlace = 'head' | 'chunk' | undefined

/** What says its length goes as it is, anything else in chunks; a body where none can be is left out. */
export interface AnswerSink {
  /** Another answer can no longer take its place. */
  readonly headSent: boolean
  readonly place: AnswerPlace
  /** Whether the caller wants its connection after this. */
  readonly keepsConnection: boolean
  /**
   * It goes out with what comes first of the body, or by `flushHead`. `close`: the connection ends with this answer. Throws, with nothing sent, where a header
   * cannot be sent.
   */
  writeHead(status: number, headers: readonly string[], close: boolean): void
  flushHead(): void
  /** False: the caller takes no more for now. The chunk must not change afterwards. */
  write(chunk: Uint8Array): boolean
  /** Called once, when the caller takes more; not after the end. */
  whenDrained(run: () => void): void
  end(last?: string | Uint8Array): void
  /** Called once, when all of it has left. */
  whenFlushed(run: () => void): void
  /** The caller's socket takes more again. */
  drained(): void
}

/** By node:http. */
export class NodeAnswer implements AnswerSink {
  readonly #response: ServerResponse

  constructor(response: ServerResponse) {
    this.#response = response
  }

  get headSent(): boolean {
    return this.#response.headersSent
  }

  get place(): AnswerPlace {
    const response = this.#response
    // Without the socket, the answer before this one is still on its way.
    if (response.socket === null) return undefined
    if (!response.headersSent) return 'head'
    return response.chunkedEncoding ? 'chunk' : undefined
  }

  get keepsConnection(): boolean {
    return this.#response.shouldKeepAlive
  }

  writeHead(status: number, headers: readonly string[], close: boolean): void {
    this.#response.writeHead(status, STATUS_CODES[status] ?? 'Unknown', close ? [...headers, 'Connection', 'close'] : [...headers])
  }

  flushHead(): void {
    this.#response.flushHeaders()
  }

  write(chunk: Uint8Array): boolean {
    return this.#response.write(chunk)
  }

  whenDrained(run: () => void): void {
    this.#response.once('drain', run)
  }

  end(last?: string | Uint8Array): void {
    if (last === undefined || last.length === 0) this.#response.end()
    else this.#response.end(last)
  }

  whenFlushed(run: () => void): void {
    this.#response.once('finish', run)
  }

  drained(): void {
    this.#response.emit('drain')
  }
}
