/** Where things are kept, as a configuration that has been checked says it. What is in here of passwords is in no message. */
import type { StoreFailurePolicy } from 'tollgate/gate'
import type { EngineServer } from '../platform/engine-server.ts'

export interface PostgresConfig extends EngineServer {
  readonly kind: 'postgres'
  readonly database: string | undefined
  readonly lanes: number
}

export interface ValkeyConfig extends EngineServer {
  readonly kind: 'valkey'
  readonly database: number
  readonly prefix: string
  readonly isCluster: boolean
}

export type StoreConfig = { readonly kind: 'memory' } | { readonly kind: 'sqlite'; readonly file: string } | PostgresConfig

/** `gateways` is known when it runs. */
export interface OnStoreFailureConfig extends Omit<StoreFailurePolicy, 'gateways'> {
  readonly credentials: 'refuse' | 'allowLocally'
  readonly cachedForMs: number
}

/** For people, logs and messages: no user, no password. */
export function engineName(config: StoreConfig | ValkeyConfig): string {
  switch (config.kind) {
    case 'memory':
      return 'memory'
    case 'sqlite':
      return config.file
    case 'postgres':
      return `postgres ${addressOf(config)}/${config.database ?? ''}`
    case 'valkey':
      return `valkey ${addressOf(config)}/${config.database}`
  }
}

function addressOf({ host, port }: EngineServer): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
