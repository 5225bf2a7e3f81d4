/** The call API as a gateway offers it, on loopback: remembers what it was told, and answers as a test wants it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Told {
  /** `token/action`. */
  readonly path: string
  readonly body: unknown
}

export interface FakeGateway {
  /** The address of one call, for `Tollgate-Call`. */
  call(token: string): string
  readonly told: Told[]
  /** The status for an action. Default 200; 0 hangs up without an answer. */
  readonly statuses: Map<string, number>
  close(): Promise<void>
}

export async function createFakeGateway(): Promise<FakeGateway> {
  const told: Told[] = []
  const statuses = new Map<string, number>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const path = request.url?.slice('/calls/'.length) ?? ''
      const status = statuses.get(path.split('/')[1] ?? '') ?? 200
      if (status === 0) return response.destroy()
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { readonly amount?: string }
      told.push({ path, body })
      return response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ charged: body.amount }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    call: (token) => `http://127.0.0.1:${port}/calls/${token}`,
    told,
    statuses,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
