/** A callback on loopback: remembers what arrived, byte for byte, and answers as a test wants it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Receiver {
  readonly url: string
  /** Bodies. */
  readonly received: string[]
  /** The statuses of the next answers; after them 200. 0 never answers. */
  readonly statuses: number[]
  close(): Promise<void>
}

export async function createReceiver(): Promise<Receiver> {
  const received: string[] = []
  const statuses: number[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push(Buffer.concat(chunks).toString('utf8'))
      const status = statuses.shift() ?? 200
      if (status !== 0) response.writeHead(status, status === 302 ? { Location: '/elsewhere' } : {}).end('thanks')
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    statuses,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
