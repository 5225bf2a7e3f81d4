/**
 * What the pipeline is built from: an immutable snapshot of the policy. The configuration file compiles to this; a program may write it by hand.
 * An API is plain data, but for its contracts and its checks of bodies; a handler is a name in it, and a function in the table beside it.
 *
 * Nothing here says where a call goes or how long that is waited for: that is its carrier's (the gateway's proxy adds it per route, `Passage`). Of what both
 * need, the mount and the bounds of a body have their home here: the one chooses the route, of the others a refusal tells.
 */
import type { Clock } from '../engine/clock.ts'
import type { Meter } from '../engine/meters/meter.ts'
import type { Counters } from '../engine/counters.ts'
import type { MoneyEngine } from '../engine/money-commands.ts'
import type { Journal } from '../journal/journal.ts'
import type { Store } from '../stores/store.ts'
import type { Contract } from '../contract/declare/contract.ts'
import type { JsonValue } from '../contract/declare/facts.ts'
import type { BodyPace } from './steps/body-pace.ts'
import type { Decompress } from './way-out/content-coding.ts'
import type { Handlers } from './call/handled-call.ts'
import type { StepOptions } from './steps/step-options.ts'
import type { CredentialPlace } from './way-in/credential-place.ts'
import type { StoreFailurePolicy } from './store-failure/failure-policy.ts'
import type { TokenVerifier } from './way-in/token-verifier.ts'

/**
 * One route of an API: methods, path, and the steps that a call of it goes through, in their order.
 *
 * @example
 * const read: RouteOptions = { methods: ['GET'], path: '/v1/reports/{id}', steps: [{ kind: 'take', take: ['burst', 'daily'] }] }
 */
export interface RouteOptions {
  /** For logs and metrics. Default: method and path. */
  readonly name?: string
  readonly methods: readonly string[]
  /** `/v1/sessions/{id}/renew`; a last `{rest...}` takes the remaining segments, `{id:encoded}` one with encoded slashes. Relative to the mount. */
  readonly path: string
  /** No credential asked for. */
  readonly public?: boolean
  readonly scopes?: readonly string[]
  readonly steps: readonly StepOptions[]
  /** The name of what answers in place of an upstream, in the gate's `handlers`: `issueToken`. */
  readonly handler?: string
  /** Default: the API's. */
  readonly service?: ServiceOptions
  readonly bodyBytesMax?: number
  readonly bodyPace?: BodyPace
  /** Default: the API's. */
  readonly may?: readonly string[]
}

/** What is known of the service that answers, whoever carries the calls to it. */
export interface ServiceOptions {
  /** The contract in which it refuses, if not in the API's: what it says is translated. */
  readonly speaks?: Contract | undefined
  /** It knows an idempotency key again: a call whose outcome is unknown may be sent to it once more. */
  readonly isIdempotent?: boolean
}

/**
 * Where callers put their key.
 *
 * @example
 * const credentials: CredentialOptions = { from: [{ in: 'header', name: 'x-api-key' }, { in: 'header', name: 'authorization', scheme: 'bearer' }], prefix: 'rp_' }
 */
export interface CredentialOptions {
  /** Where the credential is looked for, in order. */
  readonly from: readonly CredentialPlace[]
  /** `cak_`: what every key of this API begins with. */
  readonly prefix: string
}

/**
 * A meter of an API, and whom it counts.
 *
 * @example
 * const burst: MeterOptions = { meter: { kind: 'window', windowMs: 60_000 }, per: 'account', limit: 20 }
 */
export interface MeterOptions {
  readonly meter: Meter
  /** `resource`: whatever the last lookup found, shared by all callers (the stock of a product). `lease`: the session that the route is about. */
  readonly per: 'account' | 'user' | 'key' | 'ip' | 'resource' | 'lease'
  /** Of a meter per ip: an IPv6 address counts for the network of so many bits. Default: 64. */
  readonly ipv6Prefix?: number
  /** The limit where neither key, account nor plan says another; of a balance that renews, what each period brings. */
  readonly limit?: number
  /** Report this meter in the rate headers; a name: in those of this set of the contract. Default: windows yes, all others no. */
  readonly inHeaders?: boolean | string
}

/** Which pages of browsers may call. */
export interface CorsOptions {
  /** `*` alone, or origins as browsers send them: `https://app.example.com`, `https://*.example.com` (one label). */
  readonly origins: readonly string[]
  /** Besides those that the API itself asks for: credentials, idempotency keys, `content-type`. `*`: whatever is asked for. */
  readonly allowHeaders: readonly string[]
  /** Besides those that refusals and replays carry. */
  readonly exposeHeaders?: readonly string[]
  /** Lets pages send cookies and TLS certificates along, and read the answer. Default: no. */
  readonly credentials?: boolean
  /** Lets public pages ask for an API in a private network, where browsers want that said. Default: no. */
  readonly privateNetwork?: boolean
  readonly maxAgeSeconds: number
}

/**
 * What the service does with a path that is another one but for the case of its letters, or a slash at its end. `exact`: it tells them apart. `ignore`: it
 * takes them for the same, and so does the gate. `refuse`, the default: not known, so such a path is refused where routes make a difference.
 */
