/**
 * The JSON Schema that editors get: the shape of the file, as zod says it, made fit for files as they are written and for strict validators.
 *
 * - A `${NAME}` may stand in any text, whatever the text must be once it is filled in. It is in no name: those are not filled.
 * - `format` means different things to different validators, or nothing; the pattern beside it says the same.
 */

const placeholder = String.raw`\$\{`

type Node = Record<string, unknown>

/** Not the file's own values: names, and what is said of others. */
const aside = new Set(['propertyNames', 'not', 'required', 'enum', 'const', 'default'])

/** What is in them has names of its own. */
const named = new Set(['properties', 'dependentSchemas', '$defs'])

export function toPublished(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toPublished)
  if (typeof node !== 'object' || node === null) return node
  const { format: _, minLength, ...kept } = node as Node
  const walked = Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, aside.has(key) ? value : named.has(key) ? eachPublished(value) : toPublished(value)]))
  const least = typeof minLength === 'number' && minLength > 1 ? { pattern: `^[^]{${minLength}}` } : compact({ minLength })
  return withoutTuple(withPlaceholder({ ...walked, ...least }))
}

function eachPublished(schemas: unknown): unknown {
  return Object.fromEntries(Object.entries(schemas as Node).map(([name, schema]) => [name, toPublished(schema)]))
}

function withPlaceholder(node: Node): Node {
  if (node['type'] !== 'string') return node
  if (typeof node['pattern'] === 'string') return { ...node, pattern: `${node['pattern']}|${placeholder}` }
  const { enum: values, const: value, ...rest } = node
  if (values === undefined && value === undefined) return node
  return { ...rest, anyOf: [values === undefined ? { const: value } : { enum: values }, { pattern: placeholder }] }
}

/** `[text, ...text]` is a list of at least one. */
function withoutTuple(node: Node): Node {
  const { prefixItems, ...rest } = node
  return Array.isArray(prefixItems) ? { ...rest, minItems: prefixItems.length } : node
}import { compact } from 'tollgate/contract'

