import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLoopback, deferred, parseAnswer, tcpUpstream, type LoopbackOptions } from '../fixtures/loopback.ts'
import type { Wire } from '../../http/front.ts'
import { makeCertificate } from '../../tls/fixtures/certificates.ts'
import { responses } from './fixtures/responses.ts'

const get = (path = '/', more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`
const post = (body: string): string => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const last = 'Connection: close\r\n'

/** Answers each request by what it is given, in pieces, and notes the connection that each came by. */
async function saying(answerOf: (count: number) => readonly string[], then: (socket: Socket, count: number) => void = () => undefined) {
  const connections: number[] = []
  let opened = 0
  const upstream = await tcpUpstream((socket) => {
    const connection = (opened += 1)
    socket.setNoDelay(true)
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      if (!received.includes('\r\n\r\n')) return
      received = ''
      const count = connections.push(connection)
      void (async () => {
        for (const piece of answerOf(count)) {
          await new Promise((resolve) => socket.write(piece, 'latin1', resolve))
          await new Promise((resolve) => setImmediate(resolve))
        }
        then(socket, count)
      })()
    })
  })
  return { upstream, connections }
}

/** Chunks may be cut in any way on their way through. */
function unchunked(text: string): string {
  const { headers, body } = parseAnswer(text)
  if (headers['transfer-encoding'] !== 'chunked') return text
  let whole = text.slice(0, text.length - body.length)
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', at)
    const size = lineEnd === -1 ? 0 : Number.parseInt(body.slice(at, lineEnd), 16)
    if (!(size > 0)) return `${whole}|${body.slice(at)}`
    whole += body.slice(lineEnd + 2, lineEnd + 2 + size)
    at = lineEnd + 4 + size
  }
}

/** What a caller gets, and what the gate is told, of a service that says this to each request, and ends. */
async function seen(wire: Wire, answer: readonly string[], text: string, options: LoopbackOptions = {}): Promise<unknown> {
  const { upstream, connections } = await saying(() => answer, (socket) => socket.end())
  const loopback = await createLoopback({ ...options, upstream, wire })
  const received = await loopback.call(text).closed
  const told = loopback.told.map((each) => {
    if (each.kind === 'begin' || each.kind === 'refuseRaw') return { kind: each.kind }
    const attempts = each.completion.attempts.map(({ status, error }) => ({ status, error }))
    if (each.kind === 'failed' || each.kind === 'brokenMidStream') return { kind: each.kind, of: each.failure.kind, attempts }
    return { kind: each.kind, of: each.status, attempts, bytesOut: each.completion.bytesOut }
  })
  return { received: unchunked(received).replaceAll(/^Date: .*\r\n/gm, ''), told, asked: connections.length, errors: loopback.errors }
}

const answers = [...responses.plain, ...responses.odd]

describe('an answer', () => {
  it.each(answers.map((text) => [text]))('is the same to callers as by undici, and its service asked once: %j', async (text) => {
    for (const asked of [get('/', last), get('/', last).replace('GET', 'HEAD')]) {
      for (const pieces of [[text], Array.from(text), [text.slice(0, -3), text.slice(-3)]]) {
        const [plain, node] = await Promise.all([seen('plain', pieces, asked), seen('node', pieces, asked)])
        expect(plain).toEqual(node)
        expect(plain).toMatchObject({ asked: 1, errors: [] })
      }
    }
  })

  it.each([
    ['chunks with extensions', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\n\r\n'],
    ['trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n'],
    ['interim answers', `HTTP/1.1 103 Early Hints\r\n\r\n${ok}`],
    ['no phrase', ok.replace(' OK', '')],
    ['plain lines', ok],
  ])('that has %s leaves its connection to the next request', async (_name, text) => {
    const { upstream, connections } = await saying(() => [text])
    const loopback = await createLoopback({ upstream })
    for (let time = 0; time < 5; time += 1) expect(await loopback.call(get('/', last)).closed).toMatch(/ok\r\n|ok$/)
    expect(connections).toEqual([1, 1, 1, 1, 1])
  })

  it.each([
    ['comes behind its end', [`${ok}${ok.replace('ok', 'no')}`]],
    ['comes a little later', [ok, ok.replace('ok', 'no')]],
    ['comes behind its last chunk', ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n']],
    ['comes behind none', ['HTTP/1.1 204 No Content\r\n\r\nok']],
  ])('ends its connection where more %s, and the next request gets its own', async (_name, pieces) => {
    const { upstream, connections } = await saying((count) => (count === 1 ? pieces : ['HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmine']), (_socket, count) => count === 1 && extra.resolve())
    const extra = deferred()
    const loopback = await createLoopback({ upstream })
    const first = loopback.call(get('/', last))
    await extra.promise
    expect(await first.closed).not.toContain('no')
    for (let time = 0; time < 3; time += 1) expect(parseAnswer(await loopback.call(get('/', last)).closed)).toMatchObject({ status: 200, body: 'mine' })
    expect(connections[1]).not.toBe(1)
  })

  it('of a service that says how long it keeps a connection lets it rest for no longer', async () => {
    const { upstream, connections } = await saying(() => [ok.replace('\r\n\r\n', '\r\nKeep-Alive: timeout=2\r\n\r\n')])
    const loopback = await createLoopback({ upstream })
    for (let time = 0; time < 2; time += 1) await loopback.call(get('/', last)).closed
    expect(connections).toEqual([1, 2])
  })

  it('is read only as fast as its caller takes it, also where undici reads on', async () => {
    const piece = 'z'.repeat(65_536)
    let written = 0
    const upstream = await tcpUpstream((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        const more = (): void => {
          while (written < 400) {
            written += 1
            if (!socket.write(`10000${written % 3 === 0 ? ';x' : ''}\r\n${piece}\r\n`)) return void socket.once('drain', more)
          }
          socket.end('0\r\n\r\n')
        }
        more()
      })
    })
    const loopback = await createLoopback({ upstream })
    const call = loopback.call(get('/', last))
    call.socket.pause()
    const before = await new Promise<number>((resolve) => {
      let same = 0
      let then = -1
      const timer = setInterval(() => {
        same = written === then ? same + 1 : 0
        then = written
        if (same < 20) return
        clearInterval(timer)
        resolve(written)
      }, 20)
    })
    expect(before).toBeLessThan(400)
    call.socket.resume()
    const { status, body } = parseAnswer(await call.closed)
    expect(status).toBe(200)
    expect(body.replaceAll(/\r\n(?:[0-9a-f]+\r\n)?|^[0-9a-f]+\r\n/g, '').length).toBe(400 * 65_536)
    expect(loopback.told.at(-1)).toMatchObject({ kind: 'completed', completion: { bytesOut: 400 * 65_536 } })
  })
})

describe('an answer that comes early', () => {
  const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n'

  it.each([
    ['plainly', ok],
    ['in another form', `HTTP/1.1 103 Early Hints\r\n\r\n${ok}`],
    ['with an extension', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nok\r\n0\r\n\r\n'],
  ])('goes out (%s), and its connection is not used again', async (_name, text) => {
    const { upstream, connections } = await saying(() => [text])
    const loopback = await createLoopback({ upstream })
    const call = loopback.call(chunked)
    expect(await call.until('ok')).toContain('200 OK')
    await loopback.hears('completed')
    await loopback.call(get('/', last)).closed
    expect(connections).toEqual([1, 2])
  })
})

describe('a caller that leaves', () => {
  it.each([
    ['before the answer', []],
    ['in the middle of a head', ['HTTP/1.1 200 OK\r\nX: ']],
    ['in the middle of a body', ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok']],
    ['in the middle of a chunk that is not plain', ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nok']],
    ['behind an interim answer', ['HTTP/1.1 100 Continue\r\n\r\n']],
  ])('ends the connection of its request (%s)', async (_name, pieces) => {
    const said = deferred<Socket>()
    const { upstream } = await saying(() => pieces, (socket) => said.resolve(socket))
    const loopback = await createLoopback({ upstream })
    const call = loopback.call(get())
    const socket = await said.promise
    const gone = new Promise((resolve) => socket.once('close', resolve))
    call.socket.resetAndDestroy()
    await gone
    expect(loopback.told.at(-1)).toMatchObject({ failure: { kind: 'client_gone' } })
    expect(loopback.errors).toEqual([])
  })
})

describe('a WebSocket', () => {
  const handshake = 'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  const accepted = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nhello'

  it('opens where plain requests went before it, and they go on', async () => {
    const { upstream } = await saying((count) => (count === 3 ? [accepted] : [ok]))
    const loopback = await createLoopback({ upstream })
    for (let time = 0; time < 2; time += 1) await loopback.call(get('/', last)).closed
    expect(await loopback.call(handshake).until('hello')).toContain('101 Switching')
    expect(parseAnswer(await loopback.call(get('/', last)).closed).body).toBe('ok')
  })
})

describe('a hostile service', () => {
  const header = 'X: y\r\n'

  it.each<[string, readonly string[], string]>([
    ['an endless head', ['HTTP/1.1 200 OK\r\nX: ', ...Array.from({ length: 40 }, () => 'x'.repeat(10_000))], 'garbage'],
    ['an endless head, byte by byte', ['HTTP/1.1 200 OK\r\n', ...'X: y\r\n'.repeat(100), header.repeat(10_000)], 'garbage'],
    ['a million headers', [`HTTP/1.1 200 OK\r\n${header.repeat(1_000_000)}`], 'garbage'],
    ['an endless phrase', [`HTTP/1.1 200 ${'x'.repeat(100_000)}`], 'reset'],
    ['no HTTP', ['\x15\x03\x01\x00\x02\x02\x46'], 'garbage'],
    ['two framings', ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'], 'garbage'],
    ['two lengths', ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'], 'garbage'],
  ])('that sends %s fails its own call at most, and the next caller is served', async (_name, pieces, kind) => {
    const { upstream } = await saying((count) => (count === 1 ? pieces : [ok]), (socket, count) => count === 1 && socket.end())
    const loopback = await createLoopback({ upstream })
    const received = await loopback.call(get('/', last)).closed
    expect(received.match(/HTTP\/1\.1 \d/g)).toHaveLength(1)
    expect((await loopback.hears('failed')).failure.kind).toBe(kind)
    expect(parseAnswer(await loopback.call(get('/', last)).closed).body).toBe('ok')
    expect(loopback.errors).toEqual([])
  })

  it.each([
    ['is no size', 'x\r\n'],
    ['is longer than it says', '2\r\nokay\r\n'],
    ['is of endless size', 'ffffffffffffffffff\r\n'],
    ['is negative', '-2\r\nok\r\n'],
    ['has an endless extension', `2;${'x'.repeat(200_000)}\r\n`],
  ])('whose chunk %s breaks its own answer, and the next caller is served', async (_name, chunk) => {
    const { upstream } = await saying((count) => (count === 1 ? ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', chunk] : [ok]), (socket, count) => count === 1 && socket.end())
    const loopback = await createLoopback({ upstream })
    await loopback.call(get()).closed
    expect((await loopback.hears('brokenMidStream')).failure.kind).toMatch(/^(?:garbage|reset)$/)
    expect(parseAnswer(await loopback.call(get('/', last)).closed).body).toBe('ok')
  })

  it('that closes anywhere in its answer is told apart as undici tells it', async () => {
    const text = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'
    for (let end = 0; end < text.length; end += 1) {
      const [plain, node] = await Promise.all([seen('plain', [text.slice(0, end)], post('hi').replace('Host: a', `Host: a\r\n${last.trimEnd()}`)), seen('node', [text.slice(0, end)], post('hi').replace('Host: a', `Host: a\r\n${last.trimEnd()}`))])
      expect(plain).toEqual(node)
    }
  })
})

it('over TLS answers are read the same way, plain ones and others, on a connection that is kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plain-client-'))
  const made = makeCertificate(folder, 'service')
  const cert = readFileSync(made.certificate)
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
  const texts = [ok, `${chunked}2\r\nok\r\n0\r\n\r\n`, `${chunked}1\r\no\r\n1;x\r\nk\r\n0\r\n\r\n`, `HTTP/1.1 103 Early Hints\r\n\r\n${ok}`, ok]
  let asked = 0
  const open = new Set<Socket>()
  const server = createTlsServer({ cert, key: readFileSync(made.key) }, (socket) => {
    open.add(socket)
    socket.on('error', () => undefined).on('data', () => void socket.write(texts[(asked += 1) - 1] ?? ok))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
    rmSync(folder, { recursive: true })
  })
  const { port } = server.address() as AddressInfo
  const loopback = await createLoopback({ upstreamOptions: { url: `https://127.0.0.1:${port}`, tls: { ca: cert } } })
  for (const _ of texts) expect(unchunked(await loopback.call(get('/', last)).closed)).toMatch(/ok(?:\|0\r\n\r\n)?$/)
  expect([asked, open.size]).toEqual([5, 1])
})
