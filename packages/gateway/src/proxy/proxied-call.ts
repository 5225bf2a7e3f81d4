/**
 * An admitted call on its way to the upstream and back: one state machine, which is why it is one file. It is undici's low-level handler:
 * chunks go from socket to socket without streams, pipes or header objects between, and each side is read only as fast as the other one
 * takes (`onData` returns false, `resume` on `drain`).
 *
 *   collect → connect → headers → read → over            the answer is ours: `answerFor`
 *                          ├────→ pass → ending → over   the answer goes through: `completed`
 *                          │       └→ read → over        it was held, and is a refusal
 *                          └────→ tunnel → over          a WebSocket
 *
 * From every state a failure leads to `over`: by `failed` while the caller has seen nothing, by `brokenMidStream` afterwards.
 *
 * `completed` is awaited before the caller can know its answer to be whole. Of a body with a Content-Length the chunk with its last byte
 * waits for it; of a chunked one only the terminator, so that no event of a stream is late; of one without a body its head. A short body of known length
 * waits whole, with its head, where the gate asks for that (`atOnceBytesMax`): what cannot be settled is then answered by a refusal.
 *
 * A stream that breaks ends without its terminator, so that the caller sees a broken transfer, unless its dialect has a frame for it: then
 * that frame says all, and a clean end keeps clients that collect the whole body from losing it to a network error.
 *
 * A call that `outlivesCaller` goes on when its caller has gone after it was sent: to its head, which says what it costs, and from there to its end
 * unless the answer `endsWithCaller` at that moment.
 */
import type { Duplex } from 'node:stream'
import { STATUS_CODES } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Answer } from 'tollgate/contract'
import type { UpstreamAttempt } from 'tollgate/admission'
import type { BodyProblem, Completion, Admitted, HeldBody, UpstreamFailure } from 'tollgate/server'
import { BodyPatience } from './body-patience.ts'
import { Deadline } from './deadline.ts'
import type { CallerSide } from './caller-side.ts'
import type { CarriedCall } from './carrier.ts'
import { concealed } from './concealed-answer.ts'
import { forwardedHeaders } from './forwarded.ts'
import { toCallerHeaders, toUpstreamHeaders, withoutContext, withoutNamed, type CrossingAnswer } from './hop-by-hop.ts'
import { framingFault, isBodyless } from './message-framing.ts'
import { BodyStream, type BodyReader } from './request-body.ts'
import type { ConnectionUser, KeptConnection } from './kept-connections.ts'
import type { SecretFilter } from './secret-mask.ts'
import type { Upstream } from './upstream.ts'
import { withParameters } from './upstream-query.ts'
import { failureOf } from './upstream-failure.ts'
import { switchFault } from './websocket-handshake.ts'
import { outerPrefix, outsideHeaders } from './mounted-paths.ts'
import type { Passage, Timeouts } from './passage.ts'
import { openTunnel, type TunnelEnd } from './websocket.ts'

/** A request body that says it is no longer is sent in one piece: one write, and it can be sent again. */
const COLLECTED_BYTES_MAX = 65_536

