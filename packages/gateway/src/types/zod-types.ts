/** The errors of a contract as schemas of Zod 4, with a table of their rules. */
import { typesOf, type ErrorSchema, type JsonTypeName } from '../openapi/json-schema-node.ts'
import type { ErrorType, ErrorTypes } from './error-types.ts'
import { comment, quoted, toKey } from './typescript-types.ts'

export function zodTypes({ contract, title, errors, allName, stem }: ErrorTypes): string {
  const table = `${stem.slice(0, 1).toLowerCase()}${stem.slice(1)}Errors`
  const used = new Set([...errors.map(({ name }) => name), allName, 'z'])
  const tableName = used.has(table) ? `${table}Table` : table
  return [
    `${comment([`The bodies of the errors of ${title}. Written by \`tollgate types ${contract.name} --to zod\`; do not edit.`], '')}import { z } from 'zod'\n`,
    ...errors.map(({ name, schema, words }) => `${comment(words, '')}export const ${name} = ${toZod(schema, '')}\nexport type ${name} = z.infer<typeof ${name}>\n`),
    `${comment(['Any of them.'], '')}export const ${allName} = z.union([${errors.map(({ name }) => name).join(', ')}])\nexport type ${allName} = z.infer<typeof ${allName}>\n`,
    `${comment(['Each with its rules, by the id of its entry.'], '')}export const ${tableName} = {\n${errors.map(rowOf).join('')}} as const\n`,
  ].join('\n')
}

function rowOf({ name, entry: { id, code, status, sentAs, reason, retry, action } }: ErrorType): string {
  const facts = Object.entries({ code, status, sentAs, reason, retry, action }).map(([member, value]) => `${member}: ${quoted(value)}`)
  return `  ${toKey(id)}: { ${facts.join(', ')}, body: ${name} },\n`
}

function toZod(schema: ErrorSchema, indent: string): string {
  if (schema.const !== undefined) return `z.literal(${quoted(schema.const)})`
  if (schema.anyOf !== undefined) return `z.union([${schema.anyOf.map((each) => toZod(each, indent)).join(', ')}])`
  const types = typesOf(schema)
  const [only, ...others] = types.map((type) => ofType[type](schema, indent))
  if (only === undefined) return 'z.unknown()'
  return others.length === 0 ? only : `z.union([${[only, ...others].join(', ')}])`
}

const ofType: { readonly [type in JsonTypeName]: (schema: ErrorSchema, indent: string) => string } = {
  string: ({ format, pattern }) => (format === 'date-time' ? 'z.iso.datetime({ offset: true })' : pattern === undefined ? 'z.string()' : `z.string().regex(new RegExp(${quoted(pattern)}))`),
  integer: ({ minimum }) => `z.int()${minimum === undefined ? '' : `.min(${minimum})`}`,
  number: ({ minimum }) => `z.number()${minimum === undefined ? '' : `.min(${minimum})`}`,
  boolean: () => 'z.boolean()',
  null: () => 'z.null()',
  object: toZodObject,
  array: toZodArray,
}

/** Open, as the API is: what it says more tomorrow is kept. */
function toZodObject({ properties, required = [], additionalProperties }: ErrorSchema, indent: string): string {
  if (properties === undefined && additionalProperties !== undefined) return `z.record(z.string(), ${toZod(additionalProperties, indent)})`
  const inner = `${indent}  `
  const members = Object.entries(properties ?? {}).map(([name, each]) => `${inner}${toKey(name)}: ${toZod(each, inner)}${required.includes(name) ? '' : '.optional()'},\n`)
  return members.length === 0 ? 'z.looseObject({})' : `z.looseObject({\n${members.join('')}${indent}})`
}

function toZodArray({ prefixItems, items, minItems }: ErrorSchema, indent: string): string {
  const rest = items === undefined ? 'z.unknown()' : toZod(items, indent)
  if (prefixItems !== undefined) return `z.tuple([${prefixItems.map((each) => toZod(each, indent)).join(', ')}]).rest(${rest})`
  return `z.array(${rest})${minItems === undefined ? '' : `.min(${minItems})`}`
}
