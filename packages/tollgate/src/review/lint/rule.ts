/** What a rule is: a fact about contracts that has a name, a reason and a mend. Each stands in a file of its own, and in the table of `rules.ts`. */
import type { ContractProblem } from '../../contract/check/contract-error.ts'
import type { LiteralContract } from './literal-contract.ts'

/** From the worst on. */
export const severities = ['error', 'warning', 'note'] as const
/** `error`: it does not work · `warning`: callers are hurt · `note`: worth a look. */
export type Severity = (typeof severities)[number]

/**
 * What a rule is about. `valid`: whether it is a contract at all · `contradiction`: it says two things that cannot both be true · `http`: what HTTP asks for ·
 * `caller`: what who calls needs · `style`: how it reads.
 */
export const topics = ['valid', 'contradiction', 'http', 'caller', 'style'] as const
/** What a rule is about. */
export type Topic = (typeof topics)[number]

/** A part of a contract that shows a rule; where it is broken, at which paths. */
export interface RuleExample {
  readonly declaration: { readonly [member: string]: unknown }
  readonly paths?: readonly string[]
}

/** One rule of `lintContract`. Its examples are its tests, and its page in the docs. */
export interface Rule {
  readonly id: string
  readonly severity: Severity
  readonly topic: Topic
  /** As a heading: `A 401 without a challenge`. */
  readonly title: string
  readonly why: string
  /** Where that stands: a section of an RFC, a page, what was measured. */
  readonly source: string
  readonly fix: string
  /** Of the problems that a contract has by itself, those that are this rule's. They are found by the check of contracts, and nowhere twice. */
  readonly claims?: (problem: ContractProblem) => boolean
  /** What it finds by itself. */
  readonly find?: (contract: LiteralContract) => readonly ContractProblem[]
  readonly bad: RuleExample
  readonly good: RuleExample
}
