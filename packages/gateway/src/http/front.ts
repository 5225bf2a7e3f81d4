/**
 * HTTP in front of a gate: a wire reads requests, a carrier takes admitted calls on, and nothing between them knows what a refusal is. The plain form of requests
 * is read by a grammar of our own (`plain`), anything else by node:http.
 *
 *   connection.ts   the requests of one connection take turns; `caller-probe` finds out whether who has said all still listens
 *   exchange.ts     one request: `request-head` and `request-fault` look at it, the gate decides, `answer` writes
 *   carrier.ts      who takes an admitted call on; the proxy's is `proxy.ts`
 *
 *   answer-sink.ts, body-source.ts   what a wire is to a request: node:http's are here, those of the plain wire in `plain`
 *
 * Node never answers by itself: each of its hooks below leads to `gate.refuseRaw`, so that even a request that is no HTTP is refused in
 * the dialect. Nothing here throws into the process; what should not happen goes to `onError`.
 */
import { ServerResponse, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from 'tollgate/engine'
import type { Gate } from 'tollgate/gate'
import { createWebServer } from '../tls/web-server.ts'
import type { TlsMaterial } from '../tls/tls-material.ts'
import { formatLastAnswer } from './answer.ts'
import { NodeAnswer } from './answer-sink.ts'
import { NodeBody } from './body-source.ts'
import type { Handshake } from './caller-side.ts'
import type { Carrier } from './carrier.ts'
import { Connection } from './connection.ts'
import { drainFront, type DrainReport } from './drain.ts'
import { Exchange } from './exchange.ts'
import { createTrustRule, plainAddress, type Trust } from './forwarded.ts'
import type { FrontCore } from './front-core.ts'
import { defaultLimits, type FrontLimits } from './limits.ts'
import { OfferingRequest } from './offering-request.ts'
import { createPlainWire } from './plain/plain-wire.ts'
import { RequestBody } from './request-body.ts'
import { faultOfParser, lineOf, requestLineOf, type RequestFault, type RequestLine, type UnreadPacket } from './request-fault.ts'
import { headFromNode } from './request-head.ts'

export type { DrainReport } from './drain.ts'
export type { Trust } from './forwarded.ts'
export { defaultLimits, type FrontLimits } from './limits.ts'

/** What may change while requests are in flight. A request keeps what it began with. */
export interface FrontSettings {
  /** Takes admitted calls on. None: the gate answers everything by itself. */
  readonly carrier?: Carrier
  /** Default: nobody's `X-Forwarded-*` is believed. */
  readonly trust?: Trust | undefined
}

export type Wire = 'plain' | 'node'

export interface HttpFrontOptions extends FrontSettings {
  /** Read once per request. */
  readonly gate: () => Gate
  readonly clock: Clock
  readonly limits?: Partial<FrontLimits> | undefined
  /** Default: plain HTTP. */
  readonly tls?: TlsMaterial | undefined
  /** Who reads the plain form of requests: a grammar of our own (the default), or node:http, which reads whatever else there is in any case. */
  readonly wire?: Wire
  /** What should not have happened: a gate or a handler that threw. The caller has been answered. */
  readonly onError?: (error: unknown) => void
}

export interface HttpFront {
  readonly server: Server
  /** Rejects with Node's own error: `EADDRINUSE`, `EACCES`. */
  listen(address: { readonly port: number; readonly host?: string }): Promise<{ readonly port: number; readonly host: string }>
  /** Throws, and changes nothing, when a trusted network is none. */
  reconfigure(settings: FrontSettings): void
  /** For connections from now on. Throws where there was no TLS from the beginning. */
  renewCertificate(tls: TlsMaterial): void
  /** Stops accepting, answers what is in flight, cuts what is left after the deadline, closes the carrier. */
  drain(deadlineMs: number): Promise<DrainReport>
}

/** A pipelined upgrade would wait with a socket that nobody reads. No WebSocket client sends one. */
const pipelinedHandshake: Omit<RequestFault, 'closes'> = {
  reason: 'request.invalid',
  facts: { issue: 'a WebSocket handshake must wait for the answers of the requests before it' },
}

/** Throws when an option is wrong, naming it. */
export function createHttpFront(options: HttpFrontOptions): HttpFront {
  const limits = { ...defaultLimits, ...options.limits }

  function report(error: unknown): void {
    try {
      options.onError?.(error)
    } catch {
      // Where the log itself throws, there is nobody left to tell.
    }
  }

  const core: FrontCore = {
    gate: options.gate,
    scheme: options.tls === undefined ? 'http' : 'https',
    clock: options.clock,
    limits,
    report,
    routing: createRouting(options),
    draining: false,
    answered: 0,
    open: 0,
    onNoneOpen: undefined,
  }
  const connections = new Map<Duplex, Connection>()
  const web = createWebServer(
    {
      IncomingMessage: OfferingRequest,
      maxHeaderSize: limits.headBytesMax,
      headersTimeout: limits.headMs,
      // Bodies are timed chunk by chunk: an upload may take as long as it moves.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(5_000, Math.ceil(limits.headMs / 4)),
      keepAliveTimeout: limits.keepAliveMs,
      requireHostHeader: false,
      insecureHTTPParser: false,
    },
    options.tls,
  )
  const { server } = web
  // Node would silently drop the headers beyond this; the bytes are bounded, and the count is checked where it can be answered.
  server.maxHeadersCount = 0
  server.timeout = limits.stallMs
  // Who has nothing more to say may still listen: `connection.ts` finds out.
  Object.assign(server, { httpAllowHalfOpen: true })

  function admit(request: IncomingMessage, response: ServerResponse): void {
    const connection = connections.get(request.socket)
    connection?.enter(exchangeOf(core, connection, request, response))
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const connection = connections.get(socket)
    socket.on('error', () => socket.destroy())
    if (connection === undefined) return void socket.destroy()
    if (connection.busy) return connection.releasedByNode(() => lastWords(connection, pipelinedHandshake, lineOf(request)))
    connection.socket.setTimeout(0)
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(connection.socket)
    response.once('finish', () => connection.socket.destroySoon())
    socket.on('drain', () => response.emit('drain'))
    connection.enter(exchangeOf(core, connection, request, response, { head, takeSocket: () => response.detachSocket(connection.socket) }))
  }

  function connect(request: IncomingMessage, socket: Duplex): void {
    const connection = connections.get(socket)
    socket.on('error', () => socket.destroy())
    if (connection === undefined) return void socket.destroy()
    connection.releasedByNode(() => lastWords(connection, { reason: 'method.not_allowed', facts: { method: 'CONNECT' } }, lineOf(request)))
  }

  function unreadable(error: NodeJS.ErrnoException & UnreadPacket, socket: Duplex): void {
    const connection = connections.get(socket)
    const fault = faultOfParser(error, limits)
    const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
    // A connection that never sent a byte gets no answer. Browsers open connections in advance.
    if (connection === undefined || fault === undefined || (late && connection.socket.bytesRead === 0)) return void socket.destroy()
    const problem = late ? 'timeout' : 'broken'
    const { bodyBytesBefore } = connection
    connection.unreadable(problem, () => lastWords(connection, fault, requestLineOf(error, bodyBytesBefore)))
  }

  /** A refusal as bytes; nothing if even that fails. */
  function lastWords(connection: Connection, { reason, facts, cause }: Omit<RequestFault, 'closes'>, line: RequestLine): string {
    const remoteAddress = plainAddress(connection.socket.remoteAddress)
    try {
      const { answer } = options.gate().refuseRaw(reason, facts, { ...line, remoteAddress, cause })
      return formatLastAnswer(answer, line.method === 'HEAD', core.clock.wallMs())
    } catch (error) {
      core.report(error)
      return ''
    }
  }

  const plain = options.wire === 'node' ? undefined : createPlainWire({ front: core, toNode: web.takeConnections(), unreadable })
  web.onConnection((socket: Socket) => {
    const connection = new Connection(socket, web.reset)
    connections.set(socket, connection)
    socket.once('close', () => connections.delete(socket))
    plain?.read(socket, connection)
  })
  server.once('close', () => plain?.stop())
  server.on('request', admit).on('checkContinue', admit).on('checkExpectation', admit)
  server.on('upgrade', upgrade).on('connect', connect).on('clientError', unreadable)
  // An idle connection is closed by the server's timeout. A running request has deadlines of its own.
  server.on('timeout', (socket: Socket) => {
    if (connections.get(socket)?.busy !== true) socket.destroy()
  })

  return {
    server,
    listen: ({ port, host }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ port, host }, () => {
          server.off('error', reject).on('error', report)
          const address = server.address() as AddressInfo
          resolve({ port: address.port, host: address.address })
        })
      }),
    reconfigure(settings) {
      core.routing = createRouting(settings)
    },
    renewCertificate: web.renew,
    drain(deadlineMs) {
      web.cutHandshakes()
      return drainFront(core, server, connections, deadlineMs)
    },
  }
}

function exchangeOf(core: FrontCore, connection: Connection, request: IncomingMessage, response: ServerResponse, handshake?: Handshake): Exchange {
  const head = headFromNode(request)
  return new Exchange(core, connection, head, new RequestBody(new NodeBody(request, response), head), new NodeAnswer(response), handshake)
}

function createRouting({ carrier, trust = 'none' }: FrontSettings): FrontCore['routing'] {
  return { carrier, trusts: createTrustRule(trust) }
}
