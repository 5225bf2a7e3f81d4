import type { RetryRule } from 'tollgate/contract'

/** A line above the codes of each rule. */
export const ruleComments: { readonly [R in RetryRule]: string } = {
  wait: 'After the wait that Retry-After says.',
  backoff: 'With growing pauses, not before Retry-After where it is said.',
  refresh: 'Once, with a new credential.',
  never: 'Not by a program: a person changes something first.',
}
