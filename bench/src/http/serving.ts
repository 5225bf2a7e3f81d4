import type { AddressInfo, Server } from 'node:net'

/** A contender that listens on 127.0.0.1. */
export interface Serving {
  readonly port: number
  close(): Promise<void>
}

export type Serve = (upstreamPort: number) => Promise<Serving>

export async function listening(server: Server & { closeAllConnections?(): void }): Promise<Serving> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections?.()
      }),
  }
}
