/** What the client did, as a mock has seen it: the requests, and of which call each of them was an attempt. */
import type { Action, RetryRule } from '../../contract/declare/declaration.ts'
import type { Reason } from '../../contract/declare/reason.ts'
import type { WireError } from '../../contract/declare/wire.ts'

/** What was answered. */
export type MockPlayed =
  | { readonly kind: 'success'; readonly status: number; /** A kept answer, once more. */ readonly isReplay: boolean }
  | {
      readonly kind: 'refusal'
      readonly entry: string
      readonly code: string | number
      readonly status: number
      readonly reason: Reason
      readonly retry: RetryRule
      readonly action: Action
      /** What the answer tells to wait. Head and body may differ: the least of them, and the most. */
      readonly toldWaitMs: number | undefined
      readonly toldAtMostMs: number | undefined
      readonly sent: WireError
    }
  | { readonly kind: 'raw'; readonly status: number }
  | { readonly kind: 'token' }
  /** The connection was closed without an answer. */
  | { readonly kind: 'dropped' }

/** One request of the client. Times are monotonic, in milliseconds. */
export interface MockAttempt {
  readonly id: number
  /** Which call, from 1, and its how manieth attempt, from 1. */
  readonly call: number
  readonly number: number
  readonly method: string
  readonly path: string
  readonly arrivedMs: number
  /** When the answer was out; undefined as long as it is not. */
  readonly endedMs: number | undefined
  /** Whether all came that the mock meant to send. `gone`: the client closed its connection before. */
  readonly ending: 'whole' | 'cut' | 'gone' | undefined
  readonly idempotencyKey: string | undefined
  /** Told apart, and never shown. */
  readonly credential: string | undefined
  readonly bodyBytes: number
  /** Requests of the same method, target and body have the same. */
  readonly print: string
  readonly played: MockPlayed
  readonly isStream: boolean
  /** Of a stream: how many events were meant to come before its end, or its refusal. */
  readonly events: number
  /** The work was done, whether the client knows or not; `isPaid`: and it was paid. */
  readonly isDone: boolean
  readonly isPaid: boolean
}

/** The attempts of one call, in their order. */
export interface MockCall {
  readonly id: number
  readonly attempts: readonly MockAttempt[]
}

const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** Whether to repeat it can do no harm (RFC 9110 section 9.2.2), or is told from another by its key. */
export function isRepeatable({ method, idempotencyKey }: Pick<MockAttempt, 'method' | 'idempotencyKey'>): boolean {
  return idempotentMethods.has(method) || idempotencyKey !== undefined
}

/** The client got a whole answer that is no refusal: what comes next is another call. */
export function isSettled({ played, ending }: MockAttempt): boolean {
  return ending === 'whole' && (played.kind === 'success' || played.kind === 'token' || (played.kind === 'raw' && played.status < 400))
}
