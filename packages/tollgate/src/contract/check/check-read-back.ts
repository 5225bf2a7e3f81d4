/**
 * Whether a contract understands what it writes itself, and nothing else. A refusal that nobody can read is no better than none: a client takes it for a
 * success, or cannot tell what it is. A success that is read as a refusal is worse.
 */
import type { Contract, Entry } from '../declare/contract.ts'
import { refuse } from '../declare/refusal.ts'
import { parseBoundedJson } from '../read/bounded-json.ts'
import { readBack, readEndBack, type ReadBack } from '../read/read-back.ts'
import type { ContractProblem } from './contract-error.ts'
import { isTextType } from '../write/body-format.ts'
import { sampleEvents, sampleMessages, sampleSuccesses } from './sample-successes.ts'

type Report = (problem: ContractProblem) => void

export function checkReadBack(contract: Contract, report: Report): void {
  const backs = [...contract.entries.values()].map((entry) => ({ entry, answers: readBack(contract, entry) }))
  checkLost(contract, backs, report)
  for (const { entry, answers } of backs) checkTaken(contract, entry, answers, report)
  checkSuccesses(contract, report)
  checkStream(contract, report)
  checkWebSocket(contract, report)
}

interface Back {
  readonly entry: Entry
  readonly answers: readonly ReadBack[]
}

/** Told once for each shape, for the shape is at fault. */
function checkLost({ declaration }: Contract, backs: readonly Back[], report: Report): void {
  const lost = backs.flatMap(({ entry, answers }) => answers.flatMap(({ sent, read }) => (read === undefined ? [{ entry, sent }] : [])).slice(0, 1))
  for (const [family, path] of [[undefined, 'envelope.error'] as const, ...Object.keys(declaration.envelope.families ?? {}).map((name) => [name, `envelope.families.${name}`] as const)]) {
    const [first, ...others] = lost.filter(({ entry }) => entry.family === family)
    if (first === undefined) continue
    const names = [first, ...others].map(({ entry }) => `"${entry.id}"`).join(', ')
    const isSuccess = first.sent.status < 400
    report({
      path,
      value: shown(first.sent.body),
      problem: `is what ${names} ${others.length === 0 ? 'is' : 'are'} sent as, with status ${first.sent.status}, and is read as ${isSuccess || declaration.envelope.success !== undefined ? 'a success' : 'no refusal at all'}`,
      mend: isSuccess ? SHOW_CONSTANT : declaration.envelope.success !== undefined ? 'let no refusal say what a success says: its constants, or its code' : isTextType(declaration.envelope.contentType) ? SHOW_APART : 'let it show "$code" or "$message"',
    })
  }
}

const SHOW_CONSTANT = 'let it show a constant that no success has ("ok": false), or always a code'
const SHOW_APART = 'let it show "$code" and "$message" with a text between them that neither has'

/** A refusal is one of an entry, whatever its sentence; and where it is taken for another's, no client may repeat it against its own word. */
function checkTaken(contract: Contract, { id, code, retry }: Entry, answers: readonly ReadBack[], report: Report): void {
  const read = answers.flatMap(({ read: back }, at) => (back === undefined ? [] : [{ back, at }]))
  const nameless = read.find(({ back }) => back.entry === undefined)
  if (nameless !== undefined) {
    const { code: found } = nameless.back
    const problem = found === undefined || String(found) === String(code) ? 'shows nothing by which its entry is found when it is read' : `is read as ${JSON.stringify(found)}, which is the code of no entry`
    return report({ path: `entries.${id}.code`, value: code, problem, mend: 'let its envelope show "$code", or an attribute, apart from other text' })
  }
  const [first] = read
  const other = read.find(({ back }) => back.entry !== first?.back.entry)
  if (first !== undefined && other !== undefined) {
    const problem = `is read as "${other.back.entry}", and as "${first.back.entry}" where it says ${JSON.stringify(answers[first.at]?.read?.message)}`
    return report({ path: `entries.${id}.message[${other.at}]`, value: other.back.message, problem, mend: 'let all its sentences be read alike' })
  }
  if (contract.declaration.decodeOnly === true || first === undefined || first.back.entry === id) return
  const taken = contract.entries.get(first.back.entry ?? '')
  if (taken !== undefined && taken.retry !== 'never' && taken.retry !== retry) report({
    path: `entries.${id}.retry`,
    value: retry,
    problem: `is read as "${taken.retry}", for the wire cannot tell it from "${taken.id}"`,
    mend: 'let the two agree, or make one with "never" the primary',
  })
}

