/**
 * An admitted call on its way to the upstream and back: the state machine alone. What goes out is `outgoing-request.ts`, what comes back `answer-relay.ts`, a
 * WebSocket `websocket-switch.ts`. It is undici's low-level handler: chunks go from socket to socket without streams, pipes or header objects between, and each
 * side is read only as fast as the other one takes (`onData` returns false, `resume` on `drain`).
 *
 *   collect → connect → headers → read → over            the answer is ours: `answerFor`
 *                          ├────→ pass → ending → over   the answer goes through: `completed`
 *                          │       └→ read → over        it was held, and is a refusal
 *                          └────→ tunnel → over          a WebSocket
 *
 * From every state a failure leads to `over`: by `failed` while the caller has seen nothing, by `brokenMidStream` afterwards.
 *
 * `completed` is awaited before the caller can know its answer to be whole: what cannot be settled is then answered by a refusal, or breaks.
 *
 * A call that `outlivesCaller` goes on when its caller has gone after it was sent: to its head, which says what it costs, and from there to its end
 * unless the answer `endsWithCaller` at that moment.
 */
import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Answer } from 'tollgate/contract'
import type { Admitted, BodyProblem, Completion, HeldBody, UpstreamFailure } from 'tollgate/gate'
import { AnswerRelay, type HeadFault } from './answer-relay.ts'
import { Attempts } from './attempts.ts'
import type { CallerSide } from '../http/caller-side.ts'
import type { CarriedCall } from '../http/carrier.ts'
import { concealed } from './concealed-answer.ts'
import { Deadline } from '../http/deadline.ts'
import { toCallerHeaders } from './hop-by-hop.ts'
import type { ConnectionUser, KeptConnection } from './kept-connections.ts'
import { framingFault, isBodyless } from '../http/message-framing.ts'
import { outsideHeaders } from './mounted-paths.ts'
import { OutgoingRequest } from './outgoing-request.ts'
import type { Passage, Timeouts } from './passage.ts'
import type { BodyReader } from '../http/request-body.ts'
import type { SecretFilter } from './secret-mask.ts'
import { failureOf } from './upstream-failure.ts'
import type { Upstream } from './upstream.ts'
import { judgeSwitch, runTunnel } from './websocket-switch.ts'

/** Where nothing is asked, nothing is waited for. */
const noTimeouts: Timeouts = { connectMs: 0, headersMs: 0, idleMs: 0 }

type Phase = 'collect' | 'connect' | 'headers' | 'read' | 'pass' | 'ending' | 'tunnel' | 'over'

export class ProxiedCall implements CarriedCall, ConnectionUser, BodyReader {
  readonly #exchange: CallerSide
  readonly #admitted: Admitted
  readonly #passage: Passage | undefined
  readonly #upstream: Upstream | undefined
  readonly #timeouts: Timeouts
  readonly #deadline: Deadline
  readonly #outgoing: OutgoingRequest
  #aloneDeadline: Deadline | undefined
  readonly #attempts = new Attempts()
  #phase: Phase = 'collect'
  #request: Dispatcher.DispatchOptions | undefined
  #connection: KeptConnection | undefined
  #responded = false
  #abort: (() => void) | undefined
  #resume: (() => void) | undefined
  #paused = false
  #status = 0
  #upstreamHeaders: readonly string[] = []
  /** Of an answer that goes through unless it turns out to be a refusal. */
  #maybeRefusal: HeldBody | undefined
  /** Keeps what must not be seen out of an answer that goes through. */
  #filter: SecretFilter | undefined
  /** Of an answer that is read, or held. */
  #chunks: Buffer[] = []
  #readBytesMax = 0
  #readBytes = 0
  /** Of an answer that goes through. */
  #relay: AnswerRelay | undefined
  #tap: ((chunk: Uint8Array) => void) | undefined
  /** Nobody takes the answer any more, but it is wanted. */
  #callerLeft = false
  #endsWithCaller: (() => boolean) | undefined

  constructor(exchange: CallerSide, admitted: Admitted, passage: Passage | undefined, upstream: Upstream | undefined) {
    this.#exchange = exchange
    this.#admitted = admitted
    this.#passage = passage
    this.#upstream = upstream
    this.#timeouts = passage?.timeouts ?? noTimeouts
    this.#deadline = new Deadline(exchange.core.clock, () => this.#deadlinePassed())
    this.#outgoing = new OutgoingRequest(exchange, admitted)
  }

