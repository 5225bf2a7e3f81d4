/** Makes the table of a dialect (`table-dialect.ts`), where plain JSON is all that it has. */
import type { EntryDeclaration } from '../declare/declaration.ts'
import { compact } from '../values/compact.ts'
import { slotsOf } from '../write/template.ts'
import type { DefinedDialect } from './dialect.ts'
import { shapesOf } from './envelope-shapes.ts'
import { partsMissing } from './parts/reading-parts.ts'
import { successesPart } from './parts/successes-part.ts'
import { successFactsOf } from './success-facts.ts'
import type { ReadingTable, TableEntry } from './table-dialect.ts'
import { needsCode } from './template-reading.ts'

/** Undefined: it has more than a table says. */
export function readingTableOf({ declaration, reader }: Pick<DefinedDialect, 'declaration' | 'reader'>): ReadingTable | undefined {
  const { envelope, entries, name, title, docs, requestId, rateLimitHeaders, alwaysStatus, idempotencyKey, language } = declaration
  if (partsMissing(declaration, reader, successesPart) !== '' || envelope.families !== undefined || envelope.stream !== undefined || envelope.contentType !== undefined) return undefined
  const { families: [whole], successTemplate } = shapesOf(declaration, successesPart)
  if (whole === undefined) return undefined
  const error = whole.node
  return compact({
    ...compact({ name, title, docs, rateLimitHeaders, alwaysStatus, idempotencyKey, language, requestId }),
    envelope,
    error,
    codes: needsCode(error) ? ('always' as const) : [...slotsOf(error)].some(({ kind }) => kind === 'code') ? ('sometimes' as const) : ('never' as const),
    success: successTemplate && successFactsOf(successTemplate, [error]),
    entries: Object.fromEntries(Object.entries(entries).map(([id, entry]) => [id, toTableEntry(entry)])),
  })
}

/** What only whoever writes needs. */
const written = new Set(['message', 'description', 'remedy', 'example', 'headers', 'when'])

function toTableEntry({ details, alsoFor, ...entry }: EntryDeclaration): TableEntry {
  return compact({
    ...Object.fromEntries(Object.entries(entry).filter(([name]) => !written.has(name))),
    // Only of a 503 it is asked whether something may have been done.
    alsoFor: entry.status === 503 ? alsoFor : undefined,
    details: details && Object.fromEntries(Object.entries(details).map(([name, text]) => [name, toReadDetail(text)])),
  }) as TableEntry
}

/** From which fact a detail is made matters to whoever writes it; whoever reads asks for two of them. */
function toReadDetail(text: NonNullable<EntryDeclaration['details']>[string]): typeof text {
  return / from (?:retryAfterMs|waitHelps)$/.test(text) ? text : (text.replace(/ from .*/, '') as typeof text)
}

