/** A client's options, checked and filled in: what each of its calls goes by. */
import type { Dialect } from '../contract/read/dialect.ts'
import type { Clock } from '../engine/clock.ts'
import { advisePlainly, type Advise } from './advise.ts'
import type { Asked } from './check-client-options.ts'
import type { CallLimits, ClientOptions, WrapOptions } from './client-options.ts'
import type { createClientTokens, ClientTokens } from './client-tokens.ts'
import type { BackoffOptions } from './decide-retry.ts'
import type { Extension } from './extension.ts'
import { mayRefuseBelow400 } from './read-refusal-answer.ts'
import { sharedRetryBudget, type RetryBudget } from './retry-budget.ts'
import { webClock } from './web-clock.ts'

/** Above it no signal is made for the sake of a time limit alone: runtimes pay dearly for signals, and give up by themselves about then. */
export const SIGNAL_BELOW_MS = 300_000

/** What fetches: the runtime's, or one that stands in its place. */
export type FetchLike = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** What only some clients need. */
export interface PlanParts {
  /** Throws where an option is not what it must be. */
  readonly checkOptions?: (asked: Asked, options: object) => void
  readonly createTokens?: typeof createClientTokens
  readonly advise?: Advise
}

export interface ClientPlan {
  readonly checkOptions: PlanParts['checkOptions'] | undefined
  readonly fetch: FetchLike
  readonly clock: Clock
  readonly random: () => number
  readonly dialects: readonly Dialect[]
  /** Successes must be looked into. */
  readonly looksInside: boolean
  readonly limits: Required<Omit<CallLimits, 'repeatable'>> & { readonly repeatable: boolean | undefined }
  readonly backoff: BackoffOptions
  readonly budgetFor: (origin: string) => RetryBudget | undefined
  readonly extensions: readonly Extension[]
  readonly tokens: ClientTokens | undefined
  readonly advise: Advise
  /** Without a slash at its end. Undefined: addresses are whole. */
  readonly baseUrl: string | undefined
  /** Where credentials and the client's own headers go, and nowhere else. */
  readonly baseOrigin: string | undefined
  readonly headers: readonly (readonly [string, string])[]
  readonly keyHeader: string | undefined
  /** Not even one that a call brings. */
  readonly sendsNoKey: boolean
  readonly attemptHeader: string | undefined
  readonly bodyBytesMax: number
}

export function createClientPlan(asked: Asked, parts: PlanParts, fetch: FetchLike | undefined, options: WrapOptions<unknown> & Partial<ClientOptions<unknown>>): ClientPlan {
  const { checkOptions, createTokens, advise = advisePlainly } = parts
  checkOptions?.(asked, options)
  const { clock = webClock, contract = [], budget, credentials, baseUrl, headers = {}, idempotencyHeader, attemptHeader = isBrowser() ? false : 'Tollgate-Attempt' } = options
  const { attempts = 3, timeoutMs = 600_000, attemptTimeoutMs = Infinity, headersTimeoutMs = Infinity, bodyTimeoutMs = 60_000, waitMaxMs = 60_000, repeatable } = options
  const { random = Math.random, extensions = [], bodyBytesMax = 67_108_864, backoff: { baseMs = 500, maxMs = 20_000 } = {} } = options
  if (credentials !== undefined && createTokens === undefined) throw new TypeError(`${asked}: credentials take a part; write ${asked}(options, [tokensPart])`)
  const dialects = [contract].flat() as readonly Dialect[]
  const base = baseUrl === undefined ? undefined : new URL(String(baseUrl))
  // Bound late: a test may put another one in its place.
  const fetches = fetch ?? ((input, init) => globalThis.fetch(input, init))
  return {
    fetch: fetches,
    clock,
    random,
    dialects,
    looksInside: dialects.some(mayRefuseBelow400),
    limits: { attempts, timeoutMs, attemptTimeoutMs, headersTimeoutMs, bodyTimeoutMs, waitMaxMs, repeatable },
    backoff: { baseMs, maxMs },
    budgetFor: budget === false ? () => undefined : budget === undefined ? (origin) => sharedRetryBudget(origin, fetch) : () => budget,
    extensions,
    tokens: credentials && createTokens?.(credentials, clock),
    advise,
    checkOptions,
    baseUrl: base && (base.origin + base.pathname).replace(/\/+$/, ''),
    baseOrigin: base?.origin,
    headers: Object.entries(headers),
    sendsNoKey: idempotencyHeader === false,
    keyHeader: idempotencyHeader === false ? undefined : (idempotencyHeader ?? dialects.find(({ declaration }) => declaration.idempotencyKey !== undefined)?.declaration.idempotencyKey),
    attemptHeader: attemptHeader === false ? undefined : attemptHeader,
    bodyBytesMax,
  }
}

/** A page, or a worker of one: a header of our own would make it ask the other origin first, which may say no. */
function isBrowser(): boolean {
  return typeof (globalThis as { readonly location?: unknown }).location === 'object'
}
