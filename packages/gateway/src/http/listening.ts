/** Servers on ports, and what it means when they cannot have them. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { codeOf } from '../platform/error-code.ts'
import { GatewayStartError } from '../platform/start-error.ts'
import type { WebServer } from '../tls/web-server.ts'

export interface Address {
  readonly port: number
  readonly host: string
}

/** Resolves to the port. */
export function listenOn(server: Server, { port, host }: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** How long a request to a closing server may take to end, where the configuration does not say. */
export const CLOSE_GRACE_MS = 2_000

export function closeServer({ server, cutHandshakes }: Pick<WebServer, 'server' | 'cutHandshakes'>): Promise<void> {
  cutHandshakes()
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}

/** Awaits a server that is being opened. `setting` is what the configuration calls its address. */
export async function opened<T>(setting: string, { port, host }: Address, opening: Promise<T>): Promise<T> {
  try {
    return await opening
  } catch (error) {
    throw new GatewayStartError('resource', `${setting} on ${urlHost(host)}:${port}: ${portFault(error)}`, { cause: error })
  }
}

function portFault(error: unknown): string {
  const code = codeOf(error)
  const faults: { readonly [code: string]: string } = {
    EADDRINUSE: 'the port is in use by another process; stop that one, or choose another port',
    EACCES: 'permission denied; ports below 1024 need special rights',
    EADDRNOTAVAIL: 'this machine has no such address',
  }
  return (Object.hasOwn(faults, code) ? faults[code] : undefined) ?? (error instanceof Error ? error.message : String(error))
}

/** As a URL writes it: IPv6 in brackets. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
