/** The errors of a contract as declarations of TypeScript: what stands on the wire, and a union that `code` and `entry` tell apart. No line of it runs. */
import type { JsonValue } from 'tollgate/contract'
import { typesOf, type ErrorSchema, type JsonTypeName } from '../openapi/json-schema-node.ts'
import { detailsSchema } from './details-schema.ts'
import { wordsOfDetail, type ErrorType, type ErrorTypes } from './error-types.ts'

export function typescriptTypes({ contract, title, errors, allName, stem }: ErrorTypes): string {
  const names = (suffix: string): string => errors.map(({ name }) => `\n  | ${name}${suffix}`).join('')
  return [
    comment([`The errors of ${title}, as they stand on the wire. Written by \`tollgate types ${contract.name}\`; do not edit.`], ''),
    ...errors.flatMap((error) => [...detailsOf(error), wireOf(error), bodyOf(error)]),
    `${comment(['Every error, told apart by `entry`, and by `code` as far as codes are told apart.'], '')}export type ${allName} =${names('')}\n`,
    `${comment(['What stands in the body of an answer that refuses.'], '')}export type ${allName}Body =${names("['body']")}\n`,
    `${comment(['The codes, as the API writes them.'], '')}export type ${stem}ErrorCode = ${allName}['code']\n`,
    `${comment(['The errors with one code.'], '')}export type ${allName}Of<Code extends ${stem}ErrorCode> = Extract<${allName}, { readonly code: Code }>\n`,
  ].join('\n')
}

function detailsOf({ details, detailsName, entry, facts }: ErrorType): readonly string[] {
  if (details.length === 0) return []
  const schema = detailsSchema(details, entry)
  const words = new Map(facts.map((fact) => [fact.wireName, wordsOfDetail(fact)]))
  const members = Object.entries(schema.properties ?? {}).map(([name, each]) => {
    const said = words.get(name) ?? ''
    return `${said === '' ? '' : comment([said], '  ')}  readonly ${toKey(name)}${schema.required?.includes(name) === true ? '' : '?'}: ${toType(each, '  ')}\n`
  })
  return [`export interface ${detailsName} {\n${members.join('')}}\n`]
}

function wireOf({ name, entry, words, details, detailsName }: ErrorType): string {
  const { id, code, status, sentAs, reason, retry, action } = entry
  const literals = { entry: id, code, status, sentAs, reason, retry, action }
  const members = Object.entries(literals).map(([member, value]) => `  readonly ${member}: ${quoted(value)}\n`)
  return `${comment(words, '')}export interface ${name} {\n${members.join('')}  readonly details: ${details.length === 0 ? 'Readonly<Record<string, never>>' : detailsName}\n  readonly body: ${name}Body\n}\n`
}

function bodyOf({ name, schema }: ErrorType): string {
  return `export type ${name}Body = ${toType(schema, '')}\n`
}

const plainTypes: { readonly [type in JsonTypeName]: string } = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null', object: '{ readonly [name: string]: unknown }', array: 'readonly unknown[]' }

/** `indent`: of the line on which it begins. */
export function toType(schema: ErrorSchema, indent: string): string {
  if (schema.const !== undefined) return quoted(schema.const)
  if (schema.anyOf !== undefined) return schema.anyOf.map((each) => inParts(toType(each, indent))).join(' | ')
  const types = typesOf(schema)
  if (types.length === 0) return 'unknown'
  return types.map((type) => (type === 'object' ? toObject(schema, indent) : type === 'array' ? toArray(schema, indent) : plainTypes[type])).join(' | ')
}

function toObject({ properties, required = [], additionalProperties }: ErrorSchema, indent: string): string {
  if (properties === undefined) return additionalProperties === undefined ? plainTypes.object : `{ readonly [name: string]: ${toType(additionalProperties, indent)} }`
  const inner = `${indent}  `
  const members = Object.entries(properties).map(([name, each]) => `${inner}readonly ${toKey(name)}${required.includes(name) ? '' : '?'}: ${toType(each, inner)}\n`)
  return members.length === 0 ? plainTypes.object : `{\n${members.join('')}${indent}}`
}

function toArray({ prefixItems, items }: ErrorSchema, indent: string): string {
  if (prefixItems === undefined) return items === undefined ? plainTypes.array : `readonly ${inParts(toType(items, indent))}[]`
  const rest = items === undefined ? 'unknown' : inParts(toType(items, indent))
  return `readonly [${[...prefixItems.map((each) => toType(each, indent)), `...${rest}[]`].join(', ')}]`
}

function inParts(type: string): string {
  return type.includes(' | ') || type.startsWith('readonly ') ? `(${type})` : type
}

export function toKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)
}

/** Nothing that stands in it ends it. */
export function comment(lines: readonly string[], indent: string): string {
  const texts = lines.flatMap((line) => line.split(/[\r\n\u2028\u2029]+/)).map((line) => line.trim().replaceAll('*/', '*\\/')).filter((line) => line !== '')
  const [only = '', ...others] = texts
  if (others.length === 0) return `${indent}/** ${only} */\n`
  return `${indent}/**\n${texts.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`
}

/** As it stands in the source: JSON, without the two breaks of lines that JSON has and older tools mind. */
export function quoted(value: JsonValue): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}
