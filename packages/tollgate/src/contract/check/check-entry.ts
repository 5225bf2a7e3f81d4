/** What an entry must hold within itself: details that parse, messages whose figures exist, headers that are headers, a retry rule that can be obeyed. */
import type { ContractProblem } from './contract-error.ts'
import { suggest } from './contract-error.ts'
import type { Entry } from '../declare/contract.ts'
import type { EntryDeclaration } from '../declare/declaration.ts'
import { fromWire, parseDetail, type Detail } from '../declare/details.ts'
import { toEntry } from '../declare/entry-rules.ts'
import { factFaults } from '../declare/fact-faults.ts'
import { factNames, knownValues, type Facts } from '../declare/facts.ts'
import { checkMessages } from './check-messages.ts'
import { isHeaderValue } from '../write/header-value.ts'
import { parseMessage, placeholdersOf, type Placeholder } from '../write/message.ts'
import { nearestName, slipOf } from './nearest-name.ts'
import { builtinSlots } from '../write/template.ts'

type Report = (problem: ContractProblem) => void

/** `isIntact` says whether the shape of a member is right; what is not, is not asked for its meaning. */
export function checkEntry(
  id: string,
  entry: EntryDeclaration,
  decodeOnly: boolean,
  isIntact: (member: keyof EntryDeclaration) => boolean,
  report: Report,
): void {
  const path = `entries.${id}`
  if (!/^[A-Za-z][\w-]*$/.test(id)) report({
    path,
    value: id,
    problem: 'is not an id',
    mend: 'begin with a letter; use letters, digits, "_" and "-"',
  })
  if (isIntact('status')) checkMeaning(entry.status, decodeOnly, `${path}.status`, report)
  if (isIntact('sentAs') && entry.sentAs !== undefined) checkSent(entry.sentAs, `${path}.sentAs`, report)
  const details = isIntact('details') ? checkDetails(entry, `${path}.details`, report) : []
  if (isIntact('when') && isIntact('details')) checkWhen(entry, details, `${path}.when`, report)
  if (isIntact('attributes')) checkAttributes(entry, details, `${path}.attributes`, report)
  if (isIntact('message') && isIntact('details') && isIntact('attributes')) checkMessages(entry, details, `${path}.message`, report)
  if (isIntact('headers') && isIntact('details') && isIntact('attributes')) checkEntryHeaders(entry, details, `${path}.headers`, report)
  const isTellable = isIntact('example') && isIntact('message') && isIntact('details') && isIntact('attributes')
  if (isTellable && entry.example !== undefined) checkExample(toEntry(id, entry, undefined), details, entry.example, `${path}.example`, report)
  const rulesAreIntact = isIntact('status') && isIntact('reason') && isIntact('retry') && isIntact('retryAfterSeconds')
  if (!decodeOnly && rulesAreIntact) checkWait(toEntry(id, entry, undefined), path, report)
}

/** The status of an entry says what it means, also where every refusal is sent with 200. */
function checkMeaning(status: number, decodeOnly: boolean, path: string, report: Report): void {
  if (decodeOnly || status >= 400) return checkSent(status, path, report)
  const mend = `use 400 to 599, by what it means, and sentAs: ${status} for what stands on the wire; where that holds for all, alwaysStatus: ${status}`
  report({ path, value: status, problem: 'is the status of no error', mend })
}

/** An error says something, so the status that it is sent with must allow a body (RFC 9110 sections 15.3.5, 15.3.6, 15.4.5). */
export function checkSent(status: number, path: string, report: Report): void {
  if (status === 204 || status === 205 || status === 304) report({ path, value: status, problem: 'cannot carry a body', mend: 'use another status' })
}

