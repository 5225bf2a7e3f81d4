/** What a proxied call waits for, one thing at a time, and how long; and how long an answer may go on that nobody takes any more. */
import type { UpstreamFailure } from 'tollgate/gate'
import type { CallerSide } from '../http/caller-side.ts'
import { Deadline } from '../http/deadline.ts'
import type { OutgoingRequest } from './outgoing-request.ts'
import type { Timeouts } from './passage.ts'

/** Who was waited for in vain. */
export type RunOut =
  | { readonly kind: 'upstream'; readonly failure: UpstreamFailure }
  /** The caller, for more of its request's body. */
  | { readonly kind: 'body' }
  /** The caller, to take more of its answer. */
  | { readonly kind: 'caller' }
  /** The end of an answer that nobody takes. */
  | { readonly kind: 'alone'; readonly limitMs: number }

/** Where nothing is asked, nothing is waited for. */
const noTimeouts: Timeouts = { connectMs: 0, headersMs: 0, idleMs: 0 }

export class CallPatience {
  readonly #core: Pick<CallerSide['core'], 'clock' | 'limits'>
  readonly #timeouts: Timeouts
  readonly #outgoing: Pick<OutgoingRequest, 'callerIsDue'>
  readonly #ranOut: (what: RunOut) => void
  readonly #deadline: Deadline
  #alone: Deadline | undefined
  #awaited: 'connection' | 'head' | 'upstream' | 'caller' = 'connection'

  constructor(core: Pick<CallerSide['core'], 'clock' | 'limits'>, timeouts: Timeouts = noTimeouts, outgoing: Pick<OutgoingRequest, 'callerIsDue'>, ranOut: (what: RunOut) => void) {
    this.#core = core
    this.#timeouts = timeouts
    this.#outgoing = outgoing
    this.#ranOut = ranOut
    this.#deadline = new Deadline(core.clock, () => ranOut(this.#inVain()))
  }

  forConnection(): void {
    this.#wait('connection', this.#timeouts.connectMs)
  }

  /** `bodyMs`: first for the caller's next byte, as long as more of the request is to come. */
  forHead(bodyMs: number | undefined): void {
    this.#wait('head', bodyMs ?? this.#timeouts.headersMs)
  }

  /** From now on for the upstream's next sign of life. */
  forUpstream(): void {
    this.#wait('upstream', this.#timeouts.idleMs)
  }

  /** From now on for the caller, until it takes more. */
  forCaller(): void {
    this.#wait('caller', this.#core.limits.stallMs)
  }

  /** An answer that nobody takes must have an end within a time of its own, which begins once. */
  forEndAlone(): void {
    if (this.#alone !== undefined) return
    const { clock, limits } = this.#core
    this.#alone = new Deadline(clock, () => this.#ranOut({ kind: 'alone', limitMs: limits.aloneMs }))
    this.#alone.set(limits.aloneMs)
  }

  /** For nothing any more. */
  clear(): void {
    this.#deadline.clear()
    this.#alone?.clear()
  }

  #wait(awaited: 'connection' | 'head' | 'upstream' | 'caller', forMs: number): void {
    this.#awaited = awaited
    this.#deadline.set(forMs)
  }

  #inVain(): RunOut {
    const { connectMs, headersMs, idleMs } = this.#timeouts
    switch (this.#awaited) {
      case 'connection':
        return { kind: 'upstream', failure: { kind: 'timeout', phase: 'connect', detail: `no connection within ${connectMs} ms` } }
      case 'head':
        if (this.#outgoing.callerIsDue) return { kind: 'body' }
        return { kind: 'upstream', failure: { kind: 'timeout', phase: 'headers', detail: `no answer within ${headersMs} ms` } }
      case 'upstream':
        return { kind: 'upstream', failure: { kind: 'timeout', phase: 'body', detail: `silent for ${idleMs} ms` } }
      case 'caller':
        return { kind: 'caller' }
    }
  }
}
