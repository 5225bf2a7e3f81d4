import type { ContractProblem } from '../../contract/check/contract-error.ts'
import type { Severity } from './rule.ts'

/** What a rule has found: where, what stands there, what is wrong with it, and how to mend it. */
export interface LintFinding extends ContractProblem {
  /** Its id. */
  readonly rule: string
  readonly severity: Severity
}

/** A finding that the contract, or who asks, has a reason not to hear. */
export interface IgnoredFinding extends LintFinding {
  readonly because: string
}

/** What is found, and what is not to be heard. */
export interface LintReport {
  readonly findings: readonly LintFinding[]
  readonly ignored: readonly IgnoredFinding[]
}
