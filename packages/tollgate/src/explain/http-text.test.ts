import { expect, it } from 'vitest'
import * as fc from 'fast-check'
import { parseHttpAnswer } from './http-text.ts'

it('reads what curl -i prints, with either line break', () => {
  const lines = ['HTTP/1.1 429 Too Many Requests', 'Retry-After:  7 ', 'X-A: 1', 'x-a: 2', '', '{"a":1}\n']
  const answer = { status: 429, headers: { 'retry-after': '7', 'x-a': '1, 2' }, body: '{"a":1}\n' }
  expect([parseHttpAnswer(lines.join('\r\n')), parseHttpAnswer(lines.join('\n'))]).toEqual([answer, answer])
})

it('reads the last of several answers: of an interim one and the one that counts', () => {
  expect(parseHttpAnswer('HTTP/1.1 100 Continue\r\n\r\nHTTP/2 402\r\na: b\r\n\r\nno')).toEqual({ status: 402, headers: { a: 'b' }, body: 'no' })
})

it('needs no headers and no body', () => {
  expect(parseHttpAnswer('HTTP/1.1 503 \n')).toEqual({ status: 503, headers: {}, body: '' })
})

it('is undefined for everything else, and never throws', () => {
  for (const text of ['', '{}', 'HTTP/1.1', 'HTTP/1.1 abc', '<html>']) expect(parseHttpAnswer(text)).toBeUndefined()
  fc.assert(fc.property(fc.string(), (text) => void parseHttpAnswer(`HTTP/1.1 200\n${text}`)))
})
