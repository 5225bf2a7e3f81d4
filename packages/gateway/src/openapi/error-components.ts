/**
 * The errors of a contract as parts of an OpenAPI document: a schema and an example for each entry, the headers that they carry, and responses, in which the
 * entries of one status stand beside each other. All of it bears a mark (`x-tollgate`), by which it is known as ours when it is written anew.
 */
import { STATUS_CODES } from 'node:http'
import type { Contract, RetryRule } from 'tollgate/contract'
import type { DescribedContract, DescribedEntry } from '../docs/model/described-contract.ts'
import { errorHeaders } from './error-headers.ts'
import { areDisjoint, tellingMember } from './disjoint-schemas.ts'
import { declaredErrors, type DeclaredError } from './declared-errors.ts'
import { readBody } from './read-body.ts'

export const MARK = 'x-tollgate'
export type OpenApiVersion = '3.1' | '3.2'

/** By name. */
type Parts = { readonly [name: string]: { readonly [key: string]: unknown } }

export interface ErrorComponents {
  readonly schemas: Parts
  readonly examples: Parts
  readonly headers: Parts
  /** The entries that are answered with each status that is one of an error, in the order of the contract. */
  readonly byStatus: ReadonlyMap<number, readonly string[]>
  /** What answers with one of these entries, which have one status. */
  responseOf(entries: readonly string[]): { readonly [key: string]: unknown }
  /** Of the response of all entries of a status. */
  responseName(status: number): string
  /** Of the schema of an event in a stream that says an error; undefined where the contract, or the version, has none. */
  readonly streamName: string | undefined
}

export interface ComponentOptions {
  readonly version: OpenApiVersion
  /** In front of all names. */
  readonly prefix: string
}

interface Part {
  readonly error: DeclaredError
  readonly described: DescribedEntry
  readonly schemaName: string
  readonly exampleName: string
}

export function errorComponents(contract: Contract, described: DescribedContract, { version, prefix }: ComponentOptions): ErrorComponents {
  const byId = new Map(described.entries.map((entry) => [entry.id, entry]))
  const factWords = (entry: string, detail: string): string | undefined => wordsOfFact(byId.get(entry), detail)
  const errors = declaredErrors(contract, factWords)
  const names = new Set<string>()
  const parts = errors.flatMap((error): readonly Part[] => {
    const entry = byId.get(error.entry.id)
    if (entry === undefined) return []
    const own = /^[\w.-]+$/.test(entry.id) ? `${prefix}${entry.id}` : `${prefix}${error.name}`
    const exampleName = names.has(own) ? `${own}.example` : own
    names.add(exampleName)
    return [{ error, described: entry, schemaName: `${prefix}${error.name}`, exampleName }]
  })
  const mark = { [MARK]: { contract: contract.name } }
  const contentType = (contract.declaration.envelope.contentType ?? 'application/json').replace(/;.*$/, '').trim()
  const headers = errorHeaders(contract, described, prefix, mark)
  const statuses = [...new Set(parts.map(({ described: { sentAs } }) => sentAs).filter((status) => status >= 300))].toSorted((a, b) => a - b)
  const byStatus = new Map(statuses.map((status) => [status, parts.flatMap(({ described: { id, sentAs } }) => (sentAs === status ? [id] : []))]))
  const streamName = version === '3.2' && contract.declaration.envelope.stream !== undefined ? `${prefix}ErrorEvent` : undefined
  const schemas = Object.fromEntries(parts.map(({ error, described: entry, schemaName }) => [schemaName, toSchema(contract, error, entry)]))

  return {
    schemas: streamName === undefined ? schemas : { ...schemas, [streamName]: eventSchema(contract, errors, mark) },
    examples: Object.fromEntries(parts.map((part) => [part.exampleName, toExample(part, contract, version, mark)])),
    headers: headers.components,
    byStatus,
    responseName: (status) => `${prefix}Error${status}`,
    streamName,
    responseOf: (ids) => {
      const answered = parts.filter(({ described: { id } }) => ids.includes(id))
      return {
        description: descriptionOf(answered.map((part) => part.described)),
        headers: headers.refsOf(answered.map((part) => part.described)),
        content: {
          [contentType]: {
            schema: schemaOfAll(answered),
            examples: Object.fromEntries(answered.map(({ exampleName }) => [exampleName, { $ref: `#/components/examples/${exampleName}` }])),
          },
        },
        ...mark,
      }
    },
  }
}

