/** From a JSON Schema: a body that it may take, and bodies with one fault each. As far as people write schemas for requests: types, ranges, lengths, enums, nested objects. */
import { isGroup, type Group } from '../../config/read/group.ts'
import { resolvePointer } from '../../validation/json-pointer.ts'
import type { FieldFault } from './check-plan.ts'

const DEPTH_MAX = 8

/** `document`: what local references (`#/components/schemas/Thing`) lead into. */
export function sampleBody(schema: unknown, document: unknown, depth = 0): unknown {
  const known = resolved(schema, document)
  if (depth > DEPTH_MAX || !isGroup(known)) return null
  for (const given of ['example', 'default', 'const']) if (known[given] !== undefined) return known[given]
  for (const given of ['examples', 'enum']) if (Array.isArray(known[given]) && known[given].length > 0) return (known[given] as readonly unknown[])[0]
  const [branch] = [known['oneOf'], known['anyOf']].flatMap((branches) => (Array.isArray(branches) ? [branches[0] as unknown] : []))
  if (branch !== undefined && known['properties'] === undefined) return sampleBody(branch, document, depth + 1)
  const type = typeOf(known)
  if (type === 'object') {
    const properties = propertiesOf(known, document)
    return Object.fromEntries(requiredOf(known, document).map((name) => [name, sampleBody(properties[name], document, depth + 1)]))
  }
  if (type === 'array') return Array.from({ length: Math.max(1, Number(known['minItems'] ?? 1)) }, () => sampleBody(known['items'], document, depth + 1))
  if (type === 'string') return textFor(known)
  if (type === 'integer' || type === 'number') return Number(known['minimum'] ?? (known['exclusiveMinimum'] === undefined ? (known['maximum'] ?? 1) : Number(known['exclusiveMinimum']) + 1))
  return type === 'boolean' ? true : null
}

/** Of the fields of `body`, which the schema takes; nested ones too. */
export function faultsOf(schema: unknown, document: unknown, body: unknown): readonly FieldFault[] {
  return faultsAt(schema, document, body, [], (value) => value)
}

function faultsAt(schema: unknown, document: unknown, body: unknown, path: readonly string[], inWhole: (value: unknown) => unknown): readonly FieldFault[] {
  const known = resolved(schema, document)
  if (!isGroup(known) || !isGroup(body) || path.length > 2) return []
  const properties = propertiesOf(known, document)
  const required = new Set(requiredOf(known, document))
  return Object.entries(properties).flatMap(([name, property]) => {
    const field = [...path, name].join('.')
    const as = (value: unknown): unknown => inWhole({ ...body, [name]: value })
    const rules = resolved(property, document)
    if (!isGroup(rules)) return []
    const { [name]: _, ...without } = body
    return [
      ...(required.has(name) && Object.hasOwn(body, name) ? [{ field, rule: 'required', kind: 'missing' as const, body: inWhole(without) }] : []),
      ...wrongTypes(rules).map((value) => ({ field, rule: 'type', kind: 'type' as const, body: as(value) })),
      ...outOfRange(rules).map(([rule, value]) => ({ field, rule, kind: 'range' as const, body: as(value) })),
      ...(Object.hasOwn(body, name) ? faultsAt(property, document, body[name], [...path, name], as) : []),
    ]
  })
}

/** One that none of its types takes. Where an enum says what there is, what it is made of is no rule of its own. */
function wrongTypes(rules: Group): readonly unknown[] {
  const types = [rules['type']].flat()
  if (types.length === 0 || types[0] === undefined) return []
  const found = [['string', 'no such type'], ['number', 12.5], ['object', { tollgate: 'check' }], ['boolean', true]].find(([type]) => !types.includes(type) && !(type === 'number' && types.includes('integer')))
  return found === undefined ? [] : [found[1]]
}

function outOfRange(rules: Group): readonly (readonly [rule: string, value: unknown])[] {
  const figure = (name: string): number | undefined => (typeof rules[name] === 'number' ? rules[name] : undefined)
  const [least, most, longest, shortest] = [figure('minimum'), figure('maximum'), figure('maxLength'), figure('minLength')]
  return [
    ...(least === undefined ? [] : [['minimum', least - 1] as const]),
    ...(most === undefined ? [] : [['maximum', most + 1] as const]),
    ...(longest === undefined || longest > 1_000_000 ? [] : [['maxLength', 'x'.repeat(longest + 1)] as const]),
    ...(shortest === undefined || shortest < 1 || longest !== undefined ? [] : [['minLength', ''] as const]),
    ...(Array.isArray(rules['enum']) && rules['enum'].every((each) => typeof each === 'string') ? [['enum', 'no-such-value'] as const] : []),
  ]
}

/** A schema behind references, with the properties of its `allOf` beside its own. */
export function resolved(schema: unknown, document: unknown, depth = 0): unknown {
  if (!isGroup(schema) || depth > DEPTH_MAX) return schema
  const { $ref: reference, ...beside } = schema
  if (typeof reference !== 'string') return schema
  const target = reference.startsWith('#') ? resolvePointer(document, reference.slice(1)) : undefined
  const known = resolved(target, document, depth + 1)
  return isGroup(known) ? { ...known, ...beside } : undefined
}

function partsOf(schema: Group, document: unknown): readonly Group[] {
  const all = Array.isArray(schema['allOf']) ? schema['allOf'].map((each) => resolved(each, document)).filter(isGroup) : []
  return [schema, ...all.filter((each) => each['if'] === undefined)]
}

function propertiesOf(schema: Group, document: unknown): Group {
  return Object.assign({}, ...partsOf(schema, document).map(({ properties }) => properties))
}

function requiredOf(schema: Group, document: unknown): readonly string[] {
  return partsOf(schema, document).flatMap(({ required }) => (Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []))
}

function typeOf(schema: Group): unknown {
  const type = Array.isArray(schema['type']) ? (schema['type'] as readonly unknown[]).find((each) => each !== 'null') : schema['type']
  return type ?? (isGroup(schema['properties']) || Array.isArray(schema['allOf']) ? 'object' : undefined)
}

const formats: { readonly [format: string]: string } = {
  date: '2026-01-02', 'date-time': '2026-01-02T03:04:05Z', email: 'nobody@example.com', uri: 'https://example.com/', url: 'https://example.com/', uuid: '00000000-0000-4000-8000-000000000000',
}

function textFor(rules: Group): string {
  const format = rules['format']
  const known = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined
  return known ?? 'sample'.padEnd(Number(rules['minLength'] ?? 0), '-').slice(0, Number(rules['maxLength'] ?? 200))
}
