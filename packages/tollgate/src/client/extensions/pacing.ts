/**
 * Goes by what the server says of its limits, before it has to refuse: when nothing is left, calls wait until there is something again; when one was refused, all wait, and
 * not each until its own refusal. After a wait one call goes ahead and learns what there is now; the others follow.
 */
import type { RateLimitHeadersDeclaration } from '../../contract/declare/declaration.ts'
import type { Dialect } from '../../contract/read/dialect.ts'
import { adviceOf, clockOf } from '../../detect/advice.ts'
import { readToldLimits } from '../../detect/told-limits.ts'
import type { Attempt } from '../attempt.ts'
import type { Extension, HeldBack } from '../extension.ts'
import { toHeaders } from '../read-refusal-answer.ts'
import { createByOrigin } from './by-origin.ts'
import { checkNames, checkNumber } from './check-extension.ts'
import { createTurnLine, type TurnLine } from './turn-line.ts'

/** Whose limits, and how long they are waited for. */
export interface PacingOptions {
  /** For the names and units of its headers. Those of the common families are read without it. */
  readonly contract?: Dialect<unknown>
  /** What has a longer wait before it is held back, with `retryAtMs`. Default 60,000. */
  readonly waitMaxMs?: number
}

interface Limit {
  remaining: number
  /** Of the monotonic clock. */
  resetMs: number
}

interface Pace {
  readonly limits: Map<string, Limit>
  /** Nobody goes before: somebody was told to wait. */
  notBeforeMs: number
  /** One is out that will learn what there is. */
  isAsking: boolean
  /** Sent, and not answered. */
  out: number
  line: TurnLine | undefined
}

/** Resets are told in whole seconds, and by clocks that run apart. */
const SAME_PERIOD_MS = 1_500
/** So many limits of one server are followed. */
const LIMITS_MAX = 20

/**
 * Added to a client by `extensions: [pacing()]`.
 *
 * @example
 * const extensions = [pacing({ waitMaxMs: 10_000 })]
 */
export function pacing(options: PacingOptions = {}): Extension {
  checkNames('pacing', options, ['contract', 'waitMaxMs'])
  const { contract, waitMaxMs = 60_000 } = options
  checkNumber('pacing', 'waitMaxMs', waitMaxMs, 0, Infinity)
  const declared: RateLimitHeadersDeclaration | undefined = contract?.declaration.rateLimitHeaders
  const paceOf = createByOrigin((): Pace => ({ limits: new Map(), notBeforeMs: -Infinity, isAsking: false, out: 0, line: undefined }))

  return {
    name: 'pacing',
    begin({ origin, clock }) {
      const pace = paceOf(origin)
      const line = (pace.line ??= createTurnLine(clock))
      let isAsking = false
      let isOut = false

      /** When there is something again. In the past: now. */
      function dueMs(nowMs: number): number {
        let due = pace.notBeforeMs
        for (const { remaining, resetMs } of pace.limits.values()) if (remaining < 1 && resetMs > nowMs) due = Math.max(due, resetMs)
        return due
      }
      /** A limit whose time has come says nothing any more. */
      function forgetPast(nowMs: number): boolean {
        let isPast = false
        for (const [name, { resetMs }] of pace.limits) if (resetMs <= nowMs) isPast = pace.limits.delete(name)
        return isPast
      }
      function learn(attempt: Attempt, headers: Headers): void {
        const [nowMs, wallMs, fields] = [clock.monotonicMs(), clock.wallMs(), toHeaders({ headers })]
        const sendersMs = clockOf(fields, wallMs)
        const limits = readToldLimits(fields, sendersMs, declared)
        for (const { of = '', remaining, resetAtMs } of limits) {
          if (remaining === undefined || resetAtMs === undefined || pace.limits.size >= LIMITS_MAX) continue
          const resetMs = nowMs + Math.max(0, resetAtMs - sendersMs)
          const known = pace.limits.get(of)
          const isSamePeriod = known !== undefined && Math.abs(known.resetMs - resetMs) < SAME_PERIOD_MS
          // Answers may overtake each other: within a period there is never more than was told before.
          pace.limits.set(of, { remaining: isSamePeriod ? Math.min(known.remaining, remaining) : remaining - (counts(of) ? pace.out : 0), resetMs })
        }
        if (attempt.reason !== 'rate.limited') return
        const { retryAfterMs = 0 } = adviceOf({ status: attempt.status ?? 429, headers: fields, body: '' }, { nowMs: wallMs, limits })
        pace.notBeforeMs = Math.max(pace.notBeforeMs, nowMs + retryAfterMs)
      }
      function letGo(): void {
        if (isOut) pace.out -= 1
        isOut = false
        if (isAsking) pace.isAsking = isAsking = false
        while (line.next());
      }

      return {
        async beforeAttempt({ signal }): Promise<HeldBack | undefined> {
          const untilMs = clock.monotonicMs() + waitMaxMs
          for (;;) {
            const nowMs = clock.monotonicMs()
            const due = dueMs(nowMs)
            if (due > untilMs || (nowMs >= untilMs && pace.isAsking)) {
              const retryAtMs = due > nowMs ? Math.ceil(clock.wallMs() + due - nowMs) : undefined
              return { kind: 'held_back', message: `The limit of ${origin} is used up.`, retryAtMs }
            }
            if (due <= nowMs && !pace.isAsking) break
            await line.join(signal, Math.max(0, (due > nowMs ? due : untilMs) - nowMs))
            if (signal.aborted) return undefined
          }
          const nowMs = clock.monotonicMs()
          if (forgetPast(nowMs) || pace.notBeforeMs > -Infinity) {
            pace.notBeforeMs = -Infinity
            pace.isAsking = isAsking = true
          }
          // Those that are out will be counted by the server.
          for (const [name, limit] of pace.limits) if (counts(name)) limit.remaining -= 1
          pace.out += 1
          isOut = true
          return undefined
        },
        afterAttempt(attempt, headers) {
          if (isOut) pace.out -= 1
          isOut = false
          if (headers !== undefined) learn(attempt, headers)
          letGo()
        },
        onEnd: letGo,
      }
    },
  }
}

/** Whether a limit is one of requests, and each of them takes one of it. */
function counts(limit: string): boolean {
  return !/token|byte|unit|credit|cost/i.test(limit)
}
