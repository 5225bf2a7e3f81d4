/** What a check would do to a stranger's API, request by request, before it does anything. */
import { untriedLines } from './untried-lines.ts'
import { riskWords, type PlannedProbes } from '../probes/plan-probes.ts'
import { jsonObjectOf, type ProbeRequest } from '../probe-request.ts'
import { requestsOf, type Probe } from '../probe.ts'

export interface DryRun {
  readonly url: string
  readonly planned: PlannedProbes
  readonly requestsMax: number
  readonly paceMs: number
  /** Readings of usage around a probe. */
  readonly readings: (probe: Probe) => number
}

export function formatDryRun({ url, planned: { probes, unprovoked, requests }, requestsMax, paceMs, readings }: DryRun): string {
  let number = 0
  const lines = probes.flatMap((probe) => {
    const risk = probe.risks.length === 0 ? '' : `  may ${riskWords(probe.risks)}`
    const read = readings(probe)
    const own = probe.steps.map((step) => {
      const count = requestsOf(step)
      const from = number + 1
      number += count
      const times = step.times.kind === 'once' ? '' : step.times.kind === 'together' ? `, ${count} at once` : `, until it is refused, at most ${count} times`
      return `  ${count === 1 ? from : `${from}-${number}`}. ${requestWords(step.request)}${times}`
    })
    number += read
    return [`${probe.id}: ${probe.title}${risk}`, ...own, ...(read === 0 ? [] : [`  and ${read} readings of what is used, before and after`])]
  })
  const risky = probes.filter(({ risks }) => risks.length > 0)
  return [
    `Nothing is sent. Without --dry-run, to ${url} and no other host, one every ${paceMs} ms:`,
    '',
    ...lines,
    '',
    ...(unprovoked.length === 0 ? [] : ['Not tried:', ...untriedLines(unprovoked), '']),
    `${probes.length} probes, at most ${requests} requests; what --max-requests ${requestsMax} leaves is used to ask again what was refused, and to make violations small.`,
    risky.length === 0 ? 'None of them should create anything, cost money or lock anybody out.' : `${risky.length} of them may: ${['create', 'cost', 'lock'].flatMap((risk) => { const count = risky.filter(({ risks }) => risks.includes(risk as never)).length; return count === 0 ? [] : [`${count} ${risk}`] }).join(', ')}.`,
    '',
  ].join('\n')
}

function requestWords(request: ProbeRequest): string {
  const { method, path, headers, body } = request
  const shownHeaders = headers.filter(([name]) => name.toLowerCase() !== 'content-type').map(([name, value]) => `${name}: ${value}`)
  const members = jsonObjectOf(request)
  const size = body.kind === 'none' ? '' : body.kind === 'form' ? ` a form (${body.parts.map(({ name }) => name).join(', ')})` : members === undefined ? ` ${body.text.length} characters` : body.text.length <= 80 ? ` ${body.text}` : ` JSON of ${body.text.length} characters (${Object.keys(members).join(', ')})`
  return `${method} ${path}${size}${shownHeaders.length === 0 ? '' : ` [${shownHeaders.join(', ')}]`}`
}
