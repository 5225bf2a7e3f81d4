/** Details as JSON Schema: the wire form of each type. */
import type { Detail, DetailType, Entry } from 'tollgate/contract'
import { constantOf, nullable, typesOf, type ErrorSchema } from './json-schema-node.ts'

const schemas: { readonly [type in DetailType]: ErrorSchema } = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  strings: { type: 'array', items: { type: 'string' } },
  money: { type: 'number' },
  timestamp: { type: 'string', format: 'date-time' },
  unix: { type: 'integer', minimum: 0 },
  seconds: { type: 'integer', minimum: 0 },
  digits: { type: 'string', pattern: String.raw`^-?\d{1,40}$` },
  json: {},
}

/** What the type does not say by itself. */
const units: { readonly [type in DetailType]?: string } = {
  money: 'an amount, in major units',
  timestamp: 'an instant, UTC',
  unix: 'an instant, in seconds since 1970',
  seconds: 'a time, in seconds',
  digits: 'a whole number, as text',
}

/** A detail that is named like an attribute of its entry has that value, by which it is told from others. */
export function detailSchema({ name, type, whenUnknown }: Detail, { attributes }: Pick<Entry, 'attributes'>, words?: string): ErrorSchema {
  const constant = attributes !== undefined && Object.hasOwn(attributes, name) ? attributes[name] : undefined
  const schema = constant === undefined || constant === null ? schemas[type] : constantOf(constant)
  const stated = whenUnknown === 'null' ? nullable(schema) : schema
  const description = words ?? units[type]
  return description === undefined ? stated : { ...stated, description }
}

/** The same where all is text: in a form. */
export function textSchema(schema: ErrorSchema): ErrorSchema {
  const { description } = schema
  const text = textOf(schema)
  return description === undefined ? text : { ...text, description }
}

function textOf(schema: ErrorSchema): ErrorSchema {
  if (schema.const !== undefined) return constantOf(String(schema.const))
  const type = typesOf(schema).find((each) => each !== 'null')
  if (type === 'integer') return { type: 'string', pattern: String.raw`^-?\d+$` }
  // One of them comes alone.
  if (type === 'array') return { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }
  if (type !== 'string') return { type: 'string' }
  const { pattern, format } = schema
  if (pattern !== undefined) return { type: 'string', pattern }
  return format === undefined ? { type: 'string' } : { type: 'string', format }
}
