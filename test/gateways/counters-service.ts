/** Behind what is only counted: a service that works a moment, and writes down when. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CountersService {
  readonly port: number
  /** While it had the call of this name in hand. */
  worked(name: string): { readonly fromMs: number; readonly untilMs: number } | undefined
  close(): void
}

export async function createCountersService(): Promise<CountersService> {
  const visits = new Map<string, { fromMs: number; untilMs: number }>()
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const name = String(request.headers['x-name'])
    const visit = { fromMs: Date.now(), untilMs: Infinity }
    visits.set(name, visit)
    request.resume()
    setTimeout(() => {
      visit.untilMs = Date.now()
      response.end('counted')
    }, Number(request.headers['x-work-ms'] ?? 0))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    worked: (name) => visits.get(name),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
