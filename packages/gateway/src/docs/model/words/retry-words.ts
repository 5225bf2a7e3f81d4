/** What a program may do by itself, in words. */
import type { RetryRule } from 'tollgate/contract'

export interface RetryWords {
  /** One word, as a table has it. */
  readonly title: string
  readonly words: string
}

export const retryWords: { readonly [R in RetryRule]: RetryWords } = {
  never: { title: 'Never', words: 'A program must not repeat the request by itself: the same request gets the same answer.' },
  wait: { title: 'Wait', words: 'Wait as long as the answer says, not a moment less, then repeat the same request.' },
  backoff: { title: 'Back off', words: 'Repeat with pauses that double each time and have a random part, a few times at most.' },
  refresh: { title: 'Refresh', words: 'Get new credentials, then repeat the request once.' },
}

/** Where repeating a request that writes could do it twice. */
export const twiceWords = 'Before a request that writes is repeated, see that it can do no harm: repeat it under the same idempotency key, or look first whether it was done.'
