import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventParser, formatEvent, type StreamEvent } from './event-parser.ts'

function parse(...parts: readonly string[]): readonly StreamEvent[] {
  const parser = new EventParser({ charsMax: 1_000_000 })
  return parts.flatMap((part) => parser.push(part))
}
const one = (data: string, event?: string, id?: string): StreamEvent => ({ event, data, id })

describe('the examples of the HTML standard', () => {
  it.each([
    ['data: YHOO\ndata: +2\ndata: 10\n\n', [one('YHOO\n+2\n10')]],
    [': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n', [one('first event', undefined, '1'), one('second event', undefined, ''), one(' third event', undefined, '')]],
    ['data\n\ndata\ndata\n\ndata:', [one(''), one('\n')]],
    ['data:test\n\ndata: test\n\n', [one('test'), one('test')]],
    ['event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n', [one('73857293', 'add'), one('2153', 'remove')]],
  ])('%j', (text, events) => expect(parse(text)).toEqual(events))
})

describe('the rest of the standard', () => {
  it.each([
    ['an event without data is none, and its name is forgotten', 'event: x\n\ndata: y\n\n', [one('y')]],
    ['an id with a NULL is left out', 'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n', [one('a', undefined, '1'), one('b', undefined, '1')]],
    ['other fields are left out', 'foo: bar\ndata: a\nDATA: b\n\n', [one('a')]],
    ['lines end with LF, CR or both', 'data: a\r\rdata: b\r\n\r\ndata: c\n\r\n', [one('a'), one('b'), one('c')]],
    ['an event without an empty line after it is none', 'data: a\n\ndata: b\n', [one('a')]],
  ])('%s', (_, text, events) => expect(parse(text)).toEqual(events))

  it('the wait before it is asked for again', () => {
    const parser = new EventParser({ charsMax: 100 })
    parser.push('retry: 3000\nretry: soon\n')
    expect(parser.retryMs).toBe(3_000)
  })
})

it('however it is cut, it says the same', () => {
  const line = fc.constantFrom('data: a', 'data', 'event: e', 'id: 7', ': c', 'data:{"x":1}', '', '')
  const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')), { maxLength: 20 }).map((lines) => lines.flat().join(''))
  fc.assert(
    fc.property(text, fc.array(fc.nat(40), { maxLength: 10 }), (whole, cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b).map((cut) => Math.min(cut, whole.length)), whole.length]
      const parts = at.slice(1).map((end, index) => whole.slice(at[index], end))
      expect(parse(...parts)).toEqual(parse(whole))
    }),
  )
})

it('what is written is read', () => {
  const data = fc.string().map((text) => text.replaceAll('\r', ''))
  fc.assert(
    fc.property(data, (text) => {
      expect(parse(formatEvent(one(text, 'x', '1')))).toEqual([one(text, 'x', '1')])
    }),
  )
})

it('a line without end is told to be too long, and costs no more than it has', () => {
  const parser = new EventParser({ charsMax: 10_000 })
  for (let parts = 0; parts < 11; parts++) parser.push('x'.repeat(1_000))
  expect(parser.isTooLong).toBe(true)
})
