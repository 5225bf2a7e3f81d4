/** An answer that is read and not shown: what the gate makes of it takes its place. */
import type { UpstreamFailure } from 'tollgate/gate'
import { answerInPlace, reply } from './call-ending.ts'
import type { AnsweredCall, ReturningAnswer } from './returning-answer.ts'

export class ReadAnswer implements ReturningAnswer {
  readonly kind = 'read'
  readonly #call: AnsweredCall
  readonly #status: number
  readonly #headers: readonly string[]
  readonly #chunks: Buffer[] = []
  #bytesLeft: number
  #isOver = false

  constructor(call: AnsweredCall, status: number, headers: readonly string[], bytesMax: number) {
    this.#call = call
    this.#status = status
    this.#headers = headers
    this.#bytesLeft = bytesMax
  }

  push(chunk: Buffer): true {
    if (this.#isOver) return true
    this.#bytesLeft -= chunk.length
    if (this.#bytesLeft < 0) this.#end(undefined)
    else this.#chunks.push(chunk)
    this.progress()
    return true
  }

  progress(): void {
    if (!this.#isOver) this.#call.patience.forUpstream()
  }

  complete(): void {
    this.#end(Buffer.concat(this.#chunks))
  }

  /** What an upstream says no with counts also where it broke off. */
  break(failure: UpstreamFailure): void {
    if (failure.kind === 'reset' || failure.kind === 'garbage' || failure.kind === 'timeout') return this.#end(undefined, failure.kind)
    if (this.#isOver) return
    this.#isOver = true
    const call = this.#call
    call.ended(failure.kind)
    call.letGo()
    void reply(call.exchange, () => call.admitted.failed(failure, call.completion(0)))
  }

  /** Of what is not shown nobody notices whether its caller listens. */
  goOnAlone(): void {}

  #end(body: Buffer | undefined, error?: UpstreamFailure['kind']): void {
    if (this.#isOver) return
    this.#isOver = true
    answerInPlace(this.#call, this.#status, this.#headers, body, error)
  }
}
