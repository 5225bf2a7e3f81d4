/** The caller's side of one request, as the passage to the upstream and a WebSocket's tunnel see it. An `Exchange` is one. */
import type { ServerResponse } from 'node:http'
import type { Answer } from 'tollgate/contract'
import type { Whereabouts } from 'tollgate/server'
import type { Connection } from './connection.ts'
import type { FrontCore } from './front-core.ts'
import type { RequestBody } from './request-body.ts'
import type { RequestHead } from './request-head.ts'

export interface CallerSide {
  readonly core: FrontCore
  readonly connection: Connection
  readonly response: ServerResponse
  readonly head: RequestHead
  readonly body: RequestBody
  /** For a WebSocket: what the caller sent behind its handshake. */
  readonly upgradeHead: Buffer | undefined
  /** The address at the other end of the connection. */
  readonly peer: string
  /** Answered, or the caller is gone: nothing more may be written. */
  readonly over: boolean
  /** Whether the answer that is about to go out must be the connection's last. */
  readonly closes: boolean
  /** The headers of a service's answer with the paths that the caller knows. */
  asOutside(headers: readonly string[], of: Whereabouts): readonly string[]
  answer(answer: Answer, close?: boolean): void
  /** Something of ours broke. */
  fail(error: unknown): void
  /** The answer is on its way, whole. */
  leave(last: boolean): void
  /** The gate knows how the call ended. */
  recorded(): void
}
