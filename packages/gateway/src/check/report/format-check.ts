/** A report for people. */
import { untriedLines } from './untried-lines.ts'
import { codesMet, type CheckReport, type CheckViolation } from '../check-report.ts'

/** What paints; a test or a file has none. */
export interface CheckPaint {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
}

export function formatCheck(report: CheckReport, paint: CheckPaint): string {
  const { violations, notes, entries, unprovoked, probes, requests, requestsMax, stopped, url, contract } = report
  const codes = codesMet(report)
  const passed = probes.filter(({ outcome }) => outcome === 'passed').length
  const unmet = entries.filter(({ why }) => why !== undefined)
  return [
    ...violations.flatMap((violation, at) => [paint.red(`${at + 1}. ${violation.rule}: ${violation.message}`), ...violationLines(violation, paint), '']),
    ...(notes.length === 0 ? [] : ['Legal, and seldom meant:', ...notes.map((each) => paint.yellow(`  ${each.rule}: ${each.message}${where(each)}`)), '']),
    ...(unprovoked.length === 0 ? [] : ['Not tried:', ...untriedLines(unprovoked), '']),
    ...(unmet.length === 0 ? [] : ['Not met:', ...unmet.map(({ entry, code, status, why }) => `  ${entry} (${status}${code === '' ? '' : ` ${code}`}) ${why}`), '']),
    ...(stopped === undefined ? [] : [paint.red(`Stopped: ${stopped}`)]),
    `${violations.length === 0 ? paint.green(stopped === undefined ? 'No violation.' : 'No violation until then.') : paint.red(`${violations.length} ${violations.length === 1 ? 'violation' : 'violations'}.`)} ${passed} of ${probes.length} probes passed, ${codes.met} of ${codes.all} codes of ${contract} were met at ${url}, with ${requests} of at most ${requestsMax} requests.`,
    '',
  ].join('\n')
}

function violationLines(violation: CheckViolation, paint: CheckPaint): readonly string[] {
  const { variables, curl, shrunk } = violation
  const how = shrunk === true ? 'the smallest request that shows it' : shrunk
  const known = variables.length === 0 ? [] : [`     ${paint.dim(`# ${variables.join(', ')}: the credentials`)}`]
  return [`   ${paint.dim(`${where(violation).trim()}; ${how}:`)}`, ...known, ...curl.split('\n').map((line) => `     ${line}`)]
}

function where({ entry, probes }: CheckViolation): string {
  const [first = '', ...others] = probes
  return ` (${entry === undefined ? '' : `${entry}, `}${first}${others.length === 0 ? '' : ` and ${others.length} more`})`
}
