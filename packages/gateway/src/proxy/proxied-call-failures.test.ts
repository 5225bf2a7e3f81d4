import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { refuse, type Refusal } from 'tollgate/contract'
import { createManualClock } from 'tollgate/testing'
import { createLoopback, deferred, parseAnswer, tcpUpstream, type LoopbackOptions } from './fixtures/loopback.ts'

const get = 'GET /thing?secret=1 HTTP/1.1\r\nHost: a\r\n\r\n'
const post = (framing: string, body = ''): string => `POST / HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n${body}`

/** Answers the first bytes of each connection as told, then closes the connection if told so. */
function upstreamSaying(text: string, then: 'end' | 'reset' | 'stay' = 'stay') {
  return tcpUpstream((socket) => {
    socket.once('data', () => {
      socket.write(text, 'latin1', () => {
        if (then === 'end') socket.end()
        if (then === 'reset') socket.resetAndDestroy()
      })
    })
  })
}

/** Answers the first request of a connection and closes the connection on the second. */
function staleUpstream() {
  return tcpUpstream((socket: Socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      socket.once('data', () => socket.resetAndDestroy())
    })
  })
}

async function failureOfCall(options: LoopbackOptions, sent = get) {
  const loopback = await createLoopback(options)
  const call = loopback.call(sent)
  const told = await loopback.hears('failed')
  const answer = parseAnswer(await call.until(/"failure":"\w+"}$/))
  return { loopback, call, answer, ...told }
}

