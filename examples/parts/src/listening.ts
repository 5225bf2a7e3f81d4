/** A server on a port, and its end. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Bound {
  readonly port: number
  readonly url: string
}

/** Rejects when the port is taken. Port 0 is any free one. */
export function listenOn(server: Server, port: number, host: string): Promise<Bound> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const bound = (server.address() as AddressInfo).port
      resolve({ port: bound, url: `http://${host}:${bound}` })
    })
  })
}

/** Resolves when the last answer has gone out. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}