/** RFC 9110 section 9.2.2: what may be sent twice. */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

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
  readonly #patience: BodyPatience
  #aloneDeadline: Deadline | undefined
  readonly #attempts: UpstreamAttempt[] = []
  #phase: Phase = 'collect'
  #body: Uint8Array | BodyStream | undefined
  /** Its body is asked for when it goes out, not before. */
  #streams = false
  #request: Dispatcher.DispatchOptions | undefined
  #startedMs = 0
  #recorded = true
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
  #crossing: CrossingAnswer | undefined
  #bytesLeft = -1
  #lastChunk: Buffer | undefined
  /** Of an answer that goes out at once, all but its last chunk; undefined where each goes out as it comes. */
  #heldBack: Buffer[] | undefined
  #lineBreaks = 2
  #tap: ((chunk: Uint8Array) => void) | undefined
  /** Nobody takes the answer any more, but it is wanted. */
  #callerLeft = false
  #endsWithCaller: (() => boolean) | undefined
  #headSent = false
  #closes = false
  #bytesOut = 0

  constructor(exchange: CallerSide, admitted: Admitted, passage: Passage | undefined, upstream: Upstream | undefined) {
    this.#exchange = exchange
    this.#admitted = admitted
    this.#passage = passage
    this.#upstream = upstream
    this.#timeouts = passage?.timeouts ?? noTimeouts
    this.#deadline = new Deadline(exchange.core.clock, () => this.#deadlinePassed())
    this.#patience = new BodyPatience(exchange.core.limits, exchange.core.clock, admitted.bodyPace)
  }

  // ── On the way ──

  start(): void {
    const { body, over } = this.#exchange
    const { bodyBytesMax } = this.#admitted
    if (over) return this.#break({ kind: 'client_gone', detail: 'the caller closed its connection', sent: false })
    if (this.#upstream === undefined) return this.#break({ kind: 'refused', detail: `no upstream is called ${JSON.stringify(this.#passage?.upstream ?? this.#admitted.api)}` })
    if (this.#admitted.body !== undefined) this.#body = this.#admitted.body
    else if (!body.announced) this.#body = undefined
    else if ((body.length ?? 0) > bodyBytesMax) return this.onBodyProblem('too_large')
    else if (body.length !== undefined && body.length <= COLLECTED_BYTES_MAX) return void this.#collect()
    else this.#streams = true
    void this.#depart(this.#upstream)
  }

  async #collect(): Promise<void> {
    const { body, core } = this.#exchange
    const read = await body.collect(this.#admitted.bodyBytesMax, this.#patience, core.clock)
    if (this.#phase !== 'collect' || this.#upstream === undefined) return
    if (read.kind !== 'complete') return this.onBodyProblem(read.kind)
    this.#body = read.bytes
    return this.#depart(this.#upstream)
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
    if (this.#streams) this.#body = this.#exchange.body.stream(this.#admitted.bodyBytesMax, this)
    this.#dispatch(upstream)
  }

  #dispatch(upstream: Upstream): void {
    const { head, upgradeHead } = this.#exchange
    this.#request = {
      path: withParameters(`${upstream.basePath}${this.#admitted.target}`, upstream.options.query ?? []) as `/${string}`,
      method: head.method,
      headers: this.#requestHeaders(upstream),
      body: this.#body instanceof Uint8Array && this.#body.length === 0 ? null : (this.#body ?? null),
      ...(upgradeHead !== undefined && { upgrade: 'websocket' }),
    }
    this.#beginAttempt()
    upstream.dispatch(this.#request, this, this.#isRepeatable() ? 'any' : 'trusted')
  }

  #requestHeaders(upstream: Upstream): string[] {
    const { core, head, body, peer, trusted: peerTrusted } = this.#exchange
    const { contextHeaders, takenOff, withheldHeaders } = this.#admitted
    const { headers: own = [], context = true } = upstream.options
    const trusted = peerTrusted && context
    const told = context ? [...forwardedHeaders(head, peer, trusted, core.scheme, `${outerPrefix(head, trusted)}${takenOff}`), ...contextHeaders] : withoutContext(contextHeaders)
    const added = [...withoutNamed(own, told), ...told]
    if (upstream.options.preserveHost === true && head.host !== undefined) added.push('host', head.host)
    // undici counts what it has whole; of a stream it must be told, or it sends chunks.
    if (this.#body instanceof BodyStream && body.length !== undefined) added.push('content-length', String(body.length))
    return toUpstreamHeaders(head, trusted, withheldHeaders, added)
  }

  #beginAttempt(): void {
    this.#phase = 'connect'
    this.#startedMs = this.#exchange.core.clock.monotonicMs()
    this.#recorded = false
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
    const patienceMs = this.#callerPatienceMs()
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
    if (this.#body instanceof BodyStream && this.#body.sent) return
    if (problem === 'timeout') this.#exchange.body.giveUp()
    this.#break({ kind: 'request_body', problem, detail: `after ${this.#exchange.body.bytesRead} bytes of the request's body` })
  }

  /** Undefined: the next byte need not come from the caller. */
  #callerPatienceMs(): number | undefined {
    if (this.#callerIsDue()) return this.#patience.forMs(this.#exchange.body.bytesRead)
    this.#patience.rest()
    return undefined
  }

  /** Whether the next byte must come from the caller, not from the upstream. */
  #callerIsDue(): boolean {
    return this.#body instanceof BodyStream && !this.#body.sent && !this.#body.blocked
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
    this.#crossing = toCallerHeaders(status, outsideHeaders(this.#exchange, this.#upstreamHeaders, this.#admitted, this.#passage?.rewrites ?? [], this.#upstream), answerHeaders, dropsAnswerHeader)
    this.#bytesLeft = this.#crossing.length
    if (this.#bytesLeft >= 0 && this.#bytesLeft <= atOnceBytesMax) this.#heldBack = []
    if (this.#crossing.identity) this.#filter = this.#upstream?.mask.filter()
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
    this.#bytesOut += chunk.length
    if (this.#bytesLeft >= 0) {
      this.#bytesLeft -= chunk.length
      if (this.#bytesLeft <= 0) {
        this.#lastChunk = chunk
        return true
      }
    }
    if (this.#heldBack !== undefined) {
      this.#heldBack.push(chunk)
      this.#sign()
      return true
    }
    if (!this.#headSent && !this.#sendHead()) return true
    this.#lineBreaks = trailingLineBreaks(chunk)
    if (this.#exchange.response.write(chunk)) {
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
    return this.#isRepeatable() && this.#phase === 'headers' && this.#connection?.kept === true && !this.#responded && this.#attempts.length === 0
  }

  #isRepeatable(): boolean {
    const { head, upgradeHead } = this.#exchange
    return !(this.#body instanceof BodyStream) && upgradeHead === undefined && idempotent.has(head.method)
  }

  #isBodyless(): boolean {
    return this.#exchange.head.method === 'HEAD' || isBodyless(this.#status)
  }

  /** A sign of life from the upstream. */
  #sign(): void {
    if (this.#phase === 'read' || this.#phase === 'pass') this.#deadline.set(this.#timeouts.idleMs)
  }

  flushHead(): void {
    if (this.#phase === 'pass' && !this.#callerLeft && !this.#headSent && this.#lastChunk === undefined && this.#heldBack === undefined && this.#sendHead()) this.#exchange.response.flushHeaders()
  }

  /** False when the upstream's headers cannot be sent; the call has failed then. */
  #sendHead(): boolean {
    const { response } = this.#exchange
    const headers = this.#crossing?.headers ?? []
    this.#closes = this.#exchange.closes
    if (this.#closes) headers.push('Connection', 'close')
    try {
      response.writeHead(this.#status, STATUS_CODES[this.#status] ?? 'Unknown', headers)
    } catch (error) {
      if (this.#phase === 'ending') this.#exchange.fail(error)
      else this.#break({ kind: 'garbage', detail: error instanceof Error ? error.message : String(error) })
      return false
    }
    this.#headSent = true
    return true
  }

  // ── How it ends ──

  async #end(): Promise<void> {
    this.#phase = 'ending'
    this.#deadline.clear()
    this.#record()
    const exchange = this.#exchange
    let instead: Answer | undefined
    try {
      instead = await this.#admitted.completed(this.#status, this.#completion(), this.#headSent)
    } catch (error) {
      if (!this.#headSent) return exchange.fail(error)
      exchange.core.report(error)
      return exchange.connection.cut(this.#isTerminated())
    } finally {
      this.#stop()
    }
    if (instead !== undefined) return exchange.answer(instead)
    if (exchange.over || (!this.#headSent && !this.#sendHead())) return
    for (const chunk of this.#heldBack ?? []) exchange.response.write(chunk)
    if (this.#lastChunk === undefined || this.#isBodyless()) exchange.response.end()
    else exchange.response.end(this.#lastChunk)
    exchange.leave(this.#closes)
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
    const hasBegun = this.#headSent || (this.#phase === 'pass' && this.#callerLeft)
    this.#record(failure.kind)
    this.#stop()
    if (hasBegun) void this.#breakStream(failure)
    else void this.#reply(() => this.#admitted.failed(failure, this.#completion()))
  }

  /** What was held back goes out after all, since no more will come of it. */
  #letOut(): void {
    const held = this.#heldBack
    this.#heldBack = undefined
    if (held === undefined || this.#maybeRefusal !== undefined || this.#phase !== 'pass' || this.#callerLeft || !this.#sendHead()) return
    for (const chunk of held) this.#exchange.response.write(chunk)
  }

  async #reply(decide: () => Promise<Answer>): Promise<void> {
    try {
      this.#exchange.answer(await decide())
    } catch (error) {
      this.#exchange.fail(error)
    }
  }

  async #breakStream(failure: UpstreamFailure): Promise<void> {
    const { core, connection, response } = this.#exchange
    let frame: string | undefined
    try {
      frame = await this.#admitted.brokenMidStream(failure, this.#status, this.#upstreamHeaders, this.#completion())
    } catch (error) {
      core.report(error)
    }
    if (this.#exchange.over) return
    const fits = this.#crossing !== undefined && this.#crossing.length < 0 && this.#crossing.identity
    if (frame === undefined || !fits) return connection.cut(this.#isTerminated())
    // An event that was cut in the middle must not swallow ours.
    response.end('\n'.repeat(2 - this.#lineBreaks) + frame)
    this.#exchange.leave(this.#closes)
  }

  callerGone(detail: string): void {
    const isWhole = !(this.#body instanceof BodyStream) || this.#body.sent
    const sent = isWhole && this.#phase !== 'collect' && this.#phase !== 'connect'
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
    else if (phase === 'headers' && this.#callerIsDue()) this.onBodyProblem('timeout')
    else if (phase === 'headers') this.#break({ kind: 'timeout', phase, detail: `no answer within ${this.#timeouts.headersMs} ms` })
    else if (this.#paused) this.callerGone('the caller stopped reading')
    else this.#break({ kind: 'timeout', phase: 'body', detail: `silent for ${this.#timeouts.idleMs} ms` })
  }

  /** Whether the end of the answer is marked, so that an end without the mark is seen to be broken. */
  #isTerminated(): boolean {
    return (this.#crossing?.length ?? -1) >= 0 || this.#exchange.head.version === '1.1'
  }

  /** Lets go of the upstream. An answer that is complete has nothing to let go of. */
  #stop(): void {
    this.#phase = 'over'
    this.#deadline.clear()
    this.#aloneDeadline?.clear()
    if (this.#body instanceof BodyStream) this.#body.destroy()
    this.#abort?.()
  }

  #record(error?: UpstreamFailure['kind']): void {
    if (this.#recorded) return
    this.#recorded = true
    const path = this.#admitted.target.split('?', 1)[0] ?? ''
    this.#attempts.push({
      // Without the query, which may hold secrets.
      target: `${this.#upstream?.origin}${this.#upstream?.basePath}${path}`,
      ...(this.#status > 0 && { status: this.#status }),
      ...(error !== undefined && { error }),
      durationMs: this.#exchange.core.clock.monotonicMs() - this.#startedMs,
    })
  }

  #completion(): Completion {
    return { bytesIn: this.#exchange.body.bytesRead, bytesOut: this.#bytesOut, attempts: this.#attempts }
  }

  // ── WebSocket ──

  onUpgrade(status: number, rawHeaders: Buffer[] | string[] | null, upstream: Duplex): void {
    if (this.#phase !== 'headers') return void upstream.destroy()
    this.#status = status
    this.#upstreamHeaders = this.#masked(decode(rawHeaders ?? []))
    const fault = switchFault(this.#upstreamHeaders, this.#exchange.head.value('sec-websocket-key') ?? '')
    if (fault !== undefined) {
      upstream.destroy()
      return this.#break({ kind: 'garbage', detail: fault })
    }
    try {
      if (this.#admitted.judge(status, this.#upstreamHeaders).kind === 'read') {
        upstream.destroy()
        return this.#endRead(undefined)
      }
    } catch (error) {
      upstream.destroy()
      this.#exchange.core.report(error)
      return this.#break({ kind: 'garbage', detail: 'the answer could not be judged' })
    }
    this.#record()
    this.#deadline.clear()
    this.#phase = 'tunnel'
    openTunnel(this.#exchange, upstream, this.#upstreamHeaders, this.#admitted, (end, bytesIn, bytesOut) => {
      void this.#tunnelEnded(end, { bytesIn, bytesOut, attempts: this.#attempts })
    })
  }

  async #tunnelEnded(end: TunnelEnd, completion: Completion): Promise<void> {
    try {
      if (end === 'closed') await this.#admitted.completed(this.#status, completion)
      else await this.#admitted.brokenMidStream(tunnelFailures[end], this.#status, this.#upstreamHeaders, completion)
    } catch (error) {
      this.#exchange.core.report(error)
    }
    this.#phase = 'over'
  }
}

const tunnelFailures = {
  caller_broke: { kind: 'client_gone', detail: 'the caller reset its connection' },
  upstream_broke: { kind: 'reset', detail: 'the upstream reset its connection' },
} as const satisfies Record<Exclude<TunnelEnd, 'closed'>, UpstreamFailure>

function flushHead(call: ProxiedCall): void {
  call.flushHead()
}

/** Header bytes are Latin-1 on the way in and out, so they come through unchanged. */
function decode(rawHeaders: readonly (Buffer | string)[]): readonly string[] {
  return rawHeaders.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
}

/** How many of the last two bytes are line breaks: two end an event. */
function trailingLineBreaks(chunk: Buffer): number {
  if (chunk.at(-1) !== 10) return 0
  return chunk.at(-2) === 10 ? 2 : 1
}
