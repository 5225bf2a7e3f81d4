import { array, assert, asyncProperty, constantFrom, oneof, tuple, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLoopback, parseAnswer } from './fixtures/loopback.ts'

const lines = ['GET / HTTP/1.1', 'POST /x HTTP/1.1', 'GET http://a/ HTTP/1.1', 'HEAD /x HTTP/1.0', 'OPTIONS * HTTP/1.1', 'CONNECT a:1 HTTP/1.1', 'PRI * HTTP/2.0']
const headers = [
  'Host: a',
  'Host: a, b',
  'Host',
  'Content-Length: 3',
  'Content-Length: 99999999999999999999',
  'Content-Length: -1',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding: xchunked',
  'Connection: close',
  'Connection: keep-alive, upgrade',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'Expect: 100-continue',
  'Expect: x',
  '__proto__: x',
  'constructor: x',
  'X: \x7f',
  'X: \xff',
  'X:\t',
  ': x',
  'Cookie: \0',
]
const bodies = ['', 'abc', '3\r\nabc\r\n0\r\n\r\n', 'ffffffffffffffffff\r\n', '0\r\nX: y\r\n\r\n', 'abcGET / HTTP/1.1\r\nHost: a\r\n\r\n', '\x81\x05hello', '\r\n\r\n', '\0\0\0']

const request = tuple(constantFrom(...lines), array(constantFrom(...headers), { maxLength: 5 }), constantFrom(...bodies), constantFrom('\r\n', '\n')).map(
  ([line, some, body, newline]) => [line, ...some, '', body].join(newline),
)
const noise = uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'))
const conversation = array(oneof({ weight: 4, arbitrary: request }, { weight: 1, arbitrary: noise }), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''))

/** An answer of ours is whole: a known status, and as much body as it says, or none (HEAD, 304). */
function isWhole(text: string): boolean {
  const { status, headers: said, body } = parseAnswer(text)
  return status >= 100 && status < 600 && (body === '' || said['transfer-encoding'] === 'chunked' || body.length === Number(said['content-length']))
}

describe('hostile bytes', () => {
  it('whatever callers send, they get whole answers of ours or none, and the next caller is served', async () => {
    const loopback = await createLoopback({ limits: { bodyIdleMs: 40, headMs: 60 } })

    async function say(text: string): Promise<readonly string[]> {
      const call = loopback.call(text)
      await Promise.race([call.until('HTTP/1.1 '), call.closed]).catch(() => undefined)
      call.socket.end()
      return (await call.closed).split(/(?=HTTP\/1\.1 \d)/).filter((part) => part !== '')
    }

    await assert(
      asyncProperty(array(conversation, { minLength: 10, maxLength: 10 }), async (texts) => {
        const answers = (await Promise.all(texts.map(say))).flat()
        expect(answers.filter((answer) => !isWhole(answer))).toEqual([])
      }),
      { numRuns: 40 },
    )
    expect(await (await fetch(loopback.url)).text()).toBe('hello')
    expect(loopback.told.filter(({ kind }) => kind === 'refuseRaw').length).toBeGreaterThan(50)
    expect(loopback.errors).toEqual([])
  })
})
