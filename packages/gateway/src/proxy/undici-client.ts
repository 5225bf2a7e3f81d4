/** One connection to an upstream on which undici speaks, and what it must not hear. */
import type { Socket } from 'node:net'
import { Client, type Dispatcher } from 'undici'
import { InterimAnswers } from './interim-answers.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { UpstreamClientOptions, ClientOwner, ClientUser, UpstreamClient } from './upstream-client.ts'

export class UndiciClient implements UpstreamClient {
  readonly #client: Client
  readonly #owner: ClientOwner
  readonly #interim = new InterimAnswers()

  /** `given`: is open already, and the first that it speaks on. */
  constructor({ origin, connect, client }: UpstreamClientOptions, owner: ClientOwner, given?: Socket) {
    this.#owner = owner
    let first = given
    this.#client = new Client(origin, {
      ...client,
      connect: (target, callback) => {
        const socket = first
        first = undefined
        if (socket !== undefined) {
          this.#interim.watch(socket)
          // Within its call undici does not heed it.
          return queueMicrotask(() => callback(null, socket))
        }
        connect(target, (...result) => {
          if (result[0] === null) {
            owner.opened()
            this.#interim.watch(result[1])
          }
          callback(...result)
        })
      },
    })
    this.#client
      .on('disconnect', (_origin, _targets, error) => owner.closed(error))
      // It is free: its answer has come, or will not.
      .on('drain', () => owner.free())
  }

  dispatch(request: OutgoingMessage, user: ClientUser): void {
    this.#client.dispatch(request, user as Dispatcher.DispatchHandler)
    // A request that undici does not take (and says so) leaves it as it was.
    if (this.#client.stats.size === 0) this.#owner.free()
  }

  expectAnswer(): void {
    this.#interim.expectAnswer()
  }

  get awaitsAnswer(): boolean {
    return this.#interim.awaitsAnswer
  }

  destroy(): void {
    void this.#client.destroy()
  }
}
