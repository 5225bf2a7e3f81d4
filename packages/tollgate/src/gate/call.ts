/**
 * The seam between the pipeline and whatever carries HTTP. An adapter (or the proxy) turns its request into an `IncomingCall`, asks
 * `gate.begin`, and does what the verdict says. All headers are flat lists: name, value, name, value, as they came.
 */
import type { Refusal } from '../contract/declare/refusal.ts'
import type { Answer, TextAnswer, WebSocketEnd } from '../contract/declare/wire.ts'
import type { Reason } from '../contract/declare/reason.ts'
import type { Facts } from '../contract/declare/facts.ts'
import type { Awaitable } from '../engine/awaitable.ts'
import type { UpstreamAttempt } from '../journal/request-row.ts'
import type { BodyPace } from './steps/body-pace.ts'
import type { RouteOptions } from './gate-options.ts'
import type { HeldBody } from './way-out/held-body.ts'

/** Why a caller's body did not come to its end: larger than allowed, too slow, or broken off. */
export type BodyProblem = 'too_large' | 'timeout' | 'broken'

/** The body of a caller, or why it did not come to its end. */
export type BodyRead = { readonly kind: 'complete'; readonly bytes: Uint8Array } | { readonly kind: BodyProblem }

/** A request, as whatever carries HTTP hands it to the gate. */
export interface IncomingCall {
  readonly method: string
  /** The request target as received: path and query. */
  readonly target: string
  readonly headers: readonly string[]
  /** The caller's address after the trust setting, in its one form (`canonicalIp`). */
  readonly remoteAddress: string
  /** Whether the request announces a body. */
  readonly hasBody: boolean
  /** Reads the whole body, at most `bytesMax`. Called at most once, and not at all on routes that need no body: those stream. */
  readBody(bytesMax: number, pace?: BodyPace): Promise<BodyRead>
}

/** How an upstream failed without a usable answer. */
export type UpstreamFailure =
  /** No connection was made: nothing was sent. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** The deadline of a phase passed. */
  | { readonly kind: 'timeout'; readonly phase: 'connect' | 'headers' | 'body'; readonly detail: string }
  /** The connection broke after the request went out. */
  | { readonly kind: 'reset'; readonly detail: string }
  /** What came was not HTTP, or not what it said it was. */
  | { readonly kind: 'garbage'; readonly detail: string }
  /** Our caller went away first. */
  | {
      readonly kind: 'client_gone'
      readonly detail: string
      /** False: the upstream never had the whole request. */
      readonly sent?: boolean
    }
  | { readonly kind: 'request_body'; readonly problem: BodyProblem; readonly detail: string }
  /** We have ended it ourselves, for what the refusal says. */
  | { readonly kind: 'withdrawn'; readonly refusal: Refusal; readonly detail: string }

/** What went over the wire, for the log. */
export interface Completion {
  readonly bytesIn: number
  readonly bytesOut: number
  readonly attempts: readonly UpstreamAttempt[]
}

/** For whom a call is meant: by its route a carrier finds where that is. */
export interface Whereabouts {
  /** The API's name. */
  readonly api: string
  /** One of those that the gate was built from. */
  readonly route: RouteOptions
  /** As the service sees it: without the mount, unless it keeps that. */
  readonly target: string
  /** What was taken off; empty or `/shop`. */
  readonly takenOff: string
}

/**
 * An admitted call, for whatever carries it to who answers: a proxy, or a middleware that calls a handler. The carrier awaits `dispatching`, lets the call be
 * answered, asks `judge` about the answer's head, and ends it by exactly one of `answerFor`, `failed`, `brokenMidStream`, `completed`.
 *
 *     dispatched → completed | answerFor | failed | brokenMidStream
 */
