/** Paid calls through the whole program: over real sockets, from the caller to the service and the service's own call back. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Pool } from 'undici'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkLedger } from 'tollgate/engine'
import { createManualClock } from 'tollgate/testing'
import { freePort } from '../fixtures/free-port.ts'
import { act, createService, KEY, paidConfig, promised, startPaid, type PaidProgram } from '../fixtures/paid-program.ts'
import { createJsonLog } from '../platform/log.ts'
import { startGateway } from './program.ts'

const START_MS = Date.UTC(2026, 10, 21, 12)

const paid = async (): Promise<PaidProgram> => startPaid(await createService())

function temporaryFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-paid-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'tollgate.db')
}

describe('a paid call', () => {
  it('is held before the service sees it, and charged what the service says', async () => {
    const program = await paid()
    let whileRunning: unknown
    program.service.answerBy(async ({ headers }, response) => {
      whileRunning = { ...(await program.money()), usage: JSON.parse(String(headers['tollgate-usage'])) as unknown }
      response.setHeader('tollgate-price', '0.04').end('{}')
    })
    expect((await program.send('POST /v1/work')).status).toBe(200)
    expect(whileRunning).toEqual({ available: 490, held: 10, usage: { credit: { available: '4.90', held: '0.10', scale: 2 } } })
    expect(await program.money()).toEqual({ available: 496, held: 0 })
  })

  it('that its service refuses costs nothing', async () => {
    const program = await paid()
    program.service.answerBy((_, response) => response.writeHead(500).end())
    expect((await program.send('POST /v1/work')).status).toBeGreaterThanOrEqual(500)
    expect(await program.money()).toEqual({ available: 500, held: 0 })
  })

  it('is paid although its caller went away before the answer, and is let go once its head has said the price', async () => {
    const program = await paid()
    const asked = promised<() => void>()
    const closed = promised()
    program.service.answerBy((_, response) => {
      response.once('close', () => closed.resolve())
      asked.resolve(() => void response.writeHead(200, { 'tollgate-price': '0.04' }).write('{"success":true,"data":'))
    })
    const leaving = new AbortController()
    const call = program.send('POST /v1/work', { signal: leaving.signal }).catch(() => 'left')
    const answer = await asked.promise
    leaving.abort()
    expect(await call).toBe('left')
    expect(await program.money()).toEqual({ available: 490, held: 10 })
    answer()
    await closed.promise
    await expect.poll(program.money).toEqual({ available: 496, held: 0 })
  })

  it('whose price comes later is charged at the address that came with it, once, and is over then', async () => {
    const program = await paid()
    program.service.answerBy((_, response) => response.setHeader('tollgate-price', 'later').end('{}'))
    expect((await program.send('POST /v1/work')).status).toBe(200)
    expect(await program.money()).toEqual({ available: 490, held: 10 })
    const url = program.service.seen[0]?.headers['tollgate-call']
    expect(url).toMatch(new RegExp(`^${program.gateway.callsUrl}/`))
    expect(await act(url, 'charge', { amount: '0.07' })).toEqual({ status: 200, body: { charged: '0.07' } })
    expect(await act(url, 'charge', { amount: '0.07' })).toEqual({ status: 200, body: { charged: '0.07' } })
    expect((await act(url, 'release')).status).toBe(410)
    expect((await act(url, 'charge', { amount: '0.05' })).status).toBe(410)
    expect(await program.money()).toEqual({ available: 493, held: 0 })
  })

  it('cannot be settled by who knows only a part of its address', async () => {
    const program = await paid()
    program.service.answerBy((_, response) => response.setHeader('tollgate-price', 'later').end('{}'))
    await program.send('POST /v1/work')
    const url = String(program.service.seen[0]?.headers['tollgate-call'])
    const end = url.lastIndexOf(':')
    for (const wrong of [url.slice(0, end), `${url.slice(0, end)}:${'0'.repeat(64)}`, url.replace('acme', 'other'), `${url}0`]) {
      expect((await act(wrong, 'charge', { amount: '0.07' })).status).toBe(404)
    }
    expect((await act(url, 'charge', { amount: '0.07', more: 'x'.repeat(65_536) })).status).toBe(413)
    expect(await program.money()).toEqual({ available: 490, held: 10 })
  })

  it('shows what stands to whoever asks', async () => {
    const program = await paid()
    program.service.answerBy(({ headers }, response) => response.end(headers['tollgate-usage']))
    expect(await (await program.send('GET /v1/balance')).json()).toEqual({ credit: { available: '5.00', held: '0.00', scale: 2 } })
  })
})

it('of a thousand calls of 0.10 at once on 5.00, exactly fifty are admitted', async () => {
  const program = await paid()
  const pool = new Pool(program.gateway.url, { connections: 50 })
  onTestFinished(() => pool.close())
  const one = async (): Promise<number> => {
    const { statusCode, body } = await pool.request({ method: 'POST', path: '/nexalayer/v1/work', headers: { 'x-api-key': KEY, 'content-type': 'application/json' }, body: '{}' })
    await body.dump()
    return statusCode
  }
  const statuses = await Promise.all(Array.from({ length: 1_000 }, one))
  expect(statuses.filter((status) => status === 200)).toHaveLength(50)
  expect(statuses.filter((status) => status === 402)).toHaveLength(950)
  expect(program.service.seen).toHaveLength(50)
  expect(await program.money()).toEqual({ available: 0, held: 0 })
})

describe('a lease', () => {
  it('is taken by a call, named by its service, renewed and ended; its caller sees it as it stands', async () => {
    const program = await paid()
    const inADay = new Date(Date.now() + 86_400_000).toISOString()
    program.service.answerBy(async ({ on, headers }, response) => {
      if (on === 'POST /v1/sessions') await act(headers['tollgate-call'], 'lease', { id: 'ses_1', expiresAt: inADay })
      if (on.endsWith('/renew')) await act(headers['tollgate-call'], 'renew', { lease: 'ses_1', expiresAt: null })
      response.end(JSON.stringify({ lease: headers['tollgate-lease'] }))
    })
    expect((await program.send('POST /v1/sessions', { body: { product_no: 'P-1' } })).status).toBe(200)
    expect(await program.alive('sessions')).toBe(1)
    expect(await program.money()).toEqual({ available: 200, held: 0 })
    expect(await (await program.send('GET /v1/sessions/ses_1')).json()).toEqual({ lease: 'active' })
    expect((await program.send('GET /v1/sessions/ses_2')).status).toBe(404)

    expect((await program.send('POST /v1/sessions/ses_1/renew')).status).toBe(200)
    expect((await program.gateway.store.lease('nexalayer', 'ses_1'))?.expiresAtMs).toBeUndefined()
    expect(await program.money()).toEqual({ available: 0, held: 0 })
    const url = program.service.seen.at(-1)?.headers['tollgate-call']
    expect((await act(url, 'release', { lease: 'ses_1' })).body).toMatchObject({ lease: 'ses_1', state: 'terminated' })
    expect(await program.alive('sessions')).toBe(0)
    expect(await (await program.send('GET /v1/sessions/ses_1')).json()).toEqual({ lease: 'terminated' })
  })

  it('that its service does not name ends with the call', async () => {
    const program = await paid()
    program.service.answerBy((_, response) => response.writeHead(503).end())
    await program.send('POST /v1/sessions', { body: { product_no: 'P-1' } })
    expect(await program.alive('sessions')).toBe(0)
    expect(await program.money()).toEqual({ available: 500, held: 0 })
  })
})

describe('a restart', () => {
  it('leaves the addresses of calls as they were', async () => {
    const service = await createService()
    const change = { file: temporaryFile(), callsPort: await freePort() }
    service.answerBy((_, response) => response.setHeader('tollgate-price', 'later').end('{}'))
    const first = await startPaid(service, change)
    await first.send('POST /v1/work')
    const url = service.seen[0]?.headers['tollgate-call']
    await first.gateway.close()
    await expect(act(url, 'charge', { amount: '0.07' })).rejects.toThrow('fetch failed')
    const second = await startPaid(service, change)
    expect(await act(url, 'charge', { amount: '0.07' })).toEqual({ status: 200, body: { charged: '0.07' } })
    expect(await second.money()).toEqual({ available: 493, held: 0 })
  })

  it('resolves what fell due meanwhile before the first request, and what falls due later by itself', async () => {
    const service = await createService()
    const clock = createManualClock(START_MS)
    const change = { file: temporaryFile(), clock }
    service.answerBy((_, response) => response.setHeader('tollgate-price', 'later').end('{}'))
    const first = await startPaid(service, change)
    await first.send('POST /v1/keyed', { headers: { 'idempotency-key': 'one' } })
    expect(await first.money()).toEqual({ available: 490, held: 10 })
    await first.gateway.close()
    clock.advance(300_000)
    const second = await startPaid(service, change)
    expect((await second.gateway.store.ledger({ limit: 10 })).map(({ kind }) => kind)).toEqual(['grant', 'hold', 'release'])

    await second.send('POST /v1/keyed', { headers: { 'idempotency-key': 'two' } })
    for (let seconds = 0; seconds < 301; seconds += 1) {
      clock.advance(1_000)
      await new Promise(setImmediate)
    }
    await expect.poll(async () => (await second.ledger()).map(({ kind }) => kind)).toEqual(['hold', 'release', 'hold', 'release'])
  })
})

describe('a stop', () => {
  it('waits for a keyed call whose caller has gone, while its service can still settle', async () => {
    const change = { file: temporaryFile(), grace: '20s' }
    const program = await startPaid(await createService(), change)
    const arrived = promised<unknown>()
    const asked = promised()
    program.service.answerBy(async ({ headers }, response) => {
      arrived.resolve(headers['tollgate-call'])
      await asked.promise
      response.setHeader('tollgate-price', '0.03').end('{}')
    })
    const leaving = new AbortController()
    const call = program.send('POST /v1/keyed', { headers: { 'idempotency-key': 'one' }, signal: leaving.signal }).catch(() => 'gone')
    const url = await arrived.promise
    leaving.abort()
    expect(await call).toBe('gone')
    const closed = program.gateway.close()
    await expect.poll(() => program.send('POST /v1/work').catch(() => 'closed')).toBe('closed')
    expect((await act(url, 'renew', { lease: 'none', expiresAt: null })).status).toBe(404)
    asked.resolve()
    await closed
    await expect(act(url, 'release')).rejects.toThrow('fetch failed')
    const again = await startPaid(program.service, change)
    expect(await again.ledger()).toMatchObject([{ kind: 'hold' }, { kind: 'settle', units: 3 }, { kind: 'release', units: 7 }])
  })
})

describe('the address for services', () => {
  /** Only the routes that the gateway answers by itself: nothing to settle. */
  const free = (port: number, callsPort: number) => {
    const { apis, ...config } = paidConfig(port, { callsPort })
    return { ...config, apis: Object.fromEntries(Object.entries(apis).map(([name, api]) => [name, { ...api, routes: api.routes.filter(({ handler }) => handler !== undefined) }])) }
  }

  it('is opened at the start if some route needs it, else by the reload that first does; a port that is taken refuses that', async () => {
    const { port } = await createService()
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port: taken } = other.address() as AddressInfo
    const directory = dirname(temporaryFile())
    const file = join(directory, 'tollgate.json')
    const write = (config: object): void => writeFileSync(file, JSON.stringify(config))

    write(free(port, taken))
    const gateway = await startGateway({ config: file })
    onTestFinished(() => gateway.close())
    expect(gateway.callsUrl).toBeUndefined()
    write(paidConfig(port, { callsPort: taken }))
    const message = `calls on 127.0.0.1:${taken}: the port is in use by another process; stop that one, or choose another port`
    expect(await gateway.reload()).toEqual({ ok: false, problems: [{ path: ['calls', 'port'], message }] })
    await expect(startGateway({ config: file })).rejects.toThrow(message)

    other.close()
    await once(other, 'close')
    expect(await gateway.reload()).toEqual({ ok: true })
    expect(gateway.callsUrl).toBe(`http://127.0.0.1:${taken}/calls`)
    expect((await act(`${gateway.callsUrl}/x`, 'charge')).status).toBe(404)
    write(free(port, taken))
    expect(await gateway.reload()).toEqual({ ok: true })
    // Calls that began before may still be open.
    expect((await act(`${gateway.callsUrl}/x`, 'charge')).status).toBe(404)
  })
})