function wordsOfFact(entry: DescribedEntry | undefined, detail: string): string | undefined {
  const fact = entry?.facts.find(({ wireName }) => wireName === detail)
  if (fact === undefined) return undefined
  const unit = fact.unit === undefined || fact.unit === '' ? '' : ` (${fact.unit})`
  return fact.meaning === '' && unit === '' ? undefined : `${fact.meaning === '' ? 'A figure' : fact.meaning.replace(/\.$/, '')}${unit}.`
}

function toSchema({ name }: Contract, { entry, schema }: DeclaredError, { title, description }: DescribedEntry): { readonly [key: string]: unknown } {
  const { id, code, status, reason, retry, action } = entry
  return { title: code === '' ? title : String(code), description, ...schema, [MARK]: { contract: name, entry: id, status, reason, retry, action } }
}

/** What one answers is told apart by a constant, so that exactly one fits; where nothing tells them apart, several may. */
function schemaOfAll(parts: readonly Part[]): { readonly [key: string]: unknown } {
  const refs = parts.map(({ schemaName }) => ({ $ref: `#/components/schemas/${schemaName}` }))
  const [only, ...others] = refs
  if (only !== undefined && others.length === 0) return only
  const schemas = parts.map(({ error }) => error.schema)
  if (!areDisjoint(schemas)) return { anyOf: refs }
  const discriminator = tellingMember(parts.map(({ error, schemaName }) => ({ schema: error.schema, ref: `#/components/schemas/${schemaName}` })))
  return discriminator === undefined ? { oneOf: refs } : { oneOf: refs, discriminator }
}

function toExample({ error, described: { title, meaning, example } }: Part, { declaration }: Contract, version: OpenApiVersion, mark: object): { readonly [key: string]: unknown } {
  const { contentType } = declaration.envelope
  const value = readBody(example.answer.body, contentType, error.schema) ?? example.answer.body
  const isText = typeof value !== 'string' && /xml|form/.test(contentType ?? '')
  const stated = isText && version === '3.2' ? { dataValue: value, serializedValue: example.answer.body } : { value }
  return { summary: title, description: meaning, ...stated, ...mark }
}

/** What a program may do by itself, in a few words. */
const retryWords: { readonly [rule in RetryRule]: string } = { never: 'never', wait: 'after the wait that the answer tells', backoff: 'with growing pauses', refresh: 'once, with new credentials' }

function descriptionOf(entries: readonly DescribedEntry[]): string {
  const status = entries[0]?.sentAs ?? 500
  const phrase = STATUS_CODES[status] ?? `Status ${status}`
  const lines = entries.map(({ code, title, retry }) => `${code === '' ? '' : `\`${code}\`: `}${title}. Retry: ${retryWords[retry.rule]}.`)
  return lines.length === 1 ? `${phrase}. ${lines[0]}` : `${phrase}. One of:\n\n${lines.map((line) => `- ${line}\n`).join('')}`
}

/** An event of a stream (WHATWG HTML, section 9.2) whose data is an error. */
function eventSchema({ declaration }: Contract, errors: readonly DeclaredError[], mark: object): { readonly [key: string]: unknown } {
  const name = declaration.envelope.stream?.event
  const each = new Map(errors.flatMap(({ streamSchema }) => (streamSchema === undefined ? [] : [[JSON.stringify(streamSchema), streamSchema] as const])))
  const properties = { event: name === undefined ? { type: 'string' } : { const: name }, data: { type: 'string', contentMediaType: 'application/json', contentSchema: { anyOf: [...each.values()] } } }
  return { type: 'object', description: 'An event in the middle of a stream that says an error. The stream ends with it.', properties, required: name === undefined ? ['data'] : ['event', 'data'], ...mark }
}
