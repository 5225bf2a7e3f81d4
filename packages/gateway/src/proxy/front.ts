import type { Server } from 'node:http'
import type { Clock } from 'tollgate/admission'
import type { Gate } from 'tollgate/server'

/** Whose `X-Forwarded-*` to believe: nobody's, the last so many proxies', or those of proxies in these networks (`10.0.0.0/8`, `fd00::/8`). */
export type Trust = 'none' | number | readonly string[]

export interface UpstreamOptions {
  /** `http://127.0.0.1:9101`; a path goes before every target. */
  readonly url: string
  /** Ask the upstream under the caller's `Host`. Default: under its own. */
  readonly preserveHost?: boolean
  /** Open connections at most. Default: as many as there are requests in flight. */
  readonly connectionsMax?: number
}

export interface FrontLimits {
  readonly headBytesMax: number
  readonly headersMax: number
  readonly targetBytesMax: number
  /** For a request's head to arrive. */
  readonly headMs: number
  /** Between two chunks of a request's body. */
  readonly bodyIdleMs: number
  /** How long a caller may refuse to read before it counts as gone. */
  readonly stallMs: number
  /** How long an idle connection is kept. */
  readonly keepAliveMs: number
}

/** What may change while requests are in flight. A request keeps what it began with. */
export interface FrontSettings {
  readonly upstreams: { readonly [name: string]: UpstreamOptions }
  readonly trust?: Trust
}

export interface HttpFrontOptions extends FrontSettings {
  /** Read once per request. */
  readonly gate: () => Gate
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  readonly limits?: Partial<FrontLimits>
  /** What should not have happened: a gate or a handler that threw. */
  readonly onError?: (error: unknown) => void
}

export interface DrainReport {
  /** Requests that were still answered, WebSockets that were closed, requests that were cut at the deadline. */
  readonly answered: number
  readonly webSocketsClosed: number
  readonly cut: number
}

export interface HttpFront {
  readonly server: Server
  /** Rejects with Node's own error: `EADDRINUSE`, `EACCES`. */
  listen(address: { readonly port: number; readonly host?: string }): Promise<{ readonly port: number; readonly host: string }>
  reconfigure(settings: FrontSettings): void
  /** Stops accepting, answers what is in flight, cuts what is left after the deadline, closes the upstream connections. */
  drain(deadlineMs: number): Promise<DrainReport>
}

export declare function createHttpFront(options: HttpFrontOptions): HttpFront
