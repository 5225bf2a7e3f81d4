/** What docs/shared-store.md says becomes of calls while Postgres is slow, down, fails over or loses data: each row over a real server that is paused, killed or emptied. */
import { checkLedger } from 'tollgate/engine'
import type { GatewayConfigInput, RunningGateway } from '@tollgate/gateway'
import { Client } from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { isProving } from '../runs.ts'
import { startPostgres, type TestPostgres } from '../servers/postgres.ts'
import { accountId, call, callMany, createEngineWorld, openAccount, type EngineWorld, type Said } from './engine-world.ts'
import { pause } from './processes.ts'

/** Long enough that a busy machine alone is not taken for a server that hangs. */
const TIMEOUT_MS = 2_000

describe.runIf(isProving)('over a Postgres of its own', () => {
  let server: TestPostgres
  let url: string
  let world: EngineWorld | undefined
  let gateways: readonly RunningGateway[]
  let here: RunningGateway
  let secret: string
  let said: string[]

  async function begin(change: Partial<GatewayConfigInput> = {}): Promise<void> {
    server = await startPostgres()
    url = await server.freshDatabase()
    said = []
    const opened = await createEngineWorld({ count: 2, store: { postgres: { url, connectTimeout: '5s', timeout: `${TIMEOUT_MS}ms` } }, change, log: (line) => said.push(line) })
    world = opened
    gateways = opened.gateways
    here = gateways[0] as RunningGateway
    ;({ secret } = await openAccount(here, 1_000_000))
    for (const gateway of gateways) for (const path of ['/v1/look', '/v1/public']) await call(gateway, 'GET', path, key())
    // What each has seen of the other.
    await expect.poll(async () => /^tollgate_gateways (\d)/m.exec(await metrics(here))?.[1], { interval: 200 }).toBe('2')
  }

  afterEach(async () => {
    await world?.close()
    await server.stop()
    world = undefined
  })

  const asks = (): number => world?.asked() ?? 0
  const key = (): { readonly 'x-api-key': string } => ({ 'x-api-key': secret })
  const paid = (gateway = here): Promise<Said> => call(gateway, 'POST', '/v1/words', key())
  const look = (gateway = here): Promise<Said> => call(gateway, 'GET', '/v1/look', key())
  const anybody = (gateway = here): Promise<Said> => call(gateway, 'GET', '/v1/public')
  const metrics = async ({ adminUrl, adminToken }: RunningGateway): Promise<string> => (await fetch(`${adminUrl}/metrics`, { headers: { authorization: `Bearer ${adminToken}` } })).text()

  async function ready(gateway = here): Promise<readonly [number, unknown]> {
    const { status, body } = await call(gateway, 'GET', '/readyz')
    return [status, (JSON.parse(body) as { readonly engines?: { readonly postgres?: string } }).engines?.postgres]
  }

  async function expectRefused(answer: Said): Promise<void> {
    expect([answer.status, answer.headers.get('retry-after'), (JSON.parse(answer.body) as { readonly code: string }).code]).toEqual([503, '1', 'upstream.unavailable'])
    expect(answer.body).not.toMatch(/postgres|127\.0\.0\.1/)
  }

  async function expectRecovery(): Promise<void> {
    await expectAnswers()
    await expectBooks()
  }

  async function expectAnswers(): Promise<void> {
    await expect.poll(async () => Promise.all(gateways.map(async (gateway) => (await paid(gateway)).status)), { interval: 200 }).toEqual([200, 200])
    await expect.poll(() => Promise.all(gateways.map((gateway) => ready(gateway))), { interval: 200 }).toEqual([[200, 'up'], [200, 'up']])
  }

  async function expectBooks(): Promise<void> {
    const rows = await here.store.ledger({ limit: 100_000 })
    expect(checkLedger(rows, await here.store.calls({ limit: 100_000 }))).toEqual([])
  }

  it('that is slow: calls wait, and none is lost', async () => {
    await begin()
    const asked = asks()
    const over = new AbortController()
    const pulses = (async () => {
      while (!over.signal.aborted) {
        const resume = pause(server.pid)
        await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS / 10))
        resume()
        await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS / 10))
      }
    })()
    const statuses = await callMany(gateways, 200, 16, paid)
    over.abort()
    await pulses
    expect(Object.fromEntries(statuses)).toEqual({ 200: 200 })
    expect(asks() - asked).toBe(200)
    await expectBooks()
  })

  describe.each([
    ['that is down', (): Promise<() => Promise<void>> => server.kill('SIGKILL').then(() => () => server.restart())],
    ['that hangs', async (): Promise<() => Promise<void>> => {
      const resume = pause(server.pid)
      return async () => resume()
    }],
  ])('%s', (_, fail) => {
    it('money and credentials are refused within a bound, strangers go on up to a share, and all is as before when it is back', async () => {
      await begin()
      const mend = await fail()
      try {
        await expect.poll(() => ready(), { interval: 100 }).toEqual([503, 'down'])
        const beganMs = performance.now()
        await expectRefused(await paid())
        expect(performance.now() - beganMs).toBeLessThan(20 * TIMEOUT_MS)
        // Two gateways: each has half of the limit.
        const statuses = await callMany([here], 80, 4, anybody)
        expect(Object.fromEntries(statuses)).toEqual({ 200: 50, 429: 30 })
        expect((await anybody()).status).toBe(429)
        expect(said.filter((line) => line.includes('counted by this gateway alone, up to 1/2 of each limit')).length).toBeGreaterThan(0)
        expect(said.join('\n')).toContain('does not answer')
      } finally {
        await mend()
      }
      await expectRecovery()
      expect(said.join('\n')).toContain('answers again')
    })

    it('credentials that are known are good for as long as is said, and no longer', async () => {
      await begin({ onStoreFailure: { credentials: 'allowLocally', cachedFor: '15s' } })
      const mend = await fail()
      try {
        await expect.poll(() => ready(), { interval: 100 }).toEqual([503, 'down'])
        expect((await look()).status).toBe(200)
        await expectRefused(await paid())
        expect((await call(here, 'GET', '/v1/look', { 'x-api-key': 'wd_a-key-that-is-not-known-here' })).status).toBe(503)
        await expect.poll(async () => (await look()).status, { interval: 250 }).toBe(503)
      } finally {
        await mend()
      }
      await expectRecovery()
    })

    it('money is let pass where that was declared, and is not charged afterwards', async () => {
      await begin({ onStoreFailure: { credentials: 'allowLocally', cachedFor: '60s', money: 'allow' } })
      const mend = await fail()
      const statuses: number[] = []
      try {
        await expect.poll(() => ready(), { interval: 100 }).toEqual([503, 'down'])
        for (let count = 0; count < 5; count += 1) statuses.push((await paid()).status)
      } finally {
        await mend()
      }
      // Where nobody knows whether it was taken, it is never let pass.
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0)
      await expect.poll(async () => (await here.store.balance(`account:${accountId}`, 'credit').catch(() => undefined))?.heldUnits, { interval: 200 }).toBe(0)
      expect(await here.store.balance(`account:${accountId}`, 'credit')).toMatchObject({ chargedUnits: 0 })
    })
  })

  it('that fails over (a restart that drops every connection under load): nothing is charged twice, and nothing that was answered is lost', async () => {
    await begin()
    const asked = asks()
    const statuses = new Map<number, number>()
    const over = new AbortController()
    const load = Promise.all(
      Array.from({ length: 16 }, async (_, at) => {
        while (!over.signal.aborted) {
          const { status } = await paid(gateways[at % 2])
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
        }
      }),
    )
    for (let round = 0; round < 3; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 700))
      await server.kill('SIGKILL')
      await server.restart()
    }
    await expectAnswers()
    over.abort()
    await load
    // 500: the work was done, and what it costs could not be written down, so that its answer does not go out.
    expect([...statuses.keys()].filter((status) => ![200, 500, 503].includes(status))).toEqual([])
    // What a lost connection left open falls due by itself.
    await expect.poll(async () => (await here.store.balance(`account:${accountId}`, 'credit'))?.heldUnits, { interval: 500 }).toBe(0)
    const balance = await here.store.balance(`account:${accountId}`, 'credit')
    const answered = statuses.get(200) ?? 0
    expect(balance?.chargedUnits).toBeGreaterThanOrEqual(answered * 10)
    expect(balance?.chargedUnits).toBeLessThanOrEqual((asks() - asked) * 10)
    await expectBooks()
  })

  it('that has lost its data: nobody is let in, and a restart says what is missing', async () => {
    await begin()
    const client = new Client({ connectionString: url })
    await client.connect()
    await client.query('drop schema tollgate cascade')
    await client.end()
    await expect.poll(async () => (await paid()).status, { interval: 200 }).toBe(503)
  })
})
