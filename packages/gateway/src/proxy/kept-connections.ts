/**
 * The connections to one upstream, kept between requests: a client of its own speaks on each, so that it is ours to say which request goes out on which.
 *
 * A service may close a kept connection at any moment. A request that is then under way was taken or was not, and nothing that comes back tells: so what must not
 * be sent twice goes out only where that is not to be feared, on a new connection or on one that has rested for less than half of the time that this
 * service is known to let one rest (`learnt-rest.ts`). What may be sent twice takes any, and is sent again (`attempts.ts`).
 */
import { errors } from 'undici'
import type { Clock } from 'tollgate/engine'
import type { Wire } from '../http/front.ts'
import { LearntRest } from './learnt-rest.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { UpstreamClientOptions, ClientUser } from './upstream-client.ts'
import { UpstreamConnection, type ConnectionKeeper, type KeptConnection } from './upstream-connection.ts'

/** `any`: may be sent twice. `trusted`: must not. `new`: has met a closed connection. */
export type ConnectionNeed = 'any' | 'trusted' | 'new'

export interface ConnectionUser extends ClientUser {
  /** The connection that it is given; said before `onConnect`. */
  onConnection(connection: KeptConnection): void
}

/** While none is trusted, each request leaves one behind: so many rest, or as many as were at work at once. */
const UNTRUSTED_RESTING_MAX = 16

interface Waiting {
  readonly request: OutgoingMessage
  readonly user: ConnectionUser
  readonly need: ConnectionNeed
}

export interface KeptConnectionsOptions extends UpstreamClientOptions {
  /** Who speaks on them to begin with. */
  readonly wire: Wire
  readonly clock: Pick<Clock, 'monotonicMs'>
  /** Open at once. */
  readonly connectionsMax: number | undefined
}

export class KeptConnections implements ConnectionKeeper {
  readonly #options: KeptConnectionsOptions
  readonly #all = new Set<UpstreamConnection>()
  /** The one that was used last stands last. */
  readonly #resting: UpstreamConnection[] = []
  readonly #waiting: Waiting[] = []
  readonly #learnt = new LearntRest()
  /** So many were at work at once. */
  #atWorkMax = 0

  constructor(options: KeptConnectionsOptions) {
    this.#options = options
  }

  dispatch(request: OutgoingMessage, user: ConnectionUser, need: ConnectionNeed): void {
    const connection = this.#choose(need)
    if (connection === undefined) this.#waiting.push({ request, user, need })
    else this.#use(connection, request, user)
  }

  destroy(): void {
    for (const { user } of this.#waiting.splice(0)) user.onError(new errors.ClientDestroyedError())
    for (const connection of this.#all) connection.destroy()
  }

  #choose(need: ConnectionNeed): UpstreamConnection | undefined {
    const nowMs = this.#options.clock.monotonicMs()
    const newest = this.#resting.at(-1)
    if (newest !== undefined && need !== 'new') {
      const restedMs = newest.restMs(nowMs)
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
    if (oldest !== undefined) this.#learnt.stayedOpen(oldest.restMs(nowMs))
    return this.#learnt.trustedMs(nowMs)
  }

  #open(): UpstreamConnection {
    const connection = new UpstreamConnection(this.#options, this.#options.wire, this)
    this.#all.add(connection)
    return connection
  }

  #use(connection: UpstreamConnection, request: OutgoingMessage, user: ConnectionUser): void {
    this.#atWorkMax = Math.max(this.#atWorkMax, this.#all.size - this.#resting.length)
    user.onConnection(connection)
    connection.dispatch(request, user)
  }

  free(connection: UpstreamConnection): void {
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
      if (next.need !== 'new' && !this.#learnt.closes(nowMs)) return this.#use(connection, next.request, next.user)
      this.#drop(connection)
      return this.dispatch(next.request, next.user, next.need)
    }
    if (this.#resting.length >= Math.max(UNTRUSTED_RESTING_MAX, this.#atWorkMax) && this.#trustedMs(nowMs) === 0) return this.#drop(connection)
    connection.restsSinceMs = nowMs
    this.#resting.push(connection)
  }

  closed(connection: UpstreamConnection, error: Error): void {
    const nowMs = this.#options.clock.monotonicMs()
    const isByUs = error instanceof errors.InformationalError
    if (connection.restsSinceMs === undefined) {
      // As it was used, or in the middle of an answer.
      if (!isByUs && connection.kept && connection.awaitsAnswer) this.#learnt.wasClosed(connection.restedMs, nowMs)
      return
    }
    this.#resting.splice(this.#resting.indexOf(connection), 1)
    const restedMs = connection.restMs(nowMs)
    if (isByUs) this.#learnt.stayedOpen(restedMs)
    else this.#learnt.wasClosed(restedMs, nowMs)
    this.#drop(connection)
  }

  #drop(connection: UpstreamConnection): void {
    this.#all.delete(connection)
    connection.destroy()
  }
}
