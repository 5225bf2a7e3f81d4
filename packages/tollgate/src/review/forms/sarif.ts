/** SARIF 2.1.0 (OASIS), as code scanners of forges read it: each rule with its text, each finding with its place, what is ignored as suppressed. */
import { compact } from '../../contract/values/compact.ts'
import { formatContractProblem } from '../../contract/check/contract-error.ts'
import type { IgnoredFinding, LintFinding } from '../lint/finding.ts'
import type { Rule } from '../lint/rule.ts'
import { lintRules } from '../lint/rules.ts'
import { placedFindings, type LintedFile } from './linted-file.ts'

/** What is known of the program. `docsUrl`: where the pages of the rules lie. */
export interface SarifOptions {
  readonly version?: string
  readonly docsUrl?: string
}

/**
 * A log of one run.
 *
 * @example
 * toSarif([]).version // => '2.1.0'
 */
export function toSarif(files: readonly LintedFile[], { version, docsUrl }: SarifOptions = {}): { readonly version: '2.1.0'; readonly [member: string]: unknown } {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: compact({ name: 'tollgate', version, rules: lintRules.map((rule) => descriptorOf(rule, docsUrl)) }) },
        columnKind: 'utf16CodeUnits',
        results: files.flatMap((file) => [
          ...placedFindings(file, file.report.findings).map((finding) => resultOf(file, finding)),
          ...placedFindings(file, file.report.ignored).map((finding) => ({ ...resultOf(file, finding), suppressions: [{ kind: 'external', justification: finding.because }] })),
        ]),
      },
    ],
  }
}

function descriptorOf({ id, severity, topic, title, why, source, fix }: Rule, docsUrl: string | undefined): object {
  return compact({
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\n${fix}\n\nSource: ${source}`, markdown: `${why}\n\n**Mend:** ${fix}\n\nSource: ${source}` },
    helpUri: docsUrl === undefined ? undefined : `${docsUrl.replace(/\/$/, '')}/${id}.md`,
    defaultConfiguration: { level: severity },
    properties: { tags: [topic] },
  })
}

function resultOf({ name, isFile }: LintedFile, { rule, severity, line, column, ...problem }: (LintFinding | IgnoredFinding) & { readonly line: number | undefined; readonly column: number | undefined }) {
  const region = line === undefined ? undefined : compact({ startLine: line, startColumn: column })
  return {
    ruleId: rule,
    ruleIndex: lintRules.findIndex(({ id }) => id === rule),
    level: severity,
    message: { text: formatContractProblem(problem) },
    locations: [
      compact({
        physicalLocation: isFile ? compact({ artifactLocation: { uri: toUri(name) }, region }) : undefined,
        logicalLocations: [{ fullyQualifiedName: isFile ? problem.path : `${name}: ${problem.path}` }],
      }),
    ],
    // The same finding, also when lines have moved.
    partialFingerprints: { 'rulePath/v1': `${name}#${rule}#${problem.path}` },
  }
}

/** Relative to the root of the sources, as it was given. */
function toUri(name: string): string {
  return encodeURI(name.replaceAll('\\', '/').replace(/^\.\//, '')).replaceAll('#', '%23').replaceAll('?', '%3F')
}
