/** Whether schemas can be told apart by what they fix, and by which member. */
import type { JsonValue } from 'tollgate/contract'
import type { ErrorSchema } from './json-schema-node.ts'

/** What must stand there, by its place. */
function constantsIn(schema: ErrorSchema, place = ''): ReadonlyMap<string, JsonValue> {
  if (schema.const !== undefined) return new Map([[place, schema.const]])
  const inner = [
    ...Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name) === true),
    ...(schema.prefixItems ?? []).map((item, index) => [String(index), item] as const),
  ]
  return new Map(inner.flatMap(([name, each]) => [...constantsIn(each, `${place}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)]))
}

/** Of each two one place says two things, so that no value fits both. */
export function areDisjoint(schemas: readonly ErrorSchema[]): boolean {
  const constants = schemas.map((schema) => constantsIn(schema))
  return constants.every((one, index) => constants.slice(index + 1).every((other) => [...one].some(([place, value]) => other.has(place) && other.get(place) !== value)))
}

/** OpenAPI's discriminator is a member of the value itself, and a text. Undefined: there is no such member. */
export function tellingMember(parts: readonly { readonly schema: ErrorSchema; readonly ref: string }[]): { readonly propertyName: string; readonly mapping: { readonly [value: string]: string } } | undefined {
  const [first] = parts
  for (const propertyName of Object.keys(first?.schema.properties ?? {})) {
    const values = parts.map(({ schema, ref }) => [schema.required?.includes(propertyName) === true ? schema.properties?.[propertyName]?.const : undefined, ref] as const)
    if (values.every(([value]) => typeof value === 'string') && new Set(values.map(([value]) => value)).size === parts.length) return { propertyName, mapping: Object.fromEntries(values.map(([value, ref]) => [String(value), ref])) }
  }
  return undefined
}
