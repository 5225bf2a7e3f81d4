/** The bytes of one request's body, as its wire reads them: they rest until somebody listens. */
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface BodySource {
  /** Its end has been read from the wire. */
  readonly complete: boolean
  /** It has been taken to its end. */
  readonly taken: boolean
  /** The caller waits to be asked for it. */
  invite(): void
  /** All of it, where all is there and nobody listens; then it is taken. Undefined: listen. */
  whole(): Buffer | undefined
  /** Tells none of it before this returns. */
  listen(onData: (chunk: Buffer) => void, onEnd: () => void): void
  /** What comes rests again. */
  unlisten(): void
  pause(): void
  resume(): void
  /** Reads the rest away. */
  discard(done: () => void): void
}

/** By node:http. */
export class NodeBody implements BodySource {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  #onData: ((chunk: Buffer) => void) | undefined
  #onEnd: (() => void) | undefined

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request
    this.#response = response
  }

  get complete(): boolean {
    return this.#request.complete
  }

  get taken(): boolean {
    return this.#request.readableEnded
  }

  invite(): void {
    this.#response.writeContinue()
  }

  whole(): undefined {}

  listen(onData: (chunk: Buffer) => void, onEnd: () => void): void {
    this.#onData = onData
    this.#onEnd = onEnd
    this.#request.on('data', onData).on('end', onEnd)
  }

  unlisten(): void {
    if (this.#onData !== undefined) this.#request.off('data', this.#onData)
    if (this.#onEnd !== undefined) this.#request.off('end', this.#onEnd)
    this.#onData = this.#onEnd = undefined
    this.#request.pause()
  }

  pause(): void {
    this.#request.pause()
  }

  resume(): void {
    this.#request.resume()
  }

  discard(done: () => void): void {
    this.#request.once('end', done).once('close', done)
    this.#request.removeAllListeners('data').resume()
  }
}
