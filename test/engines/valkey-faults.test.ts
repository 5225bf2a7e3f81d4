/** What docs/shared-store.md says becomes of calls while the counters' server is down, hangs or loses its data: money and keys do not hear of it. */
import type { RunningGateway } from '@tollgate/gateway'
import { afterEach, describe, expect, it } from 'vitest'
import { isProving } from '../runs.ts'
import { freshDatabase } from '../servers/postgres.ts'
import { mayUseValkey, startValkey, type ValkeyServer } from '../servers/valkey.ts'
import { accountId, call, callMany, createEngineWorld, openAccount, type EngineWorld, type Said } from './engine-world.ts'

const EACH = 50
/** What each paid call costs, in units of the balance. */
const PRICE = 10

describe.runIf(mayUseValkey)('two gateways with counters on a server of their own', () => {
  let server: ValkeyServer
  let world: EngineWorld
  let here: RunningGateway
  let secret: string

  /** Long, or a busy machine alone is taken for a server that hangs. */
  async function begin(patience: string, timeout = patience): Promise<void> {
    server = await startValkey()
    world = await createEngineWorld({ count: 2, store: { postgres: await freshDatabase() }, change: { counters: { valkey: { url: server.url, timeout } }, onStoreFailure: { patience } } })
    here = world.gateways[0] as RunningGateway
    ;({ secret } = await openAccount(here, 1_000_000))
  }

  afterEach(async () => {
    await world.close()
    await server.stop()
  })

  const bothKnown = async (): Promise<void> => {
    for (const { adminUrl, adminToken } of world.gateways) await expect.poll(async () => (await fetch(`${adminUrl}/metrics`, { headers: { authorization: `Bearer ${adminToken}` } })).text(), { interval: 200 }).toContain('tollgate_gateways 2')
  }
  const key = (): { readonly 'x-api-key': string } => ({ 'x-api-key': secret })
  const paid = (gateway = here): Promise<Said> => call(gateway, 'POST', '/v1/words', key())
  const look = (gateway = here): Promise<Said> => call(gateway, 'GET', '/v1/look', key())
  const daily = (gateway = here): Promise<Said> => call(gateway, 'GET', '/v1/daily', key())
  const both = (headers: { readonly [name: string]: string } = {}): Promise<Said> => call(here, 'POST', '/v1/both', { ...key(), ...headers })
  const keyed = (idempotencyKey: string): Promise<Said> => call(here, 'POST', '/v1/all', { ...key(), 'idempotency-key': idempotencyKey })
  /** As many as there are slots: none has stayed behind. */
  const fourAtOnce = async (): Promise<readonly number[]> => {
    const said = await Promise.all(Array.from({ length: 4 }, (_, at) => call(here, 'POST', '/v1/all', { ...key(), 'idempotency-key': `after ${at}`, 'x-work-ms': '500' })))
    return said.map(({ status }) => status)
  }
  const books = async (): Promise<unknown> => here.store.balance(`account:${accountId}`, 'credit')
  const engines = async (): Promise<unknown> => JSON.parse((await call(here, 'GET', '/readyz')).body)

  it.runIf(isProving)('a rate limit holds over both, and money beside it', async () => {
    await begin('30s')
    expect(await engines()).toEqual({ status: 'ready', engines: { postgres: 'up', valkey: 'up' } })
    expect(Object.fromEntries(await callMany(world.gateways, 150, 16, look))).toEqual({ 200: 100, 429: 50 })
    expect((await paid()).status).toBe(200)
    expect(await here.store.balance(`account:${accountId}`, 'credit')).toMatchObject({ chargedUnits: 10, heldUnits: 0 })
  })

  describe.runIf(isProving).each([
    ['is down', (): Promise<() => Promise<void>> => server.kill('SIGKILL').then(() => () => server.restart())],
    ['hangs', (): Promise<() => Promise<void>> => server.kill('SIGSTOP').then(() => () => server.kill('SIGCONT'))],
  ])('whose server %s', (_, fail) => {
    it('count windows each for itself, refuse quotas, and take money as ever; then all is as before', async () => {
      await begin('2s')
      await bothKnown()
      const mend = await fail()
      try {
        await expect.poll(engines, { interval: 100 }).toEqual({ status: 'ready', engines: { postgres: 'up', valkey: 'down' } })
        expect(Object.fromEntries(await callMany([here], 80, 4, look))).toEqual({ 200: EACH, 429: 80 - EACH })
        expect([(await daily()).status, (await daily()).headers.get('retry-after')]).toEqual([503, '1'])
        expect((await paid()).status).toBe(200)
      } finally {
        await mend()
      }
      await expect.poll(engines, { interval: 100 }).toEqual({ status: 'ready', engines: { postgres: 'up', valkey: 'up' } })
      await expect.poll(async () => (await daily()).status, { interval: 100 }).toBe(200)
      await expect.poll(async () => (await look()).headers.get('ratelimit-limit') ?? (await look()).headers.get('x-ratelimit-limit') ?? (await look()).status, { interval: 200 }).not.toBe(429)
      expect(await here.store.balance(`account:${accountId}`, 'credit')).toMatchObject({ chargedUnits: 10, heldUnits: 0 })
    })
  })

  describe.runIf(isProving).each([
    ['is down', (): Promise<() => Promise<void>> => server.kill('SIGKILL').then(() => () => server.restart())],
    ['hangs', (): Promise<() => Promise<void>> => server.kill('SIGSTOP').then(() => () => server.kill('SIGCONT'))],
  ])('whose server %s', (_, fail) => {
    it('let a stage of windows and money go on up to the share, keep a long call and every key, wait once, and lose no coin', async () => {
      const patienceMs = 2_000
      await begin('2s', '30s')
      await bothKnown()
      let longestMs = 0
      const timed = async (sent: () => Promise<Said>): Promise<Said> => {
        const fromMs = performance.now()
        const said = await sent()
        longestMs = Math.max(longestMs, performance.now() - fromMs)
        return said
      }
      const slots = Array.from({ length: 4 }, (_each, at) => call(here, 'POST', '/v1/all', { ...key(), 'idempotency-key': `slow ${at}`, 'x-work-ms': '5000' }))
      // Longer than what it holds, by far.
      const long = both({ 'x-work-ms': '15000' })
      await expect.poll(() => world.asked(), { interval: 20, timeout: 60_000 }).toBe(5)
      const mend = await fail()
      let paidCalls = 5
      try {
        const statuses = await callMany([here], 60, 4, () => timed(both))
        expect(Object.fromEntries(statuses)).toEqual({ 200: EACH, 429: 10 })
        paidCalls += EACH
        expect((await Promise.all(slots)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
        expect((await long).status).toBe(200)
        const replayed = await timed(() => keyed('slow 0'))
        expect([replayed.status, replayed.headers.get('idempotent-replayed'), world.asked()]).toEqual([200, 'true', paidCalls])
      } finally {
        await mend()
      }
      expect(longestMs).toBeLessThan(2 * patienceMs)
      await expect.poll(engines, { interval: 100, timeout: 60_000 }).toEqual({ status: 'ready', engines: { postgres: 'up', valkey: 'up' } })
      await expect.poll(async () => (await daily()).status, { interval: 100, timeout: 60_000 }).toBe(200)
      expect(await fourAtOnce()).toEqual([200, 200, 200, 200])
      expect(await books()).toMatchObject({ chargedUnits: (paidCalls + 4) * PRICE, heldUnits: 0 })
    })

    it('count the slot of a keyed call here, and its key, answer and money there', async () => {
      await begin('2s', '30s')
      await bothKnown()
      const mend = await fail()
      try {
        expect(Object.fromEntries(await callMany([here], 8, 4, () => keyed('one key')))).toMatchObject({ 200: expect.any(Number) })
        expect(world.asked()).toBe(1)
        const replayed = await keyed('one key')
        expect([replayed.status, replayed.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
      } finally {
        await mend()
      }
      await expect.poll(async () => (await daily()).status, { interval: 100, timeout: 60_000 }).toBe(200)
      const asked = world.asked()
      const replayed = await keyed('one key')
      expect([replayed.status, replayed.headers.get('idempotent-replayed'), world.asked()]).toEqual([200, 'true', asked])
      expect(await fourAtOnce()).toEqual([200, 200, 200, 200])
      expect(await books()).toMatchObject({ chargedUnits: 5 * PRICE, heldUnits: 0 })
    })
  })

  it.runIf(isProving)('that has lost its data begins counting anew, once', async () => {
    await begin('2s')
    await bothKnown()
    expect(Object.fromEntries(await callMany(world.gateways, 120, 8, look))).toEqual({ 200: 100, 429: 20 })
    await server.restart()
    await expect.poll(async () => (await look()).status, { interval: 200 }).toBe(200)
    const statuses = await callMany(world.gateways, 300, 8, look)
    // Some may have been counted by each gateway alone, before the server was found to be there again.
    expect(statuses.get(200) ?? 0).toBeLessThanOrEqual(100 + 2 * EACH)
  })
})
