/**
 * What the plain wire takes, Node's parser reads to the same bytes: method, target, each name and value, body, and where the next request begins. Every case
 * is tried whole and cut in two at each byte; requests that were changed at random, by a seed, are tried in their thousands, and by `npm run prove` in their million.
 */
import { describe, expect, test } from 'vitest'
import { mutantMessages, seeds } from '../../../../../test/runs.ts'
import { mutants, oddRequests, plainRequests, requests, sentinel } from './fixtures/mutants.ts'
import { contradiction, nodeReading, plainReading } from './fixtures/readings.ts'

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the plain wire beside node:http', () => {
  test.each(plainRequests.map((text) => [text]))('reads %j as Node does, and the request behind it', (text) => {
    const bytes = bytesOf(text + sentinel)
    const { messages } = plainReading(bytes)
    expect(messages[0]?.closes === true ? 1 : 2).toBe(messages.length)
    expect(nodeReading(bytes).messages).toEqual(messages)
    for (let cut = 1; cut < bytes.length; cut += 1) expect(contradiction(bytes, [cut])).toBeUndefined()
    for (let length = 1; length < bytes.length; length += 1) expect(contradiction(bytes.subarray(0, length))).toBeUndefined()
  })

  test.each(oddRequests.map((text) => [text]))('takes no byte of %j', (text) => {
    expect(plainReading(bytesOf(text + sentinel))).toEqual({ messages: [], rest: 'left' })
  })

  test('would see two readings that differ', () => {
    const closing = bytesOf('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    const keeping = bytesOf('GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n')
    expect(nodeReading(closing).messages[0]?.closes).toBe(true)
    expect(nodeReading(keeping).messages[0]?.closes).toBe(false)
    const smuggled = nodeReading(bytesOf('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n' + sentinel))
    expect(smuggled.messages).toMatchObject([
      { body: 'ab', complete: true },
      { target: '/sentinel', complete: true },
    ])
    expect(nodeReading(bytesOf('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabc')).messages).toMatchObject([{ body: 'abc', complete: false }])
    expect(nodeReading(bytesOf('GET / HTTP/1.1\r\nHost : a\r\n\r\n')).rest).toBe('left')
  })

  test.each(seeds)('reads nothing in another way, of requests that were changed (seed %i)', async (seed) => {
    const { next } = mutants(seed, requests)
    let taken = 0
    for (let count = 0; count < mutantMessages; count += 1) {
      const bytes = next()
      const found = contradiction(bytes, count % 4 === 0 ? [count % bytes.length] : [])
      if (found !== undefined) throw new Error(`${JSON.stringify(bytes.toString('latin1'))} is read in two ways: ${JSON.stringify(found)}`)
      if (plainReading(bytes).messages.length > 0) taken += 1
      if (count % 500 === 0) await nextTurn()
    }
    // One that leaves all to Node contradicts nothing.
    expect(taken).toBeGreaterThan(mutantMessages / 5)
  })
})
