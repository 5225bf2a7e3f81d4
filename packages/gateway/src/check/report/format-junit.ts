/** A report as JUnit XML, as test dashboards read it: a probe is a test case. */
import type { CheckReport, ProbeResult } from '../check-report.ts'

export function formatJunit({ contract, url, probes, unprovoked, violations, stopped }: CheckReport): string {
  const failures = probes.filter(({ outcome }) => outcome === 'failed').length
  const seconds = (ms: number): string => (ms / 1000).toFixed(3)
  const total = probes.reduce((sum, { durationMs }) => sum + durationMs, 0)
  const counts = `tests="${probes.length + unprovoked.length}" failures="${failures}" errors="${stopped === undefined ? 0 : 1}" skipped="${unprovoked.length}" time="${seconds(total)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="tollgate check" ${counts}>`,
    `  <testsuite name="${escaped(`${contract} at ${url}`)}" ${counts}>`,
    ...probes.flatMap((probe) => caseLines(probe, seconds(probe.durationMs), violations.filter((each) => each.probes.includes(probe.id)).map(({ curl }) => curl))),
    ...unprovoked.map(({ what, why }) => `    <testcase classname="${escaped(contract)}" name="${escaped(what)}"><skipped message="${escaped(why)}"/></testcase>`),
    ...(stopped === undefined ? [] : [`    <system-err>${escaped(stopped)}</system-err>`]),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')

  function caseLines({ id, title, faults, told }: ProbeResult, time: string, curls: readonly string[]): readonly string[] {
    const real = faults.filter(({ isNote }) => !isNote)
    const open = `    <testcase classname="${escaped(contract)}" name="${escaped(`${id}: ${title}`)}" time="${time}"`
    if (real.length === 0) return [`${open}/>`]
    const text = [...real.map(({ rule, message }) => `${rule}: ${message}`), `answered ${told}`, ...curls].join('\n')
    return [`${open}>`, `      <failure type="${escaped(real[0]?.rule ?? '')}" message="${escaped(real[0]?.message ?? '')}">${escaped(text)}</failure>`, '    </testcase>']
  }
}

/** XML 1.0 has no other control characters. */
function escaped(text: string): string {
  return text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '?').replaceAll(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] ?? '')
}
