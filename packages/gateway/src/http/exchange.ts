/**
 * One request of a caller, from its head to the last byte of its answer. The head is checked, the gate decides, and either answers or hands
 * the call to its carrier. Whatever throws on the way becomes one `internal` refusal, or ends the connection where an
 * answer has already begun; it never becomes an exception of the process.
 */
import type { Answer, Facts, Reason } from 'tollgate/contract'
import type { Admitted, BodyProblem, Gate, Verdict } from 'tollgate/gate'
import { writeAnswer } from './answer.ts'
import type { AnswerPlace, AnswerSink } from './answer-sink.ts'
import type { CallerSide, Handshake } from './caller-side.ts'
import type { CarriedCall, Carrier } from './carrier.ts'
import type { Connection, ConnectionTurn } from './connection.ts'
import { remoteAddressOf } from './forwarded.ts'
import { FrontCall } from './front-call.ts'
import { openUntil, type FrontCore } from './front-core.ts'
import type { RequestBody } from './request-body.ts'
import { checkHead, type RequestFault } from './request-fault.ts'
import type { RequestHead } from './request-head.ts'
import { isHandshakeKey } from './websocket-offer.ts'

const bodyInHandshake: RequestFault = { reason: 'request.invalid', facts: { issue: 'a WebSocket handshake has no body' }, closes: true }
const keylessHandshake: RequestFault = {
  reason: 'request.invalid',
  facts: { issue: 'a WebSocket handshake needs a Sec-WebSocket-Key of 16 bytes in base64', header: 'sec-websocket-key' },
  closes: true,
}

export class Exchange implements CallerSide, ConnectionTurn {
  readonly core: FrontCore
  readonly connection: Connection
  readonly sink: AnswerSink
  readonly head: RequestHead
  readonly body: RequestBody
  readonly handshake: Handshake | undefined
  /** The address at the other end of the connection. */
  readonly peer: string
  trusted = false
  /** Answered, or the caller is gone: nothing more may be written. */
  over = false
  /** As it was when the request's turn came: a reload does not change a request under way. */
  #gate: Gate | undefined
  #carried: CarriedCall | undefined
  #failed = false

  constructor(core: FrontCore, connection: Connection, head: RequestHead, body: RequestBody, sink: AnswerSink, handshake?: Handshake) {
    this.core = core
    this.connection = connection
    this.sink = sink
    this.head = head
    this.body = body
    this.handshake = handshake
    this.peer = connection.peer
  }

  get bodyArrived(): boolean {
    return this.body.arrived
  }

  get bodyBytes(): number {
    return this.body.length ?? 0
  }

  get answerPlace(): AnswerPlace {
    return this.over ? undefined : this.sink.place
  }

  start(): void {
    const { core, head } = this
    try {
      const gate = core.gate()
      this.#gate = gate
      const checked = checkHead(head, core.limits)
      if (checked.kind === 'fault') this.#refuse(gate, checked.fault)
      else if (this.handshake !== undefined && head.hasBody) this.#refuse(gate, bodyInHandshake)
      else if (this.handshake !== undefined && !isHandshakeKey(head.value('sec-websocket-key'))) this.#refuse(gate, keylessHandshake)
      else this.#run(gate, checked.target)
    } catch (error) {
      this.fail(error)
    }
  }

  #run(gate: Gate, target: string): void {
    const { core, head, peer } = this
    const { carrier, trusts } = core.routing
    this.trusted = trusts(peer, 0)
    const remoteAddress = this.trusted ? remoteAddressOf(peer, head.value('x-forwarded-for'), trusts) : peer
    const verdict = gate.begin(new FrontCall(core, head, this.body, target, remoteAddress))
    if (!(verdict instanceof Promise)) return this.#follow(verdict, carrier)
    verdict.then((known) => this.#follow(known, carrier)).catch((error: unknown) => this.fail(error))
    openUntil(core, verdict)
  }

  #follow(verdict: Verdict, carrier: Carrier | undefined): void {
    openUntil(this.core, verdict.after)
    if (verdict.kind === 'answer') {
      const { answer, of } = verdict
      return this.answer(of === undefined || carrier === undefined ? answer : { ...answer, headers: carrier.asOutside(this, answer.headers, of) })
    }
    if (carrier === undefined) return void this.#uncarried(verdict.admitted)
    this.#carried = carrier.carry(this, verdict.admitted)
    this.#carried.start()
  }

  async #uncarried(admitted: Admitted): Promise<void> {
    try {
      this.answer(await admitted.failed({ kind: 'refused', detail: 'nothing carries calls on from here' }, { bytesIn: this.body.bytesRead, bytesOut: 0, attempts: [] }))
    } catch (error) {
      this.fail(error)
    }
  }

  #refused(gate: Gate, reason: Reason, facts: Facts, cause: string | undefined): Answer {
    const { method, target, headers } = this.head
    const { answer, after } = gate.refuseRaw(reason, facts, { method, target, headers, remoteAddress: this.peer, cause })
    openUntil(this.core, after)
    return answer
  }

  #refuse(gate: Gate, { reason, facts, closes }: RequestFault): void {
    this.answer(this.#refused(gate, reason, facts, facts.issue), closes)
  }

  /** Whether the answer that is about to go out must be the connection's last. */
  get closes(): boolean {
    return !this.sink.keepsConnection || this.core.draining || this.connection.closing || this.body.blocksConnection
  }

  answer(answer: Answer, close = false): void {
    if (this.over) return
    const last = close || this.closes
    try {
      writeAnswer(this.sink, answer, { withoutBody: this.head.method === 'HEAD', close: last })
    } catch (error) {
      return this.fail(error)
    }
    this.leave(last)
  }

  /** Something of ours broke. */
  fail(error: unknown): void {
    this.core.report(error)
    if (this.over) return
    if (this.#failed || this.#gate === undefined || this.sink.headSent) return this.connection.abandon()
    this.#failed = true
    try {
      this.answer(this.#refused(this.#gate, 'internal', {}, error instanceof Error ? error.message : String(error)))
    } catch (second) {
      this.fail(second)
    }
  }

  /** The answer is on its way, whole. */
  leave(last: boolean): void {
    if (this.over) return
    this.over = true
    this.core.answered += 1
    this.body.discard(this.core.clock, () => this.connection.abandon())
    // Its head promised to keep the connection; draining began since.
    if (this.core.draining && !last) this.sink.whenFlushed(() => this.connection.end(() => ''))
    this.connection.leave(this, last)
  }

  callerGone(): void {
    if (this.over) return
    this.over = true
    this.#carried?.callerGone('the caller closed its connection')
    this.body.break('broken')
  }

  bodyBroken(problem: BodyProblem): void {
    this.body.break(problem)
  }

  drained(): void {
    this.sink.drained()
  }
}
