/** What a call that holds money or a key asks of the passage, over real sockets. */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Admitted } from 'tollgate/gate'
import { createManualClock } from 'tollgate/testing'
import { createLoopback, deferred, parseAnswer, standsStill, waitingUpstream } from './fixtures/loopback.ts'

const get = 'GET / HTTP/1.1\r\nHost: api.example\r\n\r\n'
const post = 'POST / HTTP/1.1\r\nHost: api.example\r\nContent-Length: 2\r\n\r\nhi'

describe('the mark of dispatch', () => {
  it('is awaited before the upstream hears of the call', async () => {
    const marked = deferred<boolean>()
    const asked = deferred()
    const order: string[] = []
    const dispatching = () => {
      order.push('marking')
      asked.resolve()
      return marked.promise
    }
    const loopback = await createLoopback({
      admitted: { dispatching },
      upstream: (_request, response) => {
        order.push('sent')
        response.end('hello')
      },
    })
    const call = loopback.call(post)
    await asked.promise
    order.push('marked')
    marked.resolve(true)
    await call.until('hello')
    expect(order).toEqual(['marking', 'marked', 'sent'])
  })

  it.each<[string, Admitted['dispatching']]>([
    ['that cannot be made', async () => false],
    ['that throws', () => Promise.reject(new Error('disk full'))],
  ])('%s keeps the call from the upstream', async (_, dispatching) => {
    let sent = 0
    const loopback = await createLoopback({ admitted: { dispatching }, upstream: (_request, response) => void (sent += 1, response.end()) })
    await loopback.call(get).until('502')
    expect((await loopback.hears('failed')).failure.kind).toBe('refused')
    expect(sent).toBe(0)
  })

  it('a caller who goes while it is being made has sent nothing', async () => {
    const marked = deferred<boolean>()
    const asked = deferred()
    let sent = 0
    const dispatching = () => (asked.resolve(), marked.promise)
    const loopback = await createLoopback({ admitted: { dispatching }, upstream: (_request, response) => void (sent += 1, response.end()) })
    const call = loopback.call(get)
    await asked.promise
    call.socket.destroy()
    expect((await loopback.hears('failed')).failure).toMatchObject({ kind: 'client_gone', sent: false })
    marked.resolve(true)
    await loopback.call(get).until('200')
    expect(sent).toBe(1)
  })
})

/** A admitted whose answer is listened to. */
function listening(change: Partial<Admitted> = {}): { readonly admitted: Partial<Admitted>; heard(): string } {
  const chunks: Uint8Array[] = []
  return { admitted: { judge: () => ({ kind: 'pass', tap: (chunk) => void chunks.push(chunk) }), ...change }, heard: () => Buffer.concat(chunks).toString() }
}

describe('who listens to an answer', () => {
  it.each(['with', 'without'])('hears all of it before it is complete, %s a length', async (length) => {
    const { admitted, heard } = listening()
    const text = 'x'.repeat(300_000)
    const loopback = await createLoopback({ admitted, upstream: (_request, response) => response.writeHead(200, length === 'with' ? { 'content-length': text.length } : {}).end(text) })
    loopback.call(get)
    await loopback.hears('completed')
    expect(heard()).toBe(text)
  })
})

describe('a caller who goes away', () => {
  it('takes the call along: the upstream is let go', async () => {
    const { asked, closed, upstream } = waitingUpstream()
    const loopback = await createLoopback({ upstream })
    const call = loopback.call(get)
    await asked.promise
    call.socket.destroy()
    expect((await loopback.hears('failed')).failure).toMatchObject({ kind: 'client_gone', sent: true })
    await closed.promise
  })

  it('does not stop a call that outlives its caller: its answer is read to the end', async () => {
    const { asked, upstream } = waitingUpstream()
    const { admitted, heard } = listening({ outlivesCaller: true })
    const loopback = await createLoopback({ admitted, upstream })
    const left = new Promise((resolve) => loopback.front.server.once('connection', (socket: Socket) => socket.once('close', resolve)))
    const call = loopback.call(get)
    const response = await asked.promise
    call.socket.destroy()
    await left
    response.write('one ')
    response.end('two')
    expect(await loopback.hears('completed')).toMatchObject({ status: 200, completion: { attempts: [{ status: 200 }] } })
    expect(heard()).toBe('one two')
  })

  it.each(['goes away', 'stops reading'])('in the middle of a long answer (%s) does not stop it either', async (how) => {
    const long = Buffer.alloc(50_000_000, 'x')
    let bytes = 0
    const judge: Admitted['judge'] = () => ({ kind: 'pass', tap: (chunk) => void (bytes += chunk.length) })
    const clock = createManualClock(0)
    const loopback = await createLoopback({ admitted: { outlivesCaller: true, judge }, clock, limits: { stallMs: 30_000 }, upstream: (_request, response) => response.end(long) })
    const call = loopback.call(get)
    await call.until('xxx')
    if (how === 'goes away') call.socket.destroy()
    else {
      call.socket.pause()
      await standsStill(() => bytes)
      clock.advance(30_000)
    }
    await loopback.hears('completed')
    expect(bytes).toBe(long.length)
    expect(loopback.errors).toEqual([])
  })

  it('stops an answer that ends with its caller as soon as its head is there, and the gate is told that there was one', async () => {
    const { asked, closed, upstream } = waitingUpstream()
    const loopback = await createLoopback({ admitted: { outlivesCaller: true, judge: () => ({ kind: 'pass', endsWithCaller: () => true }) }, upstream })
    const left = new Promise((resolve) => loopback.front.server.once('connection', (socket: Socket) => socket.once('close', resolve)))
    const call = loopback.call(`POST / HTTP/1.1\r\nHost: api.example\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`)
    const response = await asked.promise
    call.socket.destroy()
    await left
    response.write('one ')
    expect(await loopback.hears('brokenMidStream')).toMatchObject({ failure: { kind: 'client_gone' }, completion: { attempts: [{ status: 200 }] } })
    await closed.promise
    expect(loopback.errors).toEqual([])
  })

  it('stops an answer without end some time after, and the gate is told that the caller has gone', async () => {
    const { asked, closed, upstream } = waitingUpstream()
    const loopback = await createLoopback({ admitted: { outlivesCaller: true }, limits: { aloneMs: 80 }, upstream })
    const call = loopback.call(get)
    const response = await asked.promise
    const dripping = setInterval(() => response.write(': nothing yet\n\n'), 5)
    await call.until('nothing yet')
    call.socket.destroy()
    expect(await loopback.hears('brokenMidStream')).toMatchObject({ failure: { kind: 'client_gone' }, completion: { attempts: [{ status: 200 }] } })
    await closed.promise
    clearInterval(dripping)
    expect(loopback.errors).toEqual([])
  })

  it('in the middle of an answer stops it where it has come to end with its caller', async () => {
    const { asked, closed, upstream } = waitingUpstream()
    let bytes = 0
    const judge: Admitted['judge'] = () => ({ kind: 'pass', tap: (chunk) => void (bytes += chunk.length), endsWithCaller: () => bytes > 0 })
    const loopback = await createLoopback({ admitted: { outlivesCaller: true, judge }, upstream })
    const call = loopback.call(get)
    ;(await asked.promise).write('one')
    await call.until('one')
    call.socket.destroy()
    expect((await loopback.hears('brokenMidStream')).failure.kind).toBe('client_gone')
    await closed.promise
  })

  it('before anything was sent stops even that call', async () => {
    const marked = deferred<boolean>()
    const asked = deferred()
    const loopback = await createLoopback({ admitted: { outlivesCaller: true, dispatching: () => (asked.resolve(), marked.promise) } })
    const call = loopback.call(get)
    await asked.promise
    call.socket.destroy()
    expect((await loopback.hears('failed')).failure).toMatchObject({ kind: 'client_gone', sent: false })
  })
})

