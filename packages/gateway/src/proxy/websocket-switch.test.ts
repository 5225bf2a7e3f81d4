import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Admitted, Completion, UpstreamFailure } from 'tollgate/gate'
import { admittedWith, openCaller } from './fixtures/caller.ts'
import { createManualClock } from 'tollgate/testing'
import { deferred, parseAnswer, realClock } from './fixtures/loopback.ts'
import { judgeSwitch, runTunnel } from './websocket-switch.ts'

/** RFC 6455 section 1.3. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const HANDSHAKE = `GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`
const ACCEPTING = ['Connection', 'Upgrade', 'Upgrade', 'websocket', 'Sec-WebSocket-Accept', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=', 'Server', 'secret']

/** Two ends of one connection, each of which may close only its sending side. */
async function socketPair(): Promise<{ readonly ours: Socket; readonly service: Socket }> {
  const server = createServer({ allowHalfOpen: true })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve))
  const ours = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true })
  const service = await accepted
  for (const socket of [ours, service]) socket.on('error', () => undefined)
  onTestFinished(() => {
    ours.destroy()
    service.destroy()
    server.close()
  })
  return { ours, service }
}

function heard(socket: Socket) {
  let received = ''
  socket.setEncoding('latin1').on('data', (chunk) => (received += String(chunk)))
  const ended = new Promise<string>((resolve) => socket.once('end', () => resolve(received)))
  return { ended, text: () => received }
}

async function tunnel(own: Partial<Admitted> = {}, text = HANDSHAKE, clock = realClock) {
  const told: { readonly kind: string; readonly status: number; readonly completion: Completion; readonly failure?: UpstreamFailure }[] = []
  const { caller, call, reported } = await openCaller(text, { clock })
  const { ours, service } = await socketPair()
  const ended = deferred()
  const admitted = admittedWith({
    async completed(status, completion) {
      told.push({ kind: 'completed', status, completion })
      return undefined
    },
    async brokenMidStream(failure, status, _headers, completion) {
      told.push({ kind: 'broken', failure, status, completion })
      return undefined
    },
    ...own,
  })
  const attempts = [{ target: 'http://a/ws', status: 101, durationMs: 1 }]
  runTunnel(caller, admitted, ours, 101, ACCEPTING, attempts, () => ended.resolve())
  return { call, service, said: heard(service), told, reported, ended: ended.promise, attempts }
}

describe('what a 101 means', () => {
  const asked = async (headers: readonly string[], own: Partial<Admitted> = {}) => {
    const { caller, reported } = await openCaller(HANDSHAKE)
    return { judged: judgeSwitch(caller, admittedWith(own), 101, headers), reported }
  }

  it('opens a tunnel where it answers the handshake and the gate lets it', async () => {
    expect((await asked(ACCEPTING)).judged).toBe('tunnel')
  })

  it('is answered by the gate where that does not let it', async () => {
    expect((await asked(ACCEPTING, { judge: () => ({ kind: 'read', bytesMax: 0 }) })).judged).toBe('read')
  })

  it('is garbage where it answers somebody else’s key; the gate is not asked', async () => {
    const judge = (): never => {
      throw new Error('the gate was asked')
    }
    const headers = ACCEPTING.map((each) => (each.startsWith('s3p') ? `c${each.slice(1)}` : each))
    expect(await asked(headers, { judge })).toEqual({ judged: { kind: 'garbage', detail: 'its Sec-WebSocket-Accept does not answer our Sec-WebSocket-Key' }, reported: [] })
  })

  it('is garbage where the gate cannot judge it, and that is told', async () => {
    const mistake = new Error('a mistake')
    const judge = (): never => {
      throw mistake
    }
    expect(await asked(ACCEPTING, { judge })).toEqual({ judged: { kind: 'garbage', detail: 'the answer could not be judged' }, reported: [mistake] })
  })
})

describe('a tunnel', () => {
  it('begins with exactly one head, and then every byte passes as it is', async () => {
    const { call, service, said } = await tunnel({ answerHeaders: ['X-Request-Id', 'req_1'] })
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, at) => at))
    service.write(all, 'latin1')
    const text = await call.until(all)
    expect(parseAnswer(text)).toMatchObject({ status: 101, headers: { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=', 'x-request-id': 'req_1' }, body: all })
    expect(text).not.toContain('secret')
    call.send(all)
    await expect.poll(said.text, { timeout: 20_000 }).toBe(all)
  })

  it('hands on first what came right behind the handshake', async () => {
    const { call, said } = await tunnel({}, `${HANDSHAKE}early`)
    await call.until('\r\n\r\n')
    call.send(', late')
    await expect.poll(said.text, { timeout: 20_000 }).toBe('early, late')
  })

  it('answers the subprotocol that the gate has chosen where the service chose none', async () => {
    const { call } = await tunnel({ subprotocol: 'chat.v1' })
    expect(parseAnswer(await call.until('\r\n\r\n')).headers).toMatchObject({ 'sec-websocket-protocol': 'chat.v1' })
  })

  it('that one side has half closed still carries what the other one says, and ends when that has ended too', async () => {
    const { call, service, said, told, ended, attempts } = await tunnel()
    await call.until('\r\n\r\n')
    call.send('bye')
    call.socket.end()
    expect(await said.ended).toBe('bye')
    service.end('farewell')
    expect(parseAnswer(await call.closed).body).toBe('farewell')
    await ended
    expect(told).toEqual([{ kind: 'completed', status: 101, completion: { bytesIn: 3, bytesOut: 8, attempts } }])
  })

  it('that the service resets breaks for the caller too', async () => {
    const { call, service, told, ended } = await tunnel()
    await call.until('\r\n\r\n')
    service.resetAndDestroy()
    await Promise.all([call.closed, ended])
    expect(told).toMatchObject([{ kind: 'broken', status: 101, failure: { kind: 'reset' } }])
  })

  it('that the caller resets ends for the service too', async () => {
    const { call, said, told, ended } = await tunnel()
    await call.until('\r\n\r\n')
    call.socket.resetAndDestroy()
    await Promise.all([said.ended, ended])
    expect(told).toMatchObject([{ kind: 'broken', status: 101, failure: { kind: 'client_gone' } }])
  })

  it('is over though the gate cannot write down how it ended, and that is told', async () => {
    const mistake = new Error('the store is gone')
    const { call, service, ended, reported } = await tunnel({ completed: () => Promise.reject(mistake) })
    await call.until('\r\n\r\n')
    call.socket.end()
    service.end()
    await ended
    expect(reported).toEqual([mistake])
  })

  it('is looked after every two seconds, and no more once it is over', async () => {
    const clock = createManualClock(0)
    const answers: ((refusal: undefined) => void)[] = []
    const { call, service, ended } = await tunnel({ refusedMeanwhile: () => new Promise((resolve) => void answers.push(resolve)), completed: async () => undefined }, HANDSHAKE, clock)
    await call.until('\r\n\r\n')
    clock.advance(2_000)
    answers[0]?.(undefined)
    await expect.poll(() => (clock.advance(2_000), answers.length), { timeout: 20_000 }).toBe(2)
    call.socket.end()
    service.end()
    await ended
    answers[1]?.(undefined)
    for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve))
    clock.advance(60_000)
    expect(answers.length).toBe(2)
  })
})
