import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createManualClock, type ManualClock } from 'tollgate/testing'
import { createLoopback, deferred, parseAnswer, tcpUpstream } from '../proxy/fixtures/loopback.ts'

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
const accept = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'

describe('draining', () => {
  it('answers what is in flight, says that the connection ends, and accepts nothing new', async () => {
    const slow = deferred()
    const arrived = deferred()
    const loopback = await createLoopback({
      upstream: (_request, response) => {
        arrived.resolve()
        void slow.promise.then(() => response.end('slow'))
      },
    })
    const call = loopback.call(get)
    await arrived.promise
    const drained = loopback.front.drain(60_000)
    await expect(fetch(loopback.url)).rejects.toThrow('fetch failed')
    slow.resolve()
    expect(parseAnswer(await call.closed)).toMatchObject({ status: 200, headers: { connection: 'close' }, body: 'slow' })
    expect(await drained).toEqual({ answered: 1, webSocketsClosed: 0, cut: 0, unfinished: 0 })
  })

  it('an answer that has promised to keep its connection is finished, and the connection ends all the same', async () => {
    const step = deferred()
    const loopback = await createLoopback({ upstream: (_request, response) => void (response.write('a'), void step.promise.then(() => response.end('b'))) })
    const call = loopback.call(get)
    await call.until('a\r\n')
    const drained = loopback.front.drain(60_000)
    step.resolve()
    expect(await call.closed).toMatch(/b\r\n0\r\n\r\n$/)
    expect(await drained).toMatchObject({ answered: 1, cut: 0, unfinished: 0 })
  })

  it('closes idle connections at once', async () => {
    const loopback = await createLoopback()
    const call = loopback.call(get)
    await call.until('hello')
    expect(await loopback.front.drain(60_000)).toEqual({ answered: 0, webSocketsClosed: 0, cut: 0, unfinished: 0 })
    await call.closed
  })

  it('cuts at the deadline what is not done, and says how much', async () => {
    const clock = createManualClock(0)
    const arrived = deferred()
    const loopback = await createLoopback({ clock, upstream: () => arrived.resolve() })
    const call = loopback.call(get)
    await arrived.promise
    const drained = loopback.front.drain(1_000)
    clock.advance(1_000)
    expect(await drained).toEqual({ answered: 0, webSocketsClosed: 0, cut: 1, unfinished: 0 })
    expect(await call.closed).toBe('')
    expect((await loopback.hears('failed')).failure.kind).toBe('client_gone')
  })

  it('lets WebSockets run until the deadline, then ends them in order', async () => {
    const clock = createManualClock(0)
    const upstream = await tcpUpstream((socket) => socket.once('data', () => socket.write(accept, () => socket.on('data', (chunk) => socket.write(chunk)))))
    const loopback = await createLoopback({ clock, upstream })
    const call = loopback.call(upgrade)
    await call.until('\r\n\r\n')
    const drained = loopback.front.drain(1_000)
    call.send('still here')
    await call.until('still here')
    clock.advance(1_000)
    expect(await drained).toEqual({ answered: 0, webSocketsClosed: 1, cut: 0, unfinished: 0 })
    expect(call.brokenBy()).toBeUndefined()
    expect((await loopback.hears('completed')).status).toBe(101)
  })

  it('waits for what goes on after an answer, so that whoever closes the store next finds it all written', async () => {
    const clock = createManualClock(0)
    const after = deferred()
    const loopback = await createLoopback({ clock, after: after.promise })
    await loopback.call('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n').closed
    let isDrained = false
    const drained = loopback.front.drain(10_000).finally(() => (isDrained = true))
    for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(isDrained).toBe(false)
    after.resolve()
    expect(await drained).toEqual({ answered: 0, webSocketsClosed: 0, cut: 0, unfinished: 0 })
  })

  /** A keyed call that was sent, and whose caller has gone. */
  async function callerless(clock: ManualClock) {
    const slow = deferred()
    const arrived = deferred()
    const upstream = (_request: unknown, response: ServerResponse): void => {
      arrived.resolve()
      void slow.promise.then(() => response.end('slow'))
    }
    const loopback = await createLoopback({ clock, upstream, admitted: { outlivesCaller: true } })
    const call = loopback.call(get)
    await arrived.promise
    call.socket.destroy()
    await call.closed
    return { loopback, slow }
  }

  it('gives a call that goes on without its caller the rest of the time', async () => {
    const clock = createManualClock(0)
    const { loopback, slow } = await callerless(clock)
    const drained = loopback.front.drain(10_000)
    await expect.poll(() => clock.pending()).toBeGreaterThan(1)
    clock.advance(9_999)
    slow.resolve()
    expect((await loopback.hears('completed')).status).toBe(200)
    expect(await drained).toMatchObject({ unfinished: 0 })
  })

  it('cuts it too when the time is up, says so, and waits until that is recorded', async () => {
    const clock = createManualClock(0)
    const { loopback } = await callerless(clock)
    const drained = loopback.front.drain(10_000)
    const toldLater = (): readonly string[] => {
      clock.advance(1_000)
      return loopback.told.map(({ kind }) => kind)
    }
    await expect.poll(toldLater, { interval: 10 }).toContain('failed')
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(10_000)
    expect(await drained).toMatchObject({ unfinished: 1 })
  })
})
