/**
 * An answer that goes through, chunk by chunk and only as fast as its caller takes it; at first held back where its first members tell whether it is a refusal.
 *
 *   pass → ending → over      it went through: `completed`
 *    └→ over                  it was held back, and is a refusal: `answerFor`
 *
 * `completed` is awaited before the caller can know its answer to be whole: what cannot be settled is then answered by a refusal, or breaks. What breaks
 * before ends by `failed` while the caller has seen nothing, by `brokenMidStream` afterwards.
 */
import type { Answer } from 'tollgate/contract'
import { mediaType, type HeldBody, type PassJudgement, type UpstreamFailure } from 'tollgate/gate'
import { isBodyless } from '../http/message-framing.ts'
import { AnswerRelay, type HeadFault } from './answer-relay.ts'
import { answerInPlace, breakStream, reply } from './call-ending.ts'
import type { CrossingAnswer } from './hop-by-hop.ts'
import { lookMeanwhile } from './meanwhile-look.ts'
import type { AnsweredCall, ReturningAnswer } from './returning-answer.ts'
import type { SecretFilter } from './secret-mask.ts'

export class PassingAnswer implements ReturningAnswer {
  readonly kind = 'pass'
  /** All of it is its head. */
  readonly isBodyless: boolean
  /** The caller must take of it before more can come. */
  isPaused = false
  readonly #call: AnsweredCall
  readonly #status: number
  readonly #headers: readonly string[]
  readonly #resume: () => void
  readonly #relay: AnswerRelay
  readonly #tap: ((chunk: Uint8Array) => void) | undefined
  readonly #endsWithCaller: (() => boolean) | undefined
  /** Keeps out of it what must not be seen. */
  readonly #filter: SecretFilter | undefined
  /** As long as it may be a refusal. */
  #held: HeldBody | undefined
  #heldChunks: Buffer[] | undefined
  #phase: 'pass' | 'ending' | 'over' = 'pass'
  /** A stream of events may last for hours. */
  #stopLooking: (() => void) | undefined

  /** `headers`: the upstream's own; `crossing`: those that reach the caller. */
  constructor(call: AnsweredCall, status: number, headers: readonly string[], resume: () => void, crossing: CrossingAnswer, { tap, endsWithCaller, held, atOnceBytesMax = -1 }: PassJudgement) {
    this.isBodyless = call.exchange.head.method === 'HEAD' || isBodyless(status)
    this.#call = call
    this.#status = status
    this.#headers = headers
    this.#resume = resume
    this.#relay = new AnswerRelay(call.exchange, status, crossing, this.isBodyless, atOnceBytesMax)
    this.#tap = tap
    this.#endsWithCaller = endsWithCaller
    this.#filter = crossing.identity ? call.upstream?.mask.filter() : undefined
    this.#held = held
  }

