/** The caller's side of one request, as whoever carries its call on sees it. An `Exchange` is one. */
import type { Clock } from 'tollgate/engine'
import type { Answer } from 'tollgate/contract'
import type { AnswerSink } from './answer-sink.ts'
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

export interface Handshake {
  /** What the caller sent behind it. */
  readonly head: Buffer
  /** From here on nothing but who called this writes to its socket. */
  takeSocket(): void
}

export interface CallerSide {
  readonly core: ListenerCore
  readonly connection: Connection
  readonly sink: AnswerSink
  readonly head: RequestHead
  readonly body: RequestBody
  /** Where it asks for a WebSocket. */
  readonly handshake: Handshake | undefined
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
