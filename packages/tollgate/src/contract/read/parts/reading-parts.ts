/**
 * What only some dialects need of the reading half. Each part is passed in where a declaration needs it, so that a browser loads no parser of XML for an API that
 * has none; `partsMissing` says which those are. A whole contract has all of them.
 */
import type { Entry } from '../../declare/contract.ts'
import type { ContractDeclaration } from '../../declare/declaration.ts'
import type { Detail } from '../../declare/details.ts'
import type { JsonValue } from '../../declare/facts.ts'
import type { WireIssue } from '../../declare/wire.ts'
import type { Grammar } from '../../write/template-grammar.ts'
import type { TemplateNode } from '../../write/template.ts'
import type { FoundSlots } from '../found-slots.ts'
import type { ResolvedList } from '../read-list.ts'
import type { Reader, ReaderAnswer } from '../reader.ts'
import type { Irregular } from '../irregular.ts'
import type { Recognition } from '../recognition.ts'
import type { SuccessForm } from '../success-form.ts'
import type { ReadTemplate, Walkers } from '../template-reading.ts'

/** One part, or several together: all members are functions, and none is needed by every dialect. */
export interface ReadingParts extends Grammar, Walkers {
  /** Answers that list errors, or fields at fault. */
  readonly lists?: ListsReader
  /** The form of successes, by which a refusal under 200 is told from one. */
  readonly successes?: SuccessReader
  /** Entries that are recognised by sentences, patterns of codes and other statuses. */
  readonly recognitionOf?: (entry: Entry) => Recognition
  /** Slots in headers. */
  readonly headerTextsOf?: (declaration: ContractDeclaration) => readonly HeaderText[]
  /** What the reader function of the dialect has understood. */
  readonly readIrregular?: (reader: Reader, body: unknown, answer: ReaderAnswer) => Irregular | undefined
  /** Dates of `Retry-After`, against the clock of the sender. */
  readonly parseDate?: (text: string, nowMs: number) => number | undefined
  /** Waits that stand in words, in seconds. */
  readonly toldWaitSeconds?: (text: string) => number | undefined
  readonly xml?: BodyCodec
  readonly form?: BodyCodec
  readonly text?: BodyCodec
}

/** Bodies that are not JSON. */
export interface BodyCodec {
  parseTemplate(template: unknown): TemplateNode
  /** Undefined: not of that format. */
  toBody(text: string): unknown
  /** A detail where all is text. */
  readonly fromText?: (detail: Detail, value: JsonValue) => JsonValue | undefined
}

export interface HeaderText {
  readonly name: string
  readonly node: TemplateNode
}

export interface SuccessReader {
  markShared(node: TemplateNode, others: readonly TemplateNode[]): TemplateNode
  createSuccessForm(success: TemplateNode, errors: readonly TemplateNode[], readTemplate: ReadTemplate): SuccessForm
}

export interface ListsReader {
  resolveList(whole: FoundSlots, success: SuccessForm | undefined, entryOf: (found: FoundSlots) => Entry | undefined): ResolvedList | undefined
  issuesIn(items: readonly { readonly found: FoundSlots }[]): readonly WireIssue[]
  fieldsFrom(issues: readonly WireIssue[]): { readonly [field: string]: readonly string[] } | undefined
}

/** Which of the parts a declaration needs and was not given, by the names under which they are passed. */
export function partsMissing({ envelope, headers, entries, waitInMessage }: ContractDeclaration, reader: Reader | undefined, parts: ReadingParts): string {
  const { error, success, families, stream, batch, contentType = '' } = envelope
  const templates = JSON.stringify({ error, success, families, data: stream?.data, batch })
  return [
    /\[|"\$each"|"batch":true/.test(templates) && !parts.lists && 'listsPart',
    success !== undefined && !parts.successes && 'successesPart',
    Object.values(entries).some(({ read }) => read) && !parts.recognitionOf && 'patternsPart',
    (/\{(?:\{|[A-Za-z_][\w.-]*\})/.test(templates) || contentType.startsWith('text/plain') || /[${]/.test(Object.values(headers ?? {}).join(''))) && !parts.text && 'textsPart',
    reader && !parts.readIrregular && 'readerPart',
    waitInMessage && !parts.toldWaitSeconds && 'waitsPart',
    isForm(contentType) && !parts.form && 'formsPart',
    isXml(contentType) && !parts.xml && 'xmlPart',
  ].filter(Boolean).join(', ')
}

/** How bodies of this media type are read; undefined: as JSON. */
export function codecFor(contentType: string | undefined = '', { xml, form, text }: ReadingParts): BodyCodec | undefined {
  return isXml(contentType) ? xml : isForm(contentType) ? form : /^text\/plain/i.test(contentType) ? text : undefined
}

function isXml(contentType: string): boolean {
  return /\bxml\s*(?:;|$)/i.test(contentType)
}

function isForm(contentType: string): boolean {
  return /-form-urlencoded/i.test(contentType)
}
