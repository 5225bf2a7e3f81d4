/** Four limits for each call, each in its own way. All are taken, or the contender cannot say so: that stands in its name. */
import { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { Take } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import { createValkeyCounters } from 'tollgate/stores/valkey'
import { createCompareAndSet } from './compare-and-set.ts'
import type { RunningContender } from './measure-once.ts'

export interface Contender {
  readonly name: string
  start(url: string, gateways: number): Promise<RunningContender>
}

const MUCH = 1_000_000_000

const meters = [
  ['minute', { kind: 'window', windowMs: 60_000 }],
  ['hour', { kind: 'window', windowMs: 3_600_000, algorithm: 'fixed' }],
  ['daily', { kind: 'quota', period: 'day' }],
  ['monthly', { kind: 'quota', period: 'month' }],
] as const

const stages = new Map<number, readonly Take[]>()
/** Made once: to make them is the gate's work. */
function stageOf(account: number): readonly Take[] {
  const known = stages.get(account)
  if (known !== undefined) return known
  const stage = meters.map(([name, meter]): Take => ({ subject: `account:acc_${account}`, name, meter, limit: MUCH, cost: 1 }))
  stages.set(account, stage)
  return stage
}

/** A connection for each gateway. */
async function connectAll(url: string, gateways: number): Promise<readonly Redis[]> {
  const all = Array.from({ length: gateways }, () => new Redis(url, { lazyConnect: true }))
  await Promise.all(all.map((redis) => redis.connect()))
  return all
}

async function withEach<T>(url: string, gateways: number, create: (redis: Redis, gateway: number) => T, admit: (one: T, account: number) => Promise<boolean>): Promise<RunningContender> {
  const all = await connectAll(url, gateways)
  const made = all.map(create)
  return {
    admit: (account, gateway) => admit(made[gateway] as T, account),
    stop: () => all.forEach((redis) => redis.disconnect()),
  }
}

const command = (redis: Redis) => (name: string, args: readonly (string | number)[]): Promise<unknown> => redis.call(name, ...args)

export const contenders: readonly Contender[] = [
  {
    name: 'createValkeyCounters',
    start: (url, gateways) =>
      withEach(url, gateways, (redis) => createValkeyCounters({ client: { command: command(redis) } }), async (counters, account) => (await applyOne(counters, { kind: 'admit', takes: stageOf(account) })).admitted),
  },
  {
    name: 'the same, all decided by the server',
    start: (url, gateways) =>
      withEach(url, gateways, (redis) => createValkeyCounters({ client: { command: command(redis) }, prefix: 'there:', decidesHere: false }), async (counters, account) => (await applyOne(counters, { kind: 'admit', takes: stageOf(account) })).admitted),
  },
  {
    name: 'load, decide, compare and set, each account by itself',
    start: (url, gateways) =>
      withEach(url, gateways, (redis, gateway) => createCompareAndSet(command(redis), gateway), async (counters, account) => (await counters.admit(`acc_${account}`, stageOf(account))).admitted),
  },
  {
    name: 'rate-limiter-flexible × 4',
    start: (url, gateways) =>
      withEach(
        url,
        gateways,
        (redis) => [60, 3_600, 86_400, 2_592_000].map((duration) => new RateLimiterRedis({ storeClient: redis, points: MUCH, duration, keyPrefix: `rlf${duration}` })),
        async (limiters, account) => {
          // One after the other, since what the first refuses must not count for the next.
          for (const limiter of limiters) await limiter.consume(`acc_${account}`)
          return true
        },
      ),
  },
  {
    name: 'rate-limiter-flexible × 4, all at once',
    start: (url, gateways) =>
      withEach(
        url,
        gateways,
        (redis) => [60, 3_600, 86_400, 2_592_000].map((duration) => new RateLimiterRedis({ storeClient: redis, points: MUCH, duration, keyPrefix: `rla${duration}` })),
        async (limiters, account) => {
          await Promise.all(limiters.map((limiter) => limiter.consume(`acc_${account}`)))
          return true
        },
      ),
  },
  {
    name: 'INCR × 4',
    start: (url, gateways) =>
      withEach(url, gateways, (redis) => redis, async (redis, account) => {
        for (const [name] of meters) await redis.incr(`incr:${name}:acc_${account}`)
        return true
      }),
  },
  {
    name: 'INCR × 4, all at once',
    start: (url, gateways) =>
      withEach(url, gateways, (redis) => redis, async (redis, account) => {
        await Promise.all(meters.map(([name]) => redis.incr(`inca:${name}:acc_${account}`)))
        return true
      }),
  },
]
