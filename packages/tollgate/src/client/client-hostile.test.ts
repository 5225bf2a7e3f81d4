/** Servers that mean harm cost bounded time and memory: a raw socket that says what it likes. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { chatads, jogg } from '../catalog/dialects.ts'
import { createClient } from './create-client.ts'
import { refusalOf } from './stacked-layers.ts'

let server: Server | undefined
const sockets = new Set<Socket>()
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server?.close()
})

interface Hostile {
  readonly url: string
  /** How often it was asked. */
  asked: number
  /** Bytes that it could get rid of. */
  written: number
}

async function serve(answer: (socket: Socket, hostile: Hostile) => void): Promise<Hostile> {
  server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.on('data', () => {
      hostile.asked += 1
      answer(socket, hostile)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const hostile: Hostile = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: 0, written: 0 }
  return hostile
}

/** As fast as it is taken. */
function pour(socket: Socket, hostile: Hostile, chunk: Buffer): void {
  const more = (): void => {
    while (!socket.destroyed) {
      hostile.written += chunk.length
      if (!socket.write(chunk)) return
    }
  }
  socket.on('drain', more)
  more()
}

const head = (status: number, headers: string): string => `HTTP/1.1 ${status} X\r\n${headers}\r\n`

it.each([402, 500])('an error body without end (%s) is read so far and no further', async (status) => {
  const hostile = await serve((socket, self) => {
    socket.write(head(status, 'Content-Type: application/json\r\nContent-Length: 104857600000\r\n'))
    pour(socket, self, Buffer.alloc(65_536, 'x'))
  })
  const api = createClient({ baseUrl: hostile.url, contract: chatads, attempts: 1 })
  const { error } = await api.result('/x')
  expect(error).toMatchObject({ status, body: 'x'.repeat(65_536) })
  // 1 MB is read; what lies in buffers between comes on top.
  expect(hostile.written).toBeLessThan(32_000_000)
})

it('nor is a success, where refusals may hide', async () => {
  const hostile = await serve((socket, self) => {
    socket.write(head(200, 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n'))
    const data = 'x'.repeat(65_536)
    pour(socket, self, Buffer.from(`${data.length.toString(16)}\r\n${data}\r\n`))
  })
  const response = await createClient({ baseUrl: hostile.url, contract: jogg })('/x')
  expect([response.status, refusalOf(response)]).toEqual([200, undefined])
  await response.body?.cancel()
  const { error } = await createClient({ baseUrl: hostile.url, contract: jogg, bodyBytesMax: 2_000_000 }).result('/x')
  expect(error).toMatchObject({ reason: 'unknown', message: 'The answer is longer than 2000000 bytes.' })
  expect(hostile.written).toBeLessThan(64_000_000)
})

it('a body that trickles for ever is given up', async () => {
  const hostile = await serve((socket) => {
    socket.write(head(200, 'Content-Type: application/json\r\nContent-Length: 1000\r\n'))
    const timer = setInterval(() => socket.write('x'), 10)
    socket.on('close', () => clearInterval(timer))
  })
  const startedMs = performance.now()
  const { error } = await createClient({ baseUrl: hostile.url, bodyTimeoutMs: 200, attempts: 1 }).result('/x')
  expect(error).toMatchObject({ reason: 'network.timeout' })
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(200)
  expect(hostile.asked).toBe(1)
})

it('redirects without end are followed as fetch does, and that once', async () => {
  const hostile = await serve((socket) => socket.write(head(302, 'Location: /again\r\nContent-Length: 0\r\n')))
  const { error } = await createClient({ baseUrl: hostile.url }).result('/x')
  expect(error).toMatchObject({ reason: 'network.failed', because: 'never' })
  expect(hostile.asked).toBe(21)
})

/** Of 200 MB; to make it takes longer than to let it go. */
const packed = gzipSync(Buffer.alloc(200_000_000, ' '))

it.each([200, 500])('a body that grows a thousandfold when it is unpacked (%s) is unpacked so far and no further', async (status) => {
  const hostile = await serve((socket) => socket.end(Buffer.concat([Buffer.from(head(status, `Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n`)), packed])))
  const before = process.memoryUsage().rss
  const { error } = await createClient({ baseUrl: hostile.url, contract: chatads, attempts: 1, bodyBytesMax: 1_000_000 }).result('/x')
  expect(error).toMatchObject({ status })
  expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
})

it('a bomb of headers is a failure, and a retry is all it gets', async () => {
  const hostile = await serve((socket) => socket.write(`HTTP/1.1 200 X\r\n${'X-Bomb: boom\r\n'.repeat(20_000)}\r\n`))
  const { error } = await createClient({ baseUrl: hostile.url, backoff: { baseMs: 1 }, budget: false }).result('/x')
  expect(error).toMatchObject({ reason: 'network.failed', because: 'attempts_used' })
  expect(hostile.asked).toBe(3)
})

it('a wait of a century fires no timer early', async () => {
  const hostile = await serve((socket) => socket.write(head(429, 'Retry-After: 9999999\r\nContent-Length: 0\r\n')))
  const controller = new AbortController()
  const api = createClient({ baseUrl: hostile.url, waitMaxMs: Infinity, timeoutMs: Infinity })
  const work = api.result('/x', { signal: controller.signal })
  await expect.poll(() => hostile.asked).toBe(1)
  // An overflowing timer fires in the next millisecond.
  await new Promise((resolve) => setTimeout(resolve, 50))
  const abortedMs = performance.now()
  controller.abort()
  expect((await work).error).toMatchObject({ reason: 'aborted' })
  expect(performance.now() - abortedMs).toBeLessThan(1_000)
  expect(hostile.asked).toBe(1)
  expect(await createClient({ baseUrl: hostile.url }).result('/x')).toMatchObject({ error: { because: 'wait_too_long' } })
})

it.each([
  ['a length that is wrong', head(200, 'Content-Length: 100\r\n') + '{}'],
  ['a chunk that is none', head(200, 'Transfer-Encoding: chunked\r\n') + 'zz\r\n'],
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['nothing', ''],
])('%s is a failure of the network', async (_, text) => {
  const hostile = await serve((socket) => socket.end(text))
  const api = createClient({ baseUrl: hostile.url, backoff: { baseMs: 1 }, budget: false })
  expect((await api.result('/x')).error).toMatchObject({ reason: 'network.failed', attempts: { length: 3 } })
  expect(hostile.asked).toBe(3)
  expect((await api.result('/x', { method: 'POST', body: 'paid' })).error).toMatchObject({ reason: 'outcome.unknown', attempts: { length: 1 } })
  expect(hostile.asked).toBe(4)
})

it('a body of hostile JSON is an error like any other', async () => {
  const bodies = ['['.repeat(100_000), '{"__proto__":{"a":1},"constructor":5,"error":{"code":"constructor","message":{}}}', '"'.repeat(50_000), '\u0000\uffff', '{"error":null}']
  for (const body of bodies) {
    const bytes = Buffer.from(body)
    const hostile = await serve((socket) => socket.write(Buffer.concat([Buffer.from(head(400, `Content-Type: application/json\r\nContent-Length: ${bytes.length}\r\n`)), bytes])))
    const { error } = await createClient({ baseUrl: hostile.url, contract: chatads }).result('/x')
    expect(error).toMatchObject({ status: 400, reason: 'request.invalid', retry: 'never' })
    for (const socket of sockets) socket.destroy()
    server?.close()
  }
})