describe('an upstream that fails before its answer', () => {
  it('refuses the connection: nothing was sent', async () => {
    const unused = await tcpUpstream(() => undefined)
    const { failure, completion, answer } = await failureOfCall({ upstream: { port: 1 } })
    expect(unused.port).not.toBe(1)
    expect(failure).toMatchObject({ kind: 'refused', detail: expect.stringContaining('ECONNREFUSED') })
    expect(completion.attempts).toMatchObject([{ target: 'http://127.0.0.1:1/thing', error: 'refused' }])
    expect(answer.status).toBe(502)
  })

  it('is not in the configuration', async () => {
    const { failure, completion } = await failureOfCall({ passage: { upstream: 'other' } })
    expect(failure).toEqual({ kind: 'refused', detail: 'no upstream is called "other"' })
    expect(completion.attempts).toEqual([])
  })

  it('closes without a word', async () => {
    const { failure, completion } = await failureOfCall({ upstream: await upstreamSaying('', 'end') })
    expect(failure.kind).toBe('reset')
    expect(completion.attempts).toMatchObject([{ error: 'reset' }])
  })

  it('resets', async () => {
    expect((await failureOfCall({ upstream: await upstreamSaying('', 'reset') })).failure.kind).toBe('reset')
  })

  it.each([
    ['bytes that are no HTTP', 'what\r\n\r\n'],
    ['a status line without a status', 'HTTP/1.1 \r\n\r\n'],
    ['a head without an end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`],
    ['a switch of protocols that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc'],
    ['two lengths that differ', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
    ['a length that is a list', 'HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n'],
  ])('says %s', async (_name, text) => {
    expect((await failureOfCall({ upstream: await upstreamSaying(text) })).failure.kind).toBe('garbage')
  })

  it.each([
    { phase: 'connect', afterMs: 2_000 },
    { phase: 'headers', afterMs: 30_000 },
  ] as const)('is late ($phase)', async ({ phase, afterMs }) => {
    const clock = createManualClock(0)
    const arrived = deferred<void>()
    const upstream = await tcpUpstream((socket) => socket.once('data', () => arrived.resolve()))
    const loopback = await createLoopback({
      clock,
      upstream,
      passage: { timeouts: { connectMs: 2_000, headersMs: 30_000, idleMs: 60_000 } },
      // Whose other side never says its part of the handshake.
      ...(phase === 'connect' && { upstreamOptions: { url: `https://127.0.0.1:${upstream.port}` } }),
    })
    loopback.call(get)
    await arrived.promise
    clock.advance(afterMs - 1)
    expect(loopback.told.some(({ kind }) => kind === 'failed')).toBe(false)
    clock.advance(1)
    const { failure, completion } = await loopback.hears('failed')
    expect(failure).toMatchObject({ kind: 'timeout', phase })
    expect(completion.attempts).toMatchObject([{ error: 'timeout', durationMs: afterMs }])
  })
})

describe('an upstream that fails in the middle of its answer', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n'
  const events = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'

  it.each([
    ['a body of known length', `${head}Content-Length: 9\r\n\r\nhalf`],
    ['chunks', `${head}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`],
    ['the end of a kept connection', `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`],
  ])('is seen as a broken transfer, not as an end (%s)', async (_name, text) => {
    const loopback = await createLoopback({ upstream: await upstreamSaying(text, 'end') })
    const received = await loopback.call(get).closed
    expect(received).toContain('half')
    expect(received).not.toMatch(/0\r\n\r\n$/)
    expect(await loopback.hears('brokenMidStream')).toMatchObject({ failure: { kind: 'reset' }, completion: { bytesOut: 4, attempts: [{ status: 200, error: 'reset' }] } })
    await expect(fetch(loopback.url).then((response) => response.text())).rejects.toThrow('terminated')
  })

  it('is seen by an HTTP/1.0 caller, for whom the end of the connection is the end of the body', async () => {
    const loopback = await createLoopback({ upstream: await upstreamSaying(`${head}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`, 'end') })
    const call = loopback.call('GET / HTTP/1.0\r\n\r\n')
    await call.closed
    expect(call.brokenBy()).toBe('ECONNRESET')
  })

  it('a stream of events says so in its own form, and ends', async () => {
    const loopback = await createLoopback({ upstream: await upstreamSaying(`${events}Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n`, 'end') })
    const response = await fetch(loopback.url)
    expect(await response.text()).toBe('data: 1\n\ndata: {"error":true}\n\n')
  })

  it('an event that was cut does not swallow the one that says so', async () => {
    const loopback = await createLoopback({ upstream: await upstreamSaying(`${events}Transfer-Encoding: chunked\r\n\r\n7\r\ndata: {\r\n`, 'end') })
    expect(await (await fetch(loopback.url)).text()).toBe('data: {\n\ndata: {"error":true}\n\n')
  })

  it('a stream of events whose caller may no longer ends in the same form; one that may goes on', async () => {
    const clock = createManualClock(0)
    let refusal: Refusal | undefined
    const asked: number[] = []
    const upstream = await upstreamSaying(`${events}Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n`)
    const loopback = await createLoopback({ clock, upstream, admitted: { refusedMeanwhile: async () => (asked.push(clock.monotonicMs()), refusal) } })
    const call = loopback.call(get)
    await call.until('data: 1')
    clock.advance(2_000)
    await expect.poll(() => (clock.advance(500), asked.length), { timeout: 20_000 }).toBeGreaterThan(1)
    refusal = refuse('credential.revoked')
    await expect.poll(() => (clock.advance(500), call.text()), { timeout: 20_000 }).toContain('data: {"error":true}')
    expect((await loopback.hears('brokenMidStream')).failure).toEqual({ kind: 'withdrawn', refusal, detail: 'refused meanwhile: credential.revoked' })
    const looks = asked.length
    clock.advance(10_000)
    expect(asked).toHaveLength(looks)
  })

  it('an answer that is no stream of events is not looked after', async () => {
    const clock = createManualClock(0)
    const asked: number[] = []
    const upstream = await upstreamSaying(`${head}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`)
    const loopback = await createLoopback({ clock, upstream, admitted: { refusedMeanwhile: async () => (asked.push(1), refuse('credential.revoked')) } })
    const call = loopback.call(get)
    await call.until('half')
    clock.advance(10_000)
    expect(asked).toEqual([])
    expect(call.brokenBy()).toBeUndefined()
  })

  it('a compressed stream takes no frame: it is cut', async () => {
    const loopback = await createLoopback({ upstream: await upstreamSaying(`${events}Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxx\r\n`, 'end') })
    expect(await loopback.call(get).closed).toMatch(/xx\r\n$/)
  })

  it('sends chunks that are none: garbage', async () => {
    const loopback = await createLoopback({ upstream: await upstreamSaying(`${head}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nnonsense\r\n`) })
    await loopback.call(get).closed
    expect((await loopback.hears('brokenMidStream')).failure.kind).toBe('garbage')
  })

  it('falls silent: timeout', async () => {
    const clock = createManualClock(0)
    const loopback = await createLoopback({ clock, upstream: await upstreamSaying(`${head}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`) })
    const call = loopback.call(get)
    await call.until('half')
    clock.advance(60_000)
    await call.closed
    expect((await loopback.hears('brokenMidStream')).failure).toMatchObject({ kind: 'timeout', phase: 'body' })
  })

  it('breaks an answer that the gate reads: the gate gets none of it', async () => {
    const loopback = await createLoopback({ upstream: await upstreamSaying('HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\nhalf', 'end') })
    await loopback.call(get).until('"upstream":500')
    expect(await loopback.hears('answerFor')).toMatchObject({ body: undefined, completion: { attempts: [{ status: 500, error: 'reset' }] } })
  })
})

describe('a kept connection that the upstream closes as it is used', () => {
  it('is tried once more on a new one, where that is safe', async () => {
    const upstream = await staleUpstream()
    const loopback = await createLoopback({ upstream })
    const call = loopback.call(get)
    await call.until('ok')
    call.send(get)
    await call.until(/ok[^]*ok/)
    expect(upstream.connections()).toBe(2)
    const attempts = loopback.told.flatMap((what) => (what.kind === 'completed' ? [what.completion.attempts] : []))
    expect(attempts).toMatchObject([[{ status: 200 }], [{ error: 'reset' }, { status: 200 }]])
  })

  it('a new connection that is closed is not tried again', async () => {
    const upstream = await upstreamSaying('', 'reset')
    await failureOfCall({ upstream })
    expect(upstream.connections()).toBe(1)
  })
})

describe('a caller that fails', () => {
  it.each([
    ['Content-Length: 2000000', ''],
    ['Transfer-Encoding: chunked', `5\r\nhello\r\n${'1000\r\n'}${'x'.repeat(4_096)}\r\n`],
  ])('sends more than it may (%s): the upstream is let go', async (framing, body) => {
    const { failure, answer } = await failureOfCall({ admitted: { bodyBytesMax: 1_000 }, upstream: (request) => void request.resume() }, post(framing, body))
    expect(failure).toMatchObject({ kind: 'request_body', problem: 'too_large' })
    expect(answer).toMatchObject({ status: 413, headers: { connection: 'close' } })
  })

  it('an answer reaches a caller that still sends what nobody reads', async () => {
    const loopback = await createLoopback({ decide: () => ({ kind: 'answer', answer: { status: 401, headers: [], body: 'no' } }) })
    const call = loopback.call(post('Content-Length: 50000000'))
    for (let count = 0; count < 100; count += 1) call.socket.write(Buffer.alloc(65_536))
    expect(parseAnswer(await call.closed)).toMatchObject({ status: 401, headers: { connection: 'close' }, body: 'no' })
    expect(call.brokenBy()).toBeUndefined()
  })

  it('a small body that nobody read is read away, and the connection goes on', async () => {
    const loopback = await createLoopback({ decide: () => ({ kind: 'answer', answer: { status: 401, headers: [], body: 'no' } }) })
    const call = loopback.call(post('Content-Length: 10', 'hello'))
    await call.until('no')
    call.send(`world${get}`)
    await call.until(/no[^]*HTTP\/1\.1 401[^]*no/)
    expect(loopback.told.map(({ kind }) => kind)).toEqual(['begin', 'begin'])
  })

  it.each([
    ['Content-Length: 20', 'hello'],
    ['Content-Length: 200000', 'hello'],
    ['Transfer-Encoding: chunked', '5\r\nhello\r\n'],
  ])('stops sending its body (%s): timeout', async (framing, body) => {
    const { failure } = await failureOfCall({ limits: { bodyIdleMs: 60 }, upstream: (request) => void request.resume() }, post(framing, body))
    expect(failure).toMatchObject({ kind: 'request_body', problem: 'timeout' })
  })

  it('sends chunks that are none: broken', async () => {
    const { failure, answer, call } = await failureOfCall({ upstream: (request) => void request.resume() }, post('Transfer-Encoding: chunked', '5\r\nhello\r\nnonsense\r\n'))
    expect(failure).toMatchObject({ kind: 'request_body', problem: 'broken' })
    expect(answer.headers['connection']).toBe('close')
    expect((await call.closed).match(/HTTP\/1\.1/g)).toHaveLength(1)
  })

  it('goes away while the upstream works: the upstream is let go', async () => {
    const closed = deferred<void>()
    const arrived = deferred<void>()
    const upstream = await tcpUpstream((socket) => {
      socket.once('data', () => arrived.resolve())
      socket.once('close', () => closed.resolve())
    })
    const loopback = await createLoopback({ upstream })
    const call = loopback.call(get)
    await arrived.promise
    call.socket.destroy()
    await closed.promise
    expect(await loopback.hears('failed')).toMatchObject({ failure: { kind: 'client_gone' }, completion: { attempts: [{ error: 'client_gone' }] } })
  })

  it('goes away in the middle of the answer', async () => {
    const closed = deferred<void>()
    const loopback = await createLoopback({
      upstream: (_request, response) => {
        response.write('half')
        response.on('close', () => closed.resolve())
      },
    })
    const call = loopback.call(get)
    await call.until('half')
    call.socket.resetAndDestroy()
    await closed.promise
    expect((await loopback.hears('brokenMidStream')).failure.kind).toBe('client_gone')
  })

  it('goes away before the gate has decided: the upstream never hears of it', async () => {
    const decided = deferred<undefined>()
    const upstream = await tcpUpstream(() => undefined)
    const loopback = await createLoopback({ upstream, decide: () => decided.promise })
    const gone = new Promise((resolve) => loopback.front.server.once('connection', (socket: Socket) => socket.once('close', resolve)))
    const call = loopback.call(get)
    await loopback.hears('begin')
    call.socket.destroy()
    await gone
    decided.resolve(undefined)
    expect((await loopback.hears('failed')).failure.kind).toBe('client_gone')
    expect(upstream.connections()).toBe(0)
  })
})

describe('our own code that fails', () => {
  const broken = new Error('secret detail')

  it.each<[string, LoopbackOptions]>([
    ['the gate', { decide: () => Promise.reject(broken) }],
    ['failed, before it promises', { upstream: { port: 1 }, admitted: { failed: () => { throw broken } } }],
    ['judge', { admitted: { judge: () => { throw broken } } }],
    ['failed', { upstream: { port: 1 }, admitted: { failed: () => Promise.reject(broken) } }],
    ['answerFor', { upstream: (_request, response) => response.writeHead(500).end(), admitted: { answerFor: () => Promise.reject(broken) } }],
    ['completed', { admitted: { completed: () => Promise.reject(broken) } }],
    ['an answer with a header that is none', { decide: () => ({ kind: 'answer', answer: { status: 200, headers: ['bad name', 'x'], body: '' } }) }],
  ])('%s: one refusal, nothing of the error in it, and the connection goes on', async (_name, options) => {
    const loopback = await createLoopback(options)
    const call = loopback.call(get)
    const answer = parseAnswer(await call.until(/\r\n\r\n\{.*\}/))
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(call.text()).not.toContain('secret')
    expect(loopback.errors).toHaveLength(1)
    call.send('TRACE / HTTP/1.1\r\nHost: a\r\n\r\n')
    await call.until('405')
  })

  it('completed, after the head was sent: the transfer is seen to be broken', async () => {
    const loopback = await createLoopback({ upstream: (_request, response) => void (response.write('a'), response.end('b')), admitted: { completed: () => Promise.reject(broken) } })
    expect(await loopback.call(get).closed).not.toMatch(/0\r\n\r\n$/)
    expect(loopback.errors).toEqual([broken])
  })

  it('even the refusal: the connection is closed, and the process lives', async () => {
    const loopback = await createLoopback({
      decide: () => Promise.reject(broken),
      refuseRaw: () => {
        throw broken
      },
    })
    expect(await loopback.call(get).closed).toBe('')
    expect(await loopback.call('nonsense\r\n\r\n').closed).toBe('')
    expect(loopback.errors).toEqual([broken, broken, broken])
  })
})
