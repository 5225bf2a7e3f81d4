/** Whom the step `allow` lets pass, over sockets. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { request } from 'undici'
import { createService } from '../fixtures/paid-program.ts'
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

it('opens and closes by the clocks of its zone, and says how long to wait, also where an hour is repeated', async () => {
  const service = await createService()
  // Most dialects promise no wait with a 403. One that lets a client come again tells it.
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-allow-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const contract = join(directory, 'contract.yaml')
  const declared = readFileSync(new URL('../../../../examples/your-api/contract.yaml', import.meta.url), 'utf8')
  writeFileSync(contract, declared.replace('reason: permission.denied, retry: never, action: request_access', 'reason: permission.denied, retry: wait, retryAfterSeconds: 60, action: wait'))
  const times = [{ from: '02:30', to: '05:00', timeZone: 'Europe/Berlin' }]
  const clock = createManualClock(Date.parse('2026-10-25T00:29:59Z'))
  const gateway = await startGateway({
    clock,
    config: {
      listen: { port: 0 },
      admin: { port: 0, token: 'token-0123456789' },
      store: 'memory',
      upstreams: { service: `http://127.0.0.1:${service.port}` },
      apis: {
        open: {
          mount: '/',
          contract,
          credentials: { from: [{ header: 'x-api-key' }], prefix: 'ok_' },
          plans: { basic: {} },
          routes: [{ on: 'GET /night', public: true, steps: [{ allow: { times } }] }],
        },
      },
    },
  })
  onTestFinished(() => gateway.close())
  /** The status at this instant, and what the caller is told to wait. */
  async function at(instant: string): Promise<readonly unknown[]> {
    clock.advance(Date.parse(instant) - clock.wallMs())
    const { statusCode, headers, body } = await request(`${gateway.url}/night`)
    await body.dump()
    return [statusCode, headers['retry-after']]
  }
  expect(await at('2026-10-25T00:29:59Z')).toEqual([403, '1'])
  expect(await at('2026-10-25T00:30:00Z')).toEqual([200, undefined])
  // 02:10 for the second time.
  expect(await at('2026-10-25T01:10:00Z')).toEqual([403, '1200'])
  expect(await at('2026-10-25T01:30:00Z')).toEqual([200, undefined])
  expect(await at('2026-10-25T04:00:00Z')).toEqual([403, String(21.5 * 3_600)])
})
