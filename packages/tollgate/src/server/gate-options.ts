/** What the pipeline is built from: an immutable snapshot. The configuration file compiles to this; a program may write it by hand. */
import type { Clock } from '../admission/clock.ts'
import type { Meter } from '../admission/meter.ts'
import type { Store } from '../admission/store.ts'
import type { Contract } from '../contract/contract.ts'

/** What is wrong with a request, in the order in which the schema names its fields. */
export interface Issue {
  /** Dotted path; absent when the whole request is at fault. */
  readonly field?: string
  /** `required`, `type`, `maxLength`, … (the JSON Schema keyword). */
  readonly rule: string
  /** Says what is wrong: `must be at most 5000 characters`. */
  readonly issue: string
}

/** Returns the issues of a parsed JSON body, most important first; empty when it is fine. Must not throw. */
export type BodyCheck = (body: unknown) => readonly Issue[]

/** One step of a route's own order. */
export type StepOptions =
  /** One atomic stage over these meters: all are taken or none is. */
  | { readonly take: readonly string[] }
  /** Parses the JSON body and validates it. */
  | { readonly validate: BodyCheck }
  /** Refuses when the text field holds a word that the account blocks. */
  | { readonly blockWords: { readonly field: string } }

export interface RouteOptions {
  /** For logs and metrics. Default: method and path. */
  readonly name?: string
  readonly methods: readonly string[]
  /** `/v1/sessions/{id}/renew`; a last `{rest...}` takes the remaining segments. Relative to the mount. */
  readonly path: string
  /** No credential asked for. */
  readonly public?: boolean
  readonly scopes?: readonly string[]
  readonly steps: readonly StepOptions[]
  /** Default: the API's. */
  readonly upstream?: string
  readonly bodyBytesMax?: number
  readonly timeouts?: Partial<TimeoutOptions>
}

export interface TimeoutOptions {
  readonly connectMs: number
  /** From dispatch to the answer's head. */
  readonly headersMs: number
  /** Between two chunks of the answer's body. */
  readonly idleMs: number
}

export interface CredentialOptions {
  /** Where the key is looked for, in order: `{ header: 'x-api-key' }`, `{ header: 'authorization', scheme: 'bearer' }`. */
  readonly from: readonly { readonly header: string; readonly scheme?: string }[]
  /** `cak_`: what every key of this API begins with. */
  readonly prefix: string
}

export interface MeterOptions {
  readonly meter: Meter
  readonly per: 'account' | 'user' | 'key' | 'ip'
  /** The limit where neither key, account nor plan says another. Undefined: such a call is not limited by this meter. */
  readonly limit?: number
  /** Report this meter in the rate headers. Default: windows yes, quotas no. */
  readonly inHeaders?: boolean
}

export interface CorsOptions {
  /** `*` or exact origins. */
  readonly origins: readonly string[]
  readonly allowHeaders: readonly string[]
  readonly maxAgeSeconds: number
}

export interface ApiOptions {
  readonly name: string
  /** `/chatads`; `/` takes what no other API takes. */
  readonly mount: string
  /** Whether the upstream sees the mount prefix. Default: it does not. */
  readonly keepMount?: boolean
  readonly contract: Contract
  readonly credentials?: CredentialOptions
  readonly meters: { readonly [name: string]: MeterOptions }
  /** Limits by plan, then by meter. */
  readonly plans: { readonly [plan: string]: { readonly limits: { readonly [meter: string]: number } } }
  readonly routes: readonly RouteOptions[]
  readonly upstream: string
  readonly bodyBytesMax: number
  readonly timeouts: TimeoutOptions
  /** In flight at once before the API sheds load. Undefined: no bound. */
  readonly inFlightMax?: number
  readonly cors?: CorsOptions
}

export interface GateOptions {
  readonly apis: readonly ApiOptions[]
  /** Speaks where no API is concerned. Default: the only API's contract, else problem+json. */
  readonly fallback?: Contract
  readonly store: Store
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  /** SHA-256 of a UTF-8 string, lower-case hex. */
  readonly sha256Hex: (text: string) => string
  /** Called for what an operator should see: a store that failed, an upstream that refuses our key. Never with a secret. */
  readonly alert?: (event: { readonly kind: string; readonly message: string; readonly requestId?: string }) => void
}
