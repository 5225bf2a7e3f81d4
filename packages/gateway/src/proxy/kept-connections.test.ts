import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { isProving } from '../../../../test/runs.ts'
import { createLoopback, deferred, tcpUpstream } from './fixtures/loopback.ts'

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const post = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi'
const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n'
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** Answers every request, and keeps its connections until it is told otherwise. */
async function countingUpstream() {
  const requests: number[] = []
  const sockets: Socket[] = []
  const upstream = await tcpUpstream((socket) => {
    const connection = sockets.push(socket)
    socket.on('data', () => {
      requests.push(connection)
      socket.write(ok)
    })
  })
  return { upstream, requests, sockets }
}

async function answered(loopback: Awaited<ReturnType<typeof createLoopback>>, text: string, times = 1) {
  for (let time = 0; time < times; time += 1) {
    const call = loopback.call(text)
    await call.until('ok')
    call.socket.destroy()
  }
}

/** Whether the proxy's side has seen that the connection is closed: it has when ours is. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve))
}

describe('a request that must not be sent twice', () => {
  it.each([
    ['a POST', post],
    ['a body that streams', chunked.replace('POST', 'PUT')],
  ])('goes out on no connection that may be closed just then (%s)', async (_name, text) => {
    const clock = createManualClock(0)
    const { upstream, requests } = await countingUpstream()
    const loopback = await createLoopback({ clock, upstream })
    await answered(loopback, text)
    // How long this service lets a connection rest, nobody knows yet.
    clock.advance(1_000)
    await answered(loopback, text)
    expect(requests).toEqual([1, 2])
    // The first has stayed open for two seconds: one that has rested for less than one is good, one that has rested for one is not.
    clock.advance(1_000)
    await answered(loopback, text)
    clock.advance(999)
    await answered(loopback, text)
    expect(requests).toEqual([1, 2, 3, 3])
  })

  it('while one that may be takes any that is kept', async () => {
    const clock = createManualClock(0)
    const { upstream, requests } = await countingUpstream()
    const loopback = await createLoopback({ clock, upstream })
    for (let time = 0; time < 3; time += 1) {
      await answered(loopback, get)
      clock.advance(1_000)
    }
    expect(requests).toEqual([1, 1, 1])
  })

  it('waits for a place where connections are counted, and takes that of one that rests', async () => {
    const clock = createManualClock(0)
    const { upstream, requests } = await countingUpstream()
    const loopback = await createLoopback({ clock, upstream, upstreamOptions: { connectionsMax: 2 } })
    for (let time = 0; time < 4; time += 1) {
      await answered(loopback, post)
      clock.advance(5_000 * 3 ** time)
    }
    expect(requests).toHaveLength(4)
    expect(new Set(requests).size).toBe(upstream.connections())
    await Promise.all(Array.from({ length: 20 }, () => answered(loopback, post)))
    expect(requests).toHaveLength(24)
  })

  it('trusts no connection of a service that has closed one as early, until that is long ago', async () => {
    const clock = createManualClock(0)
    const { upstream, requests, sockets } = await countingUpstream()
    const loopback = await createLoopback({ clock, upstream })
    await answered(loopback, post)
    clock.advance(3_000)
    await answered(loopback, post)
    // The first is closed after 3.6 seconds of rest, the other one after 0.6.
    clock.advance(600)
    for (const socket of sockets) {
      const gone = closed(socket)
      socket.end()
      await gone
    }
    await answered(loopback, post)
    clock.advance(300)
    await answered(loopback, post)
    expect(requests).toEqual([1, 2, 3, 4])
    clock.advance(299)
    await answered(loopback, post)
    expect(requests.at(-1)).toBe(4)
    clock.advance(60_001)
    await answered(loopback, post)
    clock.advance(1_000)
    await answered(loopback, post)
    expect(requests.slice(5)).toEqual([5, 5])
  })

  it('trusts nothing that closes within half a second', async () => {
    const clock = createManualClock(0)
    const { upstream, requests } = await countingUpstream()
    const loopback = await createLoopback({ clock, upstream })
    for (let time = 0; time < 40; time += 1) await answered(loopback, post)
    clock.advance(499)
    await answered(loopback, post)
    expect(requests).toHaveLength(41)
    expect(new Set(requests).size).toBe(41)
  })

  it('is not sent again on whatever connection: it may have been seen', async () => {
    const clock = createManualClock(0)
    let arrived = 0
    const upstream = await tcpUpstream((socket) => {
      socket.on('data', () => {
        arrived += 1
        if (arrived < 4) socket.write(ok)
        else socket.resetAndDestroy()
      })
    })
    const loopback = await createLoopback({ clock, upstream })
    await answered(loopback, post)
    clock.advance(1_000)
    await answered(loopback, post, 2)
    expect(upstream.connections()).toBe(2)
    loopback.call(post)
    expect(await loopback.hears('failed')).toMatchObject({ failure: { kind: 'reset' }, completion: { attempts: [{ error: 'reset' }] } })
    expect([arrived, upstream.connections()]).toEqual([4, 2])
  })
})

it('a service that closes its connections whenever it likes fails no POST, and sees none twice', async () => {
  const seen = new Map<string, number>()
  const upstream = createServer((request, response) => {
    const { socket, url = '' } = request
    seen.set(url, (seen.get(url) ?? 0) + 1)
    request.resume().once('end', () => {
      response.end('ok')
      // Without a word about it in the answer.
      const afterMs = seen.size % 4
      response.once('finish', () => (afterMs === 0 ? setImmediate(() => socket.destroy()) : setTimeout(() => socket.destroy(), afterMs)))
    })
  })
  const loopback = await createLoopback({ upstream })
  const statuses = new Map<number, number>()
  let next = 0
  async function caller(): Promise<void> {
    while (next < (isProving ? 400 : 120)) {
      next += 1
      const { status } = await fetch(`${loopback.url}/${next}`, { method: 'POST', body: 'hi' })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  await Promise.all([caller(), caller(), caller()])
  expect([...statuses]).toEqual([[200, next]])
  expect([...seen.values()].every((times) => times === 1)).toBe(true)
})

it('who waits for a connection when the listener ends is told so', async () => {
  const asked = deferred()
  const upstream = await tcpUpstream((socket) => socket.once('data', () => asked.resolve()))
  const loopback = await createLoopback({ upstream, upstreamOptions: { connectionsMax: 1 } })
  const first = loopback.call(post)
  await asked.promise
  const second = loopback.call(post)
  await expect.poll(() => loopback.told.filter(({ kind }) => kind === 'begin')).toHaveLength(2)
  await loopback.front.drain(50)
  await Promise.all([first.closed, second.closed])
  expect(loopback.told.filter(({ kind }) => kind === 'failed')).toHaveLength(2)
})

it('as many connections rest as were at work at once, so that each wave of calls finds those of the one before', async () => {
  const { upstream, requests } = await countingUpstream()
  const loopback = await createLoopback({ upstream })
  const wave = (): Promise<unknown> => Promise.all(Array.from({ length: 40 }, () => answered(loopback, get)))
  for (let waves = 0; waves < 5; waves += 1) await wave()
  expect(requests).toHaveLength(200)
  expect(upstream.connections()).toBeLessThanOrEqual(80)
})
