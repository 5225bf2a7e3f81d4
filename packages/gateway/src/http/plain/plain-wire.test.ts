import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Answer } from 'tollgate/contract'
import { createLoopback, deferred, parseAnswer, standsStill, type LoopbackOptions } from '../../proxy/fixtures/loopback.ts'
import type { Wire } from '../front.ts'

const request = (method: string, path: string, more = '', body = ''): string => `${method} ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n${body}`
const get = (path: string, more = ''): string => request('GET', path, more)
const post = (path: string, body: string): string => request('POST', path, `Content-Length: ${body.length}\r\n`, body)
const last = get('/last', 'Connection: close\r\n')
const long = 'x'.repeat(100_000)

/** Nothing of it knows which wire reads its callers. */
const upstream: RequestListener = (asked, response) => {
  const { url = '' } = asked
  if (url === '/empty') response.end()
  else if (url === '/none') response.writeHead(204).end()
  else if (url === '/unchanged') response.writeHead(304, { 'content-length': 7, etag: '"a"' }).end()
  else if (url === '/reset') response.writeHead(205).end()
  else if (url === '/dated') response.writeHead(200, { date: 'Thu, 01 Jan 1970 00:00:00 GMT', 'x-latin': 'caf\xe9' }).end('dated')
  else if (url === '/bytes') response.writeHead(200, { 'content-length': 256 }).end(Buffer.from(Array.from({ length: 256 }, (_, at) => at)))
  else if (url === '/long') response.writeHead(200, { 'content-length': long.length }).end(long)
  else if (url === '/8192') response.writeHead(200, { 'content-length': 8192 }).end(long.slice(0, 8_192))
  else if (url === '/8193') response.writeHead(200, { 'content-length': 8193 }).end(long.slice(0, 8_193))
  else if (url === '/stream') {
    response.write('one')
    setImmediate(() => response.end('two'))
  } else if (url === '/chunk') {
    response.flushHeaders()
    response.end(long)
  } else {
    asked.pipe(response.writeHead(200, { 'content-type': 'text/plain' }))
  }
}

const ours: { readonly [path: string]: Answer } = {
  '/ours/text': { status: 401, headers: ['Content-Type', 'application/json', 'X-Request-Id', 'r'], body: '{"code":"NO"}' },
  '/ours/letters': { status: 400, headers: [], body: 'caf\u00e9 \u20ac \u{1f600}' },
  '/ours/bytes': { status: 200, headers: ['X-Latin', 'caf\xe9'], body: new Uint8Array([0, 1, 128, 255]) },
  '/ours/many': { status: 200, headers: [], body: new Uint8Array(20_000).fill(65) },
  '/ours/nothing': { status: 204, headers: [], body: '' },
  '/ours/empty': { status: 429, headers: ['Retry-After', '1'], body: '' },
  '/ours/wrong': { status: 200, headers: ['X-Bad', 'a\r\nb'], body: 'never' },
}

const decide: NonNullable<LoopbackOptions['decide']> = ({ target }) => {
  const answer = Object.hasOwn(ours, target) ? ours[target] : undefined
  return answer && { kind: 'answer', answer: answer as never }
}

async function said(wire: Wire, text: string): Promise<string> {
  const loopback = await createLoopback({ wire, upstream, decide })
  const answer = await loopback.call(text).closed
  return answer.replaceAll(/Date: (?!Thu, 01 Jan 1970).*\r\n/gi, 'Date: now\r\n')
}

/** What stands on the wire but for where chunks are cut: that is the upstream's, and its socket's. */
const unchunked = (text: string): string => text.replaceAll(/\r\n[\da-f]+\r\n/g, '')

describe('the plain wire answers as node:http does', () => {
  const paths = ['/empty', '/none', '/unchanged', '/reset', '/dated', '/bytes', '/long', '/8192', '/8193', '/stream', '/chunk', '/echo', ...Object.keys(ours)]

  it.each(paths.flatMap((path) => [[get(path) + last], [request('HEAD', path) + last], [get(path, 'Connection: close\r\n')], [post(path, 'hello') + last]]))('%j', async (text) => {
    expect(unchunked(await said('plain', text))).toBe(unchunked(await said('node', text)))
  })
})

describe('a listener', () => {
  it.each([
    ['plain', 1],
    ['node', 2],
  ] as const)('by the wire %s leaves so many of two requests to Node, the plain one and the other: %i', async (wire, left) => {
    const loopback = await createLoopback({ wire })
    let seen = 0
    loopback.front.server.on('request', () => (seen += 1))
    await loopback.call(`${get('/')}GET / HTTP/1.0\r\n\r\n`).closed
    expect(seen).toBe(left)
  })
})

