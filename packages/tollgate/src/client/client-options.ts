/** What a client is made with. */
import type { ReadError } from '../contract/declare/wire.ts'
import type { Dialect } from '../contract/read/dialect.ts'
import type { Clock } from '../engine/clock.ts'
import type { BackoffOptions } from './decide-retry.ts'
import type { Extension } from './extension.ts'
import type { RetryBudget } from './retry-budget.ts'

/** A token, and until when it is good. */
export interface ClientToken {
  readonly token: string
  /** Epoch milliseconds. Default: what a JWT says of itself (`exp`). */
  readonly expiresAtMs?: number | undefined
}

/** What goes into each request to the client's own origin, and where another one comes from. */
export interface ClientCredentials {
  /** The header that carries it. Default `Authorization`. */
  readonly header?: string
  /** What stands before it. Default: `Bearer` in `Authorization`, nothing elsewhere. */
  readonly scheme?: string
  /** What to begin with. Without one, `refresh` is asked before the first request. */
  readonly token?: string | ClientToken
  /** Gets another one, when this one is about to end or was refused. Asked once for all calls that wait for it. */
  readonly refresh?: (need: { /** The one that was refused or ends. */ readonly token: string | undefined; readonly signal: AbortSignal }) => Promise<string | ClientToken>
  /** How long before its end a token is replaced. Default 30,000. */
  readonly refreshBeforeMs?: number
}

/** How often, how long and how carefully calls are repeated. Each may be said for one call alone. */
export interface CallLimits {
  /** Requests of one call, at most; one more where credentials were refreshed. Default 3. */
  readonly attempts?: number
  /** For the whole call: every attempt, every wait. Default 600,000. */
  readonly timeoutMs?: number
  /** For one attempt, until its answer has been read; for `fetch`, until its head is there. Default: what is left of the whole. */
  readonly attemptTimeoutMs?: number
  /** Until the head of the answer is there. */
  readonly headersTimeoutMs?: number
  /** For the body of an answer that the client itself reads. Default 60,000. */
  readonly bodyTimeoutMs?: number
  /** A longer wait is not waited: the error says when to come again. Default 60,000. */
  readonly waitMaxMs?: number
  /** Whether a request may be done twice. Default: by its method, and by its idempotency key where the contract takes one. */
  readonly repeatable?: boolean
}

/** What a wrapped `fetch` is told; `createClient` takes the same, and where the API is. */
export interface WrapOptions<Read = ReadError> extends CallLimits {
  /** How the API refuses; of several, the first one that knows an answer. None: its status alone is read. */
  readonly contract?: Dialect<Read> | readonly Dialect<Read>[]
  /** The header that carries idempotency keys. Default: what the contract says. `false`: none is sent. */
  readonly idempotencyHeader?: string | false
  /** Says to the server which attempt it is, from the second on. Default `Tollgate-Attempt`, and `false` in browsers, which would have to ask the server first. */
  readonly attemptHeader?: string | false
  readonly backoff?: Partial<BackoffOptions>
  /** What may be spent on retries. Default: one for each origin, shared by the process. `false`: as much as the attempts allow. */
  readonly budget?: RetryBudget | false
  /** Bytes of a body that `json()` takes, at most. Default 67,108,864. */
  readonly bodyBytesMax?: number
  readonly extensions?: readonly Extension[]
  /** Default: the system's. */
  readonly clock?: Clock
  /** At least 0 and below 1. Default `Math.random`. */
  readonly random?: () => number
}

/**
 * What a client is made with.
 *
 * @example
 * const options: ClientOptions = { baseUrl: 'https://api.example.com/v1', credentials: { token: 'sk_123' }, timeoutMs: 30_000 }
 */
export interface ClientOptions<Read = ReadError> extends WrapOptions<Read> {
  /** Paths are added to it; an address of another origin is fetched without credentials. */
  readonly baseUrl: string | URL
  readonly credentials?: ClientCredentials
  /** Headers of every request, where it has none of that name. */
  readonly headers?: { readonly [name: string]: string }
  /** Default: the runtime's. */
  readonly fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
}
