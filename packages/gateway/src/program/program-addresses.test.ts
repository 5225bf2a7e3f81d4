/** Whom a meter per ip takes for one caller, as the listener reads addresses. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { request } from 'undici'
import { startGateway } from './program.ts'

async function world(ipv6Prefix?: number) {
  const service = createServer((_, response) => response.end('hello'))
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
          contract: 'openai',
          credentials: { from: [{ header: 'x-api-key' }], prefix: 'ok_' },
          meters: { strangers: { window: '1h', per: 'ip', limit: 3, ...(ipv6Prefix !== undefined && { ipv6Prefix }) } },
          unauthenticatedMeter: 'strangers',
          plans: { basic: {} },
          routes: [{ on: 'GET /public', public: true }, { on: 'GET /keyed' }],
        },
      },
    },
  })
  onTestFinished(() => gateway.close())
  async function statuses(path: string, addresses: readonly string[]): Promise<readonly number[]> {
    const all: number[] = []
    for (const address of addresses) {
      const { statusCode, body } = await request(gateway.url + path, { headers: { 'x-forwarded-for': address, 'x-api-key': 'ok_wrong' } })
      await body.dump()
      all.push(statusCode)
    }
    return all
  }
  return { gateway, statuses }
}

const ofOneNetwork = ['2001:db8:0:7::1', '2001:DB8:0:7::2', '2001:db8:0:7:ffff:0:0:3', '[2001:db8:0:7::4]:443', '2001:0db8:0000:0007:0000:0000:0000:0005']

it.each([['/public', 200], ['/keyed', 401]])('addresses of one network are one caller: %s', async (path, good) => {
  const { statuses } = await world()
  expect(await statuses(path, ofOneNetwork)).toEqual([good, good, good, 429, 429])
  expect(await statuses(path, ['2001:db8:0:8::1'])).toEqual([good])
})

it('one address is one caller in each of its forms', async () => {
  const { statuses, gateway } = await world(128)
  expect(await statuses('/public', ['2001:db8::1', '2001:DB8::1', '2001:db8:0:0:0:0:0:1', '2001:db8::0001'])).toEqual([200, 200, 200, 429])
  expect(await statuses('/public', ['2001:db8::2'])).toEqual([200])
  expect(await statuses('/public', ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201', '0:0:0:0:0:FFFF:192.0.2.1'])).toEqual([200, 200, 200, 429])
  const rows = await gateway.store.requests({ limit: 100 })
  expect([...new Set(rows.map(({ remoteAddress }) => remoteAddress))].toSorted()).toEqual(['192.0.2.1', '2001:db8::1', '2001:db8::2'])
})

it('a wider network is one caller where that is said', async () => {
  const { statuses } = await world(48)
  expect(await statuses('/public', ['2001:db8:5:1::1', '2001:db8:5:2::1', '2001:db8:5:3::1', '2001:db8:5:4::1', '2001:db8:6::1'])).toEqual([200, 200, 200, 429, 200])
})
