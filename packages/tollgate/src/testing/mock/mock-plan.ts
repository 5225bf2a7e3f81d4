/** What is to be sent, and when. Whoever serves a mock does what a plan says, and nothing else. */
import type { Contract } from '../../contract/declare/contract.ts'
import type { AnswerContext } from '../../contract/declare/wire.ts'
import type { MockPlayed } from './mock-attempt.ts'
import type { MockScript } from './mock-script.ts'

/** A request, as it came. */
export interface MockRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  /** Name, value, name, value. */
  readonly headers: readonly string[]
  readonly body: Uint8Array
}

/** What is to be sent. */
export interface MockPlan {
  /** To be said again when it has ended. */
  readonly attempt: number
  readonly delayMs: number
  /** Undefined: the connection is closed without an answer. */
  readonly head: { readonly status: number; readonly headers: readonly string[] } | undefined
  /** What `Content-Length` says, right or wrong; undefined: the body comes in chunks. */
  readonly length: number | undefined
  readonly pieces: readonly MockPiece[]
  /** After the last piece. `reset` and `close`: of the connection, in the middle of the body. */
  readonly ends: 'whole' | 'reset' | 'close'
}

/** A part of a body, after so long. */
export interface MockPiece {
  readonly afterMs: number
  readonly bytes: Uint8Array
}

/** The plan but for whose it is, and what is to be remembered of it. */
export interface MockAnswer extends Omit<MockPlan, 'attempt'> {
  readonly played: MockPlayed
  readonly isStream: boolean
  readonly events: number
  readonly isDone: boolean
  /** Whether a body is cut, a length wrong, or a connection dropped on purpose. */
  readonly isBroken: boolean
}

/** What an answer is made from besides its step. */
export interface AnswerMaterial {
  readonly contract: Contract
  readonly script: MockScript
  readonly context: AnswerContext
  readonly method: string
  readonly path: string
  /** How the request asks for an answer. */
  readonly asksForStream: boolean
}
