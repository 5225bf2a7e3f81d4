/** Issues in the order in which the schema names its fields, so that the first one is the one that a reader of the docs would look at first. */
import { isGroup } from './group.ts'
import { resolvePointer } from './json-schema.ts'

/** The place of a field: for each step of its path the index among its schema's properties. Compare with `compareRanks`. */
export type Rank = readonly number[]

export function rankOf(root: unknown, path: readonly string[]): Rank {
  const rank: number[] = []
  let schemas: readonly unknown[] = expand(root, [root])
  for (const step of path) {
    const names = schemas.flatMap((schema) => (isGroup(schema) && isGroup(schema['properties']) ? Object.keys(schema['properties']) : []))
    const index = names.indexOf(step)
    const isItem = index === -1 && /^\d+$/.test(step)
    rank.push(index !== -1 ? index : isItem ? Number(step) : names.length)
    schemas = expand(root, schemas.flatMap((schema) => children(schema, step)))
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
  if (!isGroup(schema)) return []
  const properties = schema['properties']
  if (isGroup(properties) && Object.hasOwn(properties, step)) return [properties[step]]
  if (!/^\d+$/.test(step)) return []
  const prefix = schema['prefixItems']
  const positional = Array.isArray(prefix) ? (prefix as readonly unknown[])[Number(step)] : undefined
  return [positional ?? schema['items']]
}

/** The schemas and all that they bring in by `$ref`, `allOf`, `anyOf` and `oneOf`, each once: schemas may refer to themselves. */
function expand(root: unknown, schemas: readonly unknown[]): readonly unknown[] {
  const found = new Set<unknown>()
  const add = (schema: unknown): void => {
    if (!isGroup(schema) || found.has(schema)) return
    found.add(schema)
    if (typeof schema['$ref'] === 'string') add(resolvePointer(root, schema['$ref']))
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
      const parts = schema[keyword]
      if (Array.isArray(parts)) parts.forEach(add)
    }
  }
  schemas.forEach(add)
  return [...found]
}
