/** Strangers who send their bodies as slowly as they can, before an API that bounds what is in flight. */
import { connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { createService, paidConfig, startPaid } from '../fixtures/paid-program.ts'

const START_MS = Date.UTC(2026, 10, 21, 12)
const head = (path: string, framing: string): string =>
  `POST /nexalayer${path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`

interface Slow {
  readonly socket: Socket
  /** The status that it is told first: 100 when its body is wanted. */
  readonly first: Promise<number>
  /** All that it was told. */
  readonly closed: Promise<string>
}

function caller(port: number, text: string): Slow {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let received = ''
  const first = new Promise<number>((resolve) => socket.once('data', (chunk) => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(String(chunk))?.[1]))))
  socket.on('data', (chunk) => (received += String(chunk))).on('error', () => undefined)
  socket.write(text)
  return { socket, first, closed: new Promise((resolve) => socket.once('close', () => resolve(received))) }
}

async function start() {
  const clock = createManualClock(START_MS)
  const service = await createService()
  const config = paidConfig(service.port)
  const api = config.apis['nexalayer']
  if (api === undefined) throw new Error('no API')
  api.inFlight = { max: 8 }
  api.routes.push({ on: 'POST /v1/open', public: true, steps: [] }, { on: 'POST /v1/patient', public: true, body: { within: '1h', minRate: '0B' }, steps: [] })
  const program = await startPaid(service, { clock, config })
  return { clock, program, service, port: program.gateway.port }
}

describe('callers without a key who send one byte and wait', () => {
  it.each([
    ['a route that the gateway answers by itself', '/v1/auth/token', 'Content-Length: 100', '{', 0],
    ['a body that is collected', '/v1/open', 'Content-Length: 100', '{', 0],
    // Each of these is with the service: half of the places is theirs.
    ['a body that streams', '/v1/open', 'Transfer-Encoding: chunked', '1\r\n{\r\n', 12],
  ])('take no place from who has one (%s), and are let go when their time is over', async (_name, path, framing, byte, refused) => {
    const { clock, program, port } = await start()
    const slow = Array.from({ length: 16 }, () => caller(port, head(path, framing)))
    const firsts = await Promise.all(slow.map(({ first }) => first))
    expect(firsts.filter((status) => status !== 100)).toEqual(Array.from({ length: refused }, () => 502))
    for (const { socket } of slow) socket.write(byte)
    for (let time = 0; time < 12; time += 1) expect((await program.send('POST /v1/work')).status).toBe(200)
    clock.advance(20_100)
    for (const [at, text] of (await Promise.all(slow.map(({ closed }) => closed))).entries()) expect(text).toMatch(firsts[at] === 100 ? /HTTP\/1\.1 400/ : /HTTP\/1\.1 502/)
    expect((await program.send('POST /v1/work')).status).toBe(200)
  })

  it('are waited for as long as a route says', async () => {
    const { clock, program, service, port } = await start()
    const { socket, first, closed } = caller(port, head('/v1/patient', 'Content-Length: 2\r\nConnection: close'))
    expect(await first).toBe(100)
    clock.advance(29_000)
    socket.write('{}')
    expect(await closed).toMatch(/HTTP\/1\.1 200/)
    expect(service.seen.at(-1)?.body).toBe('{}')
    expect((await program.send('POST /v1/work')).status).toBe(200)
  })
})

it('who has a key may take all the places, and the next one is told so before it has paid', async () => {
  const { program, service } = await start()
  const asked: (() => void)[] = []
  const all = new Promise<void>((resolve) => service.answerBy((_, response) => void (asked.push(() => response.end('{}')), asked.length === 8 && resolve())))
  const calls = Array.from({ length: 8 }, () => program.send('POST /v1/work'))
  await all
  const before = await program.money()
  const refused = await program.send('POST /v1/work')
  expect(await refused.text()).toContain('"code":"BACKEND_ERROR"')
  expect(await program.money()).toEqual(before)
  for (const answer of asked) answer()
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
  expect(await program.money()).toMatchObject({ held: 0 })
})
