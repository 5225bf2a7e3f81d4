import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import type { BodyProblem } from 'tollgate/gate'
import { BodyStream, type BodyReader } from '../http/request-body.ts'
import { admittedWith, openCaller } from './fixtures/caller.ts'
import { OutgoingRequest } from './outgoing-request.ts'
import { Upstream, type UpstreamOptions } from './upstream.ts'

const upstreamOf = (options: Partial<UpstreamOptions> = {}): Upstream => new Upstream({ url: 'http://10.0.0.1:90/v2', ...options }, createManualClock(0), 'plain')

/** Longer than what is read before it goes out. */
const LONG = 70_000

function head(method: string, more = ''): string {
  return `${method} /1 HTTP/1.1\r\nHost: a\r\n${more}\r\n`
}

function recordingReader(): BodyReader & { readonly problems: BodyProblem[]; readonly progressed: Promise<void>; readonly ended: Promise<void> } {
  const problems: BodyProblem[] = []
  const told: { progress?: () => void; end?: () => void } = {}
  const progressed = new Promise<void>((resolve) => (told.progress = resolve))
  const ended = new Promise<void>((resolve) => (told.end = resolve))
  return { problems, progressed, ended, onBodyProgress: () => told.progress?.(), onBodyEnd: () => told.end?.(), onBodyProblem: (problem) => void problems.push(problem) }
}

async function outgoing(sent: string, admitted = admittedWith(), options: Parameters<typeof openCaller>[1] = {}) {
  const opened = await openCaller(sent, options)
  return { ...opened, request: new OutgoingRequest(opened.caller, admitted) }
}

