/**
 * How layers of clients that repeat notice each other, so that three attempts in three layers are three requests and not twenty-seven. The outer one of two of ours leaves the
 * repeating to itself; one of another kind is known by the attempt that it counts in a header.
 */
import type { ApiError } from './api-error.ts'

/** Within `init`: an outer layer repeats. */
const OUTER = Symbol.for('tollgate.client.outer')
/** On an answer: the error that it is, with the attempts of the layer that gave up. */
const REFUSAL = Symbol.for('tollgate.client.refusal')

/** Headers in which clients count their attempts: `0` or `attempt=1` is the first. */
const counters = ['tollgate-attempt', 'x-stainless-retry-count', 'amz-sdk-request', 'x-retry-count', 'grpc-previous-rpc-attempts']

export function markOuter(init: RequestInit): RequestInit {
  return Object.assign(init, { [OUTER]: true })
}

/** Whether somebody outside of this layer has repeated, or will. */
export function isInner(init: object, headers: Headers): boolean {
  if ((init as { readonly [OUTER]?: unknown })[OUTER] === true) return true
  return counters.some((name) => {
    const [count = '0'] = /\d+/.exec(headers.get(name) ?? '') ?? []
    return Number(count) > (name === 'amz-sdk-request' ? 1 : 0)
  })
}

/** In the words of SDKs that repeat (Stainless, Stripe): whoever asks has been given up on already. What can be asked of the answer otherwise stays as it was. */
export function adviseAgainst(response: Response): Response {
  const headers = new Headers(response.headers)
  for (const name of ['x-should-retry', 'stripe-should-retry']) headers.set(name, 'false')
  const { status, statusText, url, redirected } = response as Response & { readonly redirected: boolean }
  // Of a status beyond those of the standard (999) no answer can be made, but it can be told.
  return Object.defineProperties(new Response(response.body, { status: Math.min(status, 599), statusText, headers }), { url: { value: url }, redirected: { value: redirected }, status: { value: status } })
}

export function markRefusal(response: Response, error: ApiError): Response {
  return Object.defineProperty(response, REFUSAL, { value: error, configurable: true })
}

/**
 * What an answer of a client's `fetch` says no with; undefined: it is no refusal.
 *
 * @example
 * refusalOf(new Response('ok')) // => undefined
 */
export function refusalOf(response: Response): ApiError | undefined {
  return (response as { readonly [REFUSAL]?: ApiError })[REFUSAL]
}
