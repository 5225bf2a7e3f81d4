/** A request's body on its way to a service while it still comes from its caller: with its head ahead of the first chunk, and only as fast as the service takes it. */
import type { Socket } from 'node:net'
import { errors } from 'undici'
import type { BodyStream } from '../../http/request-body.ts'
import { expectsPayload, type RequestLines } from './request-lines.ts'

export class StreamedBody {
  readonly #socket: Socket
  /** The socket's own: what speaks on it later may have put another in its place. */
  readonly #write: Socket['write']
  readonly #lines: RequestLines
  readonly #method: string
  readonly #body: BodyStream
  readonly #failed: (error: Error) => void
  #bytesWritten = 0
  /** All of it has been written. */
  ended = false

  constructor(socket: Socket, lines: RequestLines, method: string, body: BodyStream, failed: (error: Error) => void) {
    this.#socket = socket
    this.#write = socket.write.bind(socket)
    this.#lines = lines
    this.#method = method
    this.#body = body
    this.#failed = failed
    socket.on('drain', this.#onDrain)
    body.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose)
  }

  /** Nothing of it is sent any more. */
  stop(): void {
    this.#socket.off('drain', this.#onDrain)
    this.#body.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
  }

  readonly #onData = (chunk: Buffer): void => {
    const { text, length } = this.#lines
    let ahead = ''
    if (this.#bytesWritten === 0) ahead = length === undefined ? `${text}transfer-encoding: chunked\r\n` : `${text}content-length: ${length}\r\n\r\n`
    if (length === undefined) ahead += `\r\n${chunk.length.toString(16)}\r\n`
    this.#bytesWritten += chunk.length
    if (length !== undefined && this.#bytesWritten > length) return this.#fail(new errors.RequestContentLengthMismatchError())
    const socket = this.#socket
    socket.cork()
    if (ahead !== '') this.#write(ahead, 'latin1')
    const takesMore = this.#write(chunk)
    socket.uncork()
    if (!takesMore) this.#body.pause()
  }

  readonly #onDrain = (): void => {
    this.#body.resume()
  }

  readonly #onEnd = (): void => {
    const { text, length } = this.#lines
    if (this.#bytesWritten > 0) {
      if (length === undefined) this.#write('\r\n0\r\n\r\n', 'latin1')
      else if (this.#bytesWritten !== length) return this.#fail(new errors.RequestContentLengthMismatchError())
    } else if ((length ?? 0) > 0) {
      return this.#fail(new errors.RequestContentLengthMismatchError())
    } else {
      this.#write(expectsPayload(this.#method) ? `${text}content-length: 0\r\n\r\n` : `${text}\r\n`, 'latin1')
    }
    this.ended = true
    this.stop()
  }

  readonly #onClose = (): void => {
    if (!this.ended) this.#fail(new errors.RequestAbortedError())
  }

  #fail(error: Error): void {
    this.stop()
    this.#failed(error)
  }
}
