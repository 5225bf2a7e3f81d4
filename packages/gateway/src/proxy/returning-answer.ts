/** An upstream's answer from its head to its end, and the call that it answers: what each must know of the other. */
import type { Admitted, Completion, UpstreamFailure } from 'tollgate/gate'
import type { CallerSide } from '../http/caller-side.ts'
import type { CallPatience } from './call-patience.ts'
import type { Passage } from './passage.ts'
import type { Upstream } from './upstream.ts'

/** One that is read (`read-answer.ts`), or goes through (`passing-answer.ts`). */
export interface ReturningAnswer {
  /** A chunk of its body. False: no more until it resumes. */
  push(chunk: Buffer): boolean
  /** The upstream has said all. */
  complete(): void
  break(failure: UpstreamFailure): void
  /** A sign of life from the upstream. */
  progress(): void
  /** Its caller has left, and it is wanted all the same. */
  goOnAlone(): void
}

export interface AnsweredCall {
  readonly exchange: CallerSide
  readonly admitted: Admitted
  readonly passage: Passage | undefined
  readonly upstream: Upstream | undefined
  /** Nobody takes the answer any more, but it is wanted. */
  readonly isAlone: boolean
  readonly patience: CallPatience
  /** The attempt has ended so, and nothing is waited for any more. */
  ended(error?: UpstreamFailure['kind']): void
  /** Lets go of the upstream. An answer that is complete has nothing to let go of. */
  letGo(): void
  completion(bytesOut: number): Completion
}
