/** One connection to an upstream: who speaks on it, and how long it rests. */
import type { Wire } from '../http/front.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import { PlainClient } from './plain/plain-client.ts'
import { UndiciClient } from './undici-client.ts'
import type { UpstreamClientOptions, ClientOwner, ClientUser, UpstreamClient } from './upstream-client.ts'

export interface KeptConnection {
  /** Whether it has carried a request before. */
  readonly kept: boolean
  /** A request goes out on it. */
  expectAnswer(): void
}

/** Told of each connection. */
export interface ConnectionKeeper {
  closed(connection: UpstreamConnection, error: Error): void
  /** It takes another request, or never will. */
  free(connection: UpstreamConnection): void
}

export class UpstreamConnection implements KeptConnection, ClientOwner {
  readonly #keeper: ConnectionKeeper
  #client: UpstreamClient
  isOpen = false
  kept = false
  restsSinceMs: number | undefined
  /** How long it had rested when its request came. */
  restedMs = 0

  constructor(options: UpstreamClientOptions, wire: Wire, keeper: ConnectionKeeper) {
    this.#keeper = keeper
    this.#client = wire === 'plain' ? new PlainClient(options, this) : new UndiciClient(options, this)
  }

  dispatch(request: OutgoingMessage, user: ClientUser): void {
    this.#client.dispatch(request, user)
  }

  expectAnswer(): void {
    this.#client.expectAnswer()
  }

  get awaitsAnswer(): boolean {
    return this.#client.awaitsAnswer
  }

  destroy(): void {
    this.#client.destroy()
  }

  /** How long it has rested; 0 while it works. */
  restMs(nowMs: number): number {
    return nowMs - (this.restsSinceMs ?? nowMs)
  }

  // ── Told by its client ──

  opened(): void {
    this.isOpen = true
    this.kept = false
  }

  closed(error: Error): void {
    this.isOpen = false
    this.#keeper.closed(this, error)
  }

  free(): void {
    this.#keeper.free(this)
  }

  replacedBy(client: UpstreamClient): void {
    this.#client = client
  }
}
