/** A cluster whose slots move to another node while gateways count: MOVED and ASK, and keys of which some have gone and others not. */
import { Redis } from 'ioredis'
import { StoreUnavailableError, type Take } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import { createValkeyCounters, type ValkeyCounters } from 'tollgate/stores/valkey'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectValkey, type ValkeyConnection } from '../../packages/gateway/src/platform/valkey.ts'
import { mayUseValkey, startValkeyCluster, type ValkeyServer } from '../servers/valkey.ts'

const LIMIT = 50
const ACCOUNTS = 30
const GATEWAYS = 4

const burstOf = (account: string): Take => ({ subject: `account:${account}`, name: 'burst', meter: { kind: 'window', windowMs: 3_600_000 }, limit: LIMIT, cost: 1 })
const placeOf = (account: string): Take => ({ subject: `account:${account}`, name: 'parallel', meter: { kind: 'lease', of: 'slot' }, limit: LIMIT, cost: 1 })

describe.skipIf(!mayUseValkey)('while the slots of a cluster move to another node', () => {
  let nodes: readonly ValkeyServer[] = []
  let connections: readonly ValkeyConnection[] = []
  let gateways: readonly ValkeyCounters[] = []
  beforeAll(async () => {
    nodes = await startValkeyCluster(2)
    connections = await Promise.all(Array.from({ length: GATEWAYS }, () => connectValkey({ url: nodes[0]?.url ?? '', isCluster: true, timeoutMs: 30_000 })))
    gateways = connections.map(({ client }) => createValkeyCounters({ client, prefix: 'moving:' }))
  })
  afterAll(async () => {
    for (const connection of connections) connection.close()
    await Promise.all(nodes.map((node) => node.stop()))
  })

  test('no limit is passed, what was told is counted, and all goes on afterwards', async () => {
    const accounts = Array.from({ length: ACCOUNTS }, (_, at) => `a${at}`)
    const seen = new Map(accounts.map((account) => [account, { admitted: 0, unknown: 0, refused: 0 }]))
    const moving = { isDone: false }
    let calls = 0

    /** Half of them are decided in the gateway, and half by the script. */
    async function ask(gateway: ValkeyCounters, account: string, at: number): Promise<void> {
      const tally = seen.get(account) as { admitted: number; unknown: number; refused: number }
      const id = `c${(calls += 1)}`
      const takes = at % 2 === 0 ? [burstOf(account)] : [burstOf(account), placeOf(account)]
      try {
        const { admitted } = await applyOne(gateway, { kind: 'admit', takes, call: { id, accountId: account, holdMs: 600_000, onExpiry: 'release' } })
        tally[admitted ? 'admitted' : 'refused'] += 1
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error
        if (error.applied === 'unknown') tally.unknown += 1
      }
    }
    const asking = Promise.all(
      gateways.map(async (gateway) => {
        while (!moving.isDone) await Promise.all(accounts.map((account, at) => ask(gateway, account, at)))
      }),
    )
    const moved = await moveAll(nodes)
    moving.isDone = true
    await asking
    expect(moved).toBeGreaterThan(ACCOUNTS / 4)

    for (const [at, account] of accounts.entries()) {
      for (let more = 0; more < LIMIT; more += 1) await ask(gateways[more % GATEWAYS] as ValkeyCounters, account, at)
      const { admitted, unknown, refused } = seen.get(account) as { admitted: number; unknown: number; refused: number }
      const [reading] = await (gateways[0] as ValkeyCounters).peek([burstOf(account)], account)
      expect([account, reading?.used]).toEqual([account, LIMIT])
      expect(admitted).toBeLessThanOrEqual(LIMIT)
      expect(admitted + unknown).toBeGreaterThanOrEqual(LIMIT)
      expect(refused).toBeGreaterThan(0)
    }
  })
})

/** Every slot of the first node that has keys, each key by itself, as a tool that reshards does it. Returns how many slots. */
async function moveAll([from, to]: readonly ValkeyServer[]): Promise<number> {
  if (from === undefined || to === undefined) throw new Error('there are not two nodes')
  const [source, target] = [new Redis(from.url), new Redis(to.url)]
  try {
    const [sourceId, targetId] = [String(await source.call('CLUSTER', 'MYID')), String(await target.call('CLUSTER', 'MYID'))]
    await expect.poll(() => source.dbsize(), { timeout: 60_000, interval: 5 }).toBeGreaterThan(ACCOUNTS / 4)
    const slots = new Set<number>()
    for (const key of await source.keys('*')) slots.add(Number(await source.call('CLUSTER', 'KEYSLOT', key)))
    for (const slot of slots) {
      await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', sourceId)
      await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', targetId)
      for (;;) {
        const keys = (await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 1)) as string[]
        if (keys[0] === undefined) break
        await source.call('MIGRATE', '127.0.0.1', to.port, keys[0], 0, 5_000)
      }
      for (const node of [target, source]) await node.call('CLUSTER', 'SETSLOT', slot, 'NODE', targetId)
    }
    return slots.size
  } finally {
    source.disconnect()
    target.disconnect()
  }
}