function checkSuccesses(contract: Contract, report: Report): void {
  const { envelope } = contract.declaration
  const statuses = new Set([200, ...[...contract.entries.values()].flatMap(({ sentAs }) => (sentAs < 400 ? [sentAs] : []))])
  const bodies = sampleSuccesses(contract)
  for (const status of statuses) {
    for (const body of bodies) {
      const read = contract.read({ status, headers: {}, body })
      if (read === undefined) continue
      const problem = `is a success, with status ${status}, and is read as ${read.entry === undefined ? 'a refusal' : `"${read.entry}"`}`
      return report({ path: envelope.success === undefined ? 'envelope.error' : 'envelope.success', value: shown(body), problem, mend: 'let refusals show a constant that no success has ("ok": false), or always a code' })
    }
  }
}

/** Where the events of a stream are only told apart by what they say, an error must say that it is one. */
function checkStream(contract: Contract, report: Report): void {
  const { stream } = contract.declaration.envelope
  if (stream === undefined) return
  const mend = 'give errors an event name (event: error), or let their data show a constant or always a code'
  const context = { requestId: contract.mintRequestId(new Uint8Array(16)), nowMs: 0 }
  const event = stream.event === undefined ? {} : { event: stream.event }
  for (const { id, reason } of contract.entries.values()) {
    const data = dataOf(contract.streamFrame(refuse(reason, {}, { entry: id }), context) ?? '')
    if (contract.readStreamEvent({ ...event, data }) === undefined) return report({ path: 'envelope.stream', value: shown(data), problem: `is what "${id}" becomes, and is read as no error`, mend })
  }
  const mistaken = sampleEvents(contract).find((data) => contract.readStreamEvent({ data }) !== undefined)
  if (mistaken !== undefined) report({ path: 'envelope.stream', value: shown(mistaken), problem: 'may be an event like any other, and is read as an error', mend })
}

/** A refusal must be one to whoever reads the message, or, where none is sent, the close; and what a service says besides must be none. */
function checkWebSocket(contract: Contract, report: Report): void {
  const { webSocket, error } = contract.declaration.envelope
  if (webSocket === undefined) return
  for (const entry of contract.entries.values()) {
    const back = readEndBack(contract, entry)
    const read = back?.sent.frame === undefined ? back?.close : back.frame
    if (back?.sent.frame !== undefined && read === undefined) return report({
      path: 'envelope.webSocket.frame',
      value: shown(back.sent.frame),
      problem: `is what "${entry.id}" becomes, and is read as no error`,
      mend: 'let messages that are errors show a constant (type: error), or always a code',
    })
    const taken = contract.entries.get(read?.entry ?? '')
    if (back !== undefined && read !== undefined && taken === undefined) return report({
      path: back.sent.frame === undefined ? 'envelope.webSocket.close.reason' : 'envelope.webSocket.frame',
      value: back.sent.frame === undefined ? back.sent.closeReason : shown(back.sent.frame),
      problem: `is what "${entry.id}" becomes, and shows nothing by which its entry is found`,
      mend: back.sent.frame === undefined ? `let it show "$code", or give each entry a closeCode of its own: ${back.sent.closeCode} is that of several` : 'let it show "$code", or an attribute',
    })
    if (taken !== undefined && taken.id !== entry.id && taken.retry !== 'never' && taken.retry !== entry.retry) return report({
      path: `entries.${entry.id}.closeCode`,
      value: back?.sent.closeCode,
      problem: `is the end of a WebSocket that is read as "${taken.id}", which says "${taken.retry}" and not "${entry.retry}"`,
      mend: 'give it a closeCode of its own, or let the reason show "$code"',
    })
  }
  const mistaken = webSocket.frame === null ? undefined : sampleMessages(webSocket.frame ?? error).find((data) => contract.readFrame(data) !== undefined)
  if (mistaken !== undefined) report({ path: 'envelope.webSocket.frame', value: shown(mistaken), problem: 'may be a message like any other, and is read as an error', mend: 'let messages that are errors show a constant (type: error), or always a code' })
}

function dataOf(frame: string): string {
  return /^data: (.*)$/m.exec(frame)?.[1] ?? ''
}

/** As a person would write it. */
function shown(body: string): unknown {
  const value = parseBoundedJson(body)
  return value === undefined ? body : value
}
