/** For tests: counters over a real server, each with keys of its own. */
import { Redis } from 'ioredis'
import type { Clock } from 'tollgate/engine'
import { createValkeyCounters, type ValkeyClient, type ValkeyCounters } from 'tollgate/stores/valkey'
import { startValkey, type ValkeyServer, type ValkeySettings } from '../servers/valkey.ts'

export interface ValkeyBench {
  readonly server: ValkeyServer
  /** A connection of its own. */
  connect(): Promise<Redis>
  client(): Promise<ValkeyClient>
  /** Counters with keys that no others have. */
  counters(clock?: Pick<Clock, 'wallMs'>): Promise<ValkeyCounters>
  /** Over the same keys as those, by a connection of their own. */
  again(counters: ValkeyCounters, clock?: Pick<Clock, 'wallMs'>): Promise<ValkeyCounters>
  /** The same by one of two connections that are kept, for hundreds of them. */
  countersOnOneWire(clock: Pick<Clock, 'wallMs'>, decidesHere?: boolean): Promise<ValkeyCounters>
  againOnOneWire(counters: ValkeyCounters, clock: Pick<Clock, 'wallMs'>, decidesHere?: boolean): Promise<ValkeyCounters>
  prefixOf(counters: ValkeyCounters): string
  stop(): Promise<void>
}

export async function startValkeyBench(settings: ValkeySettings = {}): Promise<ValkeyBench> {
  const server = await startValkey(settings)
  const open: Redis[] = []
  const prefixes = new Map<ValkeyCounters, string>()

  async function connect(): Promise<Redis> {
    const redis = new Redis(server.url, { lazyConnect: true, enableOfflineQueue: false, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0, retryStrategy: () => 10 })
    redis.on('error', () => undefined)
    open.push(redis)
    await redis.connect()
    return redis
  }
  async function client(): Promise<ValkeyClient> {
    const redis = await connect()
    return { command: (name, args) => redis.call(name, ...args) }
  }
  const wires: Promise<ValkeyClient>[] = []
  const wire = (at: number): Promise<ValkeyClient> => (wires[at] ??= client())
  async function over(prefix: string, clock: Pick<Clock, 'wallMs'> | undefined, by: Promise<ValkeyClient> = client(), decidesHere = true): Promise<ValkeyCounters> {
    const counters = createValkeyCounters({ client: await by, prefix, clock, decidesHere })
    prefixes.set(counters, prefix)
    return counters
  }
  const prefixOf = (counters: ValkeyCounters): string => prefixes.get(counters) ?? ''
  return {
    server,
    connect,
    client,
    counters: (clock) => over(`t${prefixes.size}:`, clock),
    again: (counters, clock) => over(prefixOf(counters), clock),
    countersOnOneWire: (clock, decidesHere) => over(`t${prefixes.size}:`, clock, wire(0), decidesHere),
    againOnOneWire: (counters, clock, decidesHere) => over(prefixOf(counters), clock, wire(1), decidesHere),
    prefixOf,
    async stop() {
      for (const redis of open) redis.disconnect()
      await server.stop()
    },
  }
}
