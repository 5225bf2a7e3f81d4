/**
 * A dialect of plain JSON, worked out before it is shipped: its templates are parsed, its success is compared with its errors, and its prose is left out. What is left
 * to be loaded is the table and what walks it. `reading-table.ts` makes tables; a test holds what is read by them against the whole contract.
 */
import type { ContractDeclaration, EntryDeclaration } from '../declare/declaration.ts'
import { detailsIn } from '../declare/details.ts'
import { toEntry } from '../declare/entry-rules.ts'
import type { ReadError } from '../declare/wire.ts'
import type { TemplateNode } from '../write/template.ts'
import type { Dialect } from './dialect.ts'
import { createErrorReader } from './read-error.ts'
import { detailOf, holdsOnly, saysSomething, type FindReading } from './reading.ts'
import { createSuccessForm, type SuccessFacts } from './success-form.ts'
import { createTemplateReader } from './template-reading.ts'
import { createWireEntryChoice } from './wire-entry-choice.ts'

/** An entry without its prose, and without what only whoever writes needs. */
export type TableEntry = Omit<EntryDeclaration, 'message' | 'description'>

/** All that is needed to read one dialect. */
export interface ReadingTable extends Omit<ContractDeclaration, 'entries'> {
  readonly entries: { readonly [id: string]: TableEntry }
  readonly error: TemplateNode
  /** Whether an error says its code, and whether it always does. */
  readonly codes: 'always' | 'sometimes' | 'never'
  readonly success?: SuccessFacts
}

/** What a dialect reads, as a type. */
export type ReadBy<D> = D extends Dialect<infer Read> ? Read : never

export function tableDialect<Read = ReadError>({ error, codes, success: successFacts, ...table }: ReadingTable): Dialect<Read> {
  const readTemplate = createTemplateReader({})
  const success = successFacts && createSuccessForm(successFacts, readTemplate)
  const declaration: ContractDeclaration = { ...table, entries: Object.fromEntries(Object.entries(table.entries).map(([id, entry]) => [id, { message: '', description: '', ...entry }])) }
  const entries = Object.entries(declaration.entries).map(([id, entry]) => toEntry(id, entry, declaration.alwaysStatus))
  const chooseEntry = createWireEntryChoice(entries, () => codes !== 'never')

  const findReading: FindReading = (body, _text, answer) => {
    const { status } = answer
    const found = body === undefined ? undefined : readTemplate(error, body)
    if (found === undefined || (found.code === undefined && (codes === 'always' || !saysSomething(found, status)))) return undefined
    const { entry, isNamed = false } = chooseEntry({ code: found.code, status, family: undefined, message: found.message, value: (name) => found.attributes.get(name) ?? detailOf(found, name) }) ?? {}
    const isNested = found.nested && (status === undefined || !(status < 400) || holdsOnly(error, body))
    const isBelieved = found.marks > 0 || isNested || (status !== undefined && (isNamed || status >= 400 || success?.fits(body) === false))
    return isBelieved ? { found, answer, entry, isNamed, retryAfterSeconds: undefined, list: undefined } : undefined
  }

  const { read, readStreamEvent } = createErrorReader({ declaration, details: new Map(entries.map((entry) => [entry.id, detailsIn(entry)])), success, parts: {}, findReading, codec: undefined })
  // Each declared detail is held against its type by the reader: the types say no more than that.
  return { name: table.name, declaration, read: (answer) => read(answer) as Read | undefined, readStreamEvent: (event) => readStreamEvent(event) as Read | undefined }
}
