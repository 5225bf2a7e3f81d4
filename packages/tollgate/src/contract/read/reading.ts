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
import type { Reader, ReaderAnswer } from './reader.ts'
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
  const headerTexts = parts.headerTextsOf?.(declaration) ?? []
  const familiesWithCode = new Set(templates.flatMap(({ family, node }) => ([node, ...headerTexts.map((text) => text.node)].some((each) => [...slotsOf(each)].some(({ kind }) => kind === 'code')) ? [family] : [])))
  const chooseEntry = createWireEntryChoice([...entries.values()], (family) => familiesWithCode.has(family), parts.recognitionOf)
  const toCandidate = (family: string | undefined, node: TemplateNode, itemForm = success?.item): Candidate => ({ family, node, itemForm, codeNeeded: needsCode(node) })
  const wholeTemplates = templates.map(({ family, node }) => toCandidate(family, node))
  // A list of answers, each of which is one by itself.
  const batches = declaration.envelope.batch === true ? templates.map(({ family, node }) => toCandidate(family, { kind: 'each', of: 'errors', policy: 'always', item: node, map: undefined }, success)) : []
  const streamTemplates = stream === undefined ? wholeTemplates : [toCandidate(undefined, stream), ...wholeTemplates]

  function entryOf(found: FoundSlots, status: number | undefined, family: string | undefined): ChosenEntry | undefined {
    return chooseEntry({ code: found.code, status, family, message: found.message, value: (name) => found.attributes.get(name) ?? detailOf(found, name) })
  }

  /** The contract's own reader has the first word. */
  function understood(body: unknown, answer: ReaderAnswer): AnswerReading | undefined {
    const irregular = reader && parts.readIrregular?.(reader, body, answer)
    if (irregular === undefined) return undefined
    const { found, retryAfterSeconds } = irregular
    const status = found.status ?? answer.status
    const told = irregular.entry === undefined ? undefined : entries.get(irregular.entry)
    return { found, answer: { ...answer, status }, entry: told ?? entryOf(found, status, undefined)?.entry, isNamed: true, retryAfterSeconds, list: undefined }
  }

  function attempt({ family, node, itemForm, codeNeeded }: Candidate, body: unknown, answer: ReaderAnswer): ReadingAttempt & { readonly score: number } {
    const { status } = answer
    const missed = (outcome: ReadingAttempt['outcome']): ReturnType<typeof attempt> => ({ form: formOf(family), outcome, score: -1 })
    const whole = readTemplate(node, body)
    if (whole === undefined) return missed('contradicted')
    const resolved = parts.lists === undefined ? { found: whole, list: undefined, entry: undefined } : parts.lists.resolveList(whole, itemForm, (item) => entryOf(item, item.status ?? status, family)?.entry)
    if (resolved === undefined) return missed('silent')
    const { found, list } = resolved
    fillFromHeaders(found, headerTexts, answer.headers, readTemplate)
    if (found.code === undefined && (codeNeeded || !saysSomething(found, status))) return missed(codeNeeded ? 'codeless' : 'silent')
    const { entry: chosen, isNamed = false } = entryOf(found, status, family) ?? {}
    const entry = resolved.entry ?? chosen
    if (found.nested && status !== undefined && status < 400 && !holdsOnly(node, body)) found.nested = false
    const score = found.literals * 4 + (found.message === undefined ? 0 : 2) + (entry !== undefined && entry.family === family ? 1 : 0)
    return { form: formOf(family), outcome: 'fits', reading: { found, answer, entry, isNamed, retryAfterSeconds: undefined, list }, score }
  }

  /** Of the templates that fit, the one that most of the body speaks for; of equals the one whose entries know the code. */
  function readTemplates(candidates: readonly Candidate[], body: unknown, answer: ReaderAnswer, tell?: (attempt: ReadingAttempt) => void): AnswerReading | undefined {
    let best: ReturnType<typeof attempt> | undefined
    for (const candidate of candidates) {
      const tried = attempt(candidate, body, answer)
      tell?.({ form: tried.form, outcome: tried.outcome })
      if (tried.score > (best?.score ?? -1)) best = tried
    }
    if (best?.reading === undefined) return undefined
    const isBelieved = isBelievable(best.reading, body)
    tell?.({ form: best.form, outcome: isBelieved ? 'read' : 'doubted', reading: best.reading })
    return isBelieved ? best.reading : undefined
  }

  /** See the opening comment. */
  function isBelievable({ found, isNamed, answer: { status, event } }: AnswerReading, body: unknown): boolean {
    if (found.marks > 0 || found.nested) return true
    if (status === undefined) return stream !== undefined && (isNamed || (event !== undefined && event === declaration.envelope.stream?.event))
    return isNamed || status >= 400 || (success !== undefined && !success.fits(body))
  }

  return (body, text, answer, tell) => {
    const irregular = understood(body ?? text, answer)
    if (irregular !== undefined) tell?.({ form: 'reader', outcome: 'read', reading: irregular })
    if (irregular !== undefined || body === undefined) return irregular
    if (answer.status !== undefined) return readTemplates(batches.length > 0 && Array.isArray(body) ? batches : wholeTemplates, body, answer, tell)
    const { stream: form } = declaration.envelope
    return form === undefined || isStreamErrorName(form, answer.event) ? readTemplates(streamTemplates, body, answer) : undefined
  }
}

interface Candidate extends FamilyTemplate {
  /** Of a list: the form of an item that is no error. */
  readonly itemForm: SuccessForm | undefined
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
export function saysSomething(found: FoundSlots, status: number | undefined): boolean {
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
