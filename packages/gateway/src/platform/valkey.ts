/** The way to a server of Valkey or Redis, or to a cluster, by `ioredis`: what the library's counters ask of one. */
import type { EventEmitter } from 'node:events'
import type { ConnectionOptions } from 'node:tls'
import { compact } from 'tollgate/contract'
import { StoreUnavailableError } from 'tollgate/engine'
import type { ValkeyClient } from 'tollgate/stores/valkey'
import { heardOf, type TripHeard } from './engine-heard.ts'
import { tlsOptions, type EngineServer } from './engine-server.ts'

export interface ValkeyConnection {
  readonly client: ValkeyClient
  /** Lets go of the server at once. */
  close(): void
}

/** A server, or all in one as `redis://…` writes it. */
export type ValkeyTarget = (EngineServer & { readonly database: number }) | { readonly url: string }

export interface ValkeySettings {
  /** Whether it is a node of a cluster, by which the others are found. */
  readonly isCluster?: boolean
  /** How long a command is waited for; then nobody knows what became of it. */
  readonly timeoutMs?: number
  /** What goes wrong meanwhile: it is tried again, ever more rarely, up to some seconds. */
  readonly failed?: (error: Error) => void
  /** Told of each command that was answered, or was not. */
  readonly heard?: TripHeard | undefined
}

const TIMEOUT_MS = 2_000
const RETRY_MS_MAX = 2_000

/** Connects by itself, and again. While there is no connection nothing is kept waiting, and what was under way when one broke is not sent again. */
export async function connectValkey(target: ValkeyTarget & ValkeySettings): Promise<ValkeyConnection> {
  const { isCluster = false, timeoutMs = TIMEOUT_MS, failed = () => undefined, heard } = target
  // Only who counts there loads it.
  const { Cluster, Redis } = await import('ioredis')
  const backOff = (times: number): number => Math.min(50 * 2 ** Math.min(times, 10), RETRY_MS_MAX)
  const connectTimeout = isServer(target) ? target.connectTimeoutMs : timeoutMs
  const common = { commandTimeout: timeoutMs, connectTimeout, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false, ...reachOf(target) }
  const alone = { ...common, retryStrategy: backOff, enableOfflineQueue: false }
  const node = isServer(target) ? { host: target.host, port: target.port } : target.url
  const redis = isCluster
    ? new Cluster([node], { redisOptions: common, clusterRetryStrategy: backOff, enableOfflineQueue: false, maxRedirections: 3 })
    : isServer(target)
      ? new Redis(target.port, target.host, { ...alone, db: target.database })
      : new Redis(target.url, alone)
  let why: Error | undefined
  redis.on('ready', () => (why = undefined))
  redis.on('error', (error: Error) => {
    why = error
    failed(error)
  })
  await ready(redis)

  async function command(name: string, args: readonly (string | number)[]): Promise<unknown> {
    if (redis.status !== 'ready') throw new StoreUnavailableError('there is no connection to the counters\' server', { cause: why })
    return redis.call(name, ...args)
  }

  return {
    client: { isCluster, command: heard === undefined ? command : (name, args) => heardOf(command(name, args), heard) },
    close: () => redis.disconnect(),
  }
}

interface Reached {
  username?: string
  password?: string
  tls?: ConnectionOptions
}

function reachOf(target: ValkeyTarget): Reached {
  // An address in one text has it all.
  if (!isServer(target)) return {}
  const { user, password, tls } = target
  return compact({ username: user, password, tls: tls && tlsOptions(tls) }) as Reached
}

function isServer(target: ValkeyTarget): target is EngineServer & { readonly database: number } {
  return Object.hasOwn(target, 'host')
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
