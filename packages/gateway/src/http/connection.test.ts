import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createLoopback, deferred, parseAnswer, type Told, standsStill } from '../proxy/fixtures/loopback.ts'
import { wireOfTests } from './fixtures/wire-of-tests.ts'

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`

function began(told: readonly Told[]): readonly string[] {
  return told.flatMap((what) => (what.kind === 'begin' ? [what.call.target] : []))
}

describe('a connection', () => {
  it('carries one request after the other', async () => {
    const loopback = await createLoopback({ upstream: (request, response) => response.end(request.url) })
    const call = loopback.call(get('/1'))
    await call.until('/1')
    call.send(get('/2'))
    await call.until('/2')
    call.send(get('/3', 'Connection: close\r\n'))
    const answers = (await call.closed).split(/(?=HTTP\/1\.1 )/).map(parseAnswer)
    expect(answers.map(({ body, headers }) => [body, headers['connection']])).toEqual([['/1', 'keep-alive'], ['/2', 'keep-alive'], ['/3', 'close']])
  })

  it('answers pipelined requests in order, one at a time', async () => {
    const first = deferred()
    const loopback = await createLoopback({
      upstream: (request, response) => {
        if (request.url === '/1') void first.promise.then(() => response.end('/1'))
        else response.end(request.url)
      },
    })
    const call = loopback.call(Array.from({ length: 50 }, (_, at) => get(`/${at + 1}`)).join(''))
    await loopback.hears('begin')
    expect(began(loopback.told)).toEqual(['/1'])
    first.resolve()
    await call.until(/\/50$/)
    const bodies = call.text().split(/(?=HTTP\/1\.1 )/).map((text) => parseAnswer(text).body)
    expect(bodies).toEqual(Array.from({ length: 50 }, (_, at) => `/${at + 1}`))
  })

  it('does not read without end what nobody has asked for yet', async () => {
    const first = deferred()
    const loopback = await createLoopback({
      decide: async () => {
        await first.promise
        return { kind: 'answer', answer: { status: 200, headers: [], body: 'ok' } }
      },
    })
    const accepted: Socket[] = []
    loopback.front.server.on('connection', (socket) => accepted.push(socket))
    const sent = get('/').repeat(200_000)
    const call = loopback.call(sent)
    await standsStill(() => accepted[0]?.bytesRead ?? 0)
    // What a few reads from the socket hold, not all that was sent.
    expect(accepted[0]?.bytesRead).toBeLessThan(sent.length / 10)
    first.resolve()
    await call.until('ok')
  })

  it('that ends with an answer starts none of the requests behind it', async () => {
    const loopback = await createLoopback()
    const text = await loopback.call(get('/1', 'Connection: close\r\n') + get('/2')).closed
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(parseAnswer(text)).toMatchObject({ status: 200, headers: { connection: 'close' }, body: 'hello' })
    expect(began(loopback.told)).toEqual(['/1'])
  })

  it('says nothing after an answer whose caller broke the next request', async () => {
    const slow = deferred()
    const loopback = await createLoopback({ upstream: (_request, response) => void slow.promise.then(() => response.end('slow')) })
    const call = loopback.call(`${get('/1')}NOT HTTP AT ALL\r\n\r\n`)
    await loopback.hears('begin')
    expect(call.text()).toBe('')
    slow.resolve()
    const [first, second, ...rest] = (await call.closed).split(/(?=HTTP\/1\.1 )/).map(parseAnswer)
    expect([first?.body, second?.status, rest]).toEqual(['slow', 400, []])
  })

  const handshake = get('/ws', 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n')

  it.each([
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', { plain: 405, node: 405 }],
    // Node gives its socket away while those before it are in flight, so it cannot wait for its turn.
    ['a WebSocket handshake', handshake, { plain: 200, node: 400 }],
  ])('answers what stands before %s, then that, and ends', async (_, last, status) => {
    const slow = deferred()
    const loopback = await createLoopback({ upstream: (request, response) => void slow.promise.then(() => response.end(request.url?.repeat(1_000_000))) })
    const call = loopback.call(get('/1') + get('/2') + last)
    await loopback.hears('begin')
    slow.resolve()
    const [first, second, third, ...rest] = (await call.closed).split(/(?=HTTP\/1\.1 )/).map(parseAnswer)
    expect([first?.body.length, second?.body.length]).toEqual([2_000_000, 2_000_000])
    expect([third?.status, third?.headers['connection'], rest]).toEqual([status[wireOfTests.now], 'close', []])
    expect(loopback.errors).toEqual([])
  })

  it('without a request is closed after its time', async () => {
    const loopback = await createLoopback({ limits: { keepAliveMs: 50 } })
    const call = loopback.call(get('/'))
    await call.until('hello')
    expect((await call.closed).match(/HTTP\/1\.1/g)).toHaveLength(1)
  })

  it('that its caller resets is no error', async () => {
    const loopback = await createLoopback()
    const call = loopback.call(get('/'))
    await call.until('hello')
    call.socket.resetAndDestroy()
    await loopback.call(get('/')).until('hello')
    expect(loopback.errors).toEqual([])
  })
})