describe('a body', () => {
  it('that says to be short is read whole before anything is asked, and goes in one piece', async () => {
    const { request, call } = await outgoing(head('POST', 'Content-Length: 4\r\n'))
    const prepared = request.prepare()
    expect(prepared).toBeInstanceOf(Promise)
    call.send('abcd')
    expect(await prepared).toBe('ready')
    expect(request.toDispatch(upstreamOf(), recordingReader()).body).toEqual(Buffer.from('abcd'))
    expect([request.isWhole, request.hasStreamed, request.callerIsDue]).toEqual([true, false, false])
  })

  it.each([
    ['that says to be long', `Content-Length: ${LONG}\r\n`, (body: string) => body],
    ['of unknown length', 'Transfer-Encoding: chunked\r\n', (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`],
  ])('%s streams: it is whole when its last byte has gone', async (_, framing, framed) => {
    const { request, call } = await outgoing(head('POST', framing))
    expect(request.prepare()).toBe('ready')
    const reader = recordingReader()
    const { body, headers } = request.toDispatch(upstreamOf(), reader)
    expect(body).toBeInstanceOf(BodyStream)
    expect((headers as string[]).join(' ').includes(`content-length ${LONG}`)).toBe(framing.startsWith('Content-Length'))
    expect([request.isWhole, request.callerIsDue]).toEqual([false, true])
    const read = text(body as BodyStream)
    call.send(framed('x'.repeat(LONG)))
    expect((await read).length).toBe(LONG)
    await reader.ended
    expect([request.isWhole, request.hasStreamed, request.callerIsDue]).toEqual([true, true, false])
  })

  it('that streams is not its caller’s turn while the service takes nothing', async () => {
    const { request, call } = await outgoing(head('POST', `Content-Length: 1000000\r\n`))
    request.prepare()
    const reader = recordingReader()
    const { body } = request.toDispatch(upstreamOf(), reader)
    // Asked for once, and then not read.
    ;(body as BodyStream).read(0)
    call.send('x'.repeat(1_000_000))
    await reader.progressed
    await expect.poll(() => request.callerIsDue, { timeout: 20_000 }).toBe(false)
    expect(request.callerPatienceMs()).toBeUndefined()
    expect(request.isWhole).toBe(false)
  })

  it('that says to be larger than allowed is refused before a byte of it is asked for', async () => {
    const { request, call } = await outgoing(head('POST', 'Content-Length: 11\r\nExpect: 100-continue\r\n'), admittedWith({ bodyBytesMax: 10 }))
    expect(request.prepare()).toBe('too_large')
    expect(call.text()).toBe('')
  })

  it('that a check has read already goes as it was read', async () => {
    const body = new TextEncoder().encode('{"checked":true}')
    const { request } = await outgoing(head('POST', 'Content-Length: 4\r\n'), admittedWith({ body }))
    expect(request.prepare()).toBe('ready')
    expect(request.toDispatch(upstreamOf(), recordingReader()).body).toBe(body)
  })

  it('that is none is none', async () => {
    const { request } = await outgoing(head('POST'))
    expect(request.prepare()).toBe('ready')
    expect(request.toDispatch(upstreamOf(), recordingReader()).body).toBeNull()
  })

  it('that does not come is waited for as long as its pace allows', async () => {
    const clock = createManualClock(0)
    const { request } = await outgoing(head('POST', `Content-Length: ${LONG}\r\n`), admittedWith({ bodyPace: { withinMs: 9_000 } }), { clock })
    request.prepare()
    request.toDispatch(upstreamOf(), recordingReader())
    expect(request.callerPatienceMs()).toBe(9_000)
    clock.advance(4_000)
    expect(request.callerPatienceMs()).toBe(5_000)
    clock.advance(6_000)
    expect(request.callerPatienceMs()).toBeLessThanOrEqual(0)
  })
})

describe('a request may be sent again', () => {
  it.each([
    ['GET', true],
    ['HEAD', true],
    ['OPTIONS', true],
    ['PUT', true],
    ['DELETE', true],
    ['POST', false],
    ['PATCH', false],
  ])('by %s: %s', async (method, may) => {
    const { request } = await outgoing(head(method))
    request.prepare()
    request.toDispatch(upstreamOf(), recordingReader())
    expect(request.isRepeatable).toBe(may)
  })

  it('with a body that was read, and not with one that streams: it has gone', async () => {
    const short = await outgoing(`${head('PUT', 'Content-Length: 2\r\n')}hi`)
    await short.request.prepare()
    short.request.toDispatch(upstreamOf(), recordingReader())
    expect(short.request.isRepeatable).toBe(true)

    const long = await outgoing(head('PUT', `Content-Length: ${LONG}\r\n`))
    await long.request.prepare()
    long.request.toDispatch(upstreamOf(), recordingReader())
    expect(long.request.isRepeatable).toBe(false)
  })

  it('not where it opens a WebSocket', async () => {
    const { request } = await outgoing(head('GET', 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'))
    request.prepare()
    expect(request.toDispatch(upstreamOf(), recordingReader()).upgrade).toBe('websocket')
    expect(request.isRepeatable).toBe(false)
  })
})

describe('the head under which it goes', () => {
  const sent = head('GET', 'X-Mine: 1\r\nAuthorization: Bearer theirs\r\nTollgate-Account: forged\r\n')

  async function headersTo(options: Partial<UpstreamOptions>): Promise<string> {
    const { request } = await outgoing(sent, admittedWith({ contextHeaders: ['tollgate-account', 'acme'], withheldHeaders: ['x-api-key'] }))
    request.prepare()
    return (request.toDispatch(upstreamOf(options), recordingReader()).headers as string[]).join(' ')
  }

  it('tells a service of ours who calls, whatever the caller said', async () => {
    const headers = await headersTo({})
    expect(headers).toContain('X-Mine 1')
    expect(headers).toContain('tollgate-account acme')
    expect(headers).not.toContain('forged')
    expect(headers).toMatch(/x-forwarded-for 127\.0\.0\.1/i)
  })

  it('tells a stranger nothing of the caller, and has the key that it wants in place of the caller’s', async () => {
    const headers = await headersTo({ context: false, headers: ['authorization', 'Bearer ours'] })
    expect(headers).toContain('authorization Bearer ours')
    expect(headers).not.toMatch(/theirs|forged|acme|forwarded/i)
  })

  it('names the caller’s host where that is wanted', async () => {
    expect(await headersTo({})).not.toMatch(/(^| )host a( |$)/)
    expect(await headersTo({ preserveHost: true })).toMatch(/(^| )host a( |$)/)
  })

  it('asks for the admitted target, below the upstream’s own path and with its own parameters', async () => {
    const { request } = await outgoing(sent, admittedWith({ target: '/1?a=b' }))
    request.prepare()
    expect(request.toDispatch(upstreamOf({ query: [['key', 'k1']] }), recordingReader()).path).toBe('/v2/1?a=b&key=k1')
  })
})
