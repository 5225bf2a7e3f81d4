/** The part of JSON Schema (2020-12) that the errors of a contract need: what makes it, what turns it into types, and nothing else. */
import type { JsonValue } from 'tollgate/contract'

export type JsonTypeName = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'object' | 'array'

/** `{}`: any value. */
export interface ErrorSchema {
  readonly $ref?: string
  readonly title?: string
  readonly description?: string
  readonly type?: JsonTypeName | readonly JsonTypeName[]
  readonly const?: JsonValue
  readonly properties?: { readonly [name: string]: ErrorSchema }
  readonly required?: readonly string[]
  readonly additionalProperties?: ErrorSchema
  readonly items?: ErrorSchema
  readonly prefixItems?: readonly ErrorSchema[]
  readonly minItems?: number
  readonly anyOf?: readonly ErrorSchema[]
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly xml?: { readonly name?: string; readonly attribute?: true }
}

export function typesOf({ type }: ErrorSchema): readonly JsonTypeName[] {
  return type === undefined ? [] : [type].flat() as readonly JsonTypeName[]
}

export function constantOf(value: JsonValue): ErrorSchema {
  if (value === null) return { type: 'null' }
  if (typeof value === 'string' || typeof value === 'boolean') return { type: typeof value as 'string' | 'boolean', const: value }
  return typeof value === 'number' ? { type: Number.isInteger(value) ? 'integer' : 'number', const: value } : { const: value }
}

/** Either of them, each once. */
export function eitherOf(schemas: readonly ErrorSchema[]): ErrorSchema {
  const each = new Map(schemas.flatMap((schema) => schema.anyOf !== undefined && Object.keys(schema).length === 1 ? schema.anyOf : [schema]).map((schema) => [JSON.stringify(schema), schema]))
  const [first = {}, ...others] = each.values()
  return others.length === 0 ? first : { anyOf: [...each.values()] }
}

export function nullable(schema: ErrorSchema): ErrorSchema {
  const types = typesOf(schema)
  if (types.length === 0 && schema.anyOf === undefined && schema.const === undefined) return schema
  if (types.includes('null')) return schema
  return types.length > 0 && schema.const === undefined ? { ...schema, type: [...types, 'null'] } : eitherOf([schema, { type: 'null' }])
}
