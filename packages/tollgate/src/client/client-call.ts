/**
 * One call: attempts, and what lies between them. Each attempt ends as an answer or as a failure; `decideRetry` says what follows; what is waited, sent and read is done here.
 *
 * It costs a call that succeeds at once next to nothing: a timer, and no signal where nobody has one and the time is long, since the runtime pays dearly for signals.
 *
 * One file, since it is one state machine: what an attempt leaves behind (a token that was refused, an outcome that nobody knows, a stream that has begun) decides what the next may do.
 */
import type { Clock } from '../engine/clock.ts'
import { ApiError, type ApiErrorInit } from './api-error.ts'
import { failed, isLost, unsent, type AttemptEnd } from './attempt-end.ts'
import type { Attempt } from './attempt.ts'
import { followedBy, type CallFollowers } from './call-followers.ts'
import { SIGNAL_BELOW_MS, type ClientPlan } from './client-plan.ts'
import { decideRetry, type RetryDecision } from './decide-retry.ts'
import { toFailure, toNetworkFailure, toTimeout, type Failure } from './failure.ts'
import { createOutgoing, type CallInit, type Outgoing } from './outgoing.ts'
import type { BeganCall } from './quick-start.ts'
import type { BoundedText } from './received-body.ts'
import { markRefusal } from './stacked-layers.ts'
import { isAborted, takeAnswer } from './take-answer.ts'
import { waited, within, type Cut } from './web-clock.ts'

/** How a call ended. */
export type CallOutcome =
  | { readonly kind: 'answer'; readonly response: Response; /** Its body, where the client has read it. */ readonly text: string | undefined }
  | { readonly kind: 'refused'; readonly response: Response; readonly error: ApiError }
  /** There is no answer. `thrown`: what a plain `fetch` would have rejected with. */
  | { readonly kind: 'failed'; readonly error: ApiError; readonly thrown: unknown }
  /** A mistake of the program that calls: an address that is none, a body with GET. */
  | { readonly kind: 'thrown'; readonly thrown: unknown }

/** What becomes of an answer: handed on with its body unread, read as text, or read by whoever streams it. */
export type Taking = 'head' | 'text' | 'stream'

/** A call under way. Programs see it where they stream: `next` gives the answer, `resume` the next one, where the stream broke off before it had said anything. */
export class ClientCall {
  readonly #plan: ClientPlan
  readonly #taking: Taking
  readonly #limits: ClientPlan['limits']
  readonly #outgoing: Outgoing
  readonly #signal: AbortSignal | undefined
  readonly #startedMs: number
  readonly #attempts: Attempt[] = []
  #followers: CallFollowers | undefined
  #sent = 0
  #counted = 0
  #hasRefreshed = false
  #refusedToken: string | undefined
  /** An attempt went out and has no answer. */
  #mayBeDone = false
  /** The answer whose stream is being read. */
  #streamed: Response | undefined
  #isDelivered = false
  #lastEventId: string | undefined
  #attemptStartedMs = 0
  #attemptStartedAtMs = 0

  constructor(plan: ClientPlan, input: string | URL | Request, init: CallInit = {}, taking: Taking, startedMs = plan.clock.monotonicMs()) {
    this.#plan = plan
    this.#taking = taking
    this.#limits = limitsOf(plan, init)
    this.#outgoing = createOutgoing(plan, input, init)
    this.#signal = this.#outgoing.signal
    this.#startedMs = startedMs
  }

  /** The end of the call, after as many attempts as it takes. */
  async next(): Promise<CallOutcome> {
    try {
      for (;;) {
        const outcome = await this.#settle(await this.#attempt())
        if (outcome !== undefined) return outcome
      }
    } catch (thrown) {
      // Of an extension: whoever follows the call is told of its end all the same.
      this.end(undefined)
      throw thrown
    }
  }