it('a balance whose scale would change is refused: its money would mean something else', async () => {
  const { port } = await createService()
  const file = temporaryFile().replace(/db$/, 'json')
  writeFileSync(file, JSON.stringify(paidConfig(port)))
  const gateway = await startGateway({ config: file })
  onTestFinished(() => gateway.close())
  writeFileSync(file, JSON.stringify(paidConfig(port)).replace('"scale":2', '"scale":3'))
  const outcome = await gateway.reload()
  expect(outcome.ok ? [] : outcome.problems).toEqual([{ path: ['apis', 'nexalayer', 'meters', 'credit'], message: expect.stringContaining('a balance of scale 2') }])
})

it('what signs the addresses of calls and the tokens stands in no log, nor does any address', async () => {
  const lines: string[] = []
  const program = await startPaid(await createService(), { log: createJsonLog((line) => void lines.push(line)) })
  program.service.answerBy((_, response) => response.setHeader('tollgate-price', '99.00').end('{}'))
  await program.send('POST /v1/work')
  const url = String(program.service.seen[0]?.headers['tollgate-call'])
  await act(url, 'charge', { amount: 'much' })
  await act(`${url}0`, 'charge', { amount: '0.01' })
  await program.gateway.reload()
  const { store } = program.gateway
  const [secret, keys] = await Promise.all([store.get('gateway', 'call-secret'), store.get('gateway', 'token-keys')])
  const hidden = JSON.stringify([secret?.value, keys?.value]).match(/[0-9a-f]{64}/g) ?? []
  expect(hidden).toHaveLength(2)
  const requests = await store.requests({ limit: 10 })
  const said = lines.join('') + JSON.stringify(requests)
  expect(said).toContain('services can settle their calls')
  for (const text of [...hidden, url.slice(url.lastIndexOf(':') + 1)]) expect(said).not.toContain(text)
})

it('whatever happened, the ledger adds up', async () => {
  const program = await paid()
  let turn = 0
  program.service.answerBy((_, response) => {
    turn += 1
    if (turn % 4 === 0) response.writeHead(500).end()
    else if (turn % 4 === 1) response.setHeader('tollgate-price', '0.05').end('{}')
    else if (turn % 4 === 2) response.setHeader('tollgate-price', 'later').end('{}')
    else response.socket?.resetAndDestroy()
  })
  await Promise.all(Array.from({ length: 24 }, () => program.send('POST /v1/work').then((answer) => answer.arrayBuffer())))
  const { store } = program.gateway
  expect(checkLedger(await store.ledger({ limit: 1_000 }), await store.calls({ limit: 1_000 }))).toEqual([])
})
