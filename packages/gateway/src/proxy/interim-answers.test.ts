import { describe, expect, it } from 'vitest'
import { createLoopback, parseAnswer, tcpUpstream } from './fixtures/loopback.ts'

const get = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const goOn = 'HTTP/1.1 100 Continue\r\n\r\n'
const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n'
const processing = 'HTTP/1.1 102 Processing\r\n\r\n'

/** Says the pieces one after the other, each by a write of its own. */
function saying(...pieces: readonly string[]) {
  return tcpUpstream((socket) => {
    socket.setNoDelay(true)
    socket.on('data', () => {
      void (async () => {
        for (const piece of pieces) {
          await new Promise((resolve) => socket.write(piece, 'latin1', resolve))
          await new Promise((resolve) => setImmediate(resolve))
        }
      })()
    })
  })
}

describe('an interim answer that nobody asked for', () => {
  it.each<[string, readonly string[]]>([
    ['100', [goOn + ok]],
    ['100, alone', [goOn, ok]],
    ['102', [processing, ok]],
    ['103', [hints, ok]],
    ['one that no standard knows', ['HTTP/1.1 199 Soon\r\n\r\n', ok]],
    ['several', [goOn, processing + hints, goOn, ok]],
    ['byte by byte', [...(goOn + hints + ok)]],
    ['of HTTP/1.0, and without a phrase', ['HTTP/1.0 100 \r\n\r\n', ok]],
  ])('ends here, and the final one goes through (%s)', async (_name, pieces) => {
    const loopback = await createLoopback({ upstream: await saying(...pieces) })
    for (const text of [get, get.replace('GET', 'POST').replace('\r\n\r\n', '\r\nContent-Length: 2\r\n\r\nhi')]) {
      const received = await loopback.call(text).closed
      expect(received.match(/HTTP\/1\.1/g)).toHaveLength(1)
      expect(parseAnswer(received)).toMatchObject({ status: 200, body: 'ok' })
    }
    expect(loopback.told.filter(({ kind }) => kind === 'failed')).toEqual([])
  })

  it('comes before each answer of a kept connection', async () => {
    const upstream = await saying(goOn, hints, ok)
    const loopback = await createLoopback({ upstream })
    const call = loopback.call(get.replace('Connection: close\r\n', '').repeat(3) + get)
    expect((await call.closed).match(/200 OK/g)).toHaveLength(4)
    expect(upstream.connections()).toBeLessThan(4)
  })

  it('comes before the switch to a WebSocket', async () => {
    const accepted = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'
    const loopback = await createLoopback({ upstream: await saying(goOn, hints, `${accepted}hello`) })
    const call = loopback.call('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
    expect(parseAnswer(await call.until('hello'))).toMatchObject({ status: 101, body: 'hello' })
  })

  it('without a final one is a failure', async () => {
    const upstream = await tcpUpstream((socket) => socket.once('data', () => socket.end(goOn)))
    const loopback = await createLoopback({ upstream })
    await loopback.call(get).until('502')
    expect((await loopback.hears('failed')).failure.kind).toBe('reset')
  })

  it('of endless length is a failure', async () => {
    const loopback = await createLoopback({ upstream: await saying(`HTTP/1.1 103 Early Hints\r\nLink: ${'x'.repeat(200_000)}`) })
    await loopback.call(get).until('502')
    expect((await loopback.hears('failed')).failure.kind).toBe('garbage')
  })

  it('in the text of an answer is text', async () => {
    const loopback = await createLoopback({ upstream: await saying(`HTTP/1.1 200 OK\r\nContent-Length: ${goOn.length}\r\n\r\n`, goOn) })
    expect(parseAnswer(await loopback.call(get).closed).body).toBe(goOn)
  })
})