export interface PathOptions {
  readonly case?: 'refuse' | 'exact' | 'ignore'
  readonly finalSlash?: 'refuse' | 'exact' | 'ignore'
}

/**
 * One API: its contract, its keys, its meters and plans, its routes. Amounts are whole units, durations milliseconds.
 *
 * @example
 * const reports: ApiOptions = {
 *   name: 'reports',
 *   mount: '/reports',
 *   contract,
 *   credentials: { from: [{ in: 'header', name: 'x-api-key' }], prefix: 'rp_' },
 *   meters: { burst: { meter: { kind: 'window', windowMs: 60_000 }, per: 'account' } },
 *   plans: { basic: { limits: { burst: 20 } } },
 *   routes: [{ methods: ['GET'], path: '/v1/reports/{id}', steps: [{ kind: 'take', take: ['burst'] }] }],
 *   bodyBytesMax: 65_536,
 * }
 */
export interface ApiOptions {
  readonly name: string
  /** `/chatads`; `/` takes what no other API takes. */
  readonly mount: string
  /** Whether the service sees the mount prefix. Default: it does not. Then no spelling of the mount can mislead it, so the choice of the route needs to know. */
  readonly keepMount?: boolean
  readonly paths?: PathOptions
  readonly contract: Contract
  readonly credentials?: CredentialOptions
  readonly meters: { readonly [name: string]: MeterOptions }
  /** Limits by plan, then by meter; of a balance that renews, what each period brings to the plan. A call is refused where a meter has no limit from anywhere and the plan does not name it `unlimited`. */
  readonly plans: { readonly [plan: string]: { readonly limits: { readonly [meter: string]: number }; readonly unlimited?: readonly string[] } }
  readonly routes: readonly RouteOptions[]
  readonly service?: ServiceOptions
  readonly bodyBytesMax: number
  readonly bodyPace?: BodyPace
  /** With the service at once, before the API sheds load. Undefined: no bound. */
  readonly inFlightMax?: number
  /** How many of them callers without a key may be, so that they never take the places of those who have one. Default: all. */
  readonly inFlightUnauthenticatedMax?: number
  readonly cors?: CorsOptions
  /** A meter per ip, taken where no caller is known, so that such answers are limited too and carry rate headers. */
  readonly unauthenticatedMeter?: string
  /** What a scope includes: `{ admin: ['read', 'write'] }`. Not transitive. `*` includes all. */
  readonly scopeImplies?: { readonly [scope: string]: readonly string[] }
  /** Rows by id, for lookups: `{ products: { 'P-1': { price: 300, stock: 20 } } }`. */
  readonly tables?: { readonly [table: string]: Table }
  /**
   * What a service may say although it is the gateway's own to say (credentials, rates, quotas, concurrency, credit, idempotency): ids of entries, reasons,
   * families of them (`quota.*`). Whatever else it says so means that it refuses us.
   */
  readonly may?: readonly string[]
}

/** Rows by id, for look-ups. */
export interface Table {
  readonly [id: string]: Row
}

/** What a look-up finds. */
export interface Row {
  readonly [column: string]: JsonValue
}

/** The loopback API by which services settle what they hold (`createCallApi` answers there). */
export interface CallApiOptions {
  /** `http://127.0.0.1:9092/calls`; asked per call, since a listener may get its port late. */
  readonly url: () => string
  /** At least 32 random characters, kept over restarts: who knows it can settle any call. */
  readonly secret: string
}

/**
 * The APIs of a gate, and the world that it lives in: store, time, chance, hashing.
 *
 * @example
 * const options: GateOptions = { apis: [api], store, clock, randomBytes, sha256Hex, alert: ({ kind, message }) => console.error(kind, message) }
 */
export interface GateOptions {
  readonly apis: readonly ApiOptions[]
  /** Speaks where no API is concerned. Default: the contract of the only API, otherwise problem+json. */
  readonly fallback?: Contract
  /** What it counts, holds and writes down. Who may call is the directory's, which has a store of its own or the same. */
  readonly store: Counters & MoneyEngine & Journal & Pick<Store, 'overEngines'>
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  /**
   * Where several gates share a store: the name of this one, another at each start. The slots of its calls count for the others as long as its command `beat`
   * keeps coming. Default: none; then slots count until their call ends or its deadline comes.
   */
  readonly owner?: string
  /** What becomes of calls while the store does not answer. Default: nobody is let in. Who may call is the directory's, which has a word of its own. */
  readonly onStoreFailure?: StoreFailurePolicy | undefined
  /** SHA-256 of a UTF-8 string, lower-case hex. */
  readonly sha256Hex: (text: string) => string
  /** Reads what services compress. Without it, that is charged and translated by its head alone. */
  readonly decompress?: Decompress
  /** Without it, a credential that is declared as a token is always invalid. */
  readonly tokens?: TokenVerifier
  /** What the routes with a `handler` are answered by: tokens, balances, whatever the gateway itself knows. */
  readonly handlers?: Handlers
  /** Without it, services get no `Tollgate-Call`. */
  readonly calls?: CallApiOptions
  /** Called for what an operator should see: a store that failed, an upstream that refuses our key. Never with a secret. */
  readonly alert?: (event: { readonly kind: string; readonly message: string; readonly requestId?: string }) => void
}
