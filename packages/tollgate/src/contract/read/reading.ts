/**
 * Finds what a body says in the terms of a contract: which template it fits, what stands in the slots, and whether it is an error at all.
 *
 * Below 400 and in the middle of a stream most bodies are successes, so there an error is only believed on evidence: a constant that only errors have
 * (`ok: false`), an object of its own for the error, a declared success form that does not fit, or, in a dialect that answers so by design, the code,
 * the attribute or the sentence of an entry.
 */
import type { Entry } from '../declare/contract.ts'
import type { ContractDeclaration } from '../declare/declaration.ts'
import type { JsonValue } from '../declare/facts.ts'
import { toFoundSlots, type Reader, type ReaderAnswer } from './reader.ts'
import type { ListReading } from './read-list.ts'
import type { HeaderText, ReadingParts } from './parts/reading-parts.ts'
import { fillFrom, type FoundSlots } from './found-slots.ts'
import { needsCode, type ReadTemplate } from './template-reading.ts'
import type { SuccessForm } from './success-form.ts'
import { createWireEntryChoice, type ChosenEntry } from './wire-entry-choice.ts'
import { isStreamErrorName } from '../write/stream-frame.ts'
import { isJsonObject } from '../values/json-object.ts'
import { slotsOf, type TemplateNode } from '../write/template.ts'

/** An envelope template with the family it belongs to; undefined is the default one. */
export interface FamilyTemplate {
  readonly family: string | undefined
  readonly node: TemplateNode
}

export interface ReadingPlan {
  readonly declaration: ContractDeclaration
  readonly entries: ReadonlyMap<string, Entry>
  readonly templates: readonly FamilyTemplate[]
  readonly success: SuccessForm | undefined
  readonly stream: TemplateNode | undefined
  readonly reader: Reader | undefined
  readonly parts: ReadingParts
  readonly readTemplate: ReadTemplate
}

/** What one answer says, and which entry says it; none when the code is unknown. */
export interface AnswerReading {
  readonly found: FoundSlots
  readonly answer: ReaderAnswer
  readonly entry: Entry | undefined
  /** Whether code, attribute or sentence say which entry it is, under a status that it may have. */
  readonly isNamed: boolean
  /** Where the contract's own reader understood a wait. */
  readonly retryAfterSeconds: number | undefined
  /** Of an answer that lists errors. */
  readonly list: ListReading | undefined
}

/** What became of a template: the body contradicts it, lacks its code, says nothing of an error, fits; and of the one that fits best, whether it is believed. */
export interface ReadingAttempt {
  readonly form: string
  readonly outcome: 'contradicted' | 'codeless' | 'silent' | 'fits' | 'doubted' | 'read'
  readonly reading?: AnswerReading
}

/** `body` is undefined where the text is not JSON, and the text itself in a dialect of text. `tell`: hears of each attempt. */
export type FindReading = (body: unknown, text: string, answer: ReaderAnswer, tell?: (attempt: ReadingAttempt) => void) => AnswerReading | undefined

/** Where a template stands in the declaration. */
export function formOf(family: string | undefined): string {
  return family === undefined ? 'envelope.error' : `envelope.families.${family}`
}

