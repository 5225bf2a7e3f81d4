/** A service that makes a coin for each key that it has not seen before, and remembers: what it has made is held against what was paid. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CoinService {
  readonly url: string
  /** How many different keys it has worked for. */
  made(): number
  close(): Promise<void>
}

export async function startCoinService(): Promise<CoinService> {
  const made = new Set<string>()
  const server = createServer((request, response) => {
    request.resume()
    const key = request.headers['idempotency-key']
    if (typeof key === 'string') made.add(key)
    response.setHeader('Content-Type', 'application/json').end(`{"coin":${made.size}}`)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    made: () => made.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
