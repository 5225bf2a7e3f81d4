/** The errors of a contract as one JSON Schema (2020-12), with a definition for each. */
import { areDisjoint } from '../openapi/disjoint-schemas.ts'
import type { ErrorSchema } from '../openapi/json-schema-node.ts'
import type { ErrorTypes } from './error-types.ts'

export function jsonSchemaTypes({ contract, title, errors, allName }: ErrorTypes): string {
  const refs = errors.map(({ name }) => ({ $ref: `#/$defs/${name}` }))
  const branches = areDisjoint(errors.map(({ schema }) => schema)) ? { oneOf: refs } : { anyOf: refs }
  const definitions = errors.map(({ name, entry, schema, words, example }) => {
    return [name, { title: entry.code === '' ? name : String(entry.code), description: words.join('\n'), ...(withoutXml(schema) as object), examples: [example] }]
  })
  const document = { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `urn:tollgate:${contract.name}:errors`, title: allName, description: `The bodies of the errors of ${title}. Written by tollgate types ${contract.name} --to json-schema; do not edit.`, ...branches, $defs: Object.fromEntries(definitions) as object }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** OpenAPI alone knows it. */
function withoutXml(schema: ErrorSchema): unknown {
  return JSON.parse(JSON.stringify(schema, (key, value: unknown) => (key === 'xml' && isXmlWords(value) ? undefined : value)))
}

/** A member of an answer may be called so, too. */
function isXmlWords(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).every((key) => key === 'attribute' || key === 'name') && !Object.values(value).some((each) => typeof each === 'object')
}
