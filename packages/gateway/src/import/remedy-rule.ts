import type { RetryRule } from 'tollgate/contract'

/** What to do, where it says whether a program may try again. */
export function remedyRule(text: string): RetryRule | undefined {
  if (/retry-after|wait\b/i.test(text)) return 'wait'
  if (/back ?-?off|exponential|^retry\b/i.test(text)) return 'backoff'
  if (/refresh (?:the |your )?token/i.test(text)) return 'refresh'
  return undefined
}
