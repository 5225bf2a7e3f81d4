import { createHash } from 'node:crypto'
import { request as httpRequest, Agent } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { IncomingCall } from 'tollgate/gate'
import { createManualClock } from 'tollgate/testing'
import { createLoopback, deferred, parseAnswer, rawCall, tcpUpstream, standsStill } from './fixtures/loopback.ts'

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const large = Buffer.alloc(12_000_000)
for (let at = 0; at < large.length; at += 4) large.writeUInt32LE((at * 2_654_435_761) % 4_294_967_296, at)

function get(path = '/', more = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: api.example\r\n${more}\r\n`
}

function post(body: string): string {
  return `POST / HTTP/1.1\r\nHost: a\r\n${body}`
}

describe('an answer that goes through', () => {
  it('a small answer goes out in one write, with our headers in place of the upstream’s', async () => {
    const loopback = await createLoopback({
      upstream: (_request, response) => response.writeHead(201, ['X-Request-Id', 'theirs', 'X-A', '1', 'x-a', '2', 'Content-Length', '5']).end('hello'),
    })
    const chunks: string[] = []
    const call = loopback.call(get())
    call.socket.on('data', (chunk) => chunks.push(String(chunk)))
    await call.until('hello')
    expect(chunks).toHaveLength(1)
    const { status, headers } = parseAnswer(call.text())
    expect(status).toBe(201)
    expect(headers).toMatchObject({ 'x-request-id': 'req_1', 'x-a': '2', 'content-length': '5', connection: 'keep-alive' })
    expect(call.text().match(/x-request-id/gi)).toHaveLength(1)
    expect(call.text().match(/x-a/gi)).toHaveLength(2)
  })

  it('what ends at this hop, tells about the upstream or is only ours to say does not reach the caller', async () => {
    const upstream = await tcpUpstream((socket) => {
      socket.once('data', () => {
        const headers = ['Connection: keep-alive, X-Hop', 'X-Hop: 1', 'Keep-Alive: timeout=3', 'Server: secret/1.0', 'X-Powered-By: secret', 'Tollgate-Price: 5', 'Trailer: X-T', 'X-End: 1']
        socket.write(`HTTP/1.1 200 Whatever\r\n${headers.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n`)
      })
    })
    const loopback = await createLoopback({ upstream })
    const call = loopback.call(get('/', 'Connection: close\r\n'))
    const text = await call.closed
    expect(parseAnswer(text)).toMatchObject({ status: 200, headers: { 'x-end': '1', 'transfer-encoding': 'chunked', connection: 'close' }, body: '2\r\nok\r\n0\r\n\r\n' })
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(text).not.toMatch(/x-hop|secret|tollgate|trailer|x-t/i)
  })

  it('each event of a stream arrives when it is sent, the head before the first', async () => {
    const steps: (() => void)[] = []
    const loopback = await createLoopback({
      upstream: (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
        steps.push(() => response.write('data: 1\n\n'), () => response.write('data: 2\n\n'), () => response.end())
      },
    })
    const call = loopback.call(get())
    await call.until('\r\n\r\n')
    steps[0]?.()
    await call.until('data: 1')
    expect(call.text()).not.toContain('data: 2')
    steps[1]?.()
    await call.until('data: 2')
    expect(loopback.told.some(({ kind }) => kind === 'completed')).toBe(false)
    steps[2]?.()
    await call.until('0\r\n\r\n')
  })

  it.each([
    { form: 'of known length', length: '5', early: 'hel', late: 'lo' },
    { form: 'in chunks', length: undefined, early: 'lo', late: '0\r\n\r\n' },
  ])('the caller cannot know an answer $form to be whole before it is recorded', async ({ length, early, late }) => {
    const asked = deferred()
    const recorded = deferred()
    const headSeen = deferred()
    const loopback = await createLoopback({
      upstream: (_request, response) => {
        response.writeHead(200, length === undefined ? {} : { 'content-length': length })
        response.write('hel')
        void headSeen.promise.then(() => response.end('lo'))
      },
      admitted: { completed: () => (asked.resolve(), recorded.promise.then(() => undefined)) },
    })
    const call = loopback.call(get())
    await call.until('hel')
    headSeen.resolve()
    await asked.promise
    if (early === 'lo') await call.until(early)
    // What was written without waiting would be here after another request's round trip.
    await rawCall(loopback.port, 'TRACE / HTTP/1.1\r\nHost: a\r\n\r\n').until('405')
    expect(call.text()).not.toContain(late)
    recorded.resolve()
    await call.until(late)
  })

  it.each([
    { method: 'HEAD', status: 200, headers: { 'content-length': '5' }, expected: { 'content-length': '5' } },
    { method: 'GET', status: 204, headers: {}, expected: {} },
    { method: 'GET', status: 304, headers: { etag: '"1"' }, expected: { etag: '"1"' } },
  ])('$method with $status has no body, and the connection goes on', async ({ method, status, headers, expected }) => {
    const loopback = await createLoopback({ upstream: (_request, response) => response.writeHead(status, headers).end() })
    const call = loopback.call(`${method} /1 HTTP/1.1\r\nHost: a\r\n\r\n`)
    const first = parseAnswer(await call.until('\r\n\r\n'))
    expect(first).toMatchObject({ status, headers: expected, body: '' })
    expect(first.headers['transfer-encoding']).toBeUndefined()
    call.send(`${method} /2 HTTP/1.1\r\nHost: a\r\n\r\n`)
    await call.until(/HTTP\/1\.1[^]*HTTP\/1\.1[^]*\r\n\r\n/)
    expect((await loopback.hears('completed')).completion.bytesOut).toBe(0)
  })

  it('1xx answers of the upstream end here', async () => {
    const loopback = await createLoopback({
      upstream: (_request, response) => {
        response.writeEarlyHints({ link: '</a.css>; rel=preload' })
        response.writeProcessing()
        response.end('done')
      },
    })
    expect(await loopback.call(get('/', 'Connection: close\r\n')).closed).toMatch(/^HTTP\/1\.1 200 OK/)
  })

  it('an HTTP/1.0 caller gets a body without chunks that ends with the connection', async () => {
    const loopback = await createLoopback({ upstream: (_request, response) => void (response.write('a'), response.end('b')) })
    const answer = parseAnswer(await loopback.call('GET / HTTP/1.0\r\n\r\n').closed)
    expect(answer).toMatchObject({ status: 200, body: 'ab', headers: { connection: 'close' } })
    expect(answer.headers['transfer-encoding']).toBeUndefined()
  })

  it('a slow reader makes the upstream wait, and little is held in between', async () => {
    let sent = 0
    const loopback = await createLoopback({
      upstream: (_request, response) => {
        const chunk = Buffer.alloc(65_536)
        const fill = (): void => {
          while (sent < 400_000_000 && response.write(chunk)) sent += chunk.length
          sent += chunk.length
        }
        response.on('drain', fill)
        fill()
      },
    })
    const call = loopback.call(get())
    call.socket.pause()
    await standsStill(() => sent)
    // What the kernel's buffers of two connections take, not the 400 MB of the answer.
    expect(sent).toBeLessThan(40_000_000)
    call.socket.destroy()
    expect((await loopback.hears('brokenMidStream')).failure.kind).toBe('client_gone')
  })

  it('a caller that never reads again counts as gone', async () => {
    const loopback = await createLoopback({ limits: { stallMs: 80 }, upstream: (_request, response) => response.end(Buffer.alloc(50_000_000)) })
    const call = loopback.call(get())
    call.socket.pause()
    expect((await loopback.hears('brokenMidStream')).failure).toEqual({ kind: 'client_gone', detail: 'the caller stopped reading', sent: true })
  })

  it('twelve megabytes come down unchanged', async () => {
    const loopback = await createLoopback({ upstream: (_request, response) => response.end(large) })
    const response = await fetch(loopback.url)
    expect(sha(new Uint8Array(await response.arrayBuffer()))).toBe(sha(large))
    expect((await loopback.hears('completed')).completion.bytesOut).toBe(large.length)
  })

  it('an answer that is read reaches the gate whole, and the caller gets the gate’s', async () => {
    const loopback = await createLoopback({ upstream: (_request, response) => response.writeHead(500).end('<html>stack</html>') })
    const answer = parseAnswer(await loopback.call(get('/', 'Connection: close\r\n')).closed)
    expect(answer).toMatchObject({ status: 502, body: '{"upstream":500}' })
    expect(await loopback.hears('answerFor')).toMatchObject({ status: 500, body: '<html>stack</html>', completion: { attempts: [{ status: 500 }] } })
  })

  it('an answer that is read and too large is not read on', async () => {
    const loopback = await createLoopback({ upstream: (_request, response) => response.writeHead(500).end(Buffer.alloc(3_000_000)) })
    expect(parseAnswer(await loopback.call(get('/', 'Connection: close\r\n')).closed).status).toBe(502)
    expect((await loopback.hears('answerFor')).body).toBeUndefined()
  })
})

describe('a request that goes through', () => {
  it('the upstream sees the target verbatim below its base path, its own host, and where the call comes from', async () => {
    let seen: { url: string | undefined; headers: readonly string[] } | undefined
    const loopback = await createLoopback({
      basePath: '/v2/',
      upstream: (request, response) => {
        seen = { url: request.url, headers: request.rawHeaders }
        response.end()
      },
    })
    const spoofed = 'Tollgate-Account: acc_evil\r\nTollgate_Account: acc_evil\r\nX-Forwarded-For: 1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\n'
    const hop = 'Connection: X-Hop, close\r\nX-Hop: 1\r\nTE: trailers\r\nProxy-Authorization: Basic x\r\n'
    await loopback.call(get('/a%2Fb/../c?d=%zz', `${spoofed}${hop}traceparent: evil\r\ntracestate: evil\r\nX-Kept: yes\r\nAuthorization: Bearer t\r\nX-API-Key: ak_secret\r\nX_Api_Key: ak_secret\r\n`)).closed
    expect(seen?.url).toBe('/v2/a%2Fb/../c?d=%zz')
    const names = seen?.headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
    expect(names?.toSorted()).toEqual([
      'authorization',
      'connection',
      'host',
      'tollgate-request-id',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-kept',
    ])
    expect(seen?.headers).toEqual(expect.arrayContaining([`127.0.0.1:${loopback.upstreamPort}`, '127.0.0.1', 'api.example', 'req_1']))
    expect(seen?.headers.join(' ')).not.toMatch(/evil|1\.2\.3\.4|ak_secret/)
    expect((await loopback.hears('completed')).completion.attempts).toMatchObject([{ target: `http://127.0.0.1:${loopback.upstreamPort}/v2/a%2Fb/../c`, status: 200 }])
  })

  it('what a trusted proxy says is passed on, and the caller’s host where the upstream wants it', async () => {
    let headers: NodeJS.Dict<string | string[]> = {}
    const loopback = await createLoopback({
      trust: ['127.0.0.0/8'],
      upstreamOptions: { preserveHost: true },
      upstream: (request, response) => {
        headers = request.headers
        response.end()
      },
    })
    await loopback.call(
      get('/', `X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-Proto: https\r\nForwarded: for=203.0.113.9\r\nConnection: close\r\n`),
    ).closed
    expect(headers).toMatchObject({ host: 'api.example', 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 127.0.0.1', 'x-forwarded-proto': 'https', forwarded: 'for=203.0.113.9' })
    expect((await loopback.hears('begin')).call.remoteAddress).toBe('203.0.113.9')
  })

  it.each(['content-length', 'chunked'])('twelve megabytes go up unchanged (%s)', async (framing) => {
    let seen: { hash: string; encoding: string | undefined } | undefined
    const loopback = await createLoopback({
      upstream: (request, response) => {
        const hash = createHash('sha256')
        request.on('data', (chunk: Buffer) => hash.update(chunk))
        request.on('end', () => {
          seen = { hash: hash.digest('hex'), encoding: request.headers['transfer-encoding'] }
          response.end('ok')
        })
      },
    })
    const body = framing === 'chunked' ? { body: new Blob([large]).stream(), duplex: 'half' as const } : { body: large }
    const response = await fetch(loopback.url, { method: 'POST', ...body })
    expect(await response.text()).toBe('ok')
    expect(seen).toEqual({ hash: sha(large), encoding: framing === 'chunked' ? 'chunked' : undefined })
    expect((await loopback.hears('completed')).completion.bytesIn).toBe(large.length)
  })

  it('a slow upstream makes the caller wait, little is held in between, and it is the upstream that is late', async () => {
    const clock = createManualClock(0)
    const timeouts = { connectMs: 5_000, headersMs: 600, idleMs: 5_000 }
    const loopback = await createLoopback({ clock, passage: { timeouts }, limits: { bodyIdleMs: 300 }, upstream: (request) => void request.pause() })
    const agent = new Agent()
    onTestFinished(() => agent.destroy())
    const upload = httpRequest(loopback.url, { method: 'POST', agent, headers: { 'content-length': 100_000_000 } })
    upload.on('error', () => undefined)
    let taken = 0
    const chunk = Buffer.alloc(65_536)
    const fill = (): void => {
      while (upload.write(chunk)) taken += chunk.length
      taken += chunk.length
    }
    upload.on('drain', fill)
    fill()
    await standsStill(() => taken)
    expect(taken).toBeLessThan(40_000_000)
    clock.advance(600)
    expect((await loopback.hears('failed')).failure).toMatchObject({ kind: 'timeout', phase: 'headers' })
    upload.destroy()
  })

  it('a body that a check has read is sent on; one that is not wanted is not', async () => {
    const loopback = await createLoopback({
      decide: async (call) => void (await call.readBody(100)),
      admitted: { body: Buffer.from('from the gate') },
      upstream: (request, response) => request.pipe(response),
    })
    const answer = parseAnswer(await loopback.call('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi').closed)
    expect(answer.body).toContain('from the gate')
  })

  it('the gate reads a body whole, or is told why it cannot', async () => {
    const reads: unknown[] = []
    const decide = async (call: IncomingCall) => {
      const read = await call.readBody(5)
      reads.push(read.kind === 'complete' ? Buffer.from(read.bytes).toString() : read.kind)
      return { kind: 'answer' as const, answer: { status: 400, headers: [], body: String(reads.at(-1)) } }
    }
    const loopback = await createLoopback({ decide })
    const impatient = await createLoopback({ limits: { bodyIdleMs: 60 }, decide })
    await loopback.call(post('Content-Length: 5\r\n\r\nhello')).until('hello')
    await loopback.call(post('Content-Length: 6\r\n\r\nhello!')).until('too_large')
    await loopback.call(post('Transfer-Encoding: chunked\r\n\r\n6\r\nhello!\r\n')).until('too_large')
    expect(parseAnswer(await impatient.call(post('Content-Length: 5\r\n\r\nhel')).until('timeout')).status).toBe(400)
    expect(parseAnswer(await loopback.call(post('Transfer-Encoding: chunked\r\n\r\nnonsense\r\n')).closed)).toMatchObject({ body: 'broken', headers: { connection: 'close' } })
    expect(reads).toEqual(['hello', 'too_large', 'too_large', 'timeout', 'broken'])
  })

  it.each(['304 Not Modified', '204 No Content'])('an answer of %s is complete with its head, whatever length it tells', async (line) => {
    const upstream = await tcpUpstream((socket) => socket.on('data', () => socket.write(`HTTP/1.1 ${line}\r\nETag: "a"\r\nContent-Length: 2\r\n\r\n`)))
    const loopback = await createLoopback({ upstream })
    const answer = parseAnswer(await loopback.call('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n').closed)
    expect(answer).toMatchObject({ status: Number(line.slice(0, 3)), headers: { etag: '"a"' }, body: '' })
    expect(loopback.told.map(({ kind }) => kind)).toEqual(['begin', 'completed'])
  })

  it('kept connections to the upstream are used again', async () => {
    const upstream = await tcpUpstream((socket) => socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')))
    const loopback = await createLoopback({ upstream })
    const call = rawCall(loopback.port, get())
    for (let count = 1; count <= 5; count += 1) {
      await call.until(new RegExp(`^(?:HTTP[^]*?ok){${count}}$`))
      call.send(get())
    }
    expect(upstream.connections()).toBe(1)
  })
})
