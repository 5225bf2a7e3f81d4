/** A contract held against the rules. Pure: a declaration in, findings out, also for what is no contract yet. */
import { checkContract } from '../../contract/check/check-contract.ts'
import { checkShape, isObject } from '../../contract/check/check-shape.ts'
import type { ContractProblem } from '../../contract/check/contract-error.ts'
import type { IgnoredRule } from '../../contract/declare/declaration.ts'
import { parseContract, type ContractOptions } from '../../contract/declare/define-contract.ts'
import { decideIgnored } from './ignored-findings.ts'
import { toLiteralContract } from './literal-contract.ts'
import type { LintFinding, LintReport } from './finding.ts'
import type { Rule } from './rule.ts'
import { severities } from './rule.ts'
import { lintRules } from './rules.ts'
import { hardlyMeant } from './rules/hardly-meant.ts'

/** What a contract is compiled with, and what else is not to be heard beside its own `lint.ignore`. */
export interface LintOptions extends ContractOptions {
  readonly ignore?: readonly IgnoredRule[]
}

/**
 * What is wrong with a contract, the worst first. It need not be one yet: what `defineContract` would refuse is found, too.
 *
 * @example
 * const [first] = lintContract({ name: 'shop', title: 'Shop', envelope: { error: { code: '$code' } }, entries: { key: { code: 'KEY', status: 403, reason: 'credential.invalid', message: 'No.', description: 'No such key.' } } })
 * first?.severity // => 'error'
 */
export function lintContract(declaration: unknown, options: LintOptions = {}): readonly LintFinding[] {
  return lintReport(declaration, options).findings
}

/**
 * The same, with what is ignored.
 *
 * @example
 * lintReport({}, { ignore: [{ rule: 'valid-contract', reason: 'a sketch' }] }).ignored.length > 0 // => true
 */
export function lintReport(declaration: unknown, { ignore = [], ...options }: LintOptions = {}): LintReport {
  const { problems, warnings } = checkContract(declaration)
  const parsed = problems.length > 0 ? undefined : parseContract(declaration, options)
  const refused = parsed === undefined ? problems : parsed.ok ? [] : parsed.problems
  const literal = toLiteralContract(declaration, checkShape(declaration), parsed?.ok === true ? parsed.contract : undefined)
  // What is only read says nothing by itself: of it only the check can tell.
  const asked = literal.declaration.decodeOnly === true ? [] : lintRules
  const found = [
    ...refused.map((problem) => findingOf(lintRules.find(({ claims }) => claims?.(problem) === true) ?? lintRules[0], problem)),
    ...warnings.map((problem) => findingOf(hardlyMeant, problem)),
    ...asked.flatMap((rule) => rule.find?.(literal).map((problem) => findingOf(rule, problem)) ?? []),
  ]
  return decideIgnored(inOrder(found), ignoresOf(declaration), ignore)
}

function findingOf(rule: Rule | undefined, { path, value, problem, mend }: ContractProblem): LintFinding {
  return { rule: rule?.id ?? 'valid-contract', severity: rule?.severity ?? 'error', path, value, problem, mend }
}

/** The worst first, and otherwise as they were found. */
function inOrder(findings: readonly LintFinding[]): readonly LintFinding[] {
  return findings.toSorted((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity))
}

function ignoresOf(declaration: unknown): readonly IgnoredRule[] {
  const lint = isObject(declaration) ? declaration['lint'] : undefined
  const ignore = isObject(lint) ? lint['ignore'] : undefined
  return Array.isArray(ignore) ? ignore.filter((each): each is IgnoredRule => isObject(each) && typeof each['rule'] === 'string' && typeof each['reason'] === 'string') : []
}
