/** Whom the step `allow` lets pass, over sockets. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { request } from 'undici'
import { startGateway } from './program.ts'

it('lets pass only who comes from where and with what it says, as the trusted proxy tells', async () => {
  let served = 0
  const service = createServer((_, response) => {
    served += 1
    response.end('hello')
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void service.close().closeAllConnections())
  const gateway = await startGateway({
    config: {
      listen: { port: 0, trust: ['127.0.0.0/8'] },
      admin: { port: 0, token: 'token-0123456789' },
      store: 'memory',
      upstreams: { service: `http://127.0.0.1:${(service.address() as AddressInfo).port}` },
      apis: {
        open: {
          mount: '/',
          contract: 'problem',
          credentials: { from: [{ header: 'x-api-key' }], prefix: 'ok_' },
          plans: { basic: {} },
          routes: [{ on: 'GET /office', public: true, steps: [{ allow: { addresses: ['192.0.2.0/24', '2001:db8::/32'], headers: { 'X-Region': ['eu'] } } }] }],
        },
      },
    },
  })
  onTestFinished(() => gateway.close())
  const refusals: string[] = []
  async function statusOf(address: string, region: string | string[] | undefined): Promise<number> {
    const { statusCode, body } = await request(`${gateway.url}/office`, { headers: { 'x-forwarded-for': address, ...(region !== undefined && { 'x-region': region }) } })
    const answer = await body.text()
    if (statusCode !== 200) refusals.push(answer)
    return statusCode
  }
  expect(await statusOf('192.0.2.9', 'eu')).toBe(200)
  expect(await statusOf('::ffff:192.0.2.9', 'eu')).toBe(200)
  expect(await statusOf('2001:db8::9', 'eu')).toBe(200)
  expect(await statusOf('192.0.3.9', 'eu')).toBe(403)
  expect(await statusOf('192.0.2.9', undefined)).toBe(403)
  expect(await statusOf('192.0.2.9', ['eu', 'us'])).toBe(403)
  expect(served).toBe(3)
  expect(refusals.map((answer) => (JSON.parse(answer) as { status: number }).status)).toEqual([403, 403, 403])
  expect(refusals.join('')).not.toMatch(/region|192\.0\.2|none of them/)
})
