/** Many at once, from one gateway and from four, also on a cluster. */
import type { Counters, Take } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import { createValkeyCounters } from 'tollgate/stores/valkey'
import { countersConformanceCases } from 'tollgate/testing'
import { Cluster } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mayUseValkey, startValkeyCluster, type ValkeyServer } from '../servers/valkey.ts'
import { startValkeyBench, type ValkeyBench } from './harness.ts'

const CALLS = 1_000
const LIMIT = 50

const takes: readonly Take[] = [
  { subject: 'account:a', name: 'burst', meter: { kind: 'window', windowMs: 3_600_000 }, limit: LIMIT, cost: 1 },
  { subject: 'account:a', name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 400, cost: 1 },
  { subject: 'user:a:1', name: 'minute', meter: { kind: 'window', windowMs: 3_600_000, algorithm: 'buckets' }, limit: 500, cost: 1 },
  { subject: 'account:a', name: 'parallel', meter: { kind: 'lease', of: 'slot' }, limit: 500, cost: 1 },
]

/** Without the slots all is decided in the gateways, and each is in the others' way. */
const counts = takes.slice(0, 3)

async function countAtOnce(all: readonly Counters[]): Promise<readonly [admitted: number, ...used: number[]]> {
  const decisions = await Promise.all(Array.from({ length: CALLS }, (_, at) => applyOne(all[at % all.length] as Counters, { kind: 'admit', takes: counts })))
  const readings = await (all[0] as Counters).peek(counts)
  return [decisions.filter(({ admitted }) => admitted).length, ...readings.map(({ used }) => used)]
}

async function admitAtOnce(all: readonly Counters[]): Promise<readonly [admitted: number, ...used: number[]]> {
  const decisions = await Promise.all(
    Array.from({ length: CALLS }, (_, at) => applyOne(all[at % all.length] as Counters, { kind: 'admit', takes, call: { id: `c${at}`, accountId: 'a', holdMs: 60_000, onExpiry: 'release' } })),
  )
  const readings = await (all[0] as Counters).peek(takes)
  return [decisions.filter(({ admitted }) => admitted).length, ...readings.map(({ used }) => used)]
}

describe.skipIf(!mayUseValkey)('on a server of Valkey or Redis', () => {
  let bench: ValkeyBench
  beforeAll(async () => {
    bench = await startValkeyBench()
  })
  afterAll(() => bench.stop())

  test.each([1, 4])('of 1,000 takes at once on a limit of 50 exactly 50 are admitted, of %i gateways', async (gateways) => {
    const first = await bench.counters()
    const others = await Promise.all(Array.from({ length: gateways - 1 }, () => bench.again(first)))
    expect(await admitAtOnce([first, ...others])).toEqual([LIMIT, LIMIT, LIMIT, LIMIT, LIMIT])
  })

  test.each([1, 4])('the same where nothing but counts is taken, of %i gateways', async (gateways) => {
    const first = await bench.counters()
    const others = await Promise.all(Array.from({ length: gateways - 1 }, () => bench.again(first)))
    expect(await countAtOnce([first, ...others])).toEqual([LIMIT, LIMIT, LIMIT, LIMIT])
  })
})

