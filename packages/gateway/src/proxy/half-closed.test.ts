/** A caller that closes only its sending side (`shutdown(SHUT_WR)`), and one that is gone, which looks alike at first. */
import { connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { createLoopback, deferred, parseAnswer, waitingUpstream } from './fixtures/loopback.ts'

const get = (path = '/'): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`

/** Says it, closes its sending side, and listens. */
function halfClosing(port: number, text: string): { readonly socket: Socket; readonly received: Promise<string> } {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  socket.end(text, 'latin1')
  let received = ''
  socket.setEncoding('latin1').on('data', (chunk) => (received += String(chunk)))
  return { socket, received: new Promise((resolve, reject) => socket.once('close', () => resolve(received)).once('error', reject)) }
}

/** Resolves when the front has read the end of what its next caller says. */
function frontHearsEnd(loopback: Awaited<ReturnType<typeof createLoopback>>): Promise<void> {
  return new Promise((resolve) => loopback.front.server.once('connection', (socket: Socket) => socket.once('end', resolve)))
}

describe('a caller that has said all and listens', () => {
  it.each([
    ['a request', get()],
    ['one with a body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi'],
    ['one with chunks', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n'],
  ])('is answered (%s), however long it waits', async (_name, text) => {
    const { asked, upstream } = waitingUpstream()
    const loopback = await createLoopback({ upstream })
    const ended = frontHearsEnd(loopback)
    const { received, socket } = halfClosing(loopback.port, text)
    const response = await asked.promise
    await ended
    // Long enough for some letters of the status line to be written ahead.
    await new Promise((resolve) => socket.once('data', resolve))
    response.end('hello')
    expect(parseAnswer(await received)).toMatchObject({ status: 200, headers: { connection: 'close', 'content-length': '5' }, body: 'hello' })
    expect(loopback.told.map(({ kind }) => kind)).toEqual(['begin', 'completed'])
  })

  it('gets all of a stream, with zeros before a chunk’s size at most', async () => {
    const clock = createManualClock(0)
    const { asked, upstream } = waitingUpstream()
    const loopback = await createLoopback({ upstream, clock })
    const ended = frontHearsEnd(loopback)
    const { received, socket } = halfClosing(loopback.port, get())
    const response = await asked.promise
    await ended
    let text = ''
    socket.on('data', (chunk) => (text += String(chunk)))
    for (const event of ['one', 'two', 'three']) {
      response.write(event)
      await expect.poll(() => text).toContain(`${event}\r\n0`)
    }
    response.end()
    const [head, body] = (await received).split('\r\n\r\n', 2)
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(body).toMatch(/^3\r\none\r\n0+3\r\ntwo\r\n0+5\r\nthree\r\n0+$/)
  })

  it('gets a refusal of the gate and an answer of its own', async () => {
    const decided = deferred()
    const decide = async () => {
      await decided.promise
      return { kind: 'answer' as const, answer: { status: 401, headers: [], body: 'no' } }
    }
    const loopback = await createLoopback({ decide })
    const { received, socket } = halfClosing(loopback.port, get())
    await new Promise((resolve) => socket.once('data', resolve))
    decided.resolve()
    expect(parseAnswer(await received)).toMatchObject({ status: 401, body: 'no' })
  })

  it('gets an answer to each of its pipelined requests, the last of which closes', async () => {
    const loopback = await createLoopback({ upstream: (request, response) => void setTimeout(() => response.end(request.url), 30) })
    const { received } = halfClosing(loopback.port, get('/1') + get('/2') + get('/3'))
    const answers = (await received).split(/(?=HTTP\/1\.1 )/).map(parseAnswer)
    expect(answers.map(({ body, headers }) => [body, headers['connection']])).toEqual([['/1', 'keep-alive'], ['/2', 'keep-alive'], ['/3', 'close']])
  })

  it('in the middle of a request is told that it is broken, in time for all that it holds', async () => {
    const loopback = await createLoopback({ upstream: (request) => void request.resume() })
    const { received } = halfClosing(loopback.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhi')
    expect(await loopback.hears('failed')).toMatchObject({ failure: { kind: 'request_body', problem: 'broken' } })
    expect(parseAnswer(await received).status).toBe(413)
  })

  it('in the middle of a head is told so', async () => {
    const loopback = await createLoopback()
    expect(parseAnswer(await halfClosing(loopback.port, 'GET / HTTP/1.1\r\nHos').received).status).toBe(400)
  })

  it('of HTTP/1.0 gets its answer', async () => {
    const loopback = await createLoopback()
    expect(parseAnswer(await halfClosing(loopback.port, 'GET / HTTP/1.0\r\n\r\n').received)).toMatchObject({ status: 200, body: 'hello' })
  })
})

describe('a caller that is gone', () => {
  it('before the answer is noticed without a word of the upstream', async () => {
    const { asked, closed, upstream } = waitingUpstream()
    const loopback = await createLoopback({ upstream })
    const call = loopback.call(get())
    await asked.promise
    call.socket.destroy()
    await closed.promise
    expect((await loopback.hears('failed')).failure).toMatchObject({ kind: 'client_gone', sent: true })
  })

  it('in the middle of a silent stream is noticed too', async () => {
    const { asked, closed, upstream } = waitingUpstream()
    const loopback = await createLoopback({ upstream })
    const call = loopback.call(get())
    ;(await asked.promise).write('data: 1\n\n')
    await call.until('data: 1')
    call.socket.destroy()
    await closed.promise
    expect((await loopback.hears('brokenMidStream')).failure.kind).toBe('client_gone')
  })

  it.each(['destroy', 'resetAndDestroy'] as const)('in the middle of an upload never sent a whole request (%s)', async (leave) => {
    const arrived = deferred()
    const loopback = await createLoopback({ admitted: { outlivesCaller: true }, upstream: (request) => void request.once('data', () => arrived.resolve()) })
    const call = loopback.call('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhi')
    await arrived.promise
    call.socket[leave]()
    const { failure } = await loopback.hears('failed')
    expect(failure.kind === 'request_body' || (failure.kind === 'client_gone' && failure.sent === false)).toBe(true)
  })
})
