/**
 * An admitted call on its way to the upstream and back: the state machine alone. What must be before it is sent is `departure.ts`, what goes out
 * `outgoing-request.ts`; what is waited for, and how long, `call-patience.ts`; what comes back is judged by `receive-answer.ts`, and from its head on is the
 * answer's own affair (`read-answer.ts`, `passing-answer.ts`); a WebSocket is `websocket-switch.ts`. It is a low-level handler, of undici's kind: chunks go from socket
 * to socket without streams, pipes or header objects between, and each side is read only as fast as the other one takes (`onData` returns false, `resume` on
 * `drain`).
 *
 *   collect → connect → headers ┬→ answer → over
 *                               └→ tunnel → over      a WebSocket
 *
 * From every state a failure leads to `over`; before an answer by `failed`.
 *
 * A call that `outlivesCaller` goes on when its caller has gone after it was sent: to its head, which says what it costs, and from there to its end
 * unless the answer `endsWithCaller` at that moment.
 */
import type { Duplex } from 'node:stream'
import { whenKnown } from 'tollgate/engine'
import type { Admitted, BodyProblem, Completion, UpstreamFailure } from 'tollgate/gate'
import type { CallerSide } from '../http/caller-side.ts'
import type { CarriedCall } from '../http/carrier.ts'
import type { BodyReader } from '../http/request-body.ts'
import { Attempts } from './attempts.ts'
import { answerInPlace, reply } from './call-ending.ts'
import { CallPatience, type RunOut } from './call-patience.ts'
import type { ConnectionUser } from './kept-connections.ts'
import { prepareDeparture, type PreparedDeparture } from './departure.ts'
import { OutgoingRequest } from './outgoing-request.ts'
import type { Passage } from './passage.ts'
import type { PassingAnswer } from './passing-answer.ts'
import type { ReadAnswer } from './read-answer.ts'
import { receiveAnswer } from './receive-answer.ts'
import type { AnsweredCall } from './returning-answer.ts'
import { failureOf } from './upstream-failure.ts'
import type { KeptConnection } from './upstream-connection.ts'
import type { Upstream } from './upstream.ts'
import { judgeSwitch, runTunnel } from './websocket-switch.ts'

export class ProxiedCall implements CarriedCall, ConnectionUser, BodyReader, AnsweredCall {
  readonly exchange: CallerSide
  readonly admitted: Admitted
  readonly passage: Passage | undefined
  readonly upstream: Upstream | undefined
  readonly patience: CallPatience
  isAlone = false
  readonly #outgoing: OutgoingRequest
  readonly #attempts: Attempts
  #phase: 'collect' | 'connect' | 'headers' | 'answer' | 'tunnel' | 'over' = 'collect'
  #abort: (() => void) | undefined
  #answer: ReadAnswer | PassingAnswer | undefined

