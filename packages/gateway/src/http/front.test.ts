import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpFront } from './front.ts'
import { createLoopback, realClock } from '../proxy/fixtures/loopback.ts'

async function named(name: string): Promise<string> {
  const server: Server = createServer((_request, response) => response.end(name))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('the front', () => {
  it('takes a new configuration without losing a request, and keeps what a request began with', async () => {
    const loopback = await createLoopback({
      decide: async (call) => {
        if (call.target === '/during') loopback.front.reconfigure({ carrier: loopback.proxyTo({ main: { url: await named('new') } }, loopback.carrier) })
        return undefined
      },
      upstream: (_request, response) => response.end('old'),
    })
    const ask = async (path: string): Promise<string> => (await fetch(loopback.url + path)).text()
    expect(await ask('/before')).toBe('old')
    expect(await ask('/during')).toBe('old')
    expect(await ask('/after')).toBe('new')
  })

  it('keeps the old configuration when the new one is wrong', async () => {
    const loopback = await createLoopback()
    expect(() => loopback.proxyTo({ main: { url: 'ftp://x' } })).toThrow('upstream: "ftp://x" must be a URL such as http://127.0.0.1:9101')
    expect(() => loopback.front.reconfigure({ carrier: loopback.proxyTo({}), trust: ['10.0.0.0/33'] })).toThrow('trust: "10.0.0.0/33" is not a network; write 10.0.0.0/8, 2001:db8::/32 or one address')
    expect(await (await fetch(loopback.url)).text()).toBe('hello')
  })

  it('says in Node’s words that its port is busy', async () => {
    const loopback = await createLoopback()
    const second = createHttpFront({ gate: () => loopback.gate, clock: realClock })
    await expect(second.listen({ port: loopback.port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
