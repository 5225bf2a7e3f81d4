/** An upstream as the configuration names it, and the connections to it. */
import { buildConnector, Client, Pool, type Dispatcher } from 'undici'

export interface UpstreamOptions {
  /** `http://127.0.0.1:9101`; a path goes before every target. */
  readonly url: string
  /** Ask the upstream under the caller's `Host`. Default: under its own. */
  readonly preserveHost?: boolean
  /** Open connections at most. Default: as many as there are requests in flight. */
  readonly connectionsMax?: number
}

/** Frees the socket of an attempt that nobody waits for any more: each call has a shorter deadline of its own. */
const CONNECT_MS_MAX = 60_000

export class Upstream {
  readonly options: UpstreamOptions
  /** Without a path: `http://127.0.0.1:9101` */
  readonly origin: string
  /** Goes before every target; empty or `/v2`. */
  readonly basePath: string
  /**
   * Whether a connection is being handed to its first request at this very moment. undici starts that request while it reports the
   * connection, so a request that starts at another time goes out on a used connection, which the upstream may have closed already.
   */
  opening = false
  readonly #clientOptions: Client.Options
  readonly #pool: Pool

  /** Throws on a URL that is none, naming it. */
  constructor(options: UpstreamOptions) {
    const url = URL.canParse(options.url) ? new URL(options.url) : undefined
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') {
      throw new TypeError(`upstream: ${JSON.stringify(options.url)} is not a base URL; write http://host:port/path`)
    }
    const connect = buildConnector({ timeout: CONNECT_MS_MAX })
    this.options = options
    this.origin = url.origin
    this.basePath = url.pathname.replace(/\/+$/, '')
    this.#clientOptions = {
      // The deadlines are ours: by phase, and by the injected clock.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (target, callback) =>
        connect(target, (...result) => {
          this.opening = true
          callback(...result)
          this.opening = false
        }),
    }
    this.#pool = new Pool(url.origin, { ...this.#clientOptions, connections: options.connectionsMax ?? null })
  }

  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#pool.dispatch(request, handler)
  }

  /** On a connection of its own, surely new. */
  dispatchAnew(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    const client = new Client(this.origin, this.#clientOptions)
    client.dispatch(request, handler)
    void client.close()
  }

  async destroy(): Promise<void> {
    await this.#pool.destroy()
  }
}

export type Upstreams = ReadonlyMap<string, Upstream>

/**
 * Keeps the connections of what did not change. An upstream that is left out is not closed: requests that began before may still turn to
 * it, and its idle connections close by themselves after seconds.
 */
export function createUpstreams(declared: { readonly [name: string]: UpstreamOptions }, before: Upstreams = new Map()): Upstreams {
  return new Map(
    Object.entries(declared).map(([name, options]) => {
      const known = before.get(name)
      return [name, known !== undefined && isSame(known.options, options) ? known : new Upstream(options)]
    }),
  )
}

function isSame(a: UpstreamOptions, b: UpstreamOptions): boolean {
  return a.url === b.url && a.preserveHost === b.preserveHost && a.connectionsMax === b.connectionsMax
}
