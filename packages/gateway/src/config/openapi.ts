/**
 * The JSON request schema of one operation of an OpenAPI document (3.0 or 3.1), as a schema of its own: every schema that it refers to is
 * copied beneath `$defs`. The dialect of 3.0 is turned into JSON Schema 2020-12.
 */
import { suggestion } from './nearest-name.ts'
import { isGroup } from './group.ts'
import { resolvePointer, type JsonSchema } from './json-schema.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
const JSON_MEDIA_TYPE = /^application\/(?:json|[\w.+-]+\+json)\s*(?:;|$)/i

export type OperationSchema = { readonly ok: true; readonly schema: JsonSchema } | { readonly ok: false; readonly message: string }

/** `operation` is an operationId, or `POST /v1/messages`. */
export function operationSchema(document: unknown, operation: string): OperationSchema {
  const version = isGroup(document) ? document['openapi'] : undefined
  if (typeof version !== 'string' || !/^3\.[01]\./.test(version)) return fault('it is not an OpenAPI 3.0 or 3.1 document')
  const operations = operationsOf(document)
  const found = operations.get(operation)
  if (found === undefined) return fault(`it has no operation "${operation}"${suggestion(operation, [...operations.keys()])}`)
  const body = follow(document, found['requestBody'])
  const content = isGroup(body) && isGroup(body['content']) ? body['content'] : {}
  const mediaType = Object.keys(content).find((type) => JSON_MEDIA_TYPE.test(type))
  const media = mediaType === undefined ? undefined : content[mediaType]
  const schema = isGroup(media) ? media['schema'] : undefined
  if (schema === undefined) return fault(`its operation "${operation}" has no JSON request body`)
  return bundle(document, schema, version.startsWith('3.0.'))
}

function fault(message: string): OperationSchema {
  return { ok: false, message }
}

/** By operationId and by `METHOD /path`. */
function operationsOf(document: unknown): Map<string, { readonly [name: string]: unknown }> {
  const operations = new Map<string, { readonly [name: string]: unknown }>()
  const paths = isGroup(document) && isGroup(document['paths']) ? document['paths'] : {}
  for (const [path, item] of Object.entries(paths)) {
    const resolved = follow(document, item)
    if (!isGroup(resolved)) continue
    for (const method of METHODS) {
      const operation = Object.hasOwn(resolved, method) ? resolved[method] : undefined
      if (!isGroup(operation)) continue
      const id = operation['operationId']
      if (typeof id === 'string') operations.set(id, operation)
      operations.set(`${method.toUpperCase()} ${path}`, operation)
    }
  }
  return operations
}

function follow(document: unknown, value: unknown): unknown {
  return isGroup(value) && typeof value['$ref'] === 'string' ? resolvePointer(document, value['$ref']) : value
}

function bundle(document: unknown, schema: unknown, isOpenApi30: boolean): OperationSchema {
  const names = new Map<string, string>()
  const definitions: Record<string, JsonSchema> = {}
  const missing: string[] = []

  /** The new place of what `ref` points at; copied there on first use, so that cycles end. */
  function place(ref: string): string {
    const known = names.get(ref)
    if (known !== undefined) return known
    const target = resolvePointer(document, ref)
    const name = `#/$defs/${names.size + 1}`
    names.set(ref, name)
    if (target === undefined) missing.push(ref)
    else definitions[String(names.size)] = convert(target) as JsonSchema
    return name
  }

  function convert(value: unknown): unknown {
    if (!isGroup(value)) return value
    const converted: Record<string, unknown> = {}
    for (const [keyword, inner] of Object.entries(value)) {
      if (keyword === '$ref' && typeof inner === 'string') converted['$ref'] = place(inner)
      else if (SCHEMA_MAPS.has(keyword) && isGroup(inner)) converted[keyword] = mapValues(inner, convert)
      else if (SCHEMA_LISTS.has(keyword) && Array.isArray(inner)) converted[keyword] = inner.map(convert)
      else if (SCHEMAS.has(keyword)) converted[keyword] = convert(inner)
      else converted[keyword] = inner
    }
    withoutReadOnly(converted, value)
    return isOpenApi30 ? fromOpenApi30(converted) : converted
  }

  const converted = convert(schema)
  if (missing.length > 0) {
    return fault(`it refers to ${missing.join(', ')}, which is not in it; references to other documents are never fetched`)
  }
  const root = isGroup(converted) ? converted : { allOf: [converted] }
  return { ok: true, schema: { ...root, $defs: definitions } }
}

const SCHEMA_MAPS = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs'])
const SCHEMA_LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const SCHEMAS = new Set(['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames', 'unevaluatedItems', 'unevaluatedProperties'])

function mapValues(record: { readonly [name: string]: unknown }, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}

/** What only answers carry cannot be required of requests. */
function withoutReadOnly(converted: Record<string, unknown>, { required, properties }: { readonly [keyword: string]: unknown }): void {
  if (!Array.isArray(required) || !isGroup(properties)) return
  converted['required'] = required.filter((name: unknown) => {
    const property = typeof name === 'string' && Object.hasOwn(properties, name) ? properties[name] : undefined
    return !(isGroup(property) && property['readOnly'] === true)
  })
}

/** 3.0 has the boolean bounds of draft-04 and `nullable`. */
function fromOpenApi30(schema: Record<string, unknown>): Record<string, unknown> {
  const { nullable, ...rest } = schema
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (rest[exclusive] === true) {
      rest[exclusive] = rest[bound]
      delete rest[bound]
    } else if (rest[exclusive] === false) delete rest[exclusive]
  }
  if (nullable !== true) return rest
  if (typeof rest['type'] === 'string') return { ...rest, type: [rest['type'], 'null'], ...(Array.isArray(rest['enum']) && { enum: [...new Set([...rest['enum'], null])] }) }
  return { anyOf: [rest, { type: 'null' }] }
}