function checkDetails(entry: EntryDeclaration, path: string, report: Report): readonly Detail[] {
  return Object.entries(entry.details ?? {}).flatMap(([name, declaration]) => {
    const parsed = parseDetail(name, declaration)
    if (parsed.kind === 'detail') {
      const { detail } = parsed
      const meant = detail.from === undefined ? undefined : slipOf(detail.from, factNames)
      if (meant !== undefined) report({ path: `${path}.${name}`, value: declaration, problem: `takes "${detail.from}", which no gateway fills in`, mend: suggest(meant, '') })
      return [detail]
    }
    report({ path: `${path}.${name}`, ...parsed.fault })
    // Known by name, so that one mistake is reported once.
    return [{ name, type: 'json', whenUnknown: 'required', from: undefined }]
  })
}

/** A service may refine by facts of its own, but hardly by a slip of a canonical one. */
function checkWhen({ when = {} }: EntryDeclaration, details: readonly Detail[], path: string, report: Report): void {
  for (const [name, wanted] of Object.entries(when)) {
    const meant = details.some((detail) => detail.name === name) ? undefined : slipOf(name, factNames)
    if (meant !== undefined) report({ path: `${path}.${name}`, value: name, problem: 'is no fact that a gateway fills in', mend: suggest(meant, '') })
    const values: readonly string[] | undefined = Object.hasOwn(knownValues, name) ? knownValues[name as keyof typeof knownValues] : undefined
    for (const value of values === undefined ? [] : [wanted].flat()) {
      const meantValue = slipOf(String(value), values ?? [])
      if (meantValue !== undefined) report({ path: `${path}.${name}`, value, problem: 'is not one of the known values', mend: suggest(meantValue, '') })
    }
  }
}

function checkAttributes({ attributes = {} }: EntryDeclaration, details: readonly Detail[], path: string, report: Report): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (builtinSlots.some((slot) => slot === name)) {
      report({ path: `${path}.${name}`, value, problem: `would hide the slot "$${name}"`, mend: 'choose another name' })
    }
    const detail = details.find((declared) => declared.name === name)
    if (detail !== undefined && fromWire(detail, value) === undefined) {
      report({ path: `${path}.${name}`, value, problem: `is no ${detail.type}, as the detail of the same name is`, mend: 'make the two agree' })
    }
  }
}

/** What is shown must be what could be sent. */
function checkExample(entry: Entry, details: readonly Detail[], example: Facts, path: string, report: Report): void {
  for (const fault of factFaults(entry, details, example, 'fact')) {
    const [problem = '', ...mend] = fault.split('; ')
    report({ path, problem, mend: mend.join('; ') })
  }
}

function checkEntryHeaders(entry: EntryDeclaration, details: readonly Detail[], path: string, report: Report): void {
  const known = new Set([...details.map(({ name }) => name), ...Object.keys(entry.attributes ?? {}), 'waitHelps'])
  for (const [name, value] of Object.entries(entry.headers ?? {})) {
    const at = `${path}.${name}`
    checkHeaderValue(value, at, report)
    const unknown = placeholdersOf(parseMessage(value, (problem) => report({ path: at, ...problem }))).find((part: Placeholder) => !known.has(part.name))
    if (unknown !== undefined) {
      report({
        path: at,
        value: `{${unknown.name}}`,
        problem: 'is neither a detail nor an attribute of the entry',
        mend: suggest(nearestName(unknown.name, known), `declare the detail "${unknown.name}"`),
      })
    }
  }
}

export function checkHeaderValue(value: string, path: string, report: Report): void {
  if (!isHeaderValue(value)) report({ path, value, problem: 'cannot stand in a header', mend: 'use printable ASCII on one line' })
}

function checkWait({ status, retry, retryAfterSeconds }: Entry, path: string, report: Report): void {
  if (retry !== 'wait' || status === 429 || status === 503 || retryAfterSeconds !== undefined) return
  const problem = `is missing, but a client is to wait (retry: wait), and with status ${status} nothing else says how long`
  report({ path: `${path}.retryAfterSeconds`, problem, mend: 'give the seconds, or another `retry`' })
}
