import { describe, expect, it } from 'vitest'
import { createLoopback, deferred, tcpUpstream, type LoopbackOptions } from '../fixtures/loopback.ts'
import type { Wire } from '../../http/front.ts'
import { formatRequestLines } from './request-lines.ts'

const long = 'x'.repeat(20_000)
const longer = 'y'.repeat(200_000)

const request = (line: string, more: string, body = ''): string => `${line} HTTP/1.1\r\nHost: api.example\r\n${more}\r\n${body}`
const measured = (line: string, body: string, more = ''): string => request(line, `${more}Content-Length: ${body.length}\r\n`, body)

/** All that a service is sent before it has said a word; then it answers. */
async function sentTo(wire: Wire, text: string, ends: string, options: LoopbackOptions): Promise<string> {
  const whole = deferred<string>()
  const upstream = await tcpUpstream((socket) => {
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      if (!received.endsWith(ends)) return
      whole.resolve(received)
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    })
  })
  const loopback = await createLoopback({ ...options, upstream, wire })
  loopback.call(text)
  return whole.promise
}

describe('a request', () => {
  const cases: readonly { readonly name: string; readonly text: string; readonly ends?: string; readonly options?: LoopbackOptions }[] = [
    { name: 'a GET', text: request('GET /a/b?c=d&e=%7E', 'Accept: */*\r\nX-Empty:\r\nX-Latin: caf\u00e9 \u00ff\r\nCookie: a=b\r\nCookie: c=d\r\n') },
    { name: 'a HEAD', text: request('HEAD /a', '') },
    { name: 'an OPTIONS with a body', text: measured('OPTIONS /a', 'hi'), ends: 'hi' },
    { name: 'a DELETE with a body', text: measured('DELETE /a', 'hi'), ends: 'hi' },
    { name: 'a DELETE without one', text: request('DELETE /a', '') },
    { name: 'a POST without a body', text: request('POST /a', '') },
    { name: 'a POST with an empty one', text: measured('POST /a', '') },
    { name: 'a POST', text: measured('POST /a', '{"a":"\u00ff\u0080"}', 'Content-Type: application/json\r\n'), ends: '}' },
    { name: 'a PATCH that is longer', text: measured('PATCH /a', long), ends: 'x' },
    { name: 'a PUT that streams', text: measured('PUT /a', longer), ends: longer },
    { name: 'a POST in chunks', text: request('POST /a', 'Transfer-Encoding: chunked\r\n', '2\r\nhi\r\n0\r\n\r\n'), ends: '0\r\n\r\n' },
    { name: 'a POST in chunks of which there are none', text: request('POST /a', 'Transfer-Encoding: chunked\r\n', '0\r\n\r\n') },
    { name: 'a DELETE in chunks of which there are none', text: request('DELETE /a', 'Transfer-Encoding: chunked\r\n', '0\r\n\r\n') },
    { name: 'a QUERY', text: measured('QUERY /a', 'hi'), ends: 'hi' },
    { name: 'under the caller\u2019s Host', text: request('GET /a', ''), options: { upstreamOptions: { preserveHost: true } } },
    { name: 'under a path, with parameters and headers of its own', text: request('GET /a?b=c', 'X-Secret: mine\r\n'), options: { basePath: '/v2', upstreamOptions: { query: [['key', 'k 1']], headers: ['X-Secret', 'ours'] } } },
  ]
  it.each(cases)('is sent as undici sends it: $name', async ({ text, ends = '\r\n\r\n', options = {} }) => {
    const [plain, node] = await Promise.all((['plain', 'node'] as const).map((wire) => sentTo(wire, text, ends, options)))
    // Each service has a port of its own.
    const own = (sent = ''): string => sent.replace(/127\.0\.0\.1:\d+/g, 'service')
    expect(own(plain)).toBe(own(node))
  })

  it.each([
    ['a name that is none', { headers: ['a b', 'c'] }],
    ['a value that ends its line', { headers: ['a', 'b\r\nc: d'] }],
    ['a value that is no byte', { headers: ['a', '\u0100'] }],
    ['a target that ends the line', { path: '/a b' }],
    ['a target of another form', { path: '*' }],
    ['two hosts', { headers: ['host', 'a', 'Host', 'b'] }],
    ['a host that ends its line', { headers: ['host', 'a\nb: c'] }],
    ['two lengths', { headers: ['content-length', '1', 'Content-Length', '1'] }],
    ['a length that is none', { headers: ['content-length', '1, 1'] }],
    ['a framing of its own', { headers: ['Transfer-Encoding', 'chunked'] }],
    ['a connection of its own', { headers: ['connection', 'close'] }],
    ['a connection of its own, kept', { headers: ['Keep-Alive', 'timeout=1'] }],
    ['an expectation', { headers: ['expect', '100-continue'] }],
    ['another protocol', { headers: ['upgrade', 'h2c'] }],
    ['a WebSocket', { upgrade: 'websocket' }],
    ['a CONNECT', { method: 'CONNECT' }],
  ])('is left to undici with %s', (_name, odd) => {
    const plain = { method: 'GET', path: '/', headers: [], body: null, upgrade: null }
    expect(formatRequestLines(plain, 'host: a\r\n')?.text).toBe('GET / HTTP/1.1\r\nhost: a\r\nconnection: keep-alive\r\n')
    expect(formatRequestLines({ ...plain, ...odd }, 'host: a\r\n')).toBeUndefined()
  })

  it('that undici refuses is refused, and its service not asked', async () => {
    const upstream = await tcpUpstream(() => undefined)
    const loopback = await createLoopback({ upstream, admitted: { contextHeaders: ['tollgate-account', 'a\r\nb: c'] } })
    await loopback.call(request('GET /', '')).until('502')
    expect((await loopback.hears('failed')).failure.kind).toBe('refused')
  })
})