describe.skipIf(!mayUseValkey)('on a cluster of two nodes', () => {
  let nodes: readonly ValkeyServer[] = []
  const open: Cluster[] = []
  let made = 0
  beforeAll(async () => {
    nodes = await startValkeyCluster(2)
  })
  afterAll(async () => {
    for (const cluster of open) cluster.disconnect()
    await Promise.all(nodes.map((node) => node.stop()))
  })

  const counters = (prefix: string, clock?: { wallMs(): number }) => {
    const cluster = new Cluster([nodes[0]?.url ?? ''])
    open.push(cluster)
    return createValkeyCounters({ client: { isCluster: true, command: (name, args) => cluster.call(name, ...args) }, prefix, clock })
  }

  test('of 1,000 takes at once on a limit of 50 exactly 50 are admitted, of 4 gateways', async () => {
    expect(await admitAtOnce(Array.from({ length: 4 }, () => counters('atOnce:')))).toEqual([LIMIT, LIMIT, LIMIT, LIMIT, LIMIT])
  })

  test('accounts lie on both nodes, each whole on one', async () => {
    const one = counters('spread:')
    for (let at = 0; at < 40; at += 1) {
      const subjects = [`account:a${at}`, `user:a${at}:u`, `key:k${at}`]
      const stage = subjects.map((subject): Take => ({ subject, name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 5, cost: 1 }))
      const call = { id: `c${at}`, accountId: `a${at}`, holdMs: 60_000, onExpiry: 'release' } as const
      const decision = await applyOne(one, { kind: 'admit', takes: [...stage, { subject: `account:a${at}`, name: 'parallel', meter: { kind: 'lease', of: 'slot' }, limit: 1, cost: 1 }], call })
      expect(decision.admitted).toBe(true)
      expect((await one.peek(stage, `a${at}`)).map(({ used }) => used)).toEqual([1, 1, 1])
      expect(await applyOne(one, { kind: 'extend', callId: `c${at}`, holdMs: 90_000 })).toEqual({ extended: true })
      expect(await applyOne(one, { kind: 'free', callId: `c${at}` })).toEqual({ freed: true })
      expect((await applyOne(one, { kind: 'uncount', receipts: decision.admitted ? decision.receipts : [], accountId: `a${at}` })).readings.map(({ used }) => used)).toEqual([0, 0, 0])
    }
    const sizes = await Promise.all((open.at(-1) as Cluster).nodes('master').map((node) => node.dbsize()))
    expect(Math.min(...sizes)).toBeGreaterThan(20)
  })

  test('a stage that counts for others than one account is refused and says what to do; a key must say whose it is', async () => {
    const one = counters('mixed:')
    const daily = (subject: string): Take => ({ subject, name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 5, cost: 1 })
    await expect(applyOne(one, { kind: 'admit', takes: [daily('account:a'), daily('ip:x:::1')] })).rejects.toThrow('stands in a stage of its own')
    await expect(applyOne(one, { kind: 'admit', takes: [daily('key:k')] })).rejects.toThrow('whose key it is')
    expect((await applyOne(one, { kind: 'admit', takes: [daily('key:k')], accountId: 'a' })).admitted).toBe(true)
    // Read and given back it may be together.
    const other = await applyOne(one, { kind: 'admit', takes: [daily('ip:x:::1')] })
    expect((await one.peek([daily('key:k'), daily('ip:x:::1'), daily('account:a')], 'a')).map(({ used }) => used)).toEqual([1, 1, 0])
    const receipts = [daily('ip:x:::1'), daily('account:a')].map(({ cost, ...take }) => ({ ...take, cost, atMs: other.readings[0]?.resetAtMs ?? 0 }))
    expect((await applyOne(one, { kind: 'uncount', receipts })).readings.map(({ used }) => used)).toEqual([0, 0])
  })

  test('the slots of an owner count while its heart beats, on each account where it has some', async () => {
    const [one, two] = [counters('beats:'), counters('beats:')] as const
    const parallel: Take = { subject: 'account:a', name: 'parallel', meter: { kind: 'lease', of: 'slot' }, limit: 1, cost: 1 }
    await applyOne(one, { kind: 'beat', owner: 'gw1', ttlMs: 60_000 })
    const ask = (by: Counters, id: string, owner: string) => applyOne(by, { kind: 'admit', takes: [parallel], owner, call: { id, accountId: 'a', holdMs: 600_000, onExpiry: 'release' } })
    expect((await ask(one, 'c1', 'gw1')).admitted).toBe(true)
    expect((await ask(two, 'c2', 'gw2')).admitted).toBe(false)
    // Its next beats say that it lives no longer than it had said.
    expect((await ask(two, 'c2', 'gw1')).admitted).toBe(false)
  })

  /** Their stages are of several accounts, or of none. */
  const notOnCluster = new Set(['a refused stage changes no meter, over all its subjects', 'names of Object.prototype are ordinary names'])
  const cases = countersConformanceCases.filter(({ name }) => !notOnCluster.has(name))
  for (const { name, run } of cases) {
    test(name, async () => {
      made += 1
      const prefix = `case${made}:`
      await expect(run({ create: (clock) => counters(prefix, clock), reopen: (_, clock) => counters(prefix, clock) })).resolves.toBeUndefined()
    })
  }
})
