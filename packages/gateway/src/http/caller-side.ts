/** The caller's side of one request, as whoever carries its call on sees it. An `Exchange` is one. */
import type { ServerResponse } from 'node:http'
import type { Clock } from 'tollgate/engine'
import type { Answer } from 'tollgate/contract'
import type { Connection } from './connection.ts'
import type { FrontLimits } from './limits.ts'
import type { RequestBody } from './request-body.ts'
import type { RequestHead } from './request-head.ts'

/** What holds for all callers of a listener. */
export interface ListenerCore {
  /** What is spoken at it. */
  readonly scheme: 'http' | 'https'
  readonly clock: Clock
  readonly limits: FrontLimits
  readonly report: (error: unknown) => void
}

export interface CallerSide {
  readonly core: ListenerCore
  readonly connection: Connection
  readonly response: ServerResponse
  readonly head: RequestHead
  readonly body: RequestBody
  /** For a WebSocket: what the caller sent behind its handshake. */
  readonly upgradeHead: Buffer | undefined
  /** The address at the other end of the connection. */
  readonly peer: string
  /** Whether its `X-Forwarded-*` are believed. */
  readonly trusted: boolean
  /** Answered, or the caller is gone: nothing more may be written. */
  readonly over: boolean
  /** Whether the answer that is about to go out must be the connection's last. */
  readonly closes: boolean
  answer(answer: Answer, close?: boolean): void
  /** Something of ours broke. */
  fail(error: unknown): void
  /** The answer is on its way, whole. */
  leave(last: boolean): void
}