export interface Admitted extends Whereabouts {
  readonly requestId: string
  /** Trusted context headers, flat. Whatever the caller sent under these names is dropped. */
  readonly contextHeaders: readonly string[]
  /**
   * Headers of the caller that the upstream does not get, lower case: those that carry credentials, for who is calling stands in the context, and the
   * idempotency key, which stands there bare. Other spellings that are one name for some service (`X.Api.Key`) are meant too.
   */
  readonly withheldHeaders: readonly string[]
  /**
   * What an open WebSocket is told that ends by this failure; undefined where the contract has no form for it. Nothing ends by asking: that is `brokenMidStream`
   * or `completed`, when both sides have closed.
   */
  readonly webSocketEnd: ((failure: UpstreamFailure) => WebSocketEnd) | undefined
  /** Asked now and then while a connection has no end of its own: what has come over who called since then. One that cannot be found out is nothing. */
  refusedMeanwhile(): Promise<Refusal | undefined>
  /** Headers to add to a passed-through answer: request id, rate headers, CORS. `joinHeaders` puts them together with the upstream's. */
  readonly answerHeaders: readonly string[]
  /** Headers that a passed-through answer loses, by lower-case name: what only the gateway may say. */
  readonly dropsAnswerHeader: (name: string) => boolean
  /** Answered to a WebSocket's handshake where the upstream selects no subprotocol. */
  readonly subprotocol: string | undefined
  /** The body, when a check has already read it; otherwise it may be streamed. */
  readonly body: Uint8Array | undefined
  readonly bodyBytesMax: number
  readonly bodyPace?: BodyPace
  /**
   * Awaited right before the request is sent, once, when what is collected of it has come: it takes its place among those in flight, and is marked as one that
   * may have been sent. False: it must not be sent (`failed` with `refused`).
   */
  dispatching(): Awaitable<boolean>
  /** It is paid for, or its answer is kept: a caller who goes away after the request was sent does not stop it before there is an answer. */
  readonly outlivesCaller: boolean
  /**
   * `pass`: stream the answer through.
   * `read`: collect at most `bytesMax` of the body, then ask `answerFor`. Asked about each final head, and about a `101`.
   */
  judge(status: number, headers: readonly string[]): Judgement
  /** The answer of our dialect for an upstream answer that was read. `body` undefined: it was too large or broke off. */
  answerFor(status: number, headers: readonly string[], body: Uint8Array | undefined, completion: Completion): Promise<TextAnswer>
  /** The answer for a failure before anything was sent to the caller. */
  failed(failure: UpstreamFailure, completion: Completion): Promise<TextAnswer>
  /** After the head was sent, or its caller gone: the frame to write before cutting the stream, if the dialect has one and the answer is an event stream. */
  brokenMidStream(failure: UpstreamFailure, status: number, headers: readonly string[], completion: Completion): Promise<string | undefined>
  /**
   * The answer went through whole. Awaited before the last byte goes to the caller. If it cannot be settled: rejects where its head is out (the default), so
   * that it does not go out whole; resolves to the answer in its place where it is not.
   */
  completed(status: number, completion: Completion, isHeadOut?: boolean): Awaitable<TextAnswer | undefined>
}

/** What becomes of an answer, by its head. */
export type Judgement = PassJudgement | { readonly kind: 'read'; readonly bytesMax: number }

/** An answer of the service goes through, as it streams. */
export interface PassJudgement {
  readonly kind: 'pass'
  /** Keeps back head and body as long as it says so; a refusal then goes to `answerFor`, and nothing of it to `tap`. */
  readonly held?: HeldBody | undefined
  /** Shown each chunk of the body first. */
  readonly tap?: ((chunk: Uint8Array) => void) | undefined
  /** Whether a caller who goes now stops it (`brokenMidStream`), as far as it has been shown. */
  readonly endsWithCaller?: (() => boolean) | undefined
  /** An answer that says to be no longer goes out when all of it is there and settled, head and all: until then another may take its place. */
  readonly atOnceBytesMax?: number | undefined
}

/** What the gate says of a request: here is the answer, or ask the service. */
export type Verdict = AnswerVerdict | AdmittedVerdict

/**
 * What must be durable before an answer is so before the carrier gets it. `after` is what goes on besides, and never rejects: the row of the request log, and of
 * an admitted call all until its end, for which what it holds is kept up meanwhile. A runtime that ends with the answer waits for it (`waitUntil`), and a gateway
 * before it closes its store; who does neither may lose rows of the log, and no money.
 */
interface GoesOn {
  readonly after: Promise<void>
}

/** The gate answers by itself. */
export interface AnswerVerdict<A extends Answer = Answer> extends GoesOn {
  readonly kind: 'answer'
  readonly answer: A
  /** A service gave it before: whose paths they are that stand in it. */
  readonly of: Whereabouts | undefined
}

/** The call goes on to whoever answers it. */
export interface AdmittedVerdict extends GoesOn {
  readonly kind: 'admitted'
  readonly admitted: Admitted
}

/** One request in, one verdict out. What fails is a refusal. */
export interface Gate {
  /** At once where nothing must be waited for: a promise costs more than most steps do. Never rejects. */
  begin(call: IncomingCall): Awaitable<Verdict>
  /**
   * A refusal from below HTTP or before a route is known: malformed request, missing Host, CONNECT. The path, where known, chooses the dialect;
   * otherwise the listener's default (problem+json, or the only mounted contract).
   */
  refuseRaw(
    reason: Reason,
    facts: Facts,
    about: {
      readonly method?: string | undefined
      readonly target?: string | undefined
      /** Where they could be read: a browser's page is told why. */
      readonly headers?: readonly string[]
      readonly remoteAddress: string
      readonly cause?: string | undefined
    },
  ): AnswerVerdict<TextAnswer>
}
