/** From a declaration to what reads it. */
import type { ContractDeclaration } from '../declare/declaration.ts'
import { detailsIn } from '../declare/details.ts'
import { toEntry } from '../declare/entry-rules.ts'
import { shapesOf } from './envelope-shapes.ts'
import { codecFor, type ReadingParts } from './parts/reading-parts.ts'
import { createErrorReader, type ErrorReader } from './read-error.ts'
import type { Reader } from './reader.ts'
import { createReadingFinder } from './reading.ts'

export function compileDialect(declaration: ContractDeclaration, reader: Reader | undefined, parts: ReadingParts): ErrorReader {
  const { families, success, stream, readTemplate } = shapesOf(declaration, parts)
  const entries = new Map(Object.entries(declaration.entries).map(([id, entry]) => [id, toEntry(id, entry, declaration.alwaysStatus)]))
  const details = new Map([...entries].map(([id, entry]) => [id, detailsIn(entry)]))
  const findReading = createReadingFinder({ declaration, entries, templates: families, success, stream, reader, parts, readTemplate })
  return createErrorReader({ declaration, details, success, parts, findReading, codec: codecFor(declaration.envelope.contentType, parts) })
}
