/** What docs/shared-store.md says becomes of calls while the counters' server is down, hangs or loses its data: money and keys do not hear of it. */
import type { RunningGateway } from '@tollgate/gateway'
import { afterEach, describe, expect, it } from 'vitest'
import { isProving } from '../runs.ts'
import { freshDatabase } from '../servers/postgres.ts'
import { mayUseValkey, startValkey, type ValkeyServer } from '../servers/valkey.ts'
import { accountId, call, callMany, createEngineWorld, openAccount, type EngineWorld, type Said } from './engine-world.ts'

const EACH = 50

describe.runIf(mayUseValkey)('two gateways with counters on a server of their own', () => {
  let server: ValkeyServer
  let world: EngineWorld
  let here: RunningGateway
  let secret: string

  /** Long, or a busy machine alone is taken for a server that hangs. */
  async function begin(patience: string): Promise<void> {
    server = await startValkey()
    world = await createEngineWorld({ count: 2, store: { postgres: await freshDatabase() }, change: { counters: { valkey: { url: server.url, timeout: patience } }, onStoreFailure: { patience } } })
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
