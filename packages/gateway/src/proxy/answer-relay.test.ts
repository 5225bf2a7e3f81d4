import { describe, expect, it } from 'vitest'
import { AnswerRelay } from './answer-relay.ts'
import { openCaller, type OpenedCaller } from './fixtures/caller.ts'
import { parseAnswer, standsStill } from './fixtures/loopback.ts'
import type { CrossingAnswer } from './hop-by-hop.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

const crossing = (length: number, identity = true): CrossingAnswer => ({ headers: length < 0 ? [] : ['Content-Length', String(length)], length, identity })

async function opened(answer: CrossingAnswer, { text = GET, closes = false, atOnceBytesMax = -1, isBodyless = false } = {}): Promise<OpenedCaller & { readonly relay: AnswerRelay }> {
  const open = await openCaller(text, { closes })
  return { ...open, relay: new AnswerRelay(open.caller, 200, answer, isBodyless, atOnceBytesMax) }
}

const bytes = (text: string): Buffer => Buffer.from(text)

/** What was sent before has arrived when another connection has had its answer. */
async function nothingMore(call: { readonly text: () => string }): Promise<string> {
  const other = await openCaller(GET)
  other.caller.response.end()
  await other.call.until('\r\n\r\n')
  return call.text()
}

describe('an answer of known length', () => {
  it('goes as it comes, but for the chunk with its last byte: that goes when it is settled', async () => {
    const { relay, call, left } = await opened(crossing(6))
    expect(relay.pass(bytes('ab'))).toBe('went')
    expect(relay.pass(bytes('cd'))).toBe('went')
    expect(relay.pass(bytes('ef'))).toBe('last')
    await call.until('abcd')
    expect(await nothingMore(call)).not.toContain('ef')
    expect(left).toEqual([])
    relay.finish()
    expect(parseAnswer(await call.until('ef'))).toMatchObject({ status: 200, headers: { 'content-length': '6' }, body: 'abcdef' })
    expect(left).toEqual([false])
    expect(relay.bytesOut).toBe(6)
  })

  it('that is short enough waits whole, with its head, so that another may take its place', async () => {
    const { relay, caller, call } = await opened(crossing(4), { atOnceBytesMax: 4 })
    expect([relay.pass(bytes('ab')), relay.flushHead(), relay.pass(bytes('cd'))]).toEqual(['kept', undefined, 'last'])
    expect([relay.headSent, caller.response.headersSent]).toEqual([false, false])
    expect(relay.sendHead()).toBeUndefined()
    relay.finish()
    expect(parseAnswer(await call.until('abcd')).body).toBe('abcd')
  })

  it('that waits is let out as far as it has come, when no more will', async () => {
    const { relay, call } = await opened(crossing(4), { atOnceBytesMax: 4 })
    relay.pass(bytes('ab'))
    expect(relay.letOut()).toBeUndefined()
    await call.until('ab')
    expect(relay.headSent).toBe(true)
    relay.cut()
    await call.closed
    expect(parseAnswer(call.text()).body).toBe('ab')
  })

  it('that is one byte longer than that does not wait', async () => {
    const { relay } = await opened(crossing(5), { atOnceBytesMax: 4 })
    expect(relay.pass(bytes('ab'))).toBe('went')
  })

  it('that breaks has no end, whatever the dialect would say', async () => {
    const { relay, call } = await opened(crossing(10))
    relay.pass(bytes('ab'))
    await call.until('ab')
    relay.breakOff('data: {"error":true}\n\n')
    expect(await call.closed).toMatch(/\r\n\r\nab$/)
  })
})

