/** One thing that a client must get right, and how a mock sees that it does not. */
import type { MockAttempt, MockCall } from './mock-attempt.ts'

/** What a client got wrong. */
export interface MockFault {
  /** The name of the rule: `too-early`. */
  readonly rule: string
  /** The call, and its attempts, both from 1. */
  readonly call: number
  readonly attempts: readonly number[]
  /** One sentence for whoever mends the client. */
  readonly words: string
}

export interface GradingRule {
  readonly name: string
  /** What a good client does: `waits as long as it is told`. */
  readonly good: string
  /** How often it could be seen, and where it was broken. */
  judge(calls: readonly MockCall[], knowing: GradingKnowledge): Judged
}

export interface Judged {
  readonly seen: number
  readonly faults: readonly Omit<MockFault, 'rule'>[]
}

export interface GradingKnowledge {
  readonly nowMs: number
  /** No more requests will come: what has not been repeated by now never is. */
  readonly isOver: boolean
  readonly patienceMs: number
  readonly attemptsMax: number
  /** Tokens that were fetched and never used, and all of them. */
  readonly tokens: { readonly issued: number; readonly wasted: number } | undefined
}

/** An attempt, and the one that repeats it. */
export interface Repeat {
  readonly call: MockCall
  readonly before: MockAttempt
  readonly after: MockAttempt
  /** From the end of the answer to the next request. */
  readonly waitedMs: number
}

export function repeatsIn(calls: readonly MockCall[]): readonly Repeat[] {
  return calls.flatMap((call) => call.attempts.flatMap((after, at) => {
    const before = call.attempts[at - 1]
    return before === undefined ? [] : [{ call, before, after, waitedMs: after.arrivedMs - (before.endedMs ?? before.arrivedMs) }]
  }))
}

/** `POST /v1/things, call 2` */
export function callName({ method, path }: Pick<MockAttempt, 'method' | 'path'>, call: number): string {
  return `${method} ${path} (call ${call})`
}

/** `rateLimited (429)` */
export function answerName({ played }: MockAttempt): string {
  switch (played.kind) {
    case 'refusal':
      return `${played.entry} (${played.status}${played.code === '' || played.code === played.status ? '' : ` ${played.code}`})`
    case 'success':
      return `a success (${played.status})`
    case 'raw':
      return `an answer that is no ${played.status < 400 ? 'success' : 'refusal'} of the contract (${played.status})`
    case 'token':
      return 'a token'
    case 'dropped':
      return 'a dropped connection'
  }
}
