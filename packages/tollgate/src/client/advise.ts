/** What an answer advises its caller, in as many places as one wants to look: the core looks into the headers that say a wait, the whole client wherever one was ever seen. */
import type { RateLimitHeadersDeclaration } from '../contract/declare/declaration.ts'
import type { ReadRateLimit, ReceivedAnswer } from '../contract/declare/wire.ts'
import { adviceOf, clockOf, type Advice, type AdviceOptions } from '../detect/advice.ts'
import { waitInHeaders } from '../detect/asked-wait.ts'
import { readToldLimits } from '../detect/told-limits.ts'

/** What is known of the answer beside itself. */
export interface AdviseOptions extends Pick<AdviceOptions, 'retryAfterMs' | 'message'> {
  readonly nowMs: number
  /** The headers in which its dialect says limits. */
  readonly declared: RateLimitHeadersDeclaration | undefined
}

/** Looks for what an answer advises. Total. */
export type Advise = (answer: ReceivedAnswer, options: AdviseOptions) => Advice & { readonly limits: readonly ReadRateLimit[] }

/** Headers, bodies, limits with nothing left, sentences. */
export const adviseFully: Advise = (answer, { declared, ...options }) => {
  const { headers = {} } = answer
  const limits = readToldLimits(headers, clockOf(headers, options.nowMs), declared)
  return { ...adviceOf(answer, { ...options, limits }), limits }
}

/** The headers that say a wait or a verdict, and what the contract has understood. */
export const advisePlainly: Advise = ({ headers = {} }, { nowMs, retryAfterMs }) => {
  const verdict = headers['x-should-retry']
  return {
    retryAfterMs: waitInHeaders(headers, clockOf(headers, nowMs)) ?? retryAfterMs,
    shouldRetry: verdict === 'true' || verdict === 'false' ? verdict === 'true' : undefined,
    limits: [],
  }
}
