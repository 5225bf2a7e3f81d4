/** An HTTP server, by TLS where it has a certificate. Above this nobody needs to know which of the two it is. */
import { createServer, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { secretsOf, type TlsMaterial } from './tls-material.ts'

/** Who opens a connection and then says nothing occupies it for so long. */
const HANDSHAKE_MS_MAX = 10_000

export interface WebServer {
  readonly server: Server
  /** From now on node:http reads only those connections that it is given by what this returns. */
  takeConnections(): (socket: Socket) => void
  /** Each connection as soon as it can carry requests. */
  onConnection(run: (socket: Socket) => void): void
  /** Whether it can: a handshake that failed has nobody who could read an answer. */
  isReady(socket: Duplex): boolean
  /** Ends a connection so that its peer sees it broken. */
  reset(socket: Socket): void
  /** For handshakes from now on. Connections that are open go on under the certificate that they know. */
  renew(tls: TlsMaterial): void
  /** Before the server is closed, which otherwise waits for handshakes too. */
  cutHandshakes(): void
}

export function createWebServer(options: ServerOptions, tls: TlsMaterial | undefined): WebServer {
  return tls === undefined ? plain(createServer(options)) : secure(createTlsServer({ ...options, ...secretsOf(tls), handshakeTimeout: HANDSHAKE_MS_MAX, allowHalfOpen: true }))
}

function plain(server: Server): WebServer {
  return {
    server,
    takeConnections: () => takeFirst(server, 'connection'),
    onConnection: (run) => void server.on('connection', run),
    isReady: () => true,
    reset: (socket) => void socket.resetAndDestroy(),
    renew() {
      throw new Error('a listener without TLS has no certificate')
    },
    cutHandshakes() {},
  }
}

function secure(server: TlsServer): WebServer {
  const ready = new WeakSet<Duplex>()
  /** What TLS lies upon, by its peer: Node does not say which belongs to which. */
  const carriers = new Map<string, { readonly socket: Socket; isReady: boolean }>()

  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket)
    const carrier = { socket, isReady: false }
    carriers.set(peer, carrier)
    socket.once('close', () => {
      if (carriers.get(peer) === carrier) carriers.delete(peer)
    })
  })
  server.on('secureConnection', (socket) => {
    ready.add(socket)
    const carrier = carriers.get(peerOf(socket))
    if (carrier !== undefined) carrier.isReady = true
  })

  return {
    server,
    takeConnections: () => takeFirst(server, 'secureConnection'),
    onConnection: (run) => void server.on('secureConnection', run),
    isReady: (socket) => ready.has(socket),
    // A socket of TLS can only be closed, with the alert that says that all was sent.
    reset: (socket) => void (carriers.get(peerOf(socket))?.socket.resetAndDestroy() ?? socket.destroy()),
    renew: (tls) => server.setSecureContext(secretsOf(tls)),
    cutHandshakes() {
      for (const { socket, isReady } of carriers.values()) if (!isReady) socket.destroy()
    },
  }
}

/** Node's own listener is the first: its constructor adds it. */
function takeFirst(server: Server, event: 'connection' | 'secureConnection'): (socket: Socket) => void {
  const [own] = server.listeners(event)
  if (own === undefined) throw new Error(`this version of node:http does not listen to its own ${event}`)
  server.off(event, own as () => void)
  return (socket) => void own.call(server, socket)
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