describe('an answer in chunks', () => {
  it('goes as it comes, and its terminator when it is settled', async () => {
    const { relay, call } = await opened(crossing(-1))
    expect(relay.pass(bytes('data: 1\n\n'))).toBe('went')
    await call.until('data: 1')
    expect(await nothingMore(call)).not.toContain('\r\n0\r\n')
    relay.finish()
    await call.until('\r\n0\r\n\r\n')
  })

  it.each([
    { name: 'between two events', sent: 'data: 1\n\n', seen: 'data: 1\n\nERROR\n\n' },
    { name: 'after the line of an event', sent: 'data: 1\n', seen: 'data: 1\n\nERROR\n\n' },
    { name: 'in the middle of a line', sent: 'data: 1', seen: 'data: 1\n\nERROR\n\n' },
    { name: 'before its first byte', sent: undefined, seen: 'ERROR\n\n' },
  ])('that breaks $name ends with a frame of its own, and with the mark of an end', async ({ sent, seen }) => {
    const { relay, call, left } = await opened(crossing(-1))
    if (sent === undefined) relay.flushHead()
    else relay.pass(bytes(sent))
    relay.breakOff('ERROR\n\n')
    const text = await call.until('\r\n0\r\n\r\n')
    expect(unchunked(text)).toBe(seen)
    expect(left).toEqual([false])
  })

  it.each([
    ['where the dialect has no frame', undefined, true],
    ['where a frame of ours would stand among compressed bytes', 'ERROR\n\n', false],
  ])('that breaks lacks the mark of an end %s', async (_, frame, identity) => {
    const { relay, call } = await opened(crossing(-1, identity))
    relay.pass(bytes('ab'))
    await call.until('ab')
    relay.breakOff(frame)
    const text = await call.closed
    expect(text).toMatch(/\r\n2\r\nab\r\n$/)
    expect(call.brokenBy()).toBeUndefined()
  })

  it('that breaks is reset before a caller of HTTP/1.0: its end would be a whole one', async () => {
    const { relay, call } = await opened(crossing(-1), { text: 'GET / HTTP/1.0\r\n\r\n' })
    relay.pass(bytes('ab'))
    await call.until('ab')
    relay.breakOff(undefined)
    await call.closed
    expect(call.brokenBy()).toBe('ECONNRESET')
  })
})

describe('an answer', () => {
  it('says so where it is the last of its connection, and who carries it hears of it', async () => {
    const { relay, call, left } = await opened(crossing(2), { closes: true })
    relay.pass(bytes('ok'))
    relay.sendHead()
    relay.finish()
    expect(parseAnswer(await call.until('ok')).headers).toMatchObject({ connection: 'close' })
    expect(left).toEqual([true])
  })

  it('whose headers cannot be sent is a fault, and nothing of it goes out', async () => {
    const { relay, caller } = await opened({ headers: ['X-A', 'b\nc'], length: -1, identity: true })
    expect(relay.pass(bytes('ab'))).toMatchObject({ error: { code: 'ERR_INVALID_CHAR' } })
    expect([relay.headSent, caller.response.headersSent]).toEqual([false, false])
  })

  it('without a body ends with its head, though it tells a length', async () => {
    const { relay, call } = await opened(crossing(5), { text: 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n', isBodyless: true })
    relay.sendHead()
    relay.finish()
    expect(parseAnswer(await call.until('\r\n\r\n'))).toMatchObject({ headers: { 'content-length': '5' }, body: '' })
  })

  it('is full when its caller takes no more, and goes on when it does', async () => {
    const { relay, caller, call } = await opened(crossing(-1))
    call.socket.pause()
    let sent = 0
    while (relay.pass(Buffer.alloc(65_536, 120)) !== 'full') sent += 65_536
    const drained = new Promise((resolve) => caller.response.once('drain', resolve))
    call.socket.resume()
    await drained
    await standsStill(() => call.text().length)
    expect(call.text().length).toBeGreaterThan(sent)
  })
})

it('a head goes out ahead of a body that does not come along', async () => {
  const { relay, call } = await opened(crossing(-1))
  expect(relay.flushHead()).toBeUndefined()
  expect(parseAnswer(await call.until('\r\n\r\n'))).toMatchObject({ status: 200, headers: { 'transfer-encoding': 'chunked' } })
})

function unchunked(text: string): string {
  let rest = parseAnswer(text).body
  let body = ''
  for (;;) {
    const [size = ''] = rest.split('\r\n', 1)
    const length = Number.parseInt(size, 16)
    if (length === 0) return body
    body += rest.slice(size.length + 2, size.length + 2 + length)
    rest = rest.slice(size.length + 2 + length + 2)
  }
}

