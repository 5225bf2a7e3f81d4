/** The JSON Schemas and OpenAPI documents of one configuration: each file is read once, and its schemas are made ready once, however many routes name it. */
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { BodyCheck, RequestCheck } from 'tollgate/gate'
import { checkOf } from '../../validation/body-check.ts'
import type { JsonSchema } from '../../validation/json-schema.ts'
import { findDocumentedOperation, openApiDialect } from '../../validation/openapi.ts'
import { createPartsCheck } from '../../validation/parts-check.ts'
import type { SchemaNode } from '../../validation/schema-node.ts'
import { createOperationCheck } from '../../validation/operation-check.ts'
import { createSchemaCompiler } from '../../validation/schema-compiler.ts'
import { createSchemaDocuments, type DocumentRead } from '../../validation/schema-documents.ts'
import type { Files } from '../read/files.ts'
import { isGroup } from '../read/group.ts'

export type CheckBuilt<T> = { readonly ok: true; readonly check: T } | { readonly ok: false; readonly message: string }

/** Schemas by the part of a request that they are for: in place, or the name of a file. */
export interface SchemaParts {
  readonly query?: Exclude<JsonSchema, boolean> | string | undefined
  readonly body?: Exclude<JsonSchema, boolean> | string | undefined
  readonly form?: Exclude<JsonSchema, boolean> | string | undefined
}

export interface Schemas {
  /** Written in the configuration itself; references are relative to that. */
  inline(schema: JsonSchema, note: (message: string) => void): CheckBuilt<BodyCheck>
  file(file: string, note: (message: string) => void): CheckBuilt<BodyCheck>
  parts(parts: SchemaParts, note: (message: string) => void): CheckBuilt<RequestCheck>
  operation(file: string, operation: string, routePath: string, note: (message: string) => void): CheckBuilt<RequestCheck>
}

export function createSchemas(files: Files): Schemas {
  const documents = createSchemaDocuments(read)
  const compiler = createSchemaCompiler(documents)
  let inlines = 0

  function read(url: URL): DocumentRead {
    const path = filePath(url)
    if (path === undefined) return { ok: false, message: 'which is no file of this machine' }
    const found = files.read(path)
    return found.ok ? { ok: true, data: found.source.data } : { ok: false, message: `but ${found.message}` }
  }

  function nodeOf(schema: JsonSchema, location: string, note: (message: string) => void): NodeBuilt {
    const compiled = compiler.compile(schema, documents.add(schema, location, '2020-12'), note)
    return compiled.ok ? { ok: true, check: compiled.node } : compiled
  }

  function inlineNode(schema: JsonSchema, note: (message: string) => void): NodeBuilt {
    return nodeOf(schema, pathToFileURL(files.pathOf(`(schema ${(inlines += 1)})`)).href, note)
  }

  function fileNode(file: string, note: (message: string) => void): NodeBuilt {
    const found = files.read(file)
    if (!found.ok) return found
    const { data } = found.source
    if (typeof data !== 'boolean' && !isGroup(data)) return { ok: false, message: `${file} holds no JSON Schema` }
    return inFile(file, nodeOf(data, pathToFileURL(files.pathOf(file)).href, note))
  }

  return {
    inline: (schema, note) => toBodyCheck(inlineNode(schema, note)),
    file: (file, note) => toBodyCheck(fileNode(file, note)),
    parts(parts, note) {
      const nodes: { -readonly [part in keyof SchemaParts]: SchemaNode } = {}
      for (const part of ['query', 'body', 'form'] as const) {
        const schema = parts[part]
        if (schema === undefined) continue
        const built = typeof schema === 'string' ? fileNode(schema, note) : inlineNode(schema, note)
        if (!built.ok) return { ok: false, message: `${part}: ${built.message}` }
        nodes[part] = built.check
      }
      return { ok: true, check: createPartsCheck(nodes) }
    },
    operation(file, operation, routePath, note) {
      const found = files.read(file)
      if (!found.ok) return found
      const dialect = openApiDialect(found.source.data)
      if (dialect === undefined) return inFile(file, { ok: false, message: 'it is not an OpenAPI document of version 3.0, 3.1 or 3.2' })
      const asked = findDocumentedOperation(documents, documents.add(found.source.data, pathToFileURL(files.pathOf(file)).href, dialect), operation)
      return inFile(file, asked.ok ? createOperationCheck(asked.operation, routePath, compiler, note) : asked)
    },
  }
}

type NodeBuilt = CheckBuilt<SchemaNode>

function toBodyCheck(built: NodeBuilt): CheckBuilt<BodyCheck> {
  return built.ok ? { ok: true, check: checkOf(built.check) } : built
}

function inFile<T>(file: string, built: CheckBuilt<T>): CheckBuilt<T> {
  return built.ok ? built : { ok: false, message: `${file}: ${built.message}` }
}

function filePath(url: URL): string | undefined {
  try {
    return fileURLToPath(url)
  } catch {
    return undefined
  }
}
