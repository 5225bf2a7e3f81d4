/** What goes wrong on the way to the server, and on it. */
import { StoreUnavailableError, type Take } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import { createValkeyCounters } from 'tollgate/stores/valkey'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { connectValkey } from '../../packages/gateway/src/platform/valkey.ts'
import { mayUseValkey, startValkey } from '../servers/valkey.ts'
import { startValkeyBench, type ValkeyBench } from './harness.ts'
import { startRelay } from './relay.ts'

const daily: Take = { subject: 'account:a', name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 50, cost: 1 }
const burst: Take = { subject: 'account:a', name: 'burst', meter: { kind: 'window', windowMs: 60_000 }, limit: 50, cost: 1 }
const parallel: Take = { subject: 'account:a', name: 'parallel', meter: { kind: 'lease', of: 'slot' }, limit: 50, cost: 1 }
const call = { id: 'c1', accountId: 'a', holdMs: 60_000, onExpiry: 'release' } as const

const failureOf = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'none', (error: unknown) => (error instanceof StoreUnavailableError ? [error.applied, error.message] : error))
const until = { timeout: 30_000, interval: 10 }

describe.skipIf(!mayUseValkey)('counters', () => {
  let bench: ValkeyBench
  beforeAll(async () => {
    bench = await startValkeyBench()
  })
  afterAll(() => bench.stop())

  test('what the connection took with it is of unknown outcome, and is never sent again; what was never sent is known not to be done', async () => {
    const relay = await startRelay(bench.server.port)
    const failures: string[] = []
    const way = await connectValkey({ url: `redis://127.0.0.1:${relay.port}`, failed: (error) => failures.push(error.message) })
    const counters = createValkeyCounters({ client: way.client, prefix: 'cut:' })
    const used = async (): Promise<number | undefined> => (await counters.peek([daily]))[0]?.used
    await applyOne(counters, { kind: 'admit', takes: [daily] })
    for (const [when, count] of [['after', 2], ['before', 2]] as const) {
      relay.cutAt('EVALSHA', when)
      // Two that go together share their fate.
      const pair = await Promise.all([daily, { ...daily, cost: 0 }].map((take) => failureOf(applyOne(counters, { kind: 'admit', takes: [take] }))))
      expect(pair).toEqual(Array.from(pair, () => ['unknown', expect.stringContaining('nobody knows what the counters\' server did')]))
      const before = relay.passed('EVALSHA')
      await vi.waitFor(async () => expect(await used()).toBe(count), until)
      expect(relay.passed('EVALSHA')).toBeLessThanOrEqual(before + 2)
    }
    await relay.close()
    await vi.waitFor(async () => expect(await failureOf(used())).toEqual(['no', expect.stringContaining('no connection')]), until)
    await counters.close()
    way.close()
  })

  test('a server that stands still is waited for so long and no longer, and is asked again when it goes on', async () => {
    const server = await startValkey()
    const way = await connectValkey({ url: server.url, timeoutMs: 200 })
    const counters = createValkeyCounters({ client: way.client })
    await applyOne(counters, { kind: 'admit', takes: [daily] })
    await server.kill('SIGSTOP')
    expect(await failureOf(applyOne(counters, { kind: 'admit', takes: [daily] }))).toEqual(['unknown', expect.stringContaining('timed out')])
    await server.kill('SIGCONT')
    await vi.waitFor(async () => expect([1, 2]).toContain((await counters.peek([daily]))[0]?.used), until)
    way.close()
    await server.stop()
  })

  test('a server that was killed and comes back without its data counts afresh, one with its data where it stood', async () => {
    for (const [settings, left] of [[{}, 0], [{ appendonly: 'yes', appendfsync: 'always' }, 2]] as const) {
      const server = await startValkey(settings)
      const way = await connectValkey({ url: server.url })
      const counters = createValkeyCounters({ client: way.client })
      for (let times = 0; times < 2; times += 1) await applyOne(counters, { kind: 'admit', takes: [daily, burst, parallel], call: { ...call, id: `c${times}` } })
      await server.kill('SIGKILL')
      await vi.waitFor(async () => expect(await failureOf(counters.peek([daily]))).toEqual(['no', expect.any(String)]), until)
      await server.restart()
      // It has forgotten the script, too.
      await vi.waitFor(async () => expect((await counters.peek([daily, burst, parallel])).map(({ used }) => used)).toEqual([left, left, left]), until)
      way.close()
      await server.stop()
    }
  })

  test('a script that the server has forgotten is sent again with the call', async () => {
    const counters = await bench.counters()
    const redis = await bench.connect()
    await applyOne(counters, { kind: 'admit', takes: [daily] })
    await redis.script('FLUSH')
    expect((await applyOne(counters, { kind: 'admit', takes: [daily] })).readings[0]?.used).toBe(2)
  })

  test('hostile state admits nobody, says which key it is, and troubles nobody else', async () => {
    const counters = await bench.counters()
    const redis = await bench.connect()
    const prefix = bench.prefixOf(counters)
    const other: Take = { ...daily, subject: 'account:b' }
    const spoilt: readonly (readonly [spoil: () => Promise<unknown>, key: string, takes: readonly Take[]])[] = [
      [() => redis.rpush(`${prefix}record:account:a`, 'x'), 'record:account:a', [daily]],
      [() => redis.set(`${prefix}record:account:a`, 'garbage'), 'record:account:a', [daily]],
      [() => redis.set(`${prefix}record:account:a`, ''), 'record:account:a', [daily]],
      [() => redis.eval("return redis.call('SET', KEYS[1], cmsgpack.pack({ 1, { daily = { 'p', 'soon', 1 } } }))", 1, `${prefix}record:account:a`), 'record:account:a', [daily]],
      [() => redis.eval("return redis.call('SET', KEYS[1], cmsgpack.pack({ 1, { burst = { 's', 60000, 5 } } }))", 1, `${prefix}record:account:a`), 'record:account:a', [burst]],
      [() => redis.eval("return redis.call('SET', KEYS[1], cmsgpack.pack({ 2, {} }))", 1, `${prefix}record:account:a`), 'record:account:a', [daily]],
      [() => redis.set(`${prefix}owners`, 'x'), 'owners', [parallel]],
      [() => redis.hset(`${prefix}owners`, 'gw', 'x'), 'owners', [parallel]],
      [() => redis.hset(`${prefix}slots`, `${parallel.name}\n${parallel.subject}`, 'x'), 'slots', [parallel]],
      [() => redis.set(`${prefix}deadlines`, 'x'), 'deadlines', [parallel]],
      [() => redis.hset(`${prefix}calls`, 'c1', 'x'), 'calls', [parallel]],
    ]
    for (const [spoil, key, takes] of spoilt) {
      await redis.flushall()
      await spoil()
      const ask = (of: readonly Take[]) => applyOne(counters, { kind: 'admit', takes: of, call })
      const [failed, admitted] = await Promise.all([failureOf(ask(takes)), applyOne(counters, { kind: 'admit', takes: [other] })])
      expect(failed).toEqual(['no', expect.stringMatching(/WRONGTYPE|cannot be read/)])
      expect((failed as readonly string[])[1]).toContain(`${prefix}${key}`)
      expect([admitted.admitted, admitted.readings[0]?.used]).toEqual([true, 1])
      await redis.del(`${prefix}${key}`)
      expect((await ask(takes)).admitted).toBe(true)
    }
  })

  test('every key ends by itself, and none while something in it counts', async () => {
    const counters = await bench.counters()
    const redis = await bench.connect()
    await redis.flushall()
    await applyOne(counters, { kind: 'beat', owner: 'gw', ttlMs: 10_000 })
    await applyOne(counters, { kind: 'admit', takes: [{ ...burst, meter: { kind: 'window', windowMs: 500 } }, parallel, { ...daily, subject: 'key:k' }], call, owner: 'gw' })
    const keys = (await redis.keys('*')).toSorted()
    expect(keys.map((key) => key.slice(bench.prefixOf(counters).length))).toEqual(['calls', 'deadlines', 'owners', 'record:account:a', 'record:key:k', 'slots'])
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0)
    expect(await redis.pttl(`${bench.prefixOf(counters)}record:account:a`)).toBeLessThanOrEqual(60_500)
    await applyOne(counters, { kind: 'free', callId: 'c1' })
    expect((await redis.keys('*')).length).toBe(3)
  })

  test('time is the server\'s, whatever the clock of this machine says', async () => {
    const counters = await bench.counters()
    const redis = await bench.connect()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3 * 86_400_000 })
    try {
      const { readings } = await applyOne(counters, { kind: 'admit', takes: [daily] })
      const [seconds = 0] = await redis.time()
      expect(readings[0]?.resetAtMs).toBe((Math.floor(seconds / 86_400) + 1) * 86_400_000)
    } finally {
      vi.useRealTimers()
    }
  })

  test('a server without room refuses whole stages, and what it may evict is said at the start', async () => {
    const server = await startValkey({ 'maxmemory-policy': 'noeviction' })
    const way = await connectValkey({ url: server.url })
    const counters = createValkeyCounters({ client: way.client })
    expect(await counters.warnings()).toEqual([])
    await applyOne(counters, { kind: 'admit', takes: [daily] })
    await way.client.command('CONFIG', ['SET', 'maxmemory', '1'])
    expect(await failureOf(applyOne(counters, { kind: 'admit', takes: [daily, { ...daily, subject: 'key:k' }] }))).toEqual(['no', expect.stringContaining('OOM')])
    expect((await counters.peek([daily, { ...daily, subject: 'key:k' }])).map(({ used }) => used)).toEqual([1, 0])
    await way.client.command('CONFIG', ['SET', 'maxmemory-policy', 'allkeys-lru'])
    expect(await counters.warnings()).toEqual([expect.stringContaining('allkeys-lru')])
    way.close()
    await server.stop()
  })

  test('what only an engine of money holds is refused before anything is asked', async () => {
    const counters = await bench.counters()
    const money: Take = { ...daily, name: 'credit', meter: { kind: 'balance', scale: 2 } }
    await expect(applyOne(counters, { kind: 'admit', takes: [daily, money], call })).rejects.toThrow('held by an engine of money')
    await expect(applyOne(counters, { kind: 'admit', takes: [{ ...daily, reserved: true }], call })).rejects.toThrow('what a call reserves')
    expect((await counters.peek([daily]))[0]?.used).toBe(0)
  })

  test('an admission is taken back once, by its name: counts, and only the slots that it took itself; attempts stay', async () => {
    const counters = await bench.counters()
    const attempts: Take = { ...burst, name: 'attempts', meter: { kind: 'window', windowMs: 60_000, counts: 'attempts' } }
    const stage = [daily, attempts, parallel]
    await applyOne(counters, { kind: 'admit', takes: [parallel], call, admission: 'first' })
    const admitted = await applyOne(counters, { kind: 'admit', takes: stage, call, admission: 'second' })
    expect(await applyOne(counters, { kind: 'admit', takes: stage, call, admission: 'second' })).toEqual(admitted)
    const used = async () => (await counters.peek(stage)).map((reading) => reading.used)
    expect(await used()).toEqual([1, 1, 2])
    const back = () => counters.takeBack({ takes: stage, callId: 'c1', admission: 'second' })
    expect([await back(), await back(), await used()]).toEqual([true, false, [0, 1, 1]])
    expect([await counters.takeBack({ takes: stage, callId: 'c1', admission: 'never' }), await used()]).toEqual([false, [0, 1, 1]])
    expect((await applyOne(counters, { kind: 'admit', takes: stage, call, admission: 'second' })).admitted).toBe(true)
    expect(await used()).toEqual([1, 2, 2])
  })
})
