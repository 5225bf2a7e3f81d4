import { describe, expect, it } from 'vitest'
import { createLoopback, parseAnswer, tcpUpstream } from '../proxy/fixtures/loopback.ts'

const ask = (method = 'GET', more = ''): string => `${method} / HTTP/1.1\r\nHost: a\r\n${more}\r\n`
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** Says one after the other, each to a request. */
function saying(...answers: readonly string[]) {
  const left = [...answers]
  return tcpUpstream((socket) => socket.on('data', () => void socket.write(left.shift() ?? ok, 'latin1')))
}

describe('an answer whose coding ends at the gateway', () => {
  it.each(['gzip, chunked', 'gzip', 'chunked, chunked', 'chunked, gzip', 'x'])('is a failure of the service (%s)', async (codings) => {
    const upstream = await saying(`HTTP/1.1 200 OK\r\nTransfer-Encoding: ${codings}\r\n\r\n4\r\nzzzz\r\n0\r\n\r\n`)
    const loopback = await createLoopback({ upstream })
    expect(parseAnswer(await loopback.call(ask('GET', 'Connection: close\r\n')).closed)).toMatchObject({ status: 502, body: '{"failure":"garbage"}' })
  })

  it('two headers of one coding are two codings', async () => {
    const loopback = await createLoopback({ upstream: await saying('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n') })
    expect(parseAnswer(await loopback.call(ask()).until('garbage')).status).toBe(502)
  })

  it('chunked is undone, in whatever case it is written, and done anew', async () => {
    const loopback = await createLoopback({ upstream: await saying('HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n') })
    const answer = parseAnswer(await loopback.call(ask('GET', 'Connection: close\r\n')).closed)
    expect(answer).toMatchObject({ status: 200, headers: { 'transfer-encoding': 'chunked' }, body: '2\r\nok\r\n0\r\n\r\n' })
  })
})

describe('an answer that has no body', () => {
  it.each([
    ['a length', 'Content-Length: 5\r\n\r\nhello'],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
  ])('a 205 says so, whatever the service says (%s)', async (_name, rest) => {
    const heard: Uint8Array[] = []
    const loopback = await createLoopback({ upstream: await saying(`HTTP/1.1 205 Reset Content\r\nX-A: b\r\n${rest}`), admitted: { judge: () => ({ kind: 'pass', tap: (chunk) => void heard.push(chunk) }) } })
    const call = loopback.call(ask() + ask('GET', 'Connection: close\r\n'))
    const [reset, next, ...more] = (await call.closed).split(/(?=HTTP\/1\.1 )/).map(parseAnswer)
    expect(reset).toMatchObject({ status: 205, headers: { 'content-length': '0', 'x-a': 'b' }, body: '' })
    expect(reset?.headers['transfer-encoding']).toBeUndefined()
    expect([next?.status, next?.body, more]).toEqual([200, 'ok', []])
    expect(Buffer.concat(heard).toString()).toBe('ok')
  })

  it.each([
    ['204', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello', undefined],
    ['304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello', '5'],
  ])('a %s ends with its head, and what the service says behind it is in no answer', async (status, said, length) => {
    const loopback = await createLoopback({ upstream: await saying(said) })
    const call = loopback.call(ask() + ask('GET', 'Connection: close\r\n'))
    const [empty, next, ...more] = (await call.closed).split(/(?=HTTP\/1\.1 )/).map(parseAnswer)
    expect([empty?.status, empty?.headers['content-length'], empty?.body]).toEqual([Number(status), length, ''])
    expect([next?.status, next?.body, more]).toEqual([200, 'ok', []])
  })

  it('to HEAD keeps the length that there would be, and what the service says behind it is in no answer', async () => {
    const loopback = await createLoopback({ upstream: await saying('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello') })
    const call = loopback.call(ask('HEAD') + ask('GET', 'Connection: close\r\n'))
    const [head, next, ...more] = (await call.closed).split(/(?=HTTP\/1\.1 )/).map(parseAnswer)
    expect([head?.status, head?.headers['content-length'], head?.body]).toEqual([200, '5', ''])
    expect([next?.status, next?.body, more]).toEqual([200, 'ok', []])
  })

  it.each([204, 205, 304])('of the gate is written without one too (%i)', async (status) => {
    const loopback = await createLoopback({ decide: () => ({ kind: 'answer', answer: { status, headers: [], body: Buffer.from('hello') } }) })
    const answer = parseAnswer(await loopback.call(ask('GET', 'Connection: close\r\n')).closed)
    expect([answer.status, answer.headers['content-length'], answer.body]).toEqual([status, status === 205 ? '0' : undefined, ''])
  })
})

it('trailers end at the gateway, in both directions', async () => {
  const seen: string[] = []
  const upstream = await tcpUpstream((socket) =>
    socket.on('data', (chunk) => {
      seen.push(String(chunk))
      if (String(chunk).includes('0\r\n\r\n')) socket.write('HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\nTollgate-Price: 5\r\n\r\n')
    }),
  )
  const loopback = await createLoopback({ upstream })
  const text = await loopback.call(ask('POST', 'Connection: close\r\nTE: trailers\r\nTrailer: Tollgate-Scopes\r\nTransfer-Encoding: chunked\r\n') + '2\r\nhi\r\n0\r\nTollgate-Scopes: admin\r\n\r\n').closed
  expect(text).not.toMatch(/X-Sum|Trailer|Price/i)
  expect(parseAnswer(text)).toMatchObject({ status: 200, body: '2\r\nok\r\n0\r\n\r\n' })
  expect(seen.join('')).not.toMatch(/admin|trailer/i)
})
