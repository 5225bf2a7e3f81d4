/** Issues in the order in which the schema names its fields, so that the first one is the one that a reader of the docs would look at first. */
import { isSchemaObject, resolvePointer } from './json-schema.ts'

/** The place of a field: for each step of its path the index among its schema's properties. Compare with `compareRanks`. */
export type Rank = readonly number[]

/** How far chains of `$ref` and `allOf` are followed. Beyond it the order is that of the validator. */
const DEPTH_MAX = 16

export function rankOf(root: unknown, path: readonly string[]): Rank {
  const rank: number[] = []
  let schemas: readonly unknown[] = expand(root, root, 0)
  for (const step of path) {
    const names = schemas.flatMap((schema) => (isSchemaObject(schema) && isSchemaObject(schema['properties']) ? Object.keys(schema['properties']) : []))
    const index = names.indexOf(step)
    const isItem = index === -1 && /^\d+$/.test(step)
    rank.push(index !== -1 ? index : isItem ? Number(step) : names.length)
    schemas = schemas.flatMap((schema) => children(schema, step)).flatMap((schema) => expand(root, schema, 0))
  }
  return rank
}

/** A parent comes before its children. */
export function compareRanks(one: Rank, other: Rank): number {
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0)
    if (difference !== 0) return difference
  }
  return one.length - other.length
}

function children(schema: unknown, step: string): readonly unknown[] {
  if (!isSchemaObject(schema)) return []
  const properties = schema['properties']
  if (isSchemaObject(properties) && Object.hasOwn(properties, step)) return [properties[step]]
  if (!/^\d+$/.test(step)) return []
  const prefix = schema['prefixItems']
  const positional = Array.isArray(prefix) ? (prefix as readonly unknown[])[Number(step)] : undefined
  return [positional ?? schema['items']]
}

/** The schema and all that it brings in by `$ref`, `allOf`, `anyOf` and `oneOf`. */
function expand(root: unknown, schema: unknown, depth: number): readonly unknown[] {
  if (!isSchemaObject(schema) || depth > DEPTH_MAX) return []
  const ref = schema['$ref']
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => (Array.isArray(schema[keyword]) ? (schema[keyword] as unknown[]) : []))
  const referred = typeof ref === 'string' ? [resolvePointer(root, ref)] : []
  return [schema, ...[...referred, ...parts].flatMap((part) => expand(root, part, depth + 1))]
}
