/** One operation of an OpenAPI document (3.0, 3.1, 3.2): its parameters and its request body, with the documents in which their schemas stand. */
import { isGroup, type Group } from '../config/read/group.ts'
import { suggestion } from '../config/read/suggestion.ts'
import type { SchemaDialect } from './schema-dialect.ts'
import type { SchemaDocuments } from './schema-documents.ts'
import type { Resource } from './schema-node.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

export interface DocumentedOperation {
  /** `/things/{id}`, as the document has it. */
  readonly path: string
  readonly parameters: readonly Standing[]
  readonly body: Standing | undefined
}

/** Something of a document, and the document: references in it are relative to that. */
export interface Standing {
  readonly value: Group
  readonly resource: Resource
}

export type OperationFound = { readonly ok: true; readonly operation: DocumentedOperation } | { readonly ok: false; readonly message: string }

/** Undefined: it is no OpenAPI document that is understood here. */
export function openApiDialect(document: unknown): SchemaDialect | undefined {
  const version = isGroup(document) ? document['openapi'] : undefined
  if (typeof version !== 'string') return undefined
  if (version.startsWith('3.0.')) return 'openapi-3.0'
  return /^3\.[12]\./.test(version) ? 'openapi-3.1' : undefined
}

/** `wanted` is an operationId, or `POST /v1/messages`. */
export function findDocumentedOperation(documents: SchemaDocuments, root: Resource, wanted: string): OperationFound {
  let fault: string | undefined

  function follow(value: unknown, resource: Resource): Standing | undefined {
    let at = { value, resource }
    // A reference may lead to another one; nobody needs many.
    for (let steps = 0; isGroup(at.value) && typeof at.value['$ref'] === 'string'; steps += 1) {
      const resolved = steps < 16 ? documents.resolve(at.value['$ref'], at.resource) : { ok: false as const, message: `${at.value['$ref']} refers to itself without end` }
      if (!resolved.ok) {
        fault ??= resolved.message
        return undefined
      }
      at = resolved
    }
    return isGroup(at.value) ? { value: at.value, resource: at.resource } : undefined
  }

  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [])
  const followAll = (values: unknown, resource: Resource): readonly Standing[] => list(values).flatMap((each) => follow(each, resource) ?? [])

  const paths = isGroup(root.root) && isGroup(root.root['paths']) ? root.root['paths'] : {}
  const names: string[] = []
  for (const [path, written] of Object.entries(paths)) {
    const item = follow(written, root)
    if (item === undefined) continue
    for (const method of METHODS) {
      const operation = Object.hasOwn(item.value, method) ? follow(item.value[method], item.resource) : undefined
      if (operation === undefined) continue
      const { operationId: id, parameters, requestBody } = operation.value
      const ownName = `${method.toUpperCase()} ${path}`
      names.push(...(typeof id === 'string' ? [id] : []), ownName)
      if (wanted !== id && wanted !== ownName) continue
      // What other operations refer to is of no interest here.
      fault = undefined
      const own = followAll(parameters, operation.resource)
      const isOverridden = ({ value }: Standing): boolean => own.some(({ value: other }) => other['name'] === value['name'] && other['in'] === value['in'])
      const shared = followAll(item.value['parameters'], item.resource).filter((each) => !isOverridden(each))
      const body = follow(requestBody, operation.resource)
      return fault === undefined ? { ok: true, operation: { path, parameters: [...shared, ...own], body } } : { ok: false, message: fault }
    }
  }
  return { ok: false, message: fault ?? `it has no operation "${wanted}"${suggestion(wanted, names)}` }
}
