import { createServer } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createLoopback, deferred, parseAnswer, tcpUpstream, type LoopbackOptions } from './fixtures/loopback.ts'

const handshake = (path = '/ws', more = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`

const accept = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nServer: secret\r\n\r\n'

/** Accepts each handshake and echoes what follows it. */
function echo(seen: string[] = []) {
  const server = createServer()
  server.on('upgrade', (request, socket: Duplex) => {
    seen.push(`${request.url} ${request.headers['sec-websocket-key']} ${request.headers['tollgate-request-id']}`)
    socket.write(accept)
    socket.pipe(socket)
    socket.on('error', () => undefined)
  })
  return server
}

async function open(options: LoopbackOptions = {}) {
  const loopback = await createLoopback({ upstream: echo(), ...options })
  const call = loopback.call(handshake())
  await call.until('\r\n\r\n')
  return { loopback, call }
}

describe('a WebSocket', () => {
  it('passes through once the gate admits it, with our headers and without the upstream’s secrets', async () => {
    const seen: string[] = []
    const { call, loopback } = await open({ upstream: echo(seen) })
    const { status, headers } = parseAnswer(call.text())
    expect(status).toBe(101)
    expect(headers).toMatchObject({ upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=', 'x-request-id': 'req_1' })
    expect(headers['server']).toBeUndefined()
    expect(seen).toEqual(['/ws dGhlIHNhbXBsZSBub25jZQ== req_1'])
    call.send('\x81\x02hi')
    await call.until('\x81\x02hi')
    call.socket.end()
    await call.closed
    expect(await loopback.hears('completed')).toMatchObject({ status: 101, completion: { bytesIn: 4, bytesOut: 4, attempts: [{ status: 101 }] } })
  })

  it('probes both sides, so that a peer that vanishes does not keep what it holds for ever', async () => {
    const probes = vi.spyOn(Socket.prototype, 'setKeepAlive')
    onTestFinished(() => probes.mockRestore())
    const { call } = await open()
    expect(probes.mock.calls.filter(([on, afterMs]) => on === true && afterMs === 60_000).length).toBe(2)
    call.socket.end()
    await call.closed
  })

  it('what the caller sends right behind its handshake is not lost', async () => {
    const loopback = await createLoopback({ upstream: echo() })
    expect(await loopback.call(`${handshake()}early`).until('early')).toMatch(/\r\n\r\nearly$/)
  })

  it('carries megabytes both ways in order, each side as fast as the other reads', async () => {
    const { call } = await open()
    const sent = Array.from({ length: 400_000 }, (_, at) => String(at).padStart(8, '0')).join(' ')
    call.send(sent)
    await call.until('00399999')
    expect(call.text().endsWith(sent)).toBe(true)
  })

  it('that the gate refuses gets a plain answer, and the connection ends', async () => {
    const loopback = await createLoopback({
      upstream: echo(),
      decide: () => ({ kind: 'answer', answer: { status: 401, headers: ['WWW-Authenticate', 'Bearer'], body: '{"code":"NO"}' } }),
    })
    expect(parseAnswer(await loopback.call(handshake()).closed)).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer', connection: 'close' }, body: '{"code":"NO"}' })
  })

  it.each([
    ['another protocol', 'Connection: Upgrade\r\nUpgrade: h2c\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n'],
    ['two protocols', 'Connection: Upgrade\r\nUpgrade: websocket, h2c\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n'],
    ['a wrong Sec-WebSocket-Accept', 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: c3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n'],
    ['two of them', 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n'],
    ['none', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'],
  ])('whose service switches with %s is a failure of the service', async (_name, headers) => {
    const gone = deferred()
    const upstream = await tcpUpstream((socket) => socket.on('data', () => socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\nsecret`)).once('close', () => gone.resolve()))
    const loopback = await createLoopback({ upstream })
    const text = await loopback.call(handshake()).closed
    expect(parseAnswer(text)).toMatchObject({ status: 502, body: '{"failure":"garbage"}' })
    await gone.promise
  })

  it.each([
    ['in HTTP/1.0', handshake().replace('HTTP/1.1', 'HTTP/1.0').replace('Connection: keep-alive, Upgrade', 'Connection: Upgrade')],
    ['by POST', handshake().replace('GET', 'POST').replace('\r\n\r\n', '\r\nContent-Length: 2\r\n\r\nhi')],
    ['by POST without a body', handshake().replace('GET', 'POST')],
    ['without Connection: Upgrade', handshake().replace('keep-alive, Upgrade', 'close')],
  ])('asked for %s is an ordinary request', async (_name, text) => {
    const offers: (string | undefined)[] = []
    const loopback = await createLoopback({ upstream: (request, response) => void (offers.push(request.headers.upgrade), response.end('plain')) })
    const call = loopback.call(text)
    expect(parseAnswer(await call.until('plain'))).toMatchObject({ status: 200, body: 'plain' })
    expect(offers).toEqual([undefined])
  })

  it('among other offers is meant', async () => {
    const loopback = await createLoopback({ upstream: echo() })
    const call = loopback.call(handshake().replace('Upgrade: websocket', 'Upgrade: h2c, WebSocket'))
    expect(parseAnswer(await call.until('\r\n\r\n')).status).toBe(101)
  })

  it.each(['', 'Sec-WebSocket-Key: short==\r\n', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'])('without one good key is refused (%j)', async (key) => {
    const loopback = await createLoopback({ upstream: echo() })
    const answer = parseAnswer(await loopback.call(handshake().replace(/Sec-WebSocket-Key.*\r\n/, key)).closed)
    expect(answer.status).toBe(400)
    expect(answer.body).toContain('Sec-WebSocket-Key')
  })

  it('that HTTP refuses is answered by the gate', async () => {
    const loopback = await createLoopback({ upstream: echo() })
    expect(parseAnswer(await loopback.call(handshake('/ws', 'Host: b\r\n')).closed).status).toBe(400)
    expect(parseAnswer(await loopback.call(handshake('/ws', 'Content-Length: 2\r\n')).closed).status).toBe(400)
  })

  it('that the upstream declines is answered like any request, however large the answer', async () => {
    const loopback = await createLoopback({ upstream: (_request, response) => response.end('x'.repeat(3_000_000)) })
    const answer = parseAnswer(await loopback.call(handshake()).closed)
    expect([answer.status, answer.headers['connection'], answer.body.length]).toEqual([200, 'close', 3_000_000])

    const refusing = await createLoopback({ upstream: (_request, response) => response.writeHead(500).end('oops') })
    expect(parseAnswer(await refusing.call(handshake()).closed)).toMatchObject({ status: 502, body: '{"upstream":500}' })
  })

  it('that the gate does not let through after all is answered by it, and the upstream is let go', async () => {
    const heads: string[] = []
    const judge = (status: number, headers: readonly string[]) => (heads.push(`${status} ${headers.includes('Upgrade')}`), { kind: 'read' as const, bytesMax: 0 })
    const loopback = await createLoopback({ upstream: echo(), admitted: { judge } })
    expect(parseAnswer(await loopback.call(handshake()).closed)).toMatchObject({ status: 502, body: '{"upstream":101}' })
    expect(heads).toEqual(['101 true'])
    expect(loopback.errors).toEqual([])
  })

  it('without an upstream is answered as a failure', async () => {
    const loopback = await createLoopback({ upstream: { port: 1 } })
    expect(parseAnswer(await loopback.call(handshake()).closed)).toMatchObject({ status: 502, body: '{"failure":"refused"}' })
  })

  it('ends when the caller ends, also before a service that does not look', async () => {
    const deaf = createServer().on('upgrade', (_request, socket: Duplex) => void socket.on('error', () => undefined).write(accept))
    const { loopback, call } = await open({ upstream: deaf })
    call.socket.end()
    await call.closed
    expect((await loopback.hears('completed')).status).toBe(101)
  })

  it('ends when the upstream ends', async () => {
    const loopback = await createLoopback({ upstream: await tcpUpstream((socket) => socket.once('data', () => socket.end(`${accept}bye`))) })
    expect(await loopback.call(handshake()).closed).toMatch(/\r\n\r\nbye$/)
    expect((await loopback.hears('completed')).status).toBe(101)
  })

  it('breaks when the upstream resets, and the gate is told', async () => {
    const loopback = await createLoopback({ upstream: await tcpUpstream((socket) => socket.once('data', () => socket.write(accept, () => socket.once('data', () => socket.resetAndDestroy())))) })
    const call = loopback.call(handshake())
    await call.until('\r\n\r\n')
    call.send('x')
    await call.closed
    expect((await loopback.hears('brokenMidStream')).failure.kind).toBe('reset')
  })

  it('breaks when the caller resets, and the upstream is let go', async () => {
    const { call, loopback } = await open()
    call.socket.resetAndDestroy()
    expect((await loopback.hears('brokenMidStream')).failure.kind).toBe('client_gone')
  })

  it.each([
    ['a length of 2^63', '\x82\x7f\x80\0\0\0\0\0\0\0more'],
    ['reserved bits', '\xf1\x04moremore'],
    ['a frame without an end', '\x82\x7f\0\0\xff\xff\xff\xff\xff\xffmore'],
    ['half of a head', '\x82\x7fmore'],
  ])('whose service sends %s gets it as it came, and nothing of ours when it breaks off', async (_name, bytes) => {
    const upstream = await tcpUpstream((socket) => socket.once('data', () => socket.write(accept, () => socket.once('data', () => socket.write(bytes, 'latin1', () => socket.once('data', () => socket.destroy()))))))
    const loopback = await createLoopback({ upstream, admitted: { webSocketEnd: () => ({ frame: '{"ours":true}', closeCode: 1011, closeReason: 'ours' }) } })
    const call = loopback.call(handshake())
    await call.until('\r\n\r\n')
    call.send('x')
    await call.until('more')
    call.send('y')
    const text = await call.closed
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(bytes)
  })

  it('whose end cannot be put into words is cut, and that is told', async () => {
    const mistake = new Error('a mistake')
    const webSocketEnd = (): never => {
      throw mistake
    }
    const upstream = await tcpUpstream((socket) => socket.once('data', () => socket.write(accept, () => socket.once('data', () => socket.end()))))
    const loopback = await createLoopback({ upstream, admitted: { webSocketEnd } })
    const call = loopback.call(handshake())
    await call.until('\r\n\r\n')
    call.send('x')
    expect(await call.closed).toMatch(/\r\n\r\n$/)
    expect(loopback.errors).toEqual([mistake])
    expect((await loopback.hears('brokenMidStream')).failure.kind).toBe('reset')
  })
})
