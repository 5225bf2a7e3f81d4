/** The answers to one step of a probe against what it expects. Pure. */
import { jsonOf } from '../probe-request.ts'
import type { ProbeStep } from '../probe.ts'
import { receivedHeaders, bodyText, toReceivedAnswer, type Answered, type ProbeExchange } from '../probe-exchange.ts'
import { faultOf, shown, type AnswerFault } from './answer-fault.ts'
import type { JudgedAnswer } from './judge-answer.ts'
import type { JudgeContext } from './judge-context.ts'
import { jsonDifferences } from './json-differences.ts'

export interface TriedAnswer {
  readonly exchange: ProbeExchange
  readonly judged: JudgedAnswer | undefined
}

export interface Earlier {
  /** Of the steps before, the last answer of each. */
  readonly steps: readonly (TriedAnswer | undefined)[]
  /** The answer of an earlier probe. */
  readonly probe: (id: string) => TriedAnswer | undefined
}

export function judgeStep({ expected, times }: ProbeStep, answers: readonly TriedAnswer[], earlier: Earlier, { contract }: JudgeContext): readonly AnswerFault[] {
  const lost = answers.flatMap(({ exchange }) => (exchange.kind === 'failed' ? [faultOf('answered', 'the answer', `no answer to ${exchange.request.method} ${exchange.request.path}: ${exchange.fault}`)] : []))
  if (lost.length > 0) return lost
  const last = answers.at(-1)
  if (last === undefined) return []
  switch (expected.kind) {
    case 'success':
      return last.judged?.kind === 'success' ? [] : [faultOf('succeeds', 'the answer', `should succeed, and was refused: ${told(last)}`)]
    case 'refusal': {
      // Of several at once one is enough; of several in a row the last is meant.
      const meant = times.kind === 'together' ? (answers.find(({ judged }) => judged?.entry !== undefined && expected.entries.includes(judged.entry.id)) ?? answers.find(({ judged }) => judged?.kind !== 'success') ?? last) : last
      return refusalFaults(meant, expected.entries, expected.field, times.kind === 'once' ? '' : ` ${answers.length} times`, contract)
    }
    case 'replay':
      return replayFaults(last, earlier.steps[expected.of])
    case 'done-once':
      return doneOnceFaults(answers, expected.entries)
    case 'head':
      return headFaults(last, earlier.probe(expected.of))
  }
}

function refusalFaults({ exchange, judged }: TriedAnswer, entries: readonly string[], field: string | undefined, often: string, contract: JudgeContext['contract']): readonly AnswerFault[] {
  if (exchange.kind !== 'answered' || judged === undefined || judged.kind === 'unknown') return []
  if (judged.kind === 'success') return [faultOf('refused', 'the answer', `should be refused (${entries.length === 0 ? 'by any entry' : entries.map((id) => nameOf(id, contract)).join(' or ')}), and was accepted${often} with ${exchange.answer.status}`)]
  const { entry } = judged
  if (entry !== undefined && entries.length > 0 && !entries.includes(entry.id)) return [faultOf('entry', 'code', `refused as ${nameOf(entry.id, contract)}, where the contract has ${entries.map((id) => nameOf(id, contract)).join(' or ')} for this`)]
  if (entry === undefined || field === undefined) return []
  const detail = contract.detailsOf(entry.id).find(({ name, from }) => (from ?? name) === 'field')
  const said = detail === undefined ? undefined : contract.read(toReceivedAnswer(exchange.answer))?.details[detail.name]
  return said === undefined || said === null || said === field ? [] : [faultOf('entry', String(detail?.name), `names the field ${shown(said)}, and ${shown(field)} is at fault`)]
}

function nameOf(id: string, { entries }: JudgeContext['contract']): string {
  const entry = entries.get(id)
  return entry === undefined || entry.code === '' ? id : `${entry.code} (${id})`
}

