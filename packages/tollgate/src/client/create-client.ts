/** What programs call: a client with all its parts, and the wrapper for a `fetch` that somebody else calls. */
import type { ReadError } from '../contract/declare/wire.ts'
import type { ApiErrorAs } from './api-error.ts'
import type { ClientOptions, WrapOptions } from './client-options.ts'
import { allClientParts } from './client-parts.ts'
import { createClientPlan, type FetchLike } from './client-plan.ts'
import { clientOf, fetchOf, type Client } from './core-client.ts'
import { adviseAgainst, markRefusal, refusalOf } from './stacked-layers.ts'

/**
 * A client of one API.
 *
 * @example
 * const api = createClient({ baseUrl: 'https://api.example.com/v1', credentials: { token: 'sk_123' } })
 * const { data, error } = await api.result('/reports')
 * if (error !== undefined) console.error(error.reason, error.requestId)
 */
export function createClient<Read = ReadError>(options: ClientOptions<Read>): Client<ApiErrorAs<Read>> {
  return clientOf('createClient', options, allClientParts)
}

/**
 * A `fetch` that does what the contract says, for whoever calls a `fetch` of its own: an SDK, a framework. Their own retries should be off; those that heed
 * `x-should-retry` are told not to repeat what was given up on.
 *
 * @example
 * const careful = wrapFetch(fetch, { attempts: 5, timeoutMs: 30_000 })
 */
export function wrapFetch<Read = ReadError>(fetch: FetchLike, options: WrapOptions<Read> = {}): FetchLike {
  if (typeof fetch !== 'function') throw new TypeError(`wrapFetch: the first argument is ${typeof fetch}; it must be a fetch`)
  const inner = fetchOf(createClientPlan('wrapFetch', allClientParts, fetch, options), allClientParts)
  return async (input, init) => {
    const response = await inner(input, init)
    const refusal = refusalOf(response)
    // A success that is a refusal all the same is repeated by nobody else.
    return refusal === undefined || refusal.because === 'stacked' || response.status < 400 ? response : markRefusal(adviseAgainst(response), refusal)
  }
}
