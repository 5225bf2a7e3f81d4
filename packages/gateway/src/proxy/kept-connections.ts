/**
 * The connections to one upstream, kept between requests: one undici client for each, so that it is ours to say which request goes out on which.
 *
 * A service may close a kept connection at any moment. A request that is then under way was taken or was not, and nothing that comes back tells: so what must not
 * be sent twice goes out only where that is not to be feared, on a new connection or on one that has rested for less than half of the time that this
 * service is known to let one rest. What may be sent twice takes any, and is sent again (`passage.ts`).
 *
 * How long a service lets one rest is learnt from those that rest: the oldest is still open, or was closed.
 */
import type { Socket } from 'node:net'
import { Client, errors, type buildConnector, type Dispatcher } from 'undici'
import type { Clock } from 'tollgate/engine'
import { InterimAnswers } from './interim-answers.ts'

/** `any`: may be sent twice. `trusted`: must not. `new`: has met a closed connection. */
export type ConnectionNeed = 'any' | 'trusted' | 'new'

export interface KeptConnection {
  /** Whether it has carried a request before. */
  readonly kept: boolean
  /** A request goes out on it. */
  expectAnswer(): void
}

export interface ConnectionUser extends Dispatcher.DispatchHandler {
  /** The connection that it is given; said before `onConnect`. */
  onConnection(connection: KeptConnection): void
}

/** A service that is not known to let a connection rest for so long is trusted with none: what closes sooner closes whenever it likes. */
const RESTS_MS_MIN = 500

/** While none is trusted, each request leaves one behind. */
const UNTRUSTED_RESTING_MAX = 16

/** So long a service that closed a connection is not believed to leave others open for longer: it may do so always, or was only stopped. */
const CLOSE_COUNTS_MS = 60_000

interface Waiting {
  readonly request: Dispatcher.DispatchOptions
  readonly user: ConnectionUser
  readonly need: ConnectionNeed
}

class Connection implements KeptConnection {
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
}

export interface KeptConnectionsOptions {
  readonly origin: string
  readonly client: Client.Options
  readonly connect: buildConnector.connector
  readonly clock: Pick<Clock, 'monotonicMs'>
  /** Open at once. */
  readonly connectionsMax: number | undefined
}

export class KeptConnections {
  readonly #options: KeptConnectionsOptions
  readonly #all = new Set<Connection>()
  /** The one that was used last stands last. */
  readonly #resting: Connection[] = []
  readonly #waiting: Waiting[] = []
  /** A connection was seen to rest so long and stay open. */
  #stayedOpenMs = 0
  /** A connection was closed by the service after so long a rest, and when that was. */
  #closedAfterMs = Infinity
  #closedAtMs = 0

  constructor(options: KeptConnectionsOptions) {
    this.#options = options
  }

  dispatch(request: Dispatcher.DispatchOptions, user: ConnectionUser, need: ConnectionNeed): void {
    const connection = this.#choose(need)
    if (connection === undefined) this.#waiting.push({ request, user, need })
    else this.#use(connection, request, user)
  }

  async destroy(): Promise<void> {
    for (const { user } of this.#waiting.splice(0)) user.onError?.(new errors.ClientDestroyedError())
    await Promise.all([...this.#all].map(({ client }) => client.destroy()))
  }

  #choose(need: ConnectionNeed): Connection | undefined {
    const nowMs = this.#options.clock.monotonicMs()
    const newest = this.#resting.at(-1)
    if (newest !== undefined && need !== 'new') {
      const restedMs = restOf(newest, nowMs)
      if (need === 'any' || restedMs < this.#trustedMs(nowMs)) {
        this.#resting.pop()
        newest.restsSinceMs = undefined
        newest.restedMs = restedMs
        return newest
      }
    }
    if (this.#all.size >= (this.#options.connectionsMax ?? Infinity)) {
      const oldest = this.#resting.shift()
      if (oldest === undefined) return undefined
      this.#drop(oldest)
    }
    return this.#open()
  }

  #trustedMs(nowMs: number): number {
    const oldest = this.#resting[0]
    if (oldest !== undefined) this.#noteOpen(restOf(oldest, nowMs))
    const letsRestMs = Math.min(this.#stayedOpenMs, this.#closes(nowMs))
    return letsRestMs < RESTS_MS_MIN ? 0 : letsRestMs / 2
  }

  /** After so long a rest the service has closed a connection of late. */
  #closes(nowMs: number): number {
    if (nowMs - this.#closedAtMs > CLOSE_COUNTS_MS) this.#closedAfterMs = Infinity
    return this.#closedAfterMs
  }

  #open(): Connection {
    const { origin, client, connect } = this.#options
    const connection = new Connection(origin, client, connect)
    this.#all.add(connection)
    connection.client
      .on('disconnect', (_origin, _targets, error) => this.#closed(connection, error))
      // It is free: its answer has come, or will not.
      .on('drain', () => this.#rest(connection))
    return connection
  }

  #use(connection: Connection, request: Dispatcher.DispatchOptions, user: ConnectionUser): void {
    user.onConnection(connection)
    connection.client.dispatch(request, user)
    // A request that undici does not take (and says so) leaves it as it was.
    if (connection.client.stats.size === 0) this.#rest(connection)
  }

  #rest(connection: Connection): void {
    if (!this.#all.has(connection) || connection.restsSinceMs !== undefined) return
    const nowMs = this.#options.clock.monotonicMs()
    const next = this.#waiting.shift()
    if (!connection.isOpen) {
      this.#drop(connection)
      if (next !== undefined) this.dispatch(next.request, next.user, next.need)
      return
    }
    connection.kept = true
    if (next !== undefined) {
      // Under a load that lets none rest nothing is learnt; without a rest it is as good as new, unless something has been seen.
      connection.restedMs = 0
      if (next.need !== 'new' && this.#closes(nowMs) === Infinity) return this.#use(connection, next.request, next.user)
      this.#drop(connection)
      return this.dispatch(next.request, next.user, next.need)
    }
    if (this.#resting.length >= UNTRUSTED_RESTING_MAX && this.#trustedMs(nowMs) === 0) return this.#drop(connection)
    connection.restsSinceMs = nowMs
    this.#resting.push(connection)
  }

  #closed(connection: Connection, error: Error): void {
    const nowMs = this.#options.clock.monotonicMs()
    const isByUs = error instanceof errors.InformationalError
    connection.isOpen = false
    if (connection.restsSinceMs === undefined) {
      // As it was used, or in the middle of an answer.
      if (!isByUs && connection.kept && connection.interim.awaitsAnswer) this.#noteClose(connection.restedMs, nowMs)
      return
    }
    this.#resting.splice(this.#resting.indexOf(connection), 1)
    const restedMs = restOf(connection, nowMs)
    if (isByUs) this.#noteOpen(restedMs)
    else this.#noteClose(restedMs, nowMs)
    this.#drop(connection)
  }

  #noteOpen(restedMs: number): void {
    this.#stayedOpenMs = Math.max(this.#stayedOpenMs, restedMs)
  }

  #noteClose(restedMs: number, nowMs: number): void {
    this.#closedAfterMs = Math.min(this.#closedAfterMs, restedMs)
    this.#closedAtMs = nowMs
  }

  #drop(connection: Connection): void {
    this.#all.delete(connection)
    void connection.client.destroy()
  }
}

function restOf({ restsSinceMs }: Connection, nowMs: number): number {
  return nowMs - (restsSinceMs ?? nowMs)
}