function replayFaults(last: TriedAnswer, first: TriedAnswer | undefined): readonly AnswerFault[] {
  if (last.exchange.kind !== 'answered' || first?.exchange.kind !== 'answered') return []
  const [one, other] = [first.exchange.answer, last.exchange.answer]
  if (one.status !== other.status) return [faultOf('replay', 'status', `the first answer was ${one.status}, and the repeat under the same key gets ${told(last)}`)]
  const ids = new Set([...Object.values(receivedHeaders(one)), ...Object.values(receivedHeaders(other))])
  const difference = jsonDifferences(jsonOf(bodyText(one)), jsonOf(bodyText(other))).find(({ found }) => !ids.has(String(found)))
  return difference === undefined ? [] : [faultOf('replay', difference.path, `${difference.path} was ${shown(difference.expected)} and is ${shown(difference.found)} in the repeat: it was done once more`)]
}

function doneOnceFaults(answers: readonly TriedAnswer[], entries: readonly string[]): readonly AnswerFault[] {
  const done = answers.filter(({ judged }) => judged?.kind === 'success')
  if (done.length === 0) return [faultOf('at-once', 'the answer', `none of ${answers.length} equal requests at once was done: ${answers.map(told).join('; ')}`)]
  const wrong = answers.find(({ judged }) => judged?.kind === 'refusal' && judged.entry !== undefined && !entries.includes(judged.entry.id))
  if (wrong !== undefined) return [faultOf('at-once', 'code', `of equal requests at once one was refused as ${told(wrong)}`)]
  const [first, ...others] = done
  return others.flatMap((other) => replayFaults(other, first)).map((each) => ({ ...each, rule: 'at-once' as const }))
}

/** Those that a HEAD has as well (RFC 9110 section 9.3.2). */
const alike = ['content-type', 'cache-control', 'www-authenticate', 'allow'] as const

function headFaults(last: TriedAnswer, get: TriedAnswer | undefined): readonly AnswerFault[] {
  if (last.exchange.kind !== 'answered' || get?.exchange.kind !== 'answered') return []
  const [one, other] = [get.exchange.answer, last.exchange.answer]
  if (one.status !== other.status) return [faultOf('head', 'status', `GET is answered ${one.status}, and HEAD ${other.status}`)]
  const [byGet, byHead] = [receivedHeaders(one), receivedHeaders(other)]
  return alike.flatMap((name) => (byGet[name] === byHead[name] ? [] : [faultOf('head', name, `${name} is ${shown(byGet[name])} by GET and ${shown(byHead[name])} by HEAD`)]))
}

export function told({ exchange, judged }: TriedAnswer): string {
  if (exchange.kind === 'failed') return exchange.fault
  const { status } = exchange.answer
  if (judged?.entry === undefined) return judged?.kind === 'success' ? String(status) : `${status}, which is no refusal of the contract`
  return judged.entry.code === '' ? `${status} ${judged.entry.id}` : `${status} ${judged.entry.code} (${judged.entry.id})`
}

/** Where what is asked twice is answered otherwise the second time. */
export function formFaults(first: Answered, second: Answered, volatile: ReadonlySet<string>): readonly AnswerFault[] {
  const [one, other] = [formOfAnswer(first, volatile), formOfAnswer(second, volatile)]
  const at = one.findIndex((line, index) => line !== other[index])
  const index = at === -1 && one.length !== other.length ? Math.min(one.length, other.length) : at
  return index === -1 ? [] : [faultOf('same-form', 'the answer', `asked twice, it is answered in two forms: ${shown(one[index] ?? 'nothing')} the first time, ${shown(other[index] ?? 'nothing')} the second`)]
}

function formOfAnswer({ answer }: Answered, volatile: ReadonlySet<string>): readonly string[] {
  const headers = Object.entries(receivedHeaders(answer)).filter(([name]) => !volatile.has(name)).map(([name, value]) => `${name}: ${value}`).toSorted()
  return [`status ${answer.status}`, ...headers, ...jsonForm(bodyText(answer))]
}

function jsonForm(text: string): readonly string[] {
  const lines: string[] = []
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) lines.push(`${path || 'the body'} is a list`)
    else if (typeof value === 'object' && value !== null) for (const [name, member] of Object.entries(value)) walk(member, path === '' ? name : `${path}.${name}`)
    else lines.push(/code$|^code|type$/.test(path) ? `${path} is ${String(value)}` : `${path || 'the body'} is ${value === null ? 'null' : `a ${typeof value}`}`)
  }
  walk(jsonOf(text) ?? text, '')
  return lines
}

