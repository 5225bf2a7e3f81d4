/**
 * What hangs on to a call without the core knowing it: pacing, a circuit, telemetry. An extension is a value in the options; of each call that it wants to
 * follow it gives an object, whose members are called in the order in which they stand here.
 */
import type { ApiError } from './api-error.ts'
import type { Attempt } from './attempt.ts'
import type { RetryBecause } from './decide-retry.ts'

/** Added to a client by `extensions: [one, two]`; they are asked in this order. */
export interface Extension {
  /** For what is told of it: `circuit`. */
  readonly name: string
  /** A call begins. Undefined: this one is not followed. What it throws, the call throws. */
  begin(call: CallStart): CallHooks | undefined
}

/** A call, before anything was sent. */
export interface CallStart {
  readonly method: string
  /** Whole, with its query: not for logs. */
  readonly url: string
  readonly origin: string
  readonly clock: ExtensionClock
  /** Ends waits: whoever called gave up, or the time for the whole call is over. */
  readonly signal: AbortSignal
}

/** What extensions need of the client's clock. */
export interface ExtensionClock {
  wallMs(): number
  monotonicMs(): number
  after(delayMs: number, run: () => void): () => void
}

/** What an extension does in one call. None of these may throw but to end the call. */
export interface CallHooks {
  /** Before each attempt, and waited for: to send it later, give a promise. A `HeldBack` ends the call before anything is sent. */
  beforeAttempt?(attempt: AttemptStart): HeldBack | undefined | Promise<HeldBack | undefined>
  /** An attempt has ended, and what follows is decided. `headers` are those of the answer, if there was one. */
  afterAttempt?(attempt: Attempt, headers: Headers | undefined): void
  /** A wait begins; what it returns is called when the wait is over, whether it was aborted or not. */
  onWait?(wait: { readonly delayMs: number; readonly because: RetryBecause; readonly attempt: number }): (() => void) | undefined
  /** The call is over: with an answer, or with an error. */
  onEnd?(end: ClientCallEnd): void
}

/** An attempt that is about to go out. */
export interface AttemptStart {
  /** 1 is the first. */
  readonly number: number
  /** Sets a header of this attempt: `traceparent`. */
  setHeader(name: string, value: string): void
  readonly signal: AbortSignal
}

/** An extension does not let an attempt out. */
export interface HeldBack {
  readonly kind: 'held_back'
  /** For a person: `the circuit of api.example.com is open`. */
  readonly message: string
  /** When it may be tried again, where that is known. Epoch milliseconds. */
  readonly retryAtMs?: number | undefined
}

/** How a call ended. */
export interface ClientCallEnd {
  readonly error: ApiError | undefined
  readonly attempts: readonly Attempt[]
  readonly tookMs: number
}
