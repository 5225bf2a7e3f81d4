/** Contracts reviewed: held against rules, and against what they were before. Pure, for command lines, editors and CI alike. */

// Lint
export { lintContract, lintReport, type LintOptions } from './lint/lint-contract.ts'
export type { IgnoredFinding, LintFinding, LintReport } from './lint/finding.ts'
export { lintRules } from './lint/rules.ts'
export { severities, topics, type Rule, type RuleExample, type Severity, type Topic } from './lint/rule.ts'

// What a lint says, in several forms
export { countFindings, type LintCounts, type LintedFile } from './forms/linted-file.ts'
export { formatLintText } from './forms/lint-text.ts'
export { toLintJson, type LintJson } from './forms/lint-json.ts'
export { formatLintMarkdown } from './forms/lint-markdown.ts'
export { toSarif, type SarifOptions } from './forms/sarif.ts'
export { formatRulePage } from './forms/rule-page.ts'

// Diff
export { diffContracts, type DiffOptions } from './diff/diff-contracts.ts'
export { changeClasses, dependences, type Change, type ChangeClass, type Dependence } from './diff/change.ts'
export { changeRules, type ChangeRule } from './diff/change-rules.ts'
export { nextVersion, suggestBump, type VersionBump } from './diff/version-bump.ts'

// What a diff says, in several forms
export { formatDiffMarkdown, formatDiffText, toDiffJson, type ContractDiff, type DiffJson } from './forms/diff-forms.ts'
