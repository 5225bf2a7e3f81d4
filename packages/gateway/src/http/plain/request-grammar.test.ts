import { describe, expect, test } from 'vitest'
import { defaultLimits } from '../limits.ts'
import { oddRequests, plainRequests } from './fixtures/mutants.ts'
import { readRequestHead } from './request-grammar.ts'

const reading = (text: string, limits = defaultLimits, from = 0) => readRequestHead(Buffer.from(text, 'latin1'), from, limits)
const kind = (text: string, limits = defaultLimits) => reading(text, limits).kind
const withLine = (line: string): string => `POST /x HTTP/1.1\r\nHost: api.example\r\n${line}\r\n\r\n`

describe('the grammar of the plain wire', () => {
  test('reads method, target, headers as they came, and where the head ends', () => {
    const text = 'POST /a?b=c HTTP/1.1\r\nhost: api.example:80\r\nX-A:\t one \ttwo \t\r\nContent-Length: 3\r\nx-a: \xe9\r\nConnection: close\r\n\r\nabc'
    const read = reading(`before${text}`, defaultLimits, 6)
    if (read.kind !== 'request') throw new Error(read.kind)
    expect(read.head).toMatchObject({
      method: 'POST',
      target: '/a?b=c',
      version: '1.1',
      headers: ['host', 'api.example:80', 'X-A', 'one \ttwo', 'Content-Length', '3', 'x-a', '\xe9', 'Connection', 'close'],
      names: ['host', 'x-a', 'content-length', 'x-a', 'connection'],
      host: 'api.example:80',
      hosts: 1,
      contentLength: 3,
      connectionOptions: ['close'],
    })
    expect(read.head.value('x-a')).toBe('one \ttwo, \xe9')
    expect(read).toMatchObject({ end: 6 + text.length - 3, closes: true })
  })

  test('takes each of the ordinary requests, and none of the odd ones', () => {
    expect(plainRequests.map((text) => kind(text))).toEqual(plainRequests.map(() => 'request'))
    expect(oddRequests.map((text) => kind(text))).toEqual(oddRequests.map(() => 'other'))
  })

  test('a head that is not all there yet is incomplete at each of its bytes', () => {
    for (const text of plainRequests) {
      const read = reading(text)
      if (read.kind !== 'request') throw new Error(read.kind)
      for (let length = 0; length < read.end; length += 1) expect([length, kind(text.slice(0, length))]).toEqual([length, 'incomplete'])
    }
  })

  test.each([
    ['a method of its own', 'QUERY /x HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a method in lower case', 'get /x HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an empty line before it', '\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['two spaces', 'GET  /x HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['no target', 'GET HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an empty target', 'GET  HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a target of another form', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a fragment', 'GET /x#y HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a target that is not encoded', 'GET /caf\xe9 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a tab in the line', 'GET\t/x HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['another version', 'GET /x HTTP/1.2\r\nHost: a\r\n\r\n'],
    ['a space behind the version', 'GET /x HTTP/1.1 \r\nHost: a\r\n\r\n'],
    ['a line that ends with LF', 'GET /x HTTP/1.1\nHost: a\r\n\r\n'],
    ['a header that ends with LF', 'GET /x HTTP/1.1\r\nHost: a\n\r\n'],
    ['a head that ends with LF', 'GET /x HTTP/1.1\r\nHost: a\r\n\n'],
    ['a bare CR in a value', withLine('X: a\rb')],
    ['a NUL in a value', withLine('X: a\0b')],
    ['a folded line', withLine('X: a\r\n b')],
    ['a first line that is folded', 'GET /x HTTP/1.1\r\n Host: a\r\n\r\n'],
    ['a space before the colon', withLine('X : a')],
    ['no colon', withLine('X')],
    ['no name', withLine(': a')],
    ['a name that is no token', withLine('X\xe9: a')],
    ['no Host', 'GET /x HTTP/1.1\r\nX: a\r\n\r\n'],
    ['two Hosts', withLine('host: api.example')],
    ['a Host that is no name', 'GET /x HTTP/1.1\r\nHost: a b\r\n\r\n'],
    ['two lengths', withLine('Content-Length: 1\r\nContent-Length: 1')],
    ['a list of lengths', withLine('Content-Length: 1, 1')],
    ['a length with a sign', withLine('Content-Length: +1')],
    ['a length with a leading zero', withLine('Content-Length: 01')],
    ['a length of no digits', withLine('Content-Length:')],
    ['a length with a tab behind it', withLine('Content-Length: 1\t')],
    ['a length that no number holds', withLine('Content-Length: 9007199254740993')],
    ['a coding', withLine('Transfer-Encoding: chunked')],
    ['a coding beside a length', withLine('Content-Length: 1\r\ntransfer-encoding: identity')],
    ['an expectation', withLine('Expect: 100-continue')],
    ['an upgrade', withLine('Upgrade: h2c')],
    ['two words of Connection', withLine('Connection: close, te')],
    ['two Connections', withLine('Connection: close\r\nConnection: close')],
    ['a tab behind close', withLine('Connection: close\t')],
    ['a blank of Latin-1 behind close', withLine('Connection: close\xa0')],
    ["what Node's parser takes for Connection", withLine('Proxy-Connection: close')],
  ])('leaves to Node %s', (_, text) => {
    expect(kind(text)).toBe('other')
  })

  test('leaves to Node what is larger than the limits, however little of it has come', () => {
    const limits = { ...defaultLimits, headBytesMax: 3_000, targetBytesMax: 100, headersMax: 3 }
    expect(kind(withLine(`X: ${'a'.repeat(2_900)}`), limits)).toBe('request')
    expect(kind(withLine(`X: ${'a'.repeat(3_000)}`), limits)).toBe('other')
    expect(kind(`GET /x HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(3_000)}`, limits)).toBe('other')
    expect(kind(`${withLine(`X: ${'a'.repeat(2_900)}`)}${'b'.repeat(9_000)}`, limits)).toBe('request')
    expect(kind(`GET /${'a'.repeat(99)} HTTP/1.1\r\nHost: a\r\n\r\n`, limits)).toBe('request')
    expect(kind(`GET /${'a'.repeat(100)}`, limits)).toBe('other')
    expect(kind(withLine('A: 1\r\nB: 2'), limits)).toBe('request')
    expect(kind(withLine('A: 1\r\nB: 2\r\nC: 3'), limits)).toBe('other')
  })
})