it('an answer that is no text goes out byte by byte, and a HEAD gets its length', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const decide = () => ({ kind: 'answer' as const, answer: { status: 200, headers: ['Content-Type', 'image/png'], body: bytes } })
  const loopback = await createLoopback({ decide })
  const text = await loopback.call(get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')).closed
  expect(parseAnswer(text)).toMatchObject({ headers: { 'content-length': '256' }, body: Buffer.from(bytes).toString('latin1') })
  const head = await loopback.call(get.replace('GET', 'HEAD').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')).closed
  expect(parseAnswer(head)).toMatchObject({ headers: { 'content-length': '256' }, body: '' })
})

describe('an answer that cannot be settled', () => {
  const judge: Admitted['judge'] = () => ({ kind: 'pass', atOnceBytesMax: 100 })
  const instead: Admitted['completed'] = (_status, _completion, isHeadOut) =>
    isHeadOut === true ? Promise.reject(new Error('disk full')) : Promise.resolve({ status: 500, headers: ['Content-Type', 'application/json'], body: '{"refused":true}' })

  /** The head first, then the body in two pieces, each as soon as the one before has arrived. */
  const slowly = (headers: object, pieces: readonly string[]) => (_request: unknown, response: ServerResponse) => {
    response.writeHead(200, { ...headers })
    response.flushHeaders()
    const [first = '', ...rest] = pieces
    response.write(first, () => setImmediate(() => response.end(rest.join(''))))
  }

  it('is a refusal, whole, where the service said a short length, however its bytes come', async () => {
    const loopback = await createLoopback({ admitted: { judge, completed: instead }, upstream: slowly({ 'content-length': 10 }, ['12345', '67890']) })
    const answer = parseAnswer(await loopback.call(get).until('true}'))
    expect([answer.status, answer.body]).toEqual([500, '{"refused":true}'])
  })

  it.each<[string, object, string]>([
    ['is long', { 'content-length': 200 }, '1'.repeat(100)],
    ['has no length', {}, '12345'],
  ])('is cut where it has begun: it %s', async (_, headers, piece) => {
    const seen = deferred()
    const upstream = (_request: unknown, response: ServerResponse): void => {
      response.writeHead(200, { ...headers }).write(piece)
      void seen.promise.then(() => response.end(piece))
    }
    const loopback = await createLoopback({ admitted: { judge, completed: instead }, upstream })
    const call = loopback.call(get)
    await call.until(piece)
    seen.resolve()
    expect(await call.closed).not.toContain('refused')
  })

  it('goes out as it came when it can be, in order', async () => {
    const loopback = await createLoopback({ admitted: { judge }, upstream: slowly({ 'content-length': 10 }, ['12345', '67890']) })
    expect(parseAnswer(await loopback.call(get).until('67890')).body).toBe('1234567890')
  })

  it('that breaks off is let out as far as it came, and cut', async () => {
    const upstream = (_request: unknown, response: ServerResponse): void => {
      response.writeHead(200, { 'content-length': 10 })
      response.write('12345', () => setImmediate(() => response.socket?.destroy()))
    }
    const loopback = await createLoopback({ admitted: { judge }, upstream })
    const call = loopback.call(get)
    await call.closed
    expect(call.text()).toMatch(/^HTTP\/1\.1 200[^]*12345$/)
    expect((await loopback.hears('brokenMidStream')).failure.kind).toBe('reset')
  })
})
