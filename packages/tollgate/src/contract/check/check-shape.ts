/**
 * Holds a value against the schema of contracts. It knows exactly the keywords that `Schema` lists, except `pattern`: what has a grammar is parsed in
 * `check-contract.ts`, which can say more about a mistake than that a pattern does not match.
 */
import { nearestReason } from '../declare/nearest-reason.ts'
import { suggest, type ContractProblem } from './contract-error.ts'
import { contractSchema, type Schema, type SchemaType } from '../declare/contract-schema.ts'
import { nearestName } from './nearest-name.ts'

export function checkShape(value: unknown, schema: Schema = contractSchema, path = ''): readonly ContractProblem[] {
  const { $ref } = schema
  if ($ref !== undefined) return checkShape(value, contractSchema.$defs?.[$ref.replace('#/$defs/', '')] ?? {}, path)
  const at = path === '' ? 'contract' : path
  const types = typesOf(schema)
  const { anyOf: forms, ...rest } = schema
  const form = forms?.find(({ type }) => type !== undefined && isOfType(value, type))
  if (form !== undefined) return checkShape(value, { ...rest, ...form }, path)
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    return [{ path: at, value, problem: `is not ${types.map(nameOfType).join(' or ')}`, mend: mendOf(schema) }]
  }
  if (schema.enum !== undefined && !schema.enum.some((allowed) => allowed === value)) {
    return [{ path: at, value, problem: 'is not one of the known values', mend: suggestOneOf(value, schema.enum.map(String)) }]
  }
  if (typeof value === 'number') return checkRange(value, schema, at)
  if (typeof value === 'string') return value.length < (schema.minLength ?? 0) ? [{ path: at, value, problem: 'is empty', mend: mendOf(schema) }] : []
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) return [{ path: at, value, problem: 'is empty', mend: mendOf(schema) }]
    const { items } = schema
    // Lists that the schema leaves open are templates, which may be deep or cyclic: their own parser bounds them.
    return items === undefined ? [] : value.flatMap((item, index) => checkShape(item, items, `${at}[${index}]`))
  }
  return isObject(value) ? checkObject(value, schema, path) : []
}

function checkRange(value: number, { minimum = -Infinity, maximum = Infinity }: Schema, path: string): readonly ContractProblem[] {
  if (Number.isFinite(value) && value >= minimum && value <= maximum) return []
  const range = [...(minimum > -Infinity ? [`at least ${minimum}`] : []), ...(maximum < Infinity ? [`at most ${maximum}`] : [])]
  return [{ path, value, problem: 'is out of range', mend: `use ${range.join(', ') || 'a finite number'}` }]
}

function checkObject(value: { readonly [key: string]: unknown }, schema: Schema, path: string): readonly ContractProblem[] {
  const { properties = {}, required = [], additionalProperties, minProperties = 0 } = schema
  const inside = (key: string): string => (path === '' ? key : `${path}.${key}`)
  const problems: ContractProblem[] = []
  if (Object.keys(value).length < minProperties) problems.push({ path: path || 'contract', value, problem: 'is empty', mend: mendOf(schema) })
  const missing = required.filter((key) => own(value, key) === undefined)
  const misspelt = new Set<string>()
  for (const [key, member] of Object.entries(value)) {
    // A member that is undefined is one that was not given (TypeScript can write that; JSON cannot).
    if (member === undefined) continue
    const known = own(properties, key) ?? additionalProperties
    if (key === '__proto__') problems.push({ path: inside(key), problem: 'cannot be a name here', mend: 'choose another name' })
    else if (known === false) {
      const meant = Object.keys(properties).find((name) => own(value, name) === undefined && name === nearestName(key, Object.keys(properties)))
      if (meant !== undefined) misspelt.add(meant)
      problems.push({ path: inside(key), problem: 'is not known here', mend: suggestOneOf(key, Object.keys(properties)), meant: meant && inside(meant) })
    } else if (known !== undefined) problems.push(...checkShape(member, known, inside(key)))
  }
  for (const key of missing) if (!misspelt.has(key)) problems.push({ path: inside(key), problem: 'is missing', mend: mendOf(properties[key] ?? {}) })
  return problems
}

/** More would hide the rest of the message. */
const LISTED_MAX = 16

function suggestOneOf(value: unknown, names: readonly string[]): string {
  if (typeof value !== 'string') return suggest(undefined, `use one of ${names.join(', ')}`)
  const meant = names.includes('rate.limited') ? nearestReason(value) : undefined
  const others = names.length > LISTED_MAX ? `${names.slice(0, LISTED_MAX).join(', ')}, …: there are ${names.length}, see the JSON Schema of contracts` : names.join(', ')
  return suggest(nearestName(value, names) ?? meant, `use one of ${others}`)
}

function typesOf({ type, anyOf = [] }: Schema): readonly SchemaType[] {
  return type === undefined ? anyOf.flatMap((form) => form.type ?? []) : [type]
}

function isOfType(value: unknown, type: SchemaType): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function own<Value>(record: { readonly [key: string]: Value }, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function nameOfType(type: SchemaType): string {
  return type === 'null' ? 'null' : type === 'array' ? 'a list' : type === 'object' || type === 'integer' ? `an ${type}` : `a ${type}`
}

/** The description doubles as the advice; enumerations say their values. */
function mendOf(schema: Schema): string {
  const target = schema.$ref === undefined ? schema : (contractSchema.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? schema)
  if (target.enum !== undefined) return `use one of ${target.enum.join(', ')}`
  if (target.description !== undefined) return `expected: ${target.description}`
  const types = typesOf(target)
  return `write ${types.map(nameOfType).join(' or ') || 'what the schema of contracts says'}`
}
