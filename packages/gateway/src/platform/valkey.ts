/** The way to a server of Valkey or Redis, or to a cluster, by `ioredis`: what the library's counters ask of one. */
import type { EventEmitter } from 'node:events'
import { StoreUnavailableError } from 'tollgate/engine'
import type { ValkeyClient } from 'tollgate/stores/valkey'

export interface ValkeyConnection {
  readonly client: ValkeyClient
  /** Lets go of the server at once. */
  close(): void
}

export interface ValkeySettings {
  /** `redis://…`, or `rediss://…` with TLS. */
  readonly url: string
  /** Whether it is a node of a cluster, by which the others are found. */
  readonly isCluster?: boolean
  /** How long a command is waited for; then nobody knows what became of it. */
  readonly timeoutMs?: number
  /** What goes wrong meanwhile: it is tried again, ever more rarely, up to some seconds. */
  readonly failed?: (error: Error) => void
}

const TIMEOUT_MS = 2_000
const RETRY_MS_MAX = 2_000

/** Connects by itself, and again. While there is no connection nothing is kept waiting, and what was under way when one broke is not sent again. */
export async function connectValkey({ url, isCluster = false, timeoutMs = TIMEOUT_MS, failed = () => undefined }: ValkeySettings): Promise<ValkeyConnection> {
  // Only who counts there loads it.
  const { Cluster, Redis } = await import('ioredis')
  const backOff = (times: number): number => Math.min(50 * 2 ** Math.min(times, 10), RETRY_MS_MAX)
  const common = { commandTimeout: timeoutMs, connectTimeout: timeoutMs, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false }
  const redis = isCluster
    ? new Cluster([url], { redisOptions: common, clusterRetryStrategy: backOff, enableOfflineQueue: false, maxRedirections: 3 })
    : new Redis(url, { ...common, retryStrategy: backOff, enableOfflineQueue: false })
  redis.on('error', failed)
  await ready(redis)
  return {
    client: {
      isCluster,
      async command(name, args) {
        if (redis.status !== 'ready') throw new StoreUnavailableError('there is no connection to the counters\' server')
        return redis.call(name, ...args)
      },
    },
    close: () => redis.disconnect(),
  }
}

/** The first connection, or that there is none yet: it is tried on. */
function ready(redis: Pick<EventEmitter, 'once' | 'off'> & { readonly status: string }): Promise<void> {
  return new Promise((resolve) => {
    if (redis.status === 'ready') return resolve()
    const done = (): void => {
      redis.off('ready', done)
      redis.off('error', done)
      resolve()
    }
    redis.once('ready', done)
    redis.once('error', done)
  })
}
