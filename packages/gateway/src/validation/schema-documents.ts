/**
 * The documents that schemas stand in, and what their references mean: JSON pointers, anchors, `$id`s, and files beside the document. The network is
 * never asked.
 */
import { isGroup, type Group } from '../config/read/group.ts'
import { dialectNamed, schemaLists, schemaMaps, singleSchemas, type SchemaDialect } from './schema-dialect.ts'
import { resolvePointer } from './json-pointer.ts'
import type { Resource } from './schema-node.ts'

export type DocumentRead = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly message: string }

/** Reads a file by its `file:` URL. The message says why it cannot. */
export type ReadDocument = (url: URL) => DocumentRead

export type Resolved = { readonly ok: true; readonly value: unknown; readonly resource: Resource } | { readonly ok: false; readonly message: string }

export interface SchemaDocuments {
  /** `location`: an absolute URL. Asked twice for one location, it gives what it gave. */
  add(root: unknown, location: string, dialect: SchemaDialect): Resource
  /** `rawRef` as it stands in the resource. */
  resolve(rawRef: string, from: Resource): Resolved
  /** The resource of a schema that stands in this one. */
  resourceOf(schema: Group, within: Resource): Resource
}

export function createSchemaDocuments(read: ReadDocument): SchemaDocuments {
  const resources = new Map<string, Resource>()
  /** Of every schema that was walked through. */
  const owners = new Map<object, Resource>()
  const keyOf = (dialect: SchemaDialect, uri: string): string => `${dialect} ${uri}`

  function add(root: unknown, location: string, dialect: SchemaDialect): Resource {
    const known = resources.get(keyOf(dialect, location))
    if (known !== undefined) return known
    const named = isGroup(root) && typeof root['$schema'] === 'string' ? dialectNamed(root['$schema']) : undefined
    const resource = createResource(root, location, named ?? dialect, location)
    resources.set(keyOf(dialect, location), resource)
    walk(root, resource)
    // The anchors of an OpenAPI document stand in its components.
    const components = isGroup(root) && isGroup(root['components']) ? root['components']['schemas'] : undefined
    if (isGroup(components)) for (const schema of Object.values(components)) walk(schema, resource)
    // Known by its own name too, if it has one.
    const own = isGroup(root) ? owners.get(root) : undefined
    if (own !== undefined && own !== resource) resources.set(keyOf(dialect, location), own)
    return own ?? resource
  }

  /** Without recursion: a schema may be nested as deeply as its file allows. */
  function walk(start: unknown, within: Resource): void {
    const waiting: (readonly [unknown, Resource])[] = [[start, within]]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [schema, outer] = next
      if (!isGroup(schema) || owners.has(schema)) continue
      const resource = resourceWithin(schema, outer)
      owners.set(schema, resource)
      noteAnchors(schema, resource)
      for (const part of partsOf(schema)) waiting.push([part, resource])
    }
  }

  function resourceWithin(schema: Group, outer: Resource): Resource {
    const id = schema['$id']
    // Draft-07 ignores what stands beside a $ref.
    if (typeof id !== 'string' || id.startsWith('#') || (outer.dialect === 'draft-07' && typeof schema['$ref'] === 'string')) return outer
    const uri = absolute(id, outer.uri)?.replace(/#.*$/s, '')
    if (uri === undefined) return outer
    const dialect = typeof schema['$schema'] === 'string' ? (dialectNamed(schema['$schema']) ?? outer.dialect) : outer.dialect
    const resource = createResource(schema, uri, dialect, outer.location)
    resources.set(keyOf(outer.dialect, uri), resource)
    resources.set(keyOf(dialect, uri), resource)
    return resource
  }

  function loaded(uri: string, from: Resource): Resource | string {
    const known = resources.get(keyOf(from.dialect, uri))
    if (known !== undefined) return known
    if (!uri.startsWith('file:')) return 'which is not in it; references are never fetched, so copy it beneath $defs or into a file'
    const found = read(new URL(uri))
    return found.ok ? add(found.data, uri, from.dialect) : found.message
  }

  return {
    add,
    resolve(rawRef, from) {
      const [, ref = '', fragment = ''] = /^([^#]*)#?(.*)$/s.exec(rawRef) ?? []
      const uri = ref === '' ? from.uri : absolute(ref, from.uri)?.replace(/#.*$/s, '')
      let resource = ref === '' ? from : uri === undefined ? 'which is no URI reference' : loaded(uri, from)
      // A document that calls itself https://… and refers to a file that lies beside it.
      const beside = absolute(ref, from.location)
      if (typeof resource === 'string' && !/^[a-z][a-z0-9+.-]*:/i.test(ref) && beside?.startsWith('file:') === true && beside !== uri) resource = loaded(beside, from)
      if (typeof resource === 'string') return { ok: false, message: `the schema refers to ${rawRef}, ${resource}` }
      const target = fragment === '' ? { value: resource.root, resource } : fragment.startsWith('/') ? pointed(resource, fragment) : anchored(resource, fragment)
      if (target === undefined) return { ok: false, message: `the schema refers to ${rawRef}, which is not in ${ref === '' ? 'it' : ref}${ref === '' ? '; references are never fetched, so copy it beneath $defs or into a file' : ''}` }
      return { ok: true, ...target }
    },
    resourceOf(schema, within) {
      walk(schema, within)
      return owners.get(schema) ?? within
    },
  }

  function pointed(resource: Resource, pointer: string): { readonly value: unknown; readonly resource: Resource } | undefined {
    let owner = resource
    const value = resolvePointer(resource.root, pointer, (passed) => {
      if (isGroup(passed)) owner = owners.get(passed) ?? owner
    })
    return value === undefined ? undefined : { value, resource: owner }
  }

  function anchored(resource: Resource, fragment: string): { readonly value: unknown; readonly resource: Resource } | undefined {
    const value = resource.anchors.get(decoded(fragment))
    return value === undefined ? undefined : { value, resource }
  }
}

function createResource(root: unknown, uri: string, dialect: SchemaDialect, location: string): Resource {
  return { root, uri, dialect, location, anchors: new Map(), dynamicAnchors: new Map(), dynamicNodes: new Map() }
}

function noteAnchors(schema: Group, { anchors, dynamicAnchors }: Resource): void {
  const { $id: id, $anchor: anchor, $dynamicAnchor: dynamicAnchor } = schema
  if (typeof id === 'string' && id.startsWith('#')) anchors.set(id.slice(1), schema)
  if (typeof anchor === 'string') anchors.set(anchor, schema)
  if (typeof dynamicAnchor !== 'string') return
  anchors.set(dynamicAnchor, schema)
  dynamicAnchors.set(dynamicAnchor, schema)
}

function partsOf(schema: Group): readonly unknown[] {
  const parts: unknown[] = []
  for (const [keyword, value] of Object.entries(schema)) {
    if (Array.isArray(value)) {
      if (schemaLists.has(keyword)) parts.push(...(value as readonly unknown[]))
    } else if (singleSchemas.has(keyword)) parts.push(value)
    else if (schemaMaps.has(keyword) && isGroup(value)) parts.push(...Object.values(value))
  }
  return parts
}

function absolute(ref: string, base: string): string | undefined {
  try {
    return new URL(ref, base).href
  } catch {
    return undefined
  }
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
