/**
 * A caller that has closed its sending side may wait for its answer, as `nc -N` and some proxies do, or may be gone: both look the same until something is
 * written. So bytes of the answer that are the same whatever it will be are written ahead, one at a time: "HTTP/1.1 " before its head, leading zeros
 * of the next chunk's size (RFC 9112 section 7.1) within a stream. Who is gone resets the connection at the first, and a later one fails by it.
 */
import type { Socket } from 'node:net'
import type { AnswerPlace } from './answer-sink.ts'
import { afterOnMachine } from '../platform/system-clock.ts'

const start = 'HTTP/1.1 '

/** After its end, and then after each other. As many as the start has letters, and fewer zeros than a size may have digits. */
const pausesMs = [0, 20, 100, 500, 3_000, 10_000, 15_000, 30_000, 60_000]

export class CallerProbe {
  readonly #socket: Socket
  readonly #place: () => AnswerPlace
  #cancel: (() => void) | undefined
  /** So many letters of the start are written. */
  #ahead = 0

  constructor(socket: Socket, place: () => AnswerPlace) {
    this.#socket = socket
    this.#place = place
  }

  begin(): void {
    this.#after(0)
  }

  end(): void {
    this.#cancel?.()
  }

  #after(count: number): void {
    const pauseMs = pausesMs[count]
    if (pauseMs === undefined) return
    this.#cancel = afterOnMachine(pauseMs, () => {
      const place = this.#place()
      if (place === 'chunk') this.#socket.write('0')
      else if (place === 'head') this.#writeAhead()
      this.#after(count + 1)
    })
  }

  #writeAhead(): void {
    const letter = start[this.#ahead]
    if (letter === undefined) return
    if (this.#ahead === 0) this.#socket.write(letter)
    else Object.getPrototypeOf(this.#socket).write.call(this.#socket, letter)
    this.#ahead += 1
    this.#socket.write = this.#writeRest
  }

  /** In place of the socket's own `write`, once: the answer without what is written of it. */
  readonly #writeRest = ((chunk: string | Uint8Array, ...more: []) => {
    const rest = typeof chunk === 'string' ? chunk.slice(this.#ahead) : chunk.subarray(this.#ahead)
    this.#ahead = 0
    delete (this.#socket as { write?: Socket['write'] }).write
    return this.#socket.write(rest, ...more)
  }) as Socket['write']
}
