/** How an upstream is asked for one call: once, or a second time where the first cannot have reached it; and what came of it, for the log. */
import type { Clock } from 'tollgate/engine'
import type { UpstreamAttempt } from 'tollgate/journal'
import type { UpstreamFailure } from 'tollgate/gate'
import type { ConnectionNeed, ConnectionUser } from './kept-connections.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { Upstream } from './upstream.ts'
import type { KeptConnection } from './upstream-connection.ts'

type Asked = Pick<Upstream, 'origin' | 'basePath' | 'dispatch'>

export class Attempts {
  readonly list: UpstreamAttempt[] = []
  readonly #upstream: Asked | undefined
  readonly #target: string
  readonly #clock: Pick<Clock, 'monotonicMs'>
  #request: OutgoingMessage | undefined
  #connection: KeptConnection | undefined
  #startedMs = 0
  #hasResponded = false
  #status = 0
  #isRecorded = true

  /** `target`: of the admitted call; its query, which may hold secrets, is left out of the log. */
  constructor(upstream: Asked | undefined, target: string, clock: Pick<Clock, 'monotonicMs'>) {
    this.#upstream = upstream
    this.#target = target
    this.#clock = clock
  }

  /** Asks. What `user` is told may come before this returns. */
  begin(request: OutgoingMessage, user: ConnectionUser, need: ConnectionNeed): void {
    this.#request = request
    this.#ask(user, need)
  }

  /** The same once more. */
  repeat(user: ConnectionUser): void {
    this.#ask(user, 'new')
  }

  #ask(user: ConnectionUser, need: ConnectionNeed): void {
    this.#startedMs = this.#clock.monotonicMs()
    this.#isRecorded = false
    if (this.#request !== undefined) this.#upstream?.dispatch(this.#request, user, need)
  }

  goesBy(connection: KeptConnection): void {
    this.#connection = connection
  }

  sent(): void {
    this.#connection?.expectAnswer()
  }

  /** A first byte has come. */
  responded(): void {
    this.#hasResponded = true
  }

  /** The head of an answer has come. */
  answered(status: number): void {
    this.#status = status
  }

  /** The upstream closed a kept connection just as we used it: it has not seen the request, or may see it again. */
  get mayRepeat(): boolean {
    return this.#connection?.kept === true && !this.#hasResponded && this.list.length === 0
  }

  /** How it ended; once for each that was begun. */
  record(error: UpstreamFailure['kind'] | undefined): void {
    if (this.#isRecorded) return
    this.#isRecorded = true
    this.list.push({
      target: `${this.#upstream?.origin}${this.#upstream?.basePath}${withoutQuery(this.#target)}`,
      status: this.#status > 0 ? this.#status : undefined,
      error,
      durationMs: this.#clock.monotonicMs() - this.#startedMs,
    })
  }
}

function withoutQuery(target: string): string {
  const query = target.indexOf('?')
  return query === -1 ? target : target.slice(0, query)
}
