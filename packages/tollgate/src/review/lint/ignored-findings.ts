/** What is not to be heard, each with its reason. An ignore that hides nothing is told: what it was for is mended, or it never fitted. */
import { suggest } from '../../contract/check/contract-error.ts'
import { nearestName } from '../../contract/check/nearest-name.ts'
import type { IgnoredRule } from '../../contract/declare/declaration.ts'
import type { LintFinding, IgnoredFinding, LintReport } from './finding.ts'
import { lintRules } from './rules.ts'
import { idleIgnore } from './rules/idle-ignore.ts'

/** `own`: of the contract, whose places can be told; `given`: of who asks. */
export function decideIgnored(findings: readonly LintFinding[], own: readonly IgnoredRule[], given: readonly IgnoredRule[]): LintReport {
  const ignores = [...own, ...given]
  const reasonFor = (finding: LintFinding): string | undefined => ignores.find((each) => isFor(each, finding))?.reason
  const ignored: readonly IgnoredFinding[] = findings.flatMap((finding) => {
    const because = reasonFor(finding)
    return because === undefined ? [] : [{ ...finding, because }]
  })
  const idle = own.flatMap((each, at): readonly LintFinding[] => (findings.some((finding) => isFor(each, finding)) ? [] : [toIdle(each, at)]))
  return { findings: [...findings.filter((finding) => reasonFor(finding) === undefined), ...idle], ignored }
}

function isFor({ rule, path }: IgnoredRule, finding: LintFinding): boolean {
  return rule === finding.rule && (path === undefined || toPattern(path).test(finding.path))
}

/** A path with all that is below it. */
function toPattern(path: string): RegExp {
  const escaped = path.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${escaped.join('.*')}(?:$|[.[])`)
}

function toIdle({ rule, path }: IgnoredRule, at: number): LintFinding {
  const ids = lintRules.map(({ id }) => id)
  const isKnown = ids.includes(rule)
  return {
    rule: idleIgnore.id,
    severity: idleIgnore.severity,
    path: `lint.ignore[${at}]`,
    value: path === undefined ? rule : `${rule} at ${path}`,
    problem: isKnown ? 'hides nothing' : 'is no rule',
    mend: isKnown ? 'leave it out' : suggest(nearestName(rule, ids), 'tollgate lint --rules lists them'),
  }
}
