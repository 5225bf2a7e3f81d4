/** From a declaration to what reads it. */
import type { ContractDeclaration } from '../declare/declaration.ts'
import { detailsIn } from '../declare/details.ts'
import { toEntry } from '../declare/entry-rules.ts'
import { shapesOf } from './envelope-shapes.ts'
import { createErrorReader, type ErrorReader } from './read-error.ts'
import type { Reader } from './reader.ts'
import type { XmlParser } from './xml-tree.ts'

export function compileDialect(declaration: ContractDeclaration, { reader, parseXml }: { readonly reader?: Reader | undefined; readonly parseXml?: XmlParser | undefined }): ErrorReader {
  const { families, success, stream, frame } = shapesOf(declaration)
  const entries = new Map(Object.entries(declaration.entries).map(([id, entry]) => [id, toEntry(id, entry, declaration.alwaysStatus)]))
  const details = new Map([...entries].map(([id, entry]) => [id, detailsIn(entry)]))
  return createErrorReader({ declaration, entries, details, templates: families, success, stream, frame, reader, parseXml })
}
