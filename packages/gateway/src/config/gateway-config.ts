/** A configuration that has been checked: an immutable snapshot from which the gateway is wired. */
import type { Contract } from 'tollgate/contract'
import type { ApiOptions } from 'tollgate/gate'
import type { DocsPlace } from '../docs/serve/docs-place.ts'
import type { LogSettings } from '../platform/log-settings.ts'
import type { Trust, Wire } from '../http/front.ts'
import type { Passages } from '../proxy/passage.ts'
import type { UpstreamOptions } from '../proxy/upstream.ts'
import type { TlsMaterial } from '../tls/tls-material.ts'
import type { IssuerOptions } from '../tokens/issuer-options.ts'
import type { OnStoreFailureConfig, StoreConfig, ValkeyConfig } from './engine-config.ts'
import type { Permission } from './permission.ts'
import type { TokenSettings } from './build/token-routes.ts'

export interface AdminConfig {
  readonly port: number
  readonly host: string
  /** Host names, besides localhost and IP addresses, under which it may be asked for; lower case. */
  readonly hostnames: readonly string[]
  /** Secrets by the name that the audit log shows. Empty: one is made at the first start. */
  readonly tokens: { readonly [name: string]: string }
  /** By the name of a token, all that it may. A token that is not among them may everything. */
  readonly may: { readonly [name: string]: readonly Permission[] }
  /** Where a made token is kept. Undefined: nowhere, it lives as long as the process. */
  readonly tokenFile: string | undefined
  /** Default: plain HTTP. So at `listen`. */
  readonly tls: TlsMaterial | undefined
}

export interface LogConfig extends LogSettings {
  /** A line for each request. */
  readonly access: boolean
}

/** Who may read `/metrics` at the admin port, besides operators. */
export interface MetricsConfig {
  /** Good for nothing else. */
  readonly token: string | undefined
  readonly public: boolean
}

/** The listener at which services settle what their calls hold. */
export interface CallsConfig {
  readonly port: number
  readonly host: string
  /** How services reach it, without a slash at its end. Undefined: under host and port, at /calls. */
  readonly url: string | undefined
}

/** A configuration that was read and found to be in order. */
export interface GatewayConfig {
  readonly listen: { readonly port: number; readonly host: string; readonly trust: Trust; readonly tls: TlsMaterial | undefined; readonly health: boolean; readonly wire: Wire }
  readonly admin: AdminConfig
  readonly calls: CallsConfig
  readonly store: StoreConfig
  /** Where windows, quotas and slots are counted; undefined: in the store. */
  readonly counters: ValkeyConfig | undefined
  readonly onStoreFailure: OnStoreFailureConfig
  /** Processes. */
  readonly workers: number
  readonly requestLog: { readonly keepMs: number }
  /** `delayMs`: for which it says that it is not ready, before connections are refused. */
  readonly shutdown: { readonly graceMs: number; readonly delayMs: number }
  readonly log: LogConfig
  readonly metrics: MetricsConfig
  readonly upstreams: { readonly [name: string]: UpstreamOptions }
  /** The policy of each: what the gate is built from. */
  readonly apis: readonly ApiOptions[]
  /** Where the calls of each go: what the proxy adds. */
  readonly passages: Passages
  /** How each API gives tokens for key and secret, by its name. */
  readonly tokenSettings: { readonly [api: string]: TokenSettings }
  /** The identity providers that each API trusts, by its name. */
  readonly issuers: { readonly [api: string]: readonly IssuerOptions[] }
  /** The references that are served. */
  readonly docs: readonly DocsPlace[]
  /** Speaks where no API is concerned. */
  readonly fallback: Contract
}