  // ── On the way ──

  start(): void {
    if (this.#exchange.over) return this.#break({ kind: 'client_gone', detail: 'the caller closed its connection', sent: false })
    const upstream = this.#upstream
    if (upstream === undefined) return this.#break({ kind: 'refused', detail: `no upstream is called ${JSON.stringify(this.#passage?.upstream ?? this.#admitted.api)}` })
    const prepared = this.#outgoing.prepare()
    if (typeof prepared === 'string') this.#prepared(upstream, prepared)
    else void prepared.then((outcome) => this.#prepared(upstream, outcome))
  }

  #prepared(upstream: Upstream, outcome: BodyProblem | 'ready'): void {
    if (this.#phase !== 'collect') return
    if (outcome !== 'ready') return this.onBodyProblem(outcome)
    void this.#depart(upstream)
  }

  /** Whatever holds money or a key is marked first. What comes to an end meanwhile is not sent. */
  async #depart(upstream: Upstream): Promise<void> {
    try {
      if (!(await this.#admitted.dispatching())) return this.#break({ kind: 'refused', detail: 'the call is over, or could not be marked as sent' })
    } catch (error) {
      this.#exchange.core.report(error)
      return this.#break({ kind: 'refused', detail: 'the call could not be marked as sent' })
    }
    if (this.#phase !== 'collect') return
    this.#request = this.#outgoing.toDispatch(upstream, this)
    this.#beginAttempt()
    upstream.dispatch(this.#request, this, this.#outgoing.isRepeatable ? 'any' : 'trusted')
  }

  #beginAttempt(): void {
    this.#phase = 'connect'
    this.#attempts.begin(this.#exchange.core.clock.monotonicMs())
    this.#deadline.set(this.#timeouts.connectMs)
  }

  onConnection(connection: KeptConnection): void {
    this.#connection = connection
  }

  onConnect(abort: () => void): void {
    // Given up while it waited for a connection. To throw takes the request back; to abort would destroy a good connection.
    if (this.#phase !== 'connect') throw new Error('nobody waits for this request any more')
    this.#phase = 'headers'
    this.#abort = abort
    this.#connection?.expectAnswer()
    this.onBodyProgress()
  }

  onBodyProgress(): void {
    const { headersMs, idleMs } = this.#timeouts
    const patienceMs = this.#outgoing.callerPatienceMs()
    // A service that answers while the caller still sends waits no longer for it either.
    if (patienceMs !== undefined && patienceMs <= 0) return this.onBodyProblem('timeout')
    if (this.#phase === 'pass' && !this.#paused) this.#deadline.set(idleMs)
    if (this.#phase === 'headers') this.#deadline.set(patienceMs ?? headersMs)
  }

  onBodyEnd(): void {
    this.onBodyProgress()
  }

  onBodyProblem(problem: BodyProblem): void {
    // It has arrived whole; what broke is the way back.
    if (this.#outgoing.hasStreamed) return
    if (problem === 'timeout') this.#exchange.body.giveUp()
    this.#break({ kind: 'request_body', problem, detail: `after ${this.#exchange.body.bytesRead} bytes of the request's body` })
  }

  // ── On the way back ──

  onResponseStarted(): void {
    this.#responded = true
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void): boolean {
    // 103 and its like end here.
    if (status < 200 || this.#phase !== 'headers') return true
    this.#status = status
    this.#upstreamHeaders = this.#masked(decode(rawHeaders))
    this.#resume = resume
    this.#deadline.set(this.#timeouts.idleMs)
    const fault = framingFault(this.#upstreamHeaders)
    if (fault !== undefined) {
      this.#break({ kind: 'garbage', detail: fault })
      return true
    }
    let atOnceBytesMax = -1
    try {
      const judgement = this.#admitted.judge(status, this.#upstreamHeaders)
      if (judgement.kind === 'read') {
        this.#phase = 'read'
        this.#readBytesMax = judgement.bytesMax
        return true
      }
      this.#tap = judgement.tap
      this.#endsWithCaller = judgement.endsWithCaller
      atOnceBytesMax = judgement.atOnceBytesMax ?? -1
      this.#maybeRefusal = judgement.held
    } catch (error) {
      this.#exchange.core.report(error)
      this.#break({ kind: 'garbage', detail: 'the answer could not be judged' })
      return true
    }
    this.#phase = 'pass'
    const { answerHeaders, dropsAnswerHeader } = this.#admitted
    const crossing = toCallerHeaders(status, outsideHeaders(this.#exchange, this.#upstreamHeaders, this.#admitted, this.#passage?.rewrites ?? [], this.#upstream), answerHeaders, dropsAnswerHeader)
    this.#relay = new AnswerRelay(this.#exchange, status, crossing, this.#isBodyless(), atOnceBytesMax)
    if (crossing.identity) this.#filter = this.#upstream?.mask.filter()
    if (this.#maybeRefusal === undefined) this.#beginPassing()
    return true
  }

  #masked(headers: readonly string[]): readonly string[] {
    return this.#upstream?.mask.headers(headers) ?? headers
  }

  #beginPassing(): void {
    if (this.#callerLeft && this.#endsWithCaller?.() === true) return this.#break({ kind: 'client_gone', detail: 'the caller went away before the answer', sent: true })
    this.#boundAlone()
    // With the first chunk, if it comes along; not later.
    if (!this.#isBodyless()) process.nextTick(flushHead, this)
  }

  /** Nothing of the answer has gone out yet. */
  #hold(held: HeldBody, chunk: Buffer): boolean {
    this.#chunks.push(chunk)
    this.#sign()
    return held.push(chunk) || this.#letPass()
  }

  #letPass(): boolean {
    const body = Buffer.concat(this.#chunks)
    this.#chunks = []
    this.#maybeRefusal = undefined
    this.#beginPassing()
    return body.length === 0 || this.#passOn(body)
  }

  onData(chunk: Buffer): boolean {
    if (this.#phase === 'read') {
      this.#readBytes += chunk.length
      if (this.#readBytes > this.#readBytesMax) this.#endRead(undefined)
      else this.#chunks.push(chunk)
      this.#sign()
      return true
    }
    if (this.#phase !== 'pass') return true
    if (this.#isBodyless()) {
      this.#sign()
      return true
    }
    const shown = this.#filter?.push(chunk) ?? chunk
    if (shown.length > 0) return this.#take(shown)
    this.#sign()
    return true
  }

  #take(chunk: Buffer): boolean {
    return this.#maybeRefusal === undefined ? this.#passOn(chunk) : this.#hold(this.#maybeRefusal, chunk)
  }

  #passOn(chunk: Buffer): boolean {
    this.#tap?.(chunk)
    if (this.#callerLeft) {
      this.#sign()
      return true
    }
    const relayed = this.#relay?.pass(chunk) ?? 'last'
    if (relayed === 'last') return true
    if (typeof relayed === 'object') return this.#headFailed(relayed), true
    if (relayed !== 'full') {
      this.#sign()
      return true
    }
    this.#paused = true
    this.#deadline.set(this.#exchange.core.limits.stallMs)
    this.#exchange.response.once('drain', () => {
      this.#paused = false
      this.#sign()
      this.#resume?.()
    })
    return false
  }

  onComplete(): void {
    const rest = this.#phase === 'pass' ? this.#filter?.end() : undefined
    if (rest !== undefined && rest.length > 0) this.#take(rest)
    if (this.#phase === 'read') return this.#endRead(Buffer.concat(this.#chunks))
    if (this.#phase !== 'pass') return
    if (this.#maybeRefusal === undefined) return void this.#end()
    const isRefusal = this.#maybeRefusal.isRefusal()
    if (typeof isRefusal === 'boolean') this.#endHold(isRefusal)
    else void isRefusal.then((is) => this.#endHold(is))
  }

  #endHold(isRefusal: boolean): void {
    if (this.#phase !== 'pass') return
    if (isRefusal) return this.#endRead(Buffer.concat(this.#chunks))
    this.#letPass()
    if ((this.#phase as Phase) === 'pass') void this.#end()
  }

  onError(error: Error): void {
    if (this.#phase === 'over' || this.#phase === 'ending' || this.#phase === 'tunnel') return
    // A 304 may tell the length that a 200 would have had (RFC 9110 section 8.6); undici misses the bytes. Its head was all of it.
    if (this.#phase === 'pass' && this.#isBodyless()) return void this.#end()
    const failure = failureOf(error, this.#phase === 'connect' || this.#phase === 'headers' ? this.#phase : 'body')
    if (failure.kind === 'reset' && this.#mayRetry()) {
      this.#record(failure.kind)
      this.#beginAttempt()
      if (this.#request !== undefined) this.#upstream?.dispatch(this.#request, this, 'new')
      return
    }
    this.#break(failure)
  }

  /** The upstream closed a kept connection just as we used it: it has not seen the request, or may see it again. */
  #mayRetry(): boolean {
    return this.#outgoing.isRepeatable && this.#phase === 'headers' && this.#connection?.kept === true && !this.#responded && this.#attempts.list.length === 0
  }

  #isBodyless(): boolean {
    return this.#exchange.head.method === 'HEAD' || isBodyless(this.#status)
  }

  /** A sign of life from the upstream. */
  #sign(): void {
    if (this.#phase === 'read' || this.#phase === 'pass') this.#deadline.set(this.#timeouts.idleMs)
  }

  flushHead(): void {
    if (this.#phase === 'pass' && !this.#callerLeft) this.#headFailed(this.#relay?.flushHead())
  }

  #headFailed(fault: HeadFault | undefined): void {
    if (fault === undefined) return
    if (this.#phase === 'ending' || this.#phase === 'over') this.#exchange.fail(fault.error)
    else this.#break({ kind: 'garbage', detail: fault.error instanceof Error ? fault.error.message : String(fault.error) })
  }

  // ── How it ends ──

  async #end(): Promise<void> {
    this.#phase = 'ending'
    this.#deadline.clear()
    this.#record()
    const exchange = this.#exchange
    const relay = this.#relay
    let instead: Answer | undefined
    try {
      instead = await this.#admitted.completed(this.#status, this.#completion(), relay?.headSent === true)
    } catch (error) {
      if (relay?.headSent !== true) return exchange.fail(error)
      exchange.core.report(error)
      return relay.cut()
    } finally {
      this.#stop()
    }
    if (instead !== undefined) return exchange.answer(instead)
    if (exchange.over || relay === undefined) return
    const fault = relay.headSent ? undefined : relay.sendHead()
    if (fault === undefined) relay.finish()
    else exchange.fail(fault.error)
  }

  /** `body` undefined: too large, or it broke off. */
  #endRead(body: Buffer | undefined, error?: UpstreamFailure['kind']): void {
    this.#record(error)
    this.#stop()
    const { mask } = this.#upstream ?? {}
    void this.#reply(async () => {
      const shown = mask === undefined ? { headers: this.#upstreamHeaders, body } : await concealed(mask, this.#upstreamHeaders, body)
      return this.#admitted.answerFor(this.#status, shown.headers, shown.body, this.#completion())
    })
  }

  #break(failure: UpstreamFailure): void {
    if (this.#phase === 'over' || this.#phase === 'ending' || this.#phase === 'tunnel') return
    const ofUpstream = failure.kind === 'reset' || failure.kind === 'garbage' || failure.kind === 'timeout'
    if (this.#phase === 'read' && ofUpstream) return this.#endRead(undefined, failure.kind)
    this.#letOut()
    if ((this.#phase as Phase) === 'over') return
    const hasBegun = this.#relay?.headSent === true || (this.#phase === 'pass' && this.#callerLeft)
    this.#record(failure.kind)
    this.#stop()
    if (hasBegun) void this.#breakStream(failure)
    else void this.#reply(() => this.#admitted.failed(failure, this.#completion()))
  }

  #letOut(): void {
    if (this.#maybeRefusal === undefined && this.#phase === 'pass' && !this.#callerLeft) this.#headFailed(this.#relay?.letOut())
  }

  async #reply(decide: () => Promise<Answer>): Promise<void> {
    try {
      this.#exchange.answer(await decide())
    } catch (error) {
      this.#exchange.fail(error)
    }
  }

  async #breakStream(failure: UpstreamFailure): Promise<void> {
    let frame: string | undefined
    try {
      frame = await this.#admitted.brokenMidStream(failure, this.#status, this.#upstreamHeaders, this.#completion())
    } catch (error) {
      this.#exchange.core.report(error)
    }
    if (!this.#exchange.over) this.#relay?.breakOff(frame)
  }

  callerGone(detail: string): void {
    const sent = this.#outgoing.isWhole && this.#phase !== 'collect' && this.#phase !== 'connect'
    if (sent && this.#outlivesCaller()) this.#goOnAlone()
    else this.#break({ kind: 'client_gone', detail, sent })
  }

  #outlivesCaller(): boolean {
    const isWanted = this.#admitted.outlivesCaller && !(this.#phase === 'pass' && this.#maybeRefusal === undefined && this.#endsWithCaller?.() === true)
    return isWanted && this.#exchange.upgradeHead === undefined
  }

  #goOnAlone(): void {
    if (this.#callerLeft) return
    this.#callerLeft = true
    // One who only stopped reading is let go: what was written so far would be cut anyway.
    if (!this.#exchange.over) this.#exchange.connection.abandon()
    this.#boundAlone()
    if (!this.#paused) return
    this.#paused = false
    this.#sign()
    this.#resume?.()
  }

  /** Before its head an answer has a deadline of its own. */
  #boundAlone(): void {
    if (this.#phase !== 'pass' || !this.#callerLeft || this.#aloneDeadline !== undefined) return
    const { clock, limits } = this.#exchange.core
    this.#aloneDeadline = new Deadline(clock, () => this.#break({ kind: 'client_gone', detail: `the caller went away, and the answer had no end within ${limits.aloneMs} ms`, sent: true }))
    this.#aloneDeadline.set(limits.aloneMs)
  }

  #deadlinePassed(): void {
    const phase = this.#phase
    if (phase === 'connect') this.#break({ kind: 'timeout', phase, detail: `no connection within ${this.#timeouts.connectMs} ms` })
    else if (phase === 'headers' && this.#outgoing.callerIsDue) this.onBodyProblem('timeout')
    else if (phase === 'headers') this.#break({ kind: 'timeout', phase, detail: `no answer within ${this.#timeouts.headersMs} ms` })
    else if (this.#paused) this.callerGone('the caller stopped reading')
    else this.#break({ kind: 'timeout', phase: 'body', detail: `silent for ${this.#timeouts.idleMs} ms` })
  }

  /** Lets go of the upstream. An answer that is complete has nothing to let go of. */
  #stop(): void {
    this.#phase = 'over'
    this.#deadline.clear()
    this.#aloneDeadline?.clear()
    this.#outgoing.letGo()
    this.#abort?.()
  }

  #record(error?: UpstreamFailure['kind']): void {
    this.#attempts.record(this.#exchange.core.clock.monotonicMs(), this.#upstream, this.#admitted.target, this.#status, error)
  }

  #completion(): Completion {
    return { bytesIn: this.#exchange.body.bytesRead, bytesOut: this.#relay?.bytesOut ?? 0, attempts: this.#attempts.list }
  }

  // ── WebSocket ──

  onUpgrade(status: number, rawHeaders: Buffer[] | string[] | null, upstream: Duplex): void {
    if (this.#phase !== 'headers') return void upstream.destroy()
    this.#status = status
    this.#upstreamHeaders = this.#masked(decode(rawHeaders ?? []))
    const judged = judgeSwitch(this.#exchange, this.#admitted, status, this.#upstreamHeaders)
    if (judged !== 'tunnel') {
      upstream.destroy()
      return judged === 'read' ? this.#endRead(undefined) : this.#break(judged)
    }
    this.#record()
    this.#deadline.clear()
    this.#phase = 'tunnel'
    runTunnel(this.#exchange, this.#admitted, upstream, status, this.#upstreamHeaders, this.#attempts.list, () => (this.#phase = 'over'))
  }
}

function flushHead(call: ProxiedCall): void {
  call.flushHead()
}

/** Header bytes are Latin-1 on the way in and out, so they come through unchanged. */
function decode(rawHeaders: readonly (Buffer | string)[]): readonly string[] {
  return rawHeaders.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
}
