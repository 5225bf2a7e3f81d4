/** One connection to an upstream: an undici client of its own, what it is heard to say before an answer, and how long it rests. */
import type { Socket } from 'node:net'
import { Client, type buildConnector } from 'undici'
import { InterimAnswers } from './interim-answers.ts'

export interface KeptConnection {
  /** Whether it has carried a request before. */
  readonly kept: boolean
  /** A request goes out on it. */
  expectAnswer(): void
}

export class UpstreamConnection implements KeptConnection {
  readonly client: Client
  readonly interim = new InterimAnswers()
  isOpen = false
  kept = false
  restsSinceMs: number | undefined
  /** How long it had rested when its request came. */
  restedMs = 0

  constructor(origin: string, options: Client.Options, connect: buildConnector.connector) {
    this.client = new Client(origin, {
      ...options,
      connect: (target, callback) =>
        connect(target, (...result) => {
          if (result[0] === null) this.#opened(result[1])
          callback(...result)
        }),
    })
  }

  expectAnswer(): void {
    this.interim.expectAnswer()
  }

  #opened(socket: Socket): void {
    this.isOpen = true
    this.kept = false
    this.interim.watch(socket)
  }

  /** How long it has rested; 0 while it works. */
  restMs(nowMs: number): number {
    return nowMs - (this.restsSinceMs ?? nowMs)
  }
}