  begin(): void {
    if (this.#held !== undefined) return
    this.#beginPassing()
    this.#flushHeadSoon()
  }

  /** With the first chunk, if it comes along; not later. */
  #flushHeadSoon(): void {
    if (this.#phase === 'pass' && !this.isBodyless) process.nextTick(flushHead, this)
  }

  #beginPassing(): void {
    if (this.#call.isAlone && this.endsWithCaller) return this.break({ kind: 'client_gone', detail: 'the caller went away before the answer', sent: true })
    if (this.#call.isAlone) this.#call.patience.forEndAlone()
    const { exchange, admitted } = this.#call
    if (mediaType(this.#headers) === 'text/event-stream') this.#stopLooking = lookMeanwhile(exchange.core.clock, admitted, (failure) => this.#call.isAlone || this.break(failure))
  }

  flushHead(): void {
    if (this.#phase === 'pass' && !this.#call.isAlone) this.#breaksBy(this.#relay.flushHead())
  }

  /** Whether it broke by that. */
  #breaksBy(fault: HeadFault | undefined): boolean {
    if (fault === undefined) return false
    this.break({ kind: 'garbage', detail: fault.error instanceof Error ? fault.error.message : String(fault.error) })
    return true
  }

  // ── Its body ──

  push(chunk: Buffer): boolean {
    if (this.#phase !== 'pass') return true
    if (!this.isBodyless) {
      const shown = this.#filter?.push(chunk) ?? chunk
      if (shown.length > 0) return this.#take(shown)
    }
    this.progress()
    return true
  }

  #take(chunk: Buffer): boolean {
    if (this.#held === undefined) return this.#passOn(chunk)
    ;(this.#heldChunks ??= []).push(chunk)
    this.progress()
    return this.#held.push(chunk) || this.#letPass()
  }

  /** It was held back, and is no refusal. */
  #letPass(): boolean {
    const body = Buffer.concat(this.#heldChunks ?? [])
    this.#heldChunks = undefined
    this.#held = undefined
    this.#beginPassing()
    if (body.length > 0) return this.#passOn(body)
    this.#flushHeadSoon()
    return true
  }

  #passOn(chunk: Buffer): boolean {
    this.#tap?.(chunk)
    const relayed = this.#call.isAlone ? 'went' : this.#relay.pass(chunk)
    if (relayed === 'full') return this.#pause()
    if (typeof relayed === 'object') this.#breaksBy(relayed)
    else if (relayed !== 'last') this.progress()
    return true
  }

  #pause(): false {
    this.isPaused = true
    this.#call.patience.forCaller()
    this.#call.exchange.sink.whenDrained(() => this.#goOn())
    return false
  }

  #goOn(): void {
    this.isPaused = false
    this.progress()
    this.#resume()
  }

  progress(): void {
    if (this.#phase === 'pass') this.#call.patience.forUpstream()
  }

  // ── How it ends ──

  complete(): void {
    if (this.#phase !== 'pass') return
    const rest = this.#filter?.end()
    if (rest !== undefined && rest.length > 0) this.#take(rest)
    const isRefusal = this.#held?.isRefusal() ?? false
    if (typeof isRefusal === 'boolean') this.#complete(isRefusal)
    else void isRefusal.then((is) => this.#complete(is))
  }

  #complete(isRefusal: boolean): void {
    if (this.#phase !== 'pass') return
    if (isRefusal) {
      this.#phase = 'over'
      return answerInPlace(this.#call, this.#status, this.#headers, Buffer.concat(this.#heldChunks ?? []))
    }
    if (this.#held !== undefined) this.#letPass()
    this.#end()
  }

  #end(): void {
    if (this.#phase !== 'pass') return
    this.#phase = 'ending'
    this.#stopLooking?.()
    this.#call.ended()
    try {
      const settled = this.#call.admitted.completed(this.#status, this.#call.completion(this.#relay.bytesOut), this.#relay.headSent)
      if (settled instanceof Promise) void settled.then((instead) => this.#settled(instead)).catch((error: unknown) => this.#unsettled(error))
      else this.#settled(settled)
    } catch (error) {
      this.#unsettled(error)
    }
  }

  #settled(instead: Answer | undefined): void {
    const { exchange } = this.#call
    const relay = this.#relay
    this.#over()
    if (instead !== undefined) return exchange.answer(instead)
    if (exchange.over) return
    const fault = relay.headSent ? undefined : relay.sendHead()
    if (fault === undefined) relay.finish()
    else exchange.fail(fault.error)
  }

  #unsettled(error: unknown): void {
    const { exchange } = this.#call
    this.#over()
    if (!this.#relay.headSent) return exchange.fail(error)
    exchange.core.report(error)
    this.#relay.cut()
  }

  #over(): void {
    this.#phase = 'over'
    this.#call.letGo()
  }

  break(failure: UpstreamFailure): void {
    if (this.#phase !== 'pass') return
    const { exchange, admitted, isAlone } = this.#call
    if (this.#held === undefined && !isAlone && this.#breaksBy(this.#relay.letOut())) return
    this.#phase = 'over'
    this.#stopLooking?.()
    this.#call.ended(failure.kind)
    this.#call.letGo()
    if (this.#relay.headSent || isAlone) void breakStream(exchange, this.#relay, () => admitted.brokenMidStream(failure, this.#status, this.#headers, this.#call.completion(this.#relay.bytesOut)))
    else void reply(exchange, () => admitted.failed(failure, this.#call.completion(this.#relay.bytesOut)))
  }

  // ── Without its caller ──

  /** A caller that goes now stops it. */
  get endsWithCaller(): boolean {
    return this.#phase === 'pass' && this.#held === undefined && this.#endsWithCaller?.() === true
  }

  goOnAlone(): void {
    if (this.#phase === 'pass') this.#call.patience.forEndAlone()
    if (this.isPaused) this.#goOn()
  }
}

function flushHead(answer: PassingAnswer): void {
  answer.flushHead()
}
