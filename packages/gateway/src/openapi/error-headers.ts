/** The headers that errors carry, as components of an OpenAPI document: names, types and meaning follow from the contract and its examples. */
import { headerSets, type Contract, type JsonValue } from 'tollgate/contract'
import type { DescribedContract, DescribedEntry, DescribedHeader } from '../docs/model/described-contract.ts'
import type { ErrorSchema } from './json-schema-node.ts'

export interface ErrorHeaders {
  readonly components: { readonly [name: string]: { readonly [key: string]: unknown } }
  /** Of the answers of these entries: references by the names of the headers. */
  refsOf(answered: readonly DescribedEntry[]): { readonly [name: string]: { readonly $ref: string } }
}

/** Said of every answer of HTTP, and so of no interest here. `Content-Type` is ignored by OpenAPI itself. */
const unsaid = new Set(['content-type', 'cache-control', 'vary', 'content-length', 'date'])

export function errorHeaders(contract: Contract, { entries }: DescribedContract, prefix: string, mark: object): ErrorHeaders {
  const known = new Map<string, DescribedHeader[]>()
  const said = (header: DescribedHeader): boolean => !unsaid.has(header.name.toLowerCase())
  for (const { headers } of entries) for (const header of headers.filter(said)) known.set(header.name, [...(known.get(header.name) ?? []), header])
  const nameOf = (header: string): string => `${prefix}${header.replaceAll(/[^\w.-]/g, '_')}`
  const components = Object.fromEntries([...known].map(([name, all]) => {
    const schema = headerSchema(contract, name, all.map(({ value }) => value))
    const value = all[0]?.value ?? ''
    const example: JsonValue = schema.type === 'integer' || schema.type === 'number' ? Number(value) : value
    return [nameOf(name), { description: all[0]?.meaning || `The header ${name}.`, schema, example, ...mark }]
  }))
  return {
    components,
    refsOf: (answered: readonly DescribedEntry[]) =>
      Object.fromEntries([...new Set(answered.flatMap(({ headers }) => headers.filter(said).map(({ name }) => name)))].map((name) => [name, { $ref: `#/components/headers/${nameOf(name)}` }])),
  }
}

/** `values`: of the examples. */
function headerSchema({ declaration, requestIdHeader }: Contract, name: string, values: readonly string[]): ErrorSchema {
  if (name.toLowerCase() === 'retry-after') return { type: 'integer', minimum: 1 }
  if (name === requestIdHeader) return { type: 'string' }
  const sets = headerSets(declaration.rateLimitHeaders)
  if (sets.some(({ limit, remaining, used }) => [limit, remaining, used].includes(name))) return { type: values.every((value) => /^\d+$/.test(value)) ? 'integer' : 'number', minimum: 0 }
  const of = sets.find(({ reset }) => reset === name)
  const unit = of === undefined ? undefined : (of.resetUnit ?? 'seconds')
  if (unit === 'timestamp') return { type: 'string', format: 'date-time' }
  return unit === undefined || unit === 'date' || unit === 'duration' ? { type: 'string' } : { type: 'integer', minimum: 0 }
}
