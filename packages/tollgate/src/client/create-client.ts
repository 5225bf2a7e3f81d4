/** What programs call: a `fetch` with the faces that throw or tell, and the wrapper for a `fetch` that somebody else calls. */
import type { ReadError } from '../contract/declare/wire.ts'
import type { Dialect } from '../contract/read/dialect.ts'
import { isApiError, type ApiError, type ApiErrorAs } from './api-error.ts'
import { ClientCall, type CallOutcome } from './client-call.ts'
import type { ClientOptions, WrapOptions } from './client-options.ts'
import { createClientPlan, type ClientPlan, type FetchLike } from './client-plan.ts'
import type { CallInit } from './outgoing.ts'
import { createQuickStart } from './quick-start.ts'
import { adviseAgainst, markRefusal, refusalOf } from './stacked-layers.ts'
import { toNotUnderstood } from './take-answer.ts'

/** What `result` gives: data, or the error. */
export type CallResult<Data, Failed = ApiError> =
  | { readonly ok: true; readonly data: Data; readonly error: undefined; readonly response: Response }
  | { readonly ok: false; readonly data: undefined; readonly error: Failed; readonly response: Response | undefined }

/** A `fetch` that understands refusals, and what else it can do. `Failed`: the errors of its contract. */
export interface Client<Failed = ApiError> {
  /**
   * As `fetch`: resolves to the last answer, also to one that says no (`refusalOf` reads it), and rejects where there is none, with an `ApiError`, or with the
   * reason of the signal that was aborted.
   */
  (input: string | URL | Request, init?: CallInit): Promise<Response>
  /** The JSON of an answer; undefined: its body is empty. Throws an `ApiError`. */
  json<Data = unknown>(input: string | URL | Request, init?: CallInit): Promise<Data>
  /** The same without a throw. */
  result<Data = unknown>(input: string | URL | Request, init?: CallInit): Promise<CallResult<Data, Failed>>
  /** Whether it is an error of this client's contract, so that TypeScript knows its codes. */
  isError(error: unknown): error is Failed
  /** For whoever streams: a call whose answer is handed over with its body unread, and which can be asked for the next one. */
  start(input: string | URL | Request, init?: CallInit): ClientCall
  /** In which it reads answers. */
  readonly dialects: readonly Dialect[]
}

/**
 * A client of one API.
 *
 * @example
 * const api = createClient({ baseUrl: 'https://api.example.com/v1', credentials: { token: 'sk_123' } })
 * const { data, error } = await api.result('/reports')
 * if (error !== undefined) console.error(error.reason, error.requestId)
 */
export function createClient<Read = ReadError>(options: ClientOptions<Read>): Client<ApiErrorAs<Read>> {
  if (options?.baseUrl === undefined) throw new TypeError('createClient: baseUrl is missing; give the address of the API')
  const plan = createClientPlan('createClient', options.fetch, options)
  const names = new Set(plan.dialects.map(({ name }) => name))

  const quickStart = createQuickStart(plan, true)

  async function result(input: string | URL | Request, init?: CallInit): Promise<CallResult<unknown>> {
    const first = await quickStart(input, init)
    const call = (): ClientCall => new ClientCall(plan, input, init, 'text', first?.kind === 'began' ? first.startedMs : undefined)
    const outcome = first?.kind === 'answer' ? first : await (first === undefined ? call().next() : call().proceed(first))
    if (outcome.kind === 'thrown') throw outcome.thrown
    if (outcome.kind !== 'answer') return { ok: false, data: undefined, error: outcome.error, response: outcome.kind === 'refused' ? outcome.response : undefined }
    const { response, text = '' } = outcome
    if (text === '') return { ok: true, data: undefined, error: undefined, response }
    try {
      return { ok: true, data: JSON.parse(text) as unknown, error: undefined, response }
    } catch {
      return { ok: false, data: undefined, error: toNotUnderstood(response, 'The answer is no JSON.', text), response }
    }
  }

  const faces: { [Face in keyof Client]: Client[Face] } = {
    async json<Data>(input: string | URL | Request, init?: CallInit) {
      const { error, data } = await result(input, init)
      if (error !== undefined) throw error
      return data as Data
    },
    result: result as Client['result'],
    isError: (error): error is ApiError => isApiError(error) && (error.dialect === undefined || names.has(error.dialect)),
    start: (input, init) => new ClientCall(plan, input, init, 'stream'),
    dialects: plan.dialects,
  }
  return Object.assign(fetchOf(plan), faces) as unknown as Client<ApiErrorAs<Read>>
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
  const inner = fetchOf(createClientPlan('wrapFetch', fetch, options))
  return async (input, init) => {
    const response = await inner(input, init)
    const refusal = refusalOf(response)
    // A success that is a refusal all the same is repeated by nobody else.
    return refusal === undefined || refusal.because === 'stacked' || response.status < 400 ? response : markRefusal(adviseAgainst(response), refusal)
  }
}

function fetchOf(plan: ClientPlan): FetchLike {
  const quickStart = createQuickStart(plan, false)
  return async (input, init) => {
    const first = await quickStart(input, init)
    if (first?.kind === 'answer') return first.response
    const call = new ClientCall(plan, input, init, 'head', first?.startedMs)
    return toResponse(await (first === undefined ? call.next() : call.proceed(first)))
  }
}

function toResponse(outcome: CallOutcome): Response {
  if (outcome.kind === 'answer' || outcome.kind === 'refused') return outcome.response
  // Whoever aborts a fetch expects the reason that was given.
  throw outcome.kind === 'thrown' || outcome.error.reason === 'aborted' ? outcome.thrown : outcome.error
}
