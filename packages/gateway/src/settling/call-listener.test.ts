import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { applyOne, type Store } from 'tollgate/stores'
import { createMemoryStore } from 'tollgate/stores/memory'
import { silentLog } from '../platform/log.ts'
import { parseAnswer, rawCall } from '../proxy/fixtures/loopback.ts'
import { GatewayStartError } from '../platform/start-error.ts'
import { createSystemClock } from '../platform/system-clock.ts'
import { createCallListener, type CallListener } from './call-listener.ts'
import { openCallSecret } from './call-secret.ts'

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')

async function listening(change: { readonly publicUrl?: string; readonly store?: Store } = {}): Promise<{ readonly listener: CallListener; readonly port: number; readonly errors: readonly unknown[] }> {
  const errors: unknown[] = []
  const clock = createSystemClock()
  const listener = createCallListener({
    address: { port: 0, host: '127.0.0.1' },
    publicUrl: change.publicUrl,
    wire: 'plain',
    secret: 'x'.repeat(32),
    store: change.store ?? createMemoryStore({ clock }),
    clock,
    sha256Hex,
    randomBytes,
    alert: ({ message }) => errors.push(message),
    onError: (error) => errors.push(error),
    log: silentLog,
  })
  const port = await listener.open()
  onTestFinished(() => listener.close())
  return { listener, port, errors }
}

const post = (port: number, path: string, body = '{}', more = ''): string => `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${more}Connection: close\r\n\r\n${body}`

async function told(port: number, request: string): Promise<{ readonly status: number; readonly type: string | undefined; readonly problem: Record<string, unknown> }> {
  const answer = parseAnswer(await rawCall(port, request).closed)
  return { status: answer.status, type: answer.headers['content-type'], problem: JSON.parse(answer.body) as Record<string, unknown> }
}

it('whatever is wrong is said in problem+json, also to what is no HTTP', async () => {
  const { port, errors } = await listening()
  const host = `Host: 127.0.0.1:${port}\r\n`
  const wrong: readonly (readonly [number, string])[] = [
    [404, post(port, '/')],
    [404, post(port, '/calls')],
    [404, post(port, '/calls/a:b:c:d/charge')],
    [404, post(port, '/calls/../calls/x/charge')],
    [404, post(port, '/calls/%E0%A4%A/charge')],
    [404, `GET /favicon.ico HTTP/1.1\r\n${host}Connection: close\r\n\r\n`],
    [400, 'GET / HTTP/1.1\r\n\r\n'],
    [400, `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03`],
    [400, post(port, '/calls/x/charge', '{}', 'Transfer-Encoding: chunked\r\n')],
    [405, `CONNECT x:1 HTTP/1.1\r\n${host}\r\n`],
    [413, post(port, '/calls/x/charge', 'x'.repeat(65_537))],
    [413, `POST /calls/x/charge HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${`8000\r\n${'x'.repeat(32_768)}\r\n`.repeat(3)}`],
    [413, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`],
  ]
  for (const [status, request] of wrong) {
    const answer = await told(port, request)
    expect({ request: request.slice(0, 60), ...answer }).toMatchObject({ request: request.slice(0, 60), status, type: expect.stringMatching(/^application\/problem\+json/), problem: { status } })
  }
  expect(errors).toEqual([])
})

it('answers under localhost, addresses and the configured name, and under no other: a page cannot reach it by DNS', async () => {
  const { port } = await listening({ publicUrl: 'http://gateway.internal:9091/calls' })
  const under = (host: string) => told(port, `POST /calls/x/charge HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
  for (const host of ['localhost', `LOCALHOST:${port}`, '127.0.0.1', '[::1]:9091', 'gateway.internal:9091', 'Gateway.Internal']) expect((await under(host)).status).toBe(404)
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '']) expect((await under(host)).status).toBe(403)
})

it('a call is reached under the path of the configured URL', async () => {
  const store = createMemoryStore({ clock: createSystemClock() })
  const { listener, port } = await listening({ store, publicUrl: 'http://gateway.internal/billing' })
  expect(listener.options.url()).toBe('http://gateway.internal/billing')
  expect((await told(port, post(port, '/billing/x/charge'))).problem['detail']).toContain('there is no such call')
})

it('a store that fails is a 503 that asks for a repeat', async () => {
  const store = createMemoryStore({ clock: createSystemClock() })
  const { port, errors } = await listening({ store: { ...store, apply: () => Promise.reject(new Error('the disk is full')) } })
  const text = 'ads:acme:call_1'
  const secret = 'x'.repeat(32)
  const mac = sha256Hex(`${secret}:${sha256Hex(`${secret}:${text}`)}`)
  const answer = await told(port, post(port, `/calls/${text}:${mac}/release`))
  expect(answer).toMatchObject({ status: 503, problem: { detail: 'nothing is known to have changed; repeat the request' } })
  expect(errors).toEqual(['Error: the disk is full'])
})

it('a port that is taken is named, with the setting', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const listener = createCallListener({ address: { port, host: '127.0.0.1' }, publicUrl: undefined, wire: 'plain', secret: 'x'.repeat(32), store: createMemoryStore({ clock: createSystemClock() }), clock: createSystemClock(), sha256Hex, randomBytes, alert: () => undefined, onError: () => undefined, log: silentLog })
  await expect(listener.open()).rejects.toThrow(new GatewayStartError('resource', `calls on 127.0.0.1:${port}: the port is in use by another process; stop that one, or choose another port`))
})

it('the secret is made once and kept', async () => {
  const store = createMemoryStore({ clock: createSystemClock() })
  const secret = await openCallSecret(store, randomBytes)
  expect(secret).toMatch(/^[0-9a-f]{64}$/)
  expect(await openCallSecret(store, randomBytes)).toBe(secret)
  await applyOne(store, { kind: 'delete', collection: 'gateway', id: 'call-secret' })
  expect(await openCallSecret(store, randomBytes)).not.toBe(secret)
})