export function createReadingFinder({ declaration, entries, templates, success, stream, reader, parts, readTemplate }: ReadingPlan): FindReading {
  const { lists } = parts
  const allEntries = [...entries.values()]
  const headerTexts = parts.headerTextsOf?.(declaration) ?? []
  const familiesWithCode = new Set(templates.flatMap(({ family, node }) => ([...slotsOf(node), ...headerTexts.flatMap((text) => [...slotsOf(text.node)])].some(({ kind }) => kind === 'code') ? [family] : [])))
  const chooseEntry = createWireEntryChoice(allEntries, (family) => familiesWithCode.has(family), parts.recognitionOf)
  const toCandidate = (template: FamilyTemplate): Candidate => ({ ...template, codeNeeded: needsCode(template.node) })
  const wholeTemplates = templates.map(toCandidate)
  // A list of answers, each of which is one by itself.
  const batches = declaration.envelope.batch === true ? templates.map(({ family, node }) => toCandidate({ family, node: { kind: 'each', of: 'errors', policy: 'always', item: node, map: undefined } })) : []
  const streamTemplates = stream === undefined ? wholeTemplates : [toCandidate({ family: undefined, node: stream }), ...wholeTemplates]

  function entryOf(found: FoundSlots, status: number | undefined, family: string | undefined): ChosenEntry | undefined {
    return chooseEntry({
      code: found.code,
      status,
      family,
      message: found.message,
      value: (name) => found.attributes.get(name) ?? detailOf(found, name),
    })
  }

  /** The contract's own reader has the first word. What it throws means "not mine". */
  function readIrregular(body: unknown, answer: ReaderAnswer): AnswerReading | undefined {
    try {
      const result = reader?.(body, answer)
      if (result === undefined) return undefined
      const found = toFoundSlots(result)
      const told = result.entry === undefined ? undefined : entries.get(result.entry)
      const status = found.status ?? answer.status
      const entry = told ?? entryOf(found, status, undefined)?.entry
      return { found, answer: { ...answer, status }, entry, isNamed: true, retryAfterSeconds: toSeconds(result.retryAfterSeconds), list: undefined }
    } catch {
      return undefined
    }
  }

  /** Of the templates that fit, the one that most of the body speaks for; of equals the one whose entries know the code. */
  function readTemplates(candidates: readonly Candidate[], body: unknown, answer: ReaderAnswer, tell?: (attempt: ReadingAttempt) => void): AnswerReading | undefined {
    let best: { reading: AnswerReading; score: number; family: string | undefined } | undefined
    const missed = (family: string | undefined, outcome: ReadingAttempt['outcome']): void => tell?.({ form: formOf(family), outcome })
    for (const { family, node, codeNeeded } of candidates) {
      const whole = readTemplate(node, body)
      if (whole === undefined) {
        missed(family, 'contradicted')
        continue
      }
      const list = whole.list?.of === 'errors' ? lists?.readList(whole.list, candidates === batches ? success : success?.item, (item) => entryOf(item, item.status ?? answer.status, family)?.entry) : undefined
      if (whole.list?.of === 'errors' && whole.list.length > 0 && list === undefined) {
        missed(family, 'silent')
        continue
      }
      const worst = list && lists?.worstOf(list.errors)
      const found = (worst && lists?.withItem(whole, worst.found)) ?? whole
      const issues = lists?.issuesIn(list?.errors ?? whole.list?.items ?? [])
      if (issues !== undefined && issues.length > 0) found.issues = issues
      fillFromHeaders(found, headerTexts, answer.headers, readTemplate)
      if (found.code === undefined && (codeNeeded || !saysSomething(found, answer.status))) {
        missed(family, codeNeeded ? 'codeless' : 'silent')
        continue
      }
      missed(family, 'fits')
      const { entry: chosen, isNamed = false } = entryOf(found, answer.status, family) ?? {}
      const entry = worst?.entry ?? chosen
      if (found.nested && !(answer.status === undefined || answer.status >= 400) && !holdsOnly(node, body)) found.nested = false
      const score = found.literals * 4 + (found.message === undefined ? 0 : 2) + (entry !== undefined && entry.family === family ? 1 : 0)
      if (best === undefined || score > best.score) best = { reading: { found, answer, entry, isNamed, retryAfterSeconds: undefined, list }, score, family }
    }
    if (best === undefined) return undefined
    const isBelieved = isBelievable(best.reading, body)
    tell?.({ form: formOf(best.family), outcome: isBelieved ? 'read' : 'doubted', reading: best.reading })
    return isBelieved ? best.reading : undefined
  }

  /** See the opening comment. */
  function isBelievable({ found, isNamed, answer: { status, event } }: AnswerReading, body: unknown): boolean {
    if (found.marks > 0 || found.nested) return true
    if (status === undefined) return stream !== undefined && (isNamed || (event !== undefined && event === declaration.envelope.stream?.event))
    if (status >= 400 || (success !== undefined && !success.fits(body))) return true
    return isNamed
  }

  return (body, text, answer, tell) => {
    const irregular = readIrregular(body ?? text, answer)
    if (irregular !== undefined) tell?.({ form: 'reader', outcome: 'read', reading: irregular })
    if (irregular !== undefined || body === undefined) return irregular
    if (answer.status !== undefined) return readTemplates(batches.length > 0 && Array.isArray(body) ? batches : wholeTemplates, body, answer, tell)
    const { stream: form } = declaration.envelope
    return form === undefined || isStreamErrorName(form, answer.event) ? readTemplates(streamTemplates, body, answer) : undefined
  }
}

interface Candidate extends FamilyTemplate {
  readonly codeNeeded: boolean
}

export function detailOf({ details, named }: FoundSlots, name: string): JsonValue | undefined {
  return details !== undefined && Object.hasOwn(details, name) ? details[name] : named.get(name)
}

/** Resources hold errors too: a task that failed is a success with an `error` beside its other members. */
export function holdsOnly(node: TemplateNode, body: unknown): boolean {
  if (node.kind === 'array' && Array.isArray(body)) return body.every((item, index) => index < node.items.length && holdsOnly(node.items[index] ?? node, item))
  if (node.kind !== 'object' || !isJsonObject(body)) return true
  const known = new Set(node.members.map((member) => (member.kind === 'member' ? member.key : '...')))
  return known.has('...') || Object.keys(body).every((key) => known.has(key))
}

/** Whether a body without a code says anything of an error at all. Where the status says that it is one, an empty sentence is one too. */
function saysSomething(found: FoundSlots, status: number | undefined): boolean {
  if (found.marks > 0 || found.holdsFields || found.issues !== undefined) return true
  return found.message !== undefined && (found.message !== '' || (status !== undefined && status >= 400))
}

/** A header fills only what the body leaves open. */
function fillFromHeaders(found: FoundSlots, texts: readonly HeaderText[], headers: ReaderAnswer['headers'], readTemplate: ReadTemplate): void {
  for (const { name, node } of texts) {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined
    const said = value === undefined ? undefined : readTemplate(node, value)
    if (said !== undefined) fillFrom(found, said)
  }
}

/** A reader's arithmetic may end in anything. */
function toSeconds(value: number | undefined): number | undefined {
  return value !== undefined && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? Math.ceil(value) : undefined
}
