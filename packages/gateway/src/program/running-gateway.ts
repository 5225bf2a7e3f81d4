/** What a gateway is started with, and what is there when it has started. */
import type { Directory } from 'tollgate/directory'
import type { Clock } from 'tollgate/engine'
import type { Store } from 'tollgate/stores'
import type { GatewayConfig } from '../config/gateway-config.ts'
import type { Environment } from '../config/read/environment.ts'
import type { FileInput } from '../config/shape/file-shape.ts'
import type { ReloadOutcome } from '../operator/admin-gateway.ts'
import type { Log } from '../platform/log.ts'
import type { Fellows } from '../workers/fellows.ts'

/**
 * What a gateway is started with.
 *
 * @example
 * const start: GatewayStart = { config: '/etc/tollgate/tollgate.yaml', log: createJsonLog((line) => process.stdout.write(line)) }
 */
export interface GatewayStart {
  /** A file, or what it would say as an object. */
  readonly config: string | FileInput
  /** What relative paths are relative to when the configuration is an object. Default: the working directory. */
  readonly baseDir?: string
  /** Where `${NAME}` is looked up. Default: the process's environment. */
  readonly env?: Environment
  readonly clock?: Clock
  /** Go back to the machine's time, although the database has seen a later one. */
  readonly setTimeBack?: boolean
  /** The other workers of the same gateway, where there are any: `tollgate serve` starts them. */
  readonly fellows?: Fellows | undefined
  /** Default: silence. */
  readonly log?: Log
}

/** A gateway that takes requests. Addresses are those that the system gave, also for port 0. */
export interface RunningGateway {
  /** Where callers reach it: `http://127.0.0.1:8080`. */
  readonly url: string
  readonly port: number
  /** Where services settle what their calls hold; undefined as long as no route needs it. */
  readonly callsUrl: string | undefined
  readonly adminUrl: string
  readonly adminToken: string
  /** Where the token is kept, if it was made and not configured. */
  readonly adminTokenFile: string | undefined
  readonly directory: Directory
  readonly store: Store
  config(): GatewayConfig
  reload(): Promise<ReloadOutcome>
  /** Resolves when an operator has asked for the end over the admin API; `close` has begun by then. */
  readonly stopAsked: Promise<void>
  /** Answers what is in flight, writes what is pending, lets go of everything; rejects if something could not be written. May be called again; ends once. */
  close(): Promise<void>
}