  /** The same, of one whose first attempt has been made. */
  async proceed({ startedMs, token, response, read, thrown }: BeganCall): Promise<CallOutcome> {
    const { clock } = this.#plan
    this.#sent = 1
    this.#outgoing.token = token
    this.#attemptStartedMs = startedMs
    this.#attemptStartedAtMs = clock.wallMs() - Math.round(clock.monotonicMs() - startedMs)
    return (await this.#settle(await (response === undefined ? this.#failedBy(thrown) : this.#answered(response, read)))) ?? this.next()
  }

  /** Of a stream, which has gone wrong after its head: the next answer, or the end. `isDelivered`: there is no next one, since what was said already would be said twice. */
  async resume(failure: Failure, { isDelivered, lastEventId }: { readonly isDelivered: boolean; readonly lastEventId?: string | undefined }): Promise<CallOutcome> {
    this.#isDelivered = isDelivered
    this.#lastEventId = lastEventId
    return (await this.#settle({ kind: 'failed', failure, response: undefined, thrown: failure.init.cause })) ?? this.next()
  }

  /** Of a stream whose caller has given up. */
  async abort(): Promise<CallOutcome> {
    return (await this.#settle({ kind: 'aborted' })) ?? this.next()
  }

  get clock(): Clock {
    return this.#plan.clock
  }

  get signal(): AbortSignal | undefined {
    return this.#signal
  }

  /** An error with the attempts of this call. */
  toError(init: ApiErrorInit): ApiError {
    return new ApiError({ ...init, idempotencyKey: this.#outgoing.key, attempts: this.#attempts })
  }

  /** Of a stream, which tells its end itself. */
  end(error: ApiError | undefined): void {
    if (error === undefined && this.#streamed !== undefined) this.#succeed(this.#streamed)
    const tookMs = this.#plan.clock.monotonicMs() - this.#startedMs
    this.#followers?.end({ error, attempts: this.#attempts, tookMs })
  }

  #leftMs(): number {
    return this.#limits.timeoutMs - (this.#plan.clock.monotonicMs() - this.#startedMs)
  }

  async #attempt(): Promise<AttemptEnd> {
    const { clock, tokens, extensions } = this.#plan
    const outgoing = this.#outgoing
    const signal = this.#signal
    if (extensions.length > 0) this.#followers ??= followedBy(extensions, { method: outgoing.method, url: outgoing.url, origin: outgoing.origin }, clock, this.#limits.timeoutMs, signal)
    this.#markStart()
    if (isAborted(signal)) return { kind: 'aborted' }

    const lastEventId = this.#lastEventId
    const headers = this.#followers !== undefined || lastEventId !== undefined ? new Map(lastEventId === undefined ? [] : [['Last-Event-ID', lastEventId]]) : undefined
    if (this.#followers !== undefined && headers !== undefined) {
      const held = await this.#followers.ask(this.#sent + 1, headers, this.#leftMs())
      if (held === 'aborted') return { kind: 'aborted' }
      if (held === 'expired') return unsent(toTimeout('leave to send it'))
      if (held !== undefined) return { kind: 'held_back', by: held }
    }
    if (tokens !== undefined && outgoing.takesToken) {
      const token = await this.#token()
      if (token !== undefined) return token
    }
    if (this.#leftMs() <= 0) return unsent(toTimeout('the head of its answer'))

    this.#markStart()
    this.#sent += 1
    const limitMs = Math.min(this.#limits.headersTimeoutMs, this.#limits.attemptTimeoutMs, this.#leftMs())
    const controller = limitMs < SIGNAL_BELOW_MS ? new AbortController() : undefined
    let sending: Promise<Response>
    let response: Response | Cut
    try {
      sending = outgoing.send(this.#sent, headers, joined(signal, controller?.signal))
      response = await within(clock, limitMs, signal, sending, () => {
        controller?.abort()
        // What comes after all is nobody's.
        sending.then((late) => late.body?.cancel()).catch(() => {})
      })
    } catch (thrown) {
      return this.#failedBy(thrown)
    }
    return this.#answered(response)
  }

  #failedBy(thrown: unknown): AttemptEnd {
    if (isAborted(this.#signal)) return { kind: 'aborted' }
    if (this.#outgoing.isMistaken()) return { kind: 'thrown', thrown }
    return failed(toNetworkFailure(thrown, this.#outgoing.url), undefined, thrown)
  }

  async #answered(response: Response | Cut, read?: BoundedText): Promise<AttemptEnd> {
    if (response === 'aborted') return { kind: 'aborted' }
    if (response === 'expired') return failed(toTimeout('the head of its answer'))
    const attemptLeftMs = this.#limits.attemptTimeoutMs - (this.#plan.clock.monotonicMs() - this.#attemptStartedMs)
    const limitMs = Math.min(this.#limits.bodyTimeoutMs, attemptLeftMs, this.#leftMs())
    return takeAnswer(response, { plan: this.#plan, isRead: this.#taking === 'text', limitMs, signal: this.#signal, canRefresh: this.#canRefresh() }, read)
  }

  #canRefresh(): boolean {
    return this.#plan.tokens?.canRefresh === true && this.#outgoing.takesToken
  }

  #markStart(): void {
    const { clock } = this.#plan
    this.#attemptStartedMs = clock.monotonicMs()
    this.#attemptStartedAtMs = clock.wallMs()
  }

  /** Undefined: there is one. */
  async #token(): Promise<AttemptEnd | undefined> {
    const { tokens, clock } = this.#plan
    if (tokens === undefined) return undefined
    try {
      const refused = this.#refusedToken
      this.#refusedToken = undefined
      const got = refused === undefined ? tokens.current() : tokens.instead(refused)
      const token = typeof got === 'string' ? { token: got } : await within(clock, this.#leftMs(), this.#signal, got.then((each) => ({ token: each })), () => {})
      if (token === 'aborted') return { kind: 'aborted' }
      if (token === 'expired') return unsent(toTimeout('a token'))
      this.#outgoing.token = token.token
      return undefined
    } catch (thrown) {
      const isFirst = this.#outgoing.token === undefined
      const init = { reason: isFirst ? 'credential.missing' : 'token.expired', message: 'No token could be got.', source: 'client', retry: 'never', action: 'authenticate', cause: thrown } as const
      return unsent(toFailure(init, 'failed'), thrown)
    }
  }

  /** Undefined: there is another attempt. */
  async #settle(ended: AttemptEnd): Promise<CallOutcome | undefined> {
    const { clock } = this.#plan
    const budget = this.#plan.budgetFor(this.#outgoing.origin)
    const nowMs = clock.monotonicMs()
    switch (ended.kind) {
      case 'answer':
        if (this.#taking === 'stream') this.#streamed = ended.response
        else this.#succeed(ended.response)
        return this.#ended(ended)
      case 'thrown':
        return this.#ended(ended)
      case 'aborted': {
        const thrown: unknown = this.#signal?.reason
        const init = { reason: 'aborted', message: 'Whoever called gave up.', source: 'client', retry: 'never', action: 'fix_request', cause: thrown } as const
        if (this.#sent > this.#attempts.length) this.#record(init, undefined, { kind: 'stop', because: 'aborted', retryAtMs: undefined })
        return this.#ended({ kind: 'failed', error: this.#error(init, 'aborted'), thrown })
      }
      case 'held_back': {
        const { message, retryAtMs } = ended.by
        const retryAfterMs = retryAtMs === undefined ? undefined : Math.max(0, retryAtMs - clock.wallMs())
        const error = this.#error({ reason: 'capacity.overloaded', message, source: 'client', retry: 'wait', action: 'wait', retryAfterMs, retryAtMs }, 'held_back')
        return this.#ended({ kind: 'failed', error, thrown: error })
      }
      case 'failed':
        break
    }

    const { failure, response, thrown } = ended
    const isFresh = failure.init.retry === 'refresh'
    if (!isFresh) this.#counted += 1
    if (isLost(failure.init) && !failure.isUndone) this.#mayBeDone = true
    let decision: RetryDecision = this.#isDelivered ? { kind: 'stop', because: 'delivered', retryAtMs: failure.init.retryAtMs } : this.#decide(failure)
    if (failure.init.retry === 'wait' || failure.init.retry === 'backoff') budget?.failed(failure.cause, nowMs)
    if (decision.kind === 'retry' && !isFresh && budget?.mayRetry(failure.cause, nowMs, this.#attemptStartedMs) === false) decision = { kind: 'stop', because: 'budget_used', retryAtMs: failure.init.retryAtMs }

    const init = decision.kind === 'stop' ? this.#withOutcome(failure) : failure.init
    this.#record(init, response, decision)
    if (decision.kind === 'stop') {
      const error = this.#error(init, decision.because)
      if (response === undefined) return this.#ended({ kind: 'failed', error, thrown: thrown ?? error })
      return this.#ended({ kind: 'refused', response: markRefusal(response, error), error })
    }
    response?.body?.cancel().catch(() => {})
    if (isFresh) {
      this.#hasRefreshed = true
      this.#refusedToken = this.#outgoing.token
    }
    if (decision.delayMs > 0 && !(await this.#wait(decision))) return this.#settle({ kind: 'aborted' })
    return undefined
  }

  #decide({ init, isKnown, isUndone, shouldRetry, isStacked }: Failure): RetryDecision {
    const { clock, random, backoff } = this.#plan
    const { attempts, waitMaxMs } = this.#limits
    return decideRetry({
      reason: init.reason,
      retry: init.retry,
      shouldRetry,
      isKnown,
      retryAfterMs: init.retryAfterMs,
      attempt: Math.max(1, this.#counted),
      attemptsMax: attempts,
      isRepeatable: this.#limits.repeatable ?? this.#outgoing.isRepeatable,
      isUndone,
      isReplayable: this.#outgoing.isReplayable,
      canRefresh: this.#canRefresh(),
      hasRefreshed: this.#hasRefreshed,
      isStacked: isStacked || this.#outgoing.isInner(),
      leftMs: this.#leftMs(),
      waitMaxMs,
      backoff,
      nowMs: clock.wallMs(),
      random: random(),
    })
  }

  async #wait({ delayMs, because }: RetryDecision & { readonly kind: 'retry' }): Promise<boolean> {
    const end = this.#followers?.waits({ delayMs, because, attempt: this.#sent })
    const isOver = await waited(this.#plan.clock, delayMs, this.#signal)
    end?.()
    return isOver
  }

  /** Whether what went out without an answer was done, nobody knows; where that matters, it is what the error says. */
  #withOutcome({ init }: Failure): ApiErrorInit {
    if (!isLost(init) || !this.#mayBeDone || this.#isDelivered || this.#outgoing.isHarmless || this.#limits.repeatable === true) return init
    const message = `${init.message} It was sent, and may have been done.`
    return { ...init, reason: 'outcome.unknown', message, retry: 'never', action: this.#outgoing.key === undefined ? 'contact_support' : 'wait' }
  }

  #error(init: ApiErrorInit, because: Extract<RetryDecision, { kind: 'stop' }>['because']): ApiError {
    return new ApiError({ ...init, idempotencyKey: this.#outgoing.key, attempts: this.#attempts, because })
  }

  #succeed(response: Response): void {
    this.#plan.budgetFor(this.#outgoing.origin)?.succeeded(this.#plan.clock.monotonicMs())
    if (this.#attempts.length > 0 || this.#followers !== undefined) this.#record(undefined, response, { kind: 'stop', because: 'succeeded', retryAtMs: undefined })
  }

  #record(init: ApiErrorInit | undefined, response: Response | undefined, decision: RetryDecision): void {
    const attempt: Attempt = {
      number: Math.max(1, this.#sent),
      startedAtMs: this.#attemptStartedAtMs,
      tookMs: this.#plan.clock.monotonicMs() - this.#attemptStartedMs,
      status: (response ?? this.#streamed)?.status,
      reason: init?.reason,
      code: init?.code,
      requestId: init?.requestId,
      because: decision.because,
      delayMs: decision.kind === 'retry' ? decision.delayMs : undefined,
    }
    if (this.#sent > this.#attempts.length) this.#attempts.push(attempt)
    this.#followers?.tell(attempt, (response ?? this.#streamed)?.headers)
    this.#streamed = undefined
  }

  #ended(outcome: CallOutcome): CallOutcome {
    if (this.#taking !== 'stream' || outcome.kind !== 'answer') this.end(outcome.kind === 'refused' || outcome.kind === 'failed' ? outcome.error : undefined)
    return outcome
  }
}

function limitsOf({ limits, checkOptions }: ClientPlan, init: CallInit): ClientPlan['limits'] {
  let own: ClientPlan['limits'] | undefined
  for (const name of ['attempts', 'timeoutMs', 'attemptTimeoutMs', 'headersTimeoutMs', 'bodyTimeoutMs', 'waitMaxMs', 'repeatable'] as const) {
    if (init[name] === undefined) continue
    checkOptions?.('call', { [name]: init[name] })
    own = { ...(own ?? limits), [name]: init[name] }
  }
  return own ?? limits
}

function joined(caller: AbortSignal | undefined, own: AbortSignal | undefined): AbortSignal | undefined {
  if (caller === undefined || own === undefined) return caller ?? own
  return AbortSignal.any([caller, own])
}
