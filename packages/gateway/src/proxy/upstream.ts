/** An upstream as the configuration names it, and the connections to it. */
import type { ConnectionOptions } from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import { buildConnector } from 'undici'
import type { Clock } from 'tollgate/engine'
import type { Wire } from '../http/front.ts'
import { readServerUrl, urlWithoutSecrets } from '../platform/server-url.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import { SecretMask } from './secret-mask.ts'
import type { QueryParameters } from './upstream-query.ts'
import { KeptConnections, type ConnectionNeed, type ConnectionUser } from './kept-connections.ts'

export interface UpstreamOptions {
  /** `http://127.0.0.1:9101`; a path goes before every target. */
  readonly url: string
  /** Ask the upstream under the caller's `Host`. Default: under its own. */
  readonly preserveHost?: boolean
  /** Open connections at most. Default: as many as there are requests in flight. */
  readonly connectionsMax?: number
  /** Sent with every request, in place of the caller's of these names: name, value, name, value. */
  readonly headers?: readonly string[]
  readonly query?: QueryParameters
  /** What of it must not be seen by anybody, also where the upstream repeats it. */
  readonly secrets?: readonly string[]
  /** Of an https URL, as Node's TLS takes them. */
  readonly tls?: Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'passphrase' | 'servername' | 'minVersion'>
  /** Whether it is told who calls: `Tollgate-*` and `X-Forwarded-*`. Default: it is. */
  readonly context?: boolean
}

/** Frees the socket of an attempt that nobody waits for any more: each call has a shorter deadline of its own. */
const CONNECT_MS_MAX = 60_000

export class Upstream {
  readonly options: UpstreamOptions
  /** Without a path: `http://127.0.0.1:9101` */
  readonly origin: string
  /** Goes before every target; empty or `/v2`. */
  readonly basePath: string
  readonly mask: SecretMask
  readonly #connections: KeptConnections

  /** Throws on a URL that is none, naming it. */
  constructor(options: UpstreamOptions, clock: Clock, wire: Wire) {
    const read = readServerUrl(options.url)
    if (!read.ok) throw new TypeError(`upstream: ${JSON.stringify(urlWithoutSecrets(options.url))} ${read.fault}`)
    const { url } = read
    this.options = options
    this.mask = new SecretMask(options.secrets ?? [])
    this.origin = url.origin
    this.basePath = url.pathname.replace(/\/+$/, '')
    this.#connections = new KeptConnections({
      origin: new URL(url.origin),
      // Under the caller's Host its TLS changes from one request to the next: undici knows how.
      wire: url.protocol === 'https:' && options.preserveHost === true ? 'node' : wire,
      // The deadlines are ours: by phase, and by the injected clock.
      client: { headersTimeout: 0, bodyTimeout: 0 },
      connect: buildConnector({ timeout: CONNECT_MS_MAX, ...options.tls }),
      clock,
      connectionsMax: options.connectionsMax,
    })
  }

  dispatch(request: OutgoingMessage, user: ConnectionUser, need: ConnectionNeed): void {
    this.#connections.dispatch(request, user, need)
  }

  destroy(): void {
    this.#connections.destroy()
  }
}

export type Upstreams = ReadonlyMap<string, Upstream>

/**
 * Keeps the connections of what did not change. An upstream that is left out is not closed: requests that began before may still turn to
 * it, and its idle connections close by themselves after seconds.
 */
export function createUpstreams(declared: { readonly [name: string]: UpstreamOptions }, clock: Clock, wire: Wire, before: Upstreams = new Map()): Upstreams {
  return new Map(
    Object.entries(declared).map(([name, options]) => {
      const known = before.get(name)
      return [name, known !== undefined && isDeepStrictEqual(known.options, options) ? known : new Upstream(options, clock, wire)]
    }),
  )
}
