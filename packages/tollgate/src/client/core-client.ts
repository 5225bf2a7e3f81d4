/** A client, of the parts that it is given: a `fetch` with the faces that throw or tell. */
import type { ReadError } from '../contract/declare/wire.ts'
import type { Dialect } from '../contract/read/dialect.ts'
import { isApiError, type ApiError, type ApiErrorAs } from './api-error.ts'
import { ClientCall, type CallOutcome } from './client-call.ts'
import type { ClientOptions } from './client-options.ts'
import type { ClientParts } from './client-parts.ts'
import { createClientPlan, type ClientPlan, type FetchLike } from './client-plan.ts'
import type { CallInit } from './outgoing.ts'
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
 * A client of one API with no more than it needs, for pages that count their bytes. As it is it repeats by the contract's rules, and hears the headers that say a wait;
 * `tokensPart` sends and renews credentials, `checksPart` finds wrong options, `advicePart` hears waits and limits wherever servers write them, `quickPart` makes
 * calls that succeed at once cheaper. `createClient` is this one with all of them.
 *
 * @example
 * const api = createCoreClient({ baseUrl: 'https://api.example.com/v1', credentials: { token: 'sk_123' } }, [tokensPart])
 * const { data, error } = await api.result('/reports')
 */
export function createCoreClient<Read = ReadError>(options: ClientOptions<Read>, parts: readonly ClientParts[] = []): Client<ApiErrorAs<Read>> {
  return clientOf('createCoreClient', options, Object.assign({}, ...parts) as ClientParts)
}

/** `asked`: under which name it is asked for. */
export function clientOf<Read>(asked: 'createClient' | 'createCoreClient', options: ClientOptions<Read>, parts: ClientParts): Client<ApiErrorAs<Read>> {
  if (options?.baseUrl === undefined) throw new TypeError(`${asked}: baseUrl is missing; give the address of the API`)
  const plan = createClientPlan(asked, parts, options.fetch, options)
  const names = new Set(plan.dialects.map(({ name }) => name))

  const quickStart = parts.createQuickStart?.(plan, true)

  async function result(input: string | URL | Request, init?: CallInit): Promise<CallResult<unknown>> {
    const first = await quickStart?.(input, init)
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
  return Object.assign(fetchOf(plan, parts), faces) as unknown as Client<ApiErrorAs<Read>>
}

/** The face that hands answers on. */
export function fetchOf(plan: ClientPlan, { createQuickStart }: ClientParts): FetchLike {
  const quickStart = createQuickStart?.(plan, false)
  return async (input, init) => {
    const first = await quickStart?.(input, init)
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