describe('what is in no plain form', () => {
  const chunked = request('POST', '/echo', 'Transfer-Encoding: chunked\r\n', '2\r\nhi\r\n4\r\n you\r\n0\r\n\r\n')

  it('is read by Node, with what follows, wherever it is cut in two', async () => {
    const loopback = await createLoopback({ upstream })
    const text = get('/1') + post('/2', 'two') + chunked + get('/4') + last
    const whole = unchunked(await loopback.call(text).closed).replaceAll(/Date.*\r\n/g, '')
    expect(whole.match(/HTTP\/1\.1 200/g)).toHaveLength(5)
    expect(whole).toContain('hi you')
    for (let cut = 1; cut < text.length; cut += 5) {
      const call = loopback.call(text.slice(0, cut))
      await new Promise((resolve) => setImmediate(resolve))
      call.send(text.slice(cut))
      expect(unchunked(await call.closed).replaceAll(/Date.*\r\n/g, '')).toBe(whole)
    }
    expect(loopback.errors).toEqual([])
  })

  it('waits for the answers before it, and is not seen by the gate meanwhile', async () => {
    const first = deferred()
    const loopback = await createLoopback({ upstream: (_, response) => void first.promise.then(() => response.end('done')) })
    const call = loopback.call(get('/1') + chunked)
    await loopback.hears('begin')
    expect(loopback.told).toHaveLength(1)
    first.resolve()
    await call.until(/done[^]*done/)
    expect(loopback.told.filter(({ kind }) => kind === 'begin')).toHaveLength(2)
  })

  it.each([100_000, 3_000_000])('comes whole where more of it was sent than is read ahead (%i bytes)', async (bytes) => {
    const first = deferred()
    const loopback = await createLoopback({
      upstream: (asked, response) => {
        let length = 0
        asked.on('data', (chunk: Buffer) => (length += chunk.length)).on('end', () => (asked.url === '/1' ? void first.promise.then(() => response.end('done')) : response.end(`got ${length}`)))
      },
    })
    const accepted: Socket[] = []
    loopback.front.server.on('connection', (socket) => accepted.push(socket))
    const call = loopback.call(get('/1') + request('POST', '/2', 'Transfer-Encoding: chunked\r\n', `${'2710\r\n'.concat('x'.repeat(10_000), '\r\n').repeat(bytes / 10_000)}0\r\n\r\n`))
    await loopback.hears('begin')
    await standsStill(() => accepted[0]?.bytesRead ?? 0)
    first.resolve()
    await call.until(`got ${bytes}`)
    expect(loopback.errors).toEqual([])
  })

  it('comes whole where its head was not all there, and much comes with the rest of that', async () => {
    const loopback = await createLoopback({
      upstream: (asked, response) => {
        let length = 0
        asked.on('data', (chunk: Buffer) => (length += chunk.length)).on('end', () => response.end(`got ${length}`))
      },
    })
    const accepted: Socket[] = []
    loopback.front.server.on('connection', (socket) => accepted.push(socket))
    const call = loopback.call('POST /2 HTTP/1.1\r\nHost: a\r\n')
    await standsStill(() => accepted[0]?.bytesRead ?? 0)
    call.send(`Transfer-Encoding: chunked\r\n\r\n${'2710\r\n'.concat('x'.repeat(10_000), '\r\n').repeat(300)}0\r\n\r\n`)
    await call.until('got 3000000')
    expect(loopback.errors).toEqual([])
  })

  it('comes also from a caller that has closed its sending side since', async () => {
    const first = deferred()
    const loopback = await createLoopback({ upstream: (_, response) => void first.promise.then(() => response.end('done')) })
    const ended = new Promise((resolve) => loopback.front.server.once('connection', (socket) => socket.once('end', resolve)))
    const call = loopback.call(`${get('/1')}GET /2 HTTP/1.0\r\n\r\n`)
    call.socket.end()
    await ended
    first.resolve()
    const answers = (await call.closed).split(/(?=HTTP\/1\.1 )/).map(parseAnswer)
    expect(answers.map(({ status, body }) => [status, body.replaceAll(/\s|^4|0$/g, '')])).toEqual([[200, 'done'], [200, 'done']])
  })

  it('and breaks off with its caller: Node is told of the end that was read before', async () => {
    const first = deferred()
    const loopback = await createLoopback({ upstream: (asked, response) => void (asked.url === '/1' ? first.promise.then(() => response.end('done')) : asked.resume()) })
    const ended = new Promise((resolve) => loopback.front.server.once('connection', (socket) => socket.once('end', resolve)))
    const call = loopback.call(get('/1') + chunked.slice(0, -8))
    call.socket.end()
    await ended
    first.resolve()
    expect((await call.closed).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 413'])
    expect(await loopback.hears('failed')).toMatchObject({ failure: { kind: 'request_body', problem: 'broken' } })
  })
})

describe('the plain wire bears', () => {
  it('a caller that sends one byte at a time', async () => {
    const loopback = await createLoopback({ upstream })
    const call = loopback.call('')
    call.socket.setNoDelay(true)
    for (const byte of post('/echo', 'slowly') + last) {
      call.send(byte)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await call.closed).toContain('slowly')
  })

  it('a reset at any byte, of the request and of its answer', async () => {
    const loopback = await createLoopback({ upstream })
    const text = get('/long') + post('/echo', 'hello') + get('/stream')
    for (let length = 0; length <= text.length; length += 3) {
      const call = loopback.call(text.slice(0, length))
      await new Promise((resolve) => call.socket.once('connect', resolve))
      // Before anything is read of it, or while it is answered.
      for (let turns = length % 4; turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve))
      call.socket.resetAndDestroy()
    }
    expect(parseAnswer(await loopback.call(last).closed).status).toBe(200)
    await expect.poll(() => new Promise((resolve) => loopback.front.server.getConnections((_, count) => resolve(count)))).toBe(0)
    expect(loopback.errors).toEqual([])
  })

  it('a head without an end', async () => {
    const loopback = await createLoopback()
    const call = loopback.call('GET / HTTP/1.1\r\nHost: a\r\nX: ')
    const dripping = setInterval(() => call.send('x'.repeat(1_000)), 1)
    await call.until('HTTP/1.1 413')
    clearInterval(dripping)
    expect(loopback.told.map(({ kind }) => kind)).toEqual(['refuseRaw'])
  })

  it('one that never comes to its end, and one that never begins', async () => {
    const loopback = await createLoopback({ limits: { headMs: 60 } })
    const [half, none, second] = [loopback.call('GET / HTTP/1.1\r\nHo'), loopback.call(''), loopback.call(get('/'))]
    await second.until('hello')
    second.send('GET /half')
    expect(parseAnswer(await half.closed).status).toBe(400)
    expect(await none.closed).toBe('')
    expect((await second.closed).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
  })

  it('a flood from a caller that reads none of its answers', async () => {
    const loopback = await createLoopback({ decide: () => ({ kind: 'answer', answer: { status: 200, headers: [], body: long } }) })
    const accepted: Socket[] = []
    loopback.front.server.on('connection', (socket) => accepted.push(socket))
    const call = loopback.call('')
    call.socket.pause()
    call.send(get('/').repeat(100_000))
    await standsStill(() => loopback.told.length)
    // So many answers as the system's buffers hold, and two.
    expect(loopback.told.length).toBeLessThan(1_000)
    expect(accepted[0]?.writableLength).toBeLessThan(1_000_000)
    expect(accepted[0]?.bytesRead).toBeLessThan(1_000_000)
  })

  it('one that does not take the end of an answer: it counts as gone after a time', async () => {
    const loopback = await createLoopback({ limits: { stallMs: 80 }, decide: () => ({ kind: 'answer', answer: { status: 200, headers: [], body: 'x'.repeat(50_000_000) } }) })
    const closed = new Promise((resolve) => loopback.front.server.once('connection', (socket: Socket) => socket.once('close', resolve)))
    const call = loopback.call(get('/'))
    call.socket.pause()
    await closed
    expect(loopback.errors).toEqual([])
  })

  it('a body that nobody wants: a short one is read away, a long one ends the connection', async () => {
    const loopback = await createLoopback({ decide: () => ({ kind: 'answer', answer: { status: 401, headers: [], body: 'no' } }) })
    const short = loopback.call(request('POST', '/', 'Content-Length: 10\r\n', 'abc'))
    await short.until('no')
    short.send(`defghij${last}`)
    expect((await short.closed).match(/HTTP\/1\.1 401/g)).toHaveLength(2)
    const huge = loopback.call(request('POST', '/', 'Content-Length: 100000000\r\n', long))
    expect(parseAnswer(await huge.closed)).toMatchObject({ status: 401, headers: { connection: 'close' } })
  })

  it('a body of which the service takes nothing: no more of it is read', async () => {
    const loopback = await createLoopback({ upstream: (asked) => void asked.pause() })
    const accepted: Socket[] = []
    loopback.front.server.on('connection', (socket) => accepted.push(socket))
    loopback.call(request('POST', '/', 'Content-Length: 100000000\r\n', 'x'.repeat(50_000_000)))
    await standsStill(() => accepted[0]?.bytesRead ?? 0)
    expect(accepted[0]?.bytesRead).toBeLessThan(20_000_000)
  })
})
