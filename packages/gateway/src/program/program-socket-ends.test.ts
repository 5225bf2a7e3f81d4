/** Open WebSockets that the gateway must end, with a client and a service that keep to the standard: `ws`. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer, type ServerOptions } from 'ws'
import { openai } from 'tollgate/catalog'
import { applyOne } from 'tollgate/stores'
import { createManualClock } from 'tollgate/testing'
import type { FileInput } from '../config/shape/file-shape.ts'
import { putAcme } from '../fixtures/acme.ts'
import { startGateway, type RunningGateway } from './program.ts'

const KEY = 'wk_a_key_of_this_test_only'
const NOON = Date.UTC(2026, 10, 29, 12)
/** As often as the gateway looks. */
const LOOK_MS = 2_000

interface Closed {
  readonly code: number
  readonly reason: string
  readonly messages: readonly string[]
}

async function serve(options: ServerOptions = {}) {
  const server = createServer()
  const sockets = new WebSocketServer({ server, ...options })
  const accepted: WebSocket[] = []
  const waiting: ((socket: WebSocket) => void)[] = []
  sockets.on('connection', (socket) => {
    socket.on('error', () => undefined)
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
    accepted.push(socket)
    waiting.shift()?.(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of accepted) socket.terminate()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, next: () => new Promise<WebSocket>((resolve) => void waiting.push(resolve)) }
}

async function start({ contract = 'openai', options = {} }: { readonly contract?: string; readonly options?: ServerOptions } = {}) {
  const service = await serve(options)
  const clock = createManualClock(NOON)
  const config = {
    listen: { port: 0 },
    admin: { port: 0 },
    calls: { port: 0 },
    store: 'memory',
    shutdown: { grace: '1s' },
    upstreams: { live: `http://127.0.0.1:${service.port}` },
    apis: {
      live: {
        mount: '/live',
        contract,
        credentials: { from: [{ header: 'x-api-key' }], prefix: 'wk_' },
        meters: { sessions: { lease: 'session', per: 'account', limit: 9 }, hanging: { lease: 'slot', per: 'lease', limit: 1 }, credit: { balance: { scale: 2 }, per: 'account' }, atOnce: { lease: 'slot', per: 'key', limit: 2 } },
        plans: { free: {} },
        routes: [
          { on: 'POST /sessions', steps: [{ take: ['sessions'] }] },
          { on: 'GET /sessions/{id}', steps: [{ lease: { param: 'id' } }, { take: ['hanging'] }] },
          { on: 'GET /paid', steps: [{ take: [{ meter: 'credit', price: '0.50' }] }] },
          { on: 'GET /feed', steps: [{ take: ['atOnce'] }] },
        ],
      },
    },
  }
  const gateway = await startGateway({ config: config as unknown as FileInput, clock })
  onTestFinished(() => until(gateway.close()))
  await putAcme(gateway.directory, { api: 'live', key: KEY })

  /** A refused one resolves with its status. */
  function connect(path: string, protocols: readonly string[] = []): { readonly socket: WebSocket; readonly opened: Promise<number>; readonly closed: Promise<Closed> } {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/live${path}`, [...protocols], { headers: { 'x-api-key': KEY } })
    const messages: string[] = []
    onTestFinished(() => socket.terminate())
    socket.on('error', () => undefined)
    socket.on('message', (data) => void messages.push(String(data)))
    const opened = new Promise<number>((resolve) => {
      socket.once('open', () => resolve(101))
      socket.once('unexpected-response', (request, response) => {
        resolve(response.statusCode ?? 0)
        request.destroy()
      })
    })
    const closed = new Promise<Closed>((resolve) => void socket.once('close', (code, reason) => resolve({ code, reason: String(reason), messages })))
    return { socket, opened, closed }
  }

  async function open(path = '/feed', protocols: readonly string[] = []) {
    const served = service.next()
    const { socket, opened, closed } = connect(path, protocols)
    expect(await opened).toBe(101)
    return { socket, closed, service: await served }
  }

  /** A session that lives, as a service has named it. */
  async function lease(id: string, expiresAtMs?: number): Promise<void> {
    const callId = `call_${id}`
    await applyOne(gateway.store, {
      kind: 'admit', takes: [{ subject: 'account:acme', name: 'sessions', meter: { kind: 'lease', of: 'session' }, limit: 9, cost: 1 }],
      call: { id: callId, accountId: 'acme', keyId: 'key_1', holdMs: 60_000, onExpiry: 'release' }, dispatch: true,
    })
    await applyOne(gateway.store, { kind: 'bind-lease', callId, api: 'live', id, expiresAtMs })
  }

  /** Time passes, and what follows from it has its turn, until it is so. */
  async function until<T>(what: Promise<T>, stepMs = 500): Promise<T> {
    const later = Symbol('later')
    for (;;) {
      const come = await Promise.race([what, new Promise<typeof later>((resolve) => setImmediate(() => resolve(later)))])
      if (come !== later) return come
      clock.advance(stepMs)
    }
  }

  const refusals = async () => (await gateway.store.requests({ limit: 10 })).flatMap(({ status, refusal }) => (refusal === undefined ? [] : [{ status, reason: refusal.reason, midStream: refusal.midStream }]))
  return { gateway, clock, until, connect, open, lease, refusals }
}

const terminate = (gateway: RunningGateway) => applyOne(gateway.store, { kind: 'end-lease', accountId: 'acme', id: 'ses_1', as: 'terminated' })

describe('an open WebSocket', () => {
  it.each([
    ['the key is revoked', 'credential.revoked', ({ directory }: RunningGateway) => directory.updateKey('key_1', (key) => ({ ...key, status: 'revoked', revokedAtMs: NOON }))],
    ['the key expires', 'credential.expired', ({ directory }: RunningGateway) => directory.updateKey('key_1', (key) => ({ ...key, expiresAtMs: NOON + 1 }))],
    ['the account is suspended', 'account.suspended', ({ directory }: RunningGateway) => directory.updateAccount('acme', (account) => ({ ...account, status: 'suspended' }))],
    ['the account is deleted', 'credential.revoked', ({ directory }: RunningGateway) => directory.deleteAccount('acme', { id: 'acme', api: 'live', deletedAtMs: NOON })],
    ['the session is terminated', 'session.expired', terminate],
  ])('ends when %s: a message, a close, and the service is told by the answer to it', async (_, reason, change) => {
    const { gateway, clock, open, lease, refusals } = await start()
    await lease('ses_1')
    const { socket, closed, service } = await open('/sessions/ses_1')
    const serviceClosed = new Promise<number>((resolve) => void service.once('close', resolve))
    const echoed = new Promise((resolve) => void socket.once('message', resolve))
    socket.send('hello')
    await echoed
    await change(gateway)
    clock.advance(LOOK_MS)
    const { code, reason: said, messages } = await closed
    expect(messages[0]).toBe('hello')
    const entry = openai.entryFor(reason as 'session.expired', {}).id
    expect([openai.readFrame(messages[1] ?? '')?.code, openai.readClose({ code, reason: said })?.code]).toEqual([openai.entries.get(entry)?.code, openai.entries.get(entry)?.code])
    expect(await serviceClosed).toBe(code)
    await expect.poll(refusals, { timeout: 20_000 }).toEqual([{ status: 101, reason, midStream: true }])
  })

  it('ends when the time of its session is over', async () => {
    const { clock, until, open, lease, refusals } = await start()
    await lease('ses_1', NOON + 60_000)
    const { closed } = await open('/sessions/ses_1')
    expect((await until(closed)).code).toBe(1008)
    expect(clock.wallMs()).toBeGreaterThanOrEqual(NOON + 60_000)
    await expect.poll(refusals, { timeout: 20_000 }).toEqual([{ status: 101, reason: 'session.expired', midStream: true }])
  })

  it('goes on as long as its service renews its session, and ends when that stops', async () => {
    const { gateway, clock, until, open, lease } = await start()
    await lease('ses_1', NOON + 60_000)
    const { socket, closed } = await open('/sessions/ses_1')
    for (let minute = 1; minute < 5; minute += 1) {
      await applyOne(gateway.store, { kind: 'renew-lease', accountId: 'acme', id: 'ses_1', expiresAtMs: NOON + (minute + 1) * 60_000 })
      const echoed = new Promise((resolve) => void socket.once('message', resolve))
      clock.advance(59_000)
      socket.send('still here')
      await until(echoed, 1)
    }
    const { code, messages } = await until(closed)
    expect([code, messages.slice(0, -1)]).toEqual([1008, Array.from({ length: 4 }, () => 'still here')])
    expect(clock.wallMs()).toBeGreaterThanOrEqual(NOON + 5 * 60_000)
  })

  it('goes on while nothing has happened, and while the store does not answer', async () => {
    const { gateway, until, open } = await start()
    const { socket } = await open()
    let looks = 0
    const looked = new Promise<void>((resolve) => {
      const { account } = gateway.directory
      Object.assign(gateway.directory, {
        account: (id: string) => {
          looks += 1
          if (looks === 4) resolve()
          return looks % 2 === 0 ? account(id) : Promise.reject(new Error('no store'))
        },
      })
    })
    await until(looked)
    const echoed = new Promise((resolve) => void socket.once('message', (data) => resolve(String(data))))
    socket.send('still here')
    expect(await echoed).toBe('still here')
  })

  it('whose service breaks off is told that it failed', async () => {
    const { open, refusals } = await start()
    const { closed, service } = await open()
    service.terminate()
    const { code, reason, messages } = await closed
    expect([openai.readFrame(messages[0] ?? '')?.reason, openai.readClose({ code, reason })]).toMatchObject(['internal', { reason: 'internal' }])
    expect(code).toBe(1011)
    await expect.poll(refusals, { timeout: 20_000 }).toEqual([{ status: 101, reason: 'upstream.failed', midStream: true }])
  })

  it('whose service closes it itself is closed as the service says', async () => {
    const { open, refusals } = await start()
    const { closed, service } = await open()
    service.close(4001, 'mine')
    expect(await closed).toEqual({ code: 4001, reason: 'mine', messages: [] })
    expect(await refusals()).toEqual([])
  })

  it('is told of the end of the gateway', async () => {
    const { gateway, until, open } = await start()
    const { closed } = await open()
    const stopped = gateway.close()
    const { code, reason, messages } = await until(closed, 10)
    // It has one entry for overload and maintenance.
    expect(code).toBe(1013)
    expect([openai.readFrame(messages[0] ?? '')?.retry, openai.readClose({ code, reason })?.retry]).toEqual(['backoff', 'backoff'])
    await until(stopped)
  })

  it('of an API without a form for it is cut', async () => {
    const { gateway, clock, open, refusals } = await start({ contract: 'chatads' })
    const { closed } = await open()
    await gateway.directory.updateKey('key_1', (key) => ({ ...key, status: 'revoked' }))
    clock.advance(LOOK_MS)
    expect(await closed).toEqual({ code: 1006, reason: '', messages: [] })
    await expect.poll(refusals, { timeout: 20_000 }).toMatchObject([{ reason: 'credential.revoked' }])
  })

  it('keeps its subprotocol and its compression, and is told between compressed messages', async () => {
    const { gateway, clock, open } = await start({ options: { perMessageDeflate: { threshold: 0 }, handleProtocols: () => 'chat' } })
    const { socket, closed } = await open('/feed', ['v0', 'chat'])
    expect([socket.protocol, socket.extensions]).toEqual(['chat', 'permessage-deflate'])
    const large = JSON.stringify({ text: 'compressible '.repeat(100_000) })
    const echoed = new Promise((resolve) => void socket.once('message', (data) => resolve(String(data) === large)))
    socket.send(large)
    expect(await echoed).toBe(true)
    await gateway.directory.updateKey('key_1', (key) => ({ ...key, status: 'revoked' }))
    clock.advance(LOOK_MS)
    const { code, messages } = await closed
    expect([code, openai.readFrame(messages[1] ?? '')?.reason]).toEqual([1008, 'credential.invalid'])
  })

  it.each([
    ['that the gateway ends is paid, as one that its caller ends', 'settle', ({ gateway, clock }: Awaited<ReturnType<typeof start>>) => gateway.directory.updateKey('key_1', (key) => ({ ...key, status: 'revoked' })).then(() => clock.advance(LOOK_MS))],
    ['whose service breaks off leaves open what it costs', undefined, (_: unknown, service: WebSocket) => service.terminate()],
  ])('%s', async (_, settled, end) => {
    const world = await start()
    await applyOne(world.gateway.store, { kind: 'grant', subject: 'account:acme', name: 'credit', scale: 2, grantId: 'first', units: 100, reason: 'test' })
    const { closed, service } = await world.open('/paid')
    await end(world, service)
    await closed
    await expect.poll(world.refusals, { timeout: 20_000 }).toHaveLength(1)
    expect((await world.gateway.store.ledger({ order: 'newest', limit: 1 }))[0]?.kind).toBe(settled ?? 'hold')
  })

  it('is refused by an HTTP answer before it opens', async () => {
    const { gateway, connect } = await start()
    await gateway.directory.updateKey('key_1', (key) => ({ ...key, status: 'revoked' }))
    expect(await connect('/feed').opened).toBe(401)
  })
})

describe('a slot of a session', () => {
  type Opened = Awaited<ReturnType<Awaited<ReturnType<typeof start>>['open']>>

  it.each([
    ['its caller closes', ({ socket }: Opened) => socket.close(1000)],
    ['its caller vanishes', ({ socket }: Opened) => socket.terminate()],
    ['its service closes', ({ service }: Opened) => service.close(1000)],
    ['its service breaks off', ({ service }: Opened) => service.terminate()],
  ])('is held while the socket lives, however long, and free when %s', async (_, end) => {
    const { clock, connect, open, lease } = await start()
    await lease('ses_1')
    await lease('ses_2')
    const opened = await open('/sessions/ses_1')
    expect(await connect('/sessions/ses_1').opened).toBe(429)
    for (let minutes = 0; minutes < 10; minutes += 1) clock.advance(60_000)
    expect(await connect('/sessions/ses_1').opened).toBe(429)
    await open('/sessions/ses_2')
    end(opened)
    await opened.closed
    await expect.poll(() => connect('/sessions/ses_1').opened, { timeout: 20_000 }).toBe(101)
  })

  it('is free when the gateway ends its socket', async () => {
    const { gateway, clock, open, lease, connect } = await start()
    await lease('ses_1')
    const { closed } = await open('/sessions/ses_1')
    await gateway.directory.updateAccount('acme', (account) => ({ ...account, status: 'suspended' }))
    clock.advance(LOOK_MS)
    await closed
    await gateway.directory.updateAccount('acme', (account) => ({ ...account, status: 'active' }))
    await expect.poll(() => connect('/sessions/ses_1').opened, { timeout: 20_000 }).toBe(101)
  })
})