  constructor(exchange: CallerSide, admitted: Admitted, passage: Passage | undefined, upstream: Upstream | undefined) {
    this.exchange = exchange
    this.admitted = admitted
    this.passage = passage
    this.upstream = upstream
    this.#outgoing = new OutgoingRequest(exchange, admitted)
    this.patience = new CallPatience(exchange.core, passage?.timeouts, this.#outgoing, (what) => this.#ranOut(what))
    this.#attempts = new Attempts(upstream, admitted.target, exchange.core.clock)
  }

  // ── On the way ──

  start(): void {
    const { exchange, upstream } = this
    if (exchange.over) return this.#break({ kind: 'client_gone', detail: 'the caller closed its connection', sent: false })
    if (upstream === undefined) return this.#break({ kind: 'refused', detail: `no upstream is called ${JSON.stringify(this.passage?.upstream ?? this.admitted.api)}` })
    void whenKnown(prepareDeparture(this.#outgoing, this.admitted, exchange.core, () => this.#phase !== 'collect'), (departure) => this.#depart(departure, upstream))
  }

  #depart(departure: PreparedDeparture, upstream: Upstream): void {
    if (departure.kind === 'over') return
    if (departure.kind === 'failed') return this.#break(departure.failure)
    if (departure.kind === 'body') return this.onBodyProblem(departure.problem)
    const request = this.#outgoing.toDispatch(upstream, this)
    this.#connecting()
    this.#attempts.begin(request, this, this.#outgoing.isRepeatable ? 'any' : 'trusted')
  }

  #connecting(): void {
    this.#phase = 'connect'
    this.patience.forConnection()
  }

  onConnection(connection: KeptConnection): void {
    this.#attempts.goesBy(connection)
  }

  onConnect(abort: () => void): void {
    // Given up while it waited for a connection. To throw takes the request back; to abort would destroy a good connection.
    if (this.#phase !== 'connect') throw new Error('nobody waits for this request any more')
    this.#phase = 'headers'
    this.#abort = abort
    this.#attempts.sent()
    this.onBodyProgress()
  }

  onBodyProgress(): void {
    const patienceMs = this.#outgoing.callerPatienceMs()
    // A service that answers while the caller still sends waits no longer for it either.
    if (patienceMs !== undefined && patienceMs <= 0) return this.onBodyProblem('timeout')
    if (this.#phase === 'headers') this.patience.forHead(patienceMs)
    else if (this.#answer?.kind === 'pass' && !this.#answer.isPaused) this.#answer.progress()
  }

  onBodyEnd(): void {
    this.onBodyProgress()
  }

  onBodyProblem(problem: BodyProblem): void {
    // It has arrived whole; what broke is the way back.
    if (this.#outgoing.hasStreamed) return
    if (problem === 'timeout') this.exchange.body.giveUp()
    this.#break({ kind: 'request_body', problem, detail: `after ${this.exchange.body.bytesRead} bytes of the request's body` })
  }

  // ── On the way back ──

  onResponseStarted(): void {
    this.#attempts.responded()
  }

  onHeaders(status: number, rawHeaders: readonly (Buffer | string)[], resume: () => void): boolean {
    // 103 and its like end here.
    if (status < 200 || this.#phase !== 'headers') return true
    this.#attempts.answered(status)
    this.patience.forUpstream()
    const received = receiveAnswer(this, status, this.#headersOf(rawHeaders), resume)
    if (received.kind !== 'pass' && received.kind !== 'read') return this.#break(received), true
    this.#phase = 'answer'
    this.#answer = received
    if (received.kind === 'pass') received.begin()
    return true
  }

  /** As they may be seen. Header bytes are Latin-1 on the way in and out, so they come through unchanged. */
  #headersOf(rawHeaders: readonly (Buffer | string)[]): readonly string[] {
    const headers = rawHeaders.every(isText) ? rawHeaders : rawHeaders.map((part) => (isText(part) ? part : part.toString('latin1')))
    return this.upstream?.mask.headers(headers) ?? headers
  }

  onData(chunk: Buffer): boolean {
    return this.#answer?.push(chunk) ?? true
  }

  onComplete(): void {
    this.#answer?.complete()
  }

  onError(error: Error): void {
    const phase = this.#phase
    if (phase === 'over' || phase === 'tunnel') return
    // A 304 may tell the length that a 200 would have had (RFC 9110 section 8.6); undici misses the bytes. Its head was all of it.
    if (this.#answer?.kind === 'pass' && this.#answer.isBodyless) return this.#answer.complete()
    const failure = failureOf(error, phase === 'connect' || phase === 'headers' ? phase : 'body')
    const isRepeated = failure.kind === 'reset' && phase === 'headers' && this.#outgoing.isRepeatable && this.#attempts.mayRepeat
    if (!isRepeated) return this.#break(failure)
    this.#attempts.record(failure.kind)
    this.#connecting()
    this.#attempts.repeat(this)
  }

  onUpgrade(status: number, rawHeaders: readonly (Buffer | string)[] | null, socket: Duplex): void {
    if (this.#phase !== 'headers') return void socket.destroy()
    this.#attempts.answered(status)
    const headers = this.#headersOf(rawHeaders ?? [])
    const judged = judgeSwitch(this.exchange, this.admitted, status, headers)
    if (judged !== 'tunnel') {
      socket.destroy()
      return judged === 'read' ? answerInPlace(this, status, headers, undefined) : this.#break(judged)
    }
    this.ended()
    this.#phase = 'tunnel'
    runTunnel(this.exchange, this.admitted, socket, status, headers, this.#attempts.list, () => (this.#phase = 'over'))
  }

  // ── Who is waited for in vain, and who leaves ──

  #ranOut(what: RunOut): void {
    switch (what.kind) {
      case 'upstream':
        return this.#break(what.failure)
      case 'body':
        return this.onBodyProblem('timeout')
      case 'caller':
        return this.callerGone('the caller stopped reading')
      case 'alone':
        return this.#break({ kind: 'client_gone', detail: `the caller went away, and the answer had no end within ${what.limitMs} ms`, sent: true })
    }
  }

  callerGone(detail: string): void {
    const sent = this.#outgoing.isWhole && this.#phase !== 'collect' && this.#phase !== 'connect'
    if (!sent || !this.#outlivesCaller()) return this.#break({ kind: 'client_gone', detail, sent })
    if (this.isAlone) return
    this.isAlone = true
    // One who only stopped reading is let go: what was written so far would be cut anyway.
    if (!this.exchange.over) this.exchange.connection.abandon()
    this.#answer?.goOnAlone()
  }

  #outlivesCaller(): boolean {
    const endsNow = this.#answer?.kind === 'pass' && this.#answer.endsWithCaller
    return this.admitted.outlivesCaller && !endsNow && this.exchange.handshake === undefined
  }

  // ── How it ends ──

  #break(failure: UpstreamFailure): void {
    if (this.#phase === 'over' || this.#phase === 'tunnel') return
    if (this.#answer !== undefined) return this.#answer.break(failure)
    this.ended(failure.kind)
    this.letGo()
    void reply(this.exchange, () => this.admitted.failed(failure, this.completion(0)))
  }

  ended(error?: UpstreamFailure['kind']): void {
    this.patience.clear()
    this.#attempts.record(error)
  }

  letGo(): void {
    this.#phase = 'over'
    this.#outgoing.letGo()
    this.#abort?.()
  }

  completion(bytesOut: number): Completion {
    return { bytesIn: this.exchange.body.bytesRead, bytesOut, attempts: this.#attempts.list }
  }
}

function isText(part: Buffer | string): part is string {
  return typeof part === 'string'
}
