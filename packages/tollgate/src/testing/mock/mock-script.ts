/** What a mock plays, as data: each request is answered by the first rule that has something to say, and by a success where none has. */
import type { Facts, JsonValue } from '../../contract/declare/facts.ts'
import type { ServerReason } from '../../contract/declare/reason.ts'

/** What is answered once, or `times` over. Without `entry`, `code`, `reason` and `raw` it is a success. */
export interface MockStep<Id extends string = string> {
  /** The refusal by the entry of the contract, by its code on the wire, or by its reason. */
  readonly entry?: Id | undefined
  readonly code?: string | number | undefined
  readonly reason?: ServerReason | undefined
  /** What it tells; what is not said here is typical of the entry, and a wait 1 second. */
  readonly facts?: Facts | undefined
  /** Default 1. A step that stands alone, and in no list, is answered for ever. */
  readonly times?: number | undefined
  /** Of a success (default 200). From 400 on, and alone: the refusal that has it. */
  readonly status?: number | undefined
  /** The data of a success, in the success form of the contract. */
  readonly body?: JsonValue | undefined
  /** What is in no contract: the page of a proxy in between. */
  readonly raw?: MockRaw | undefined
  /** Added to the answer; `null` takes one away, as proxies do: `{ 'Retry-After': null }`. */
  readonly headers?: { readonly [name: string]: string | null } | undefined
  /** Before the first byte. */
  readonly delayMs?: number | undefined
  /** Between the pieces of the body: a tenth of it, or an event of a stream. */
  readonly pauseMs?: number | undefined
  /** No answer, and the connection is closed. `early`: nothing was done. `late`: the work was done and paid, and its answer is lost. */
  readonly drop?: 'early' | 'late' | undefined
  readonly cut?: MockCut | undefined
  /** Whether a success comes as server-sent events. Default: what the request asks for (`"stream": true`, or `Accept: text/event-stream`). */
  readonly stream?: boolean | undefined
  /** The refusal is said in a stream that has begun, after so many events. */
  readonly midStream?: number | undefined
  /** `Content-Length` is wrong by so many bytes. */
  readonly lengthOff?: number | undefined
}

/** An answer that is in no contract. */
export interface MockRaw {
  readonly status: number
  readonly contentType?: string | undefined
  readonly body?: string | undefined
}

/** A body that does not come to its end. */
export interface MockCut {
  /** So many events of a stream, or bytes of another body, come before. */
  readonly after: number
  /** `reset` and `close`: of the connection. `end`: an orderly end, too soon, so that a stream lacks what says that it is whole. */
  readonly by: 'reset' | 'close' | 'end'
}

/** When something is answered, and what. */
export interface MockRule<Id extends string = string> {
  /** Method and path, in which `*` stands for anything: `POST /v1/*`. Default: any request. */
  readonly on?: string | undefined
  /** From 0 to 1: for this part of the requests. Several such rules share out the same requests, so that their parts add up. */
  readonly chance?: number | undefined
  /** The list begins anew for each call; its repeats go on in it. Default: one list for all. */
  readonly each?: boolean | undefined
  /** A list is answered in its order, and then the next rule is asked; a single step for ever. */
  readonly answer: MockStep<Id> | readonly MockStep<Id>[]
}

/** Where no rule has anything to say. */
export interface MockSuccess {
  readonly status?: number | undefined
  readonly body?: JsonValue | undefined
  readonly headers?: { readonly [name: string]: string } | undefined
  /** Of a stream. One that is `{ event, data }` has that name. */
  readonly events?: readonly JsonValue[] | undefined
}

/** Keys are kept with the answers of successes: a repeat gets the first one again, another request under the same key a refusal. */
export interface MockIdempotency {
  /** Default: that of the contract, else `Idempotency-Key`. */
  readonly header?: string | undefined
  /** Refuse what has none, by reason `idempotency.missing`: the requests of `on`, or all but GET and HEAD. */
  readonly required?: boolean | undefined
  readonly on?: string | undefined
}

/** Tokens that expire: fetched at `on`, refused by reason `token.expired` after so many calls, or so much time. */
export interface MockTokens {
  readonly on: string
  readonly calls?: number | undefined
  readonly lifeMs?: number | undefined
}

/**
 * What a mock plays, and what it expects of its client. All of it is optional: without a script every request succeeds, and codes come on demand.
 *
 * @example
 * const script: MockScript = {
 *   rules: [
 *     { on: 'POST /v1/things', answer: [{ entry: 'rateLimited', times: 3, facts: { retryAfterMs: 2_000 } }] },
 *     { chance: 0.05, answer: { reason: 'capacity.overloaded' } },
 *   ],
 *   expect: ['waited at least 2 s', 'same idempotency key'],
 * }
 */
export interface MockScript<Id extends string = string> {
  /** The same seed, and the same requests, get the same answers. Default 1. */
  readonly seed?: number | undefined
  readonly success?: MockSuccess | undefined
  readonly rules?: readonly MockRule<Id>[] | undefined
  readonly idempotency?: MockIdempotency | undefined
  /** Which requests are paid work (`POST /v1/*`): one that is accepted twice for one call is counted. */
  readonly paid?: string | undefined
  readonly tokens?: MockTokens | undefined
  /** Who waits no longer than this may give up on what tells a longer wait. Default one minute. */
  readonly patienceMs?: number | undefined
  /** More attempts for one call are too many. Default 10. */
  readonly attemptsMax?: number | undefined
  /** In the words of `expectation.ts`: `waited at least 2 s`. */
  readonly expect?: readonly string[] | undefined
}
