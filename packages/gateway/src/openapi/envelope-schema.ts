/**
 * What stands on the wire, as JSON Schema: the template of an envelope, filled with one entry, says which member is there, of which type, and what the entry
 * fixes. It follows the writer (`write-template.ts` of the library) slot by slot; a test holds answers of all shipped contracts against it.
 *
 * Objects stay open: an API may say more tomorrow, and who reads it must not mind. A detail without a suffix is promised and so required.
 */
import { bodyFormatOf, placedDetails, type BodyFormat, type Detail, type EachNode, type Entry, type Slot, type TemplateMember, type TemplateNode } from 'tollgate/contract'
import { detailSchema, textSchema } from './detail-schema.ts'
import { eitherOf, constantOf, nullable, typesOf, type ErrorSchema } from './json-schema-node.ts'
import { patternOf, starPattern } from './template-pattern.ts'

/** An entry with what it declares. */
export interface DeclaredEntry {
  readonly entry: Entry
  readonly details: readonly Detail[]
  /** Of a detail, in words. */
  readonly wordsOf?: ((name: string) => string | undefined) | undefined
}

export interface EnvelopeOptions {
  /** In which format the template is written; JSON where it is not said. */
  readonly contentType?: string | undefined
  /** The entries that an item of its list (`$errors`) may be, itself among them. */
  readonly listed?: readonly DeclaredEntry[]
}

interface Scope extends DeclaredEntry {
  readonly format: BodyFormat
  readonly placed: ReadonlySet<string>
  readonly listed: readonly DeclaredEntry[]
}

/** Whether a value is there: in every answer, in some, in none. */
type Presence = 'always' | 'sometimes' | 'never'

/** The schema of a body, or of a message, of this entry. A body of text is a text with a pattern; of XML and forms it is the tree that they say. */
export function envelopeSchema(template: TemplateNode, declared: DeclaredEntry, { contentType, listed = [declared] }: EnvelopeOptions = {}): ErrorSchema {
  return schemaOf(template, { ...declared, format: bodyFormatOf(contentType) ?? 'json', placed: placedDetails(template), listed })
}

function schemaOf(node: TemplateNode, scope: Scope): ErrorSchema {
  switch (node.kind) {
    case 'literal':
      return constantOf(node.value)
    case 'slot':
      return slotSchema(node.slot, scope)
    case 'text':
    case 'sentence': {
      const { constant, pattern } = patternOf(node.parts, scope.entry)
      return constant === undefined ? { type: 'string', pattern } : constantOf(constant)
    }
    case 'array':
      return arraySchema(node.items, scope)
    case 'each':
      return eachSchema(node, scope)
    case 'object':
      return objectSchema(node.members, scope)
  }
}

/** What is filled into a slot, and whether it always is. */
function fillingOf(slot: Slot, { entry, details, wordsOf }: Scope): { readonly filled: ErrorSchema; readonly presence: Presence } {
  switch (slot.kind) {
    case 'code':
      return { filled: codeSchema(entry), presence: entry.code !== '' || slot.policy === 'always' ? 'always' : 'never' }
    case 'status':
      return { filled: constantOf(entry.status), presence: 'always' }
    case 'message':
    case 'requestId':
      return { filled: { type: 'string' }, presence: 'always' }
    case 'timestamp':
      return { filled: { type: 'string', format: 'date-time' }, presence: 'always' }
    case 'attribute': {
      const value = entry.attributes !== undefined && Object.hasOwn(entry.attributes, slot.name) ? entry.attributes[slot.name] : undefined
      return value === undefined || value === null ? { filled: {}, presence: 'never' } : { filled: constantOf(value), presence: 'always' }
    }
    case 'detail': {
      const detail = details.find(({ name }) => name === slot.name)
      if (detail === undefined) return { filled: {}, presence: 'never' }
      return { filled: detailSchema({ ...detail, whenUnknown: 'required' }, entry, wordsOf?.(detail.name)), presence: detail.whenUnknown === 'required' ? 'always' : 'sometimes' }
    }
    case 'details':
      return { filled: objectOf(detailMembers(details, entry, wordsOf)), presence: presenceOfAll(details) }
    case 'fields':
      return { filled: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } }, presence: 'sometimes' }
    case 'request':
      // Whatever the caller has sent there, as long as it is small.
      return { filled: {}, presence: 'sometimes' }
    case 'path':
      return { filled: { type: 'array', items: { type: ['string', 'integer'] } }, presence: 'sometimes' }
    case 'field':
    case 'property':
    case 'pointer':
    case 'parameter':
    case 'in':
    case 'issue':
    case 'rule':
      return { filled: { type: 'string' }, presence: 'sometimes' }
    case 'docsUrl':
      return entry.docsUrl === undefined ? { filled: {}, presence: 'never' } : { filled: constantOf(entry.docsUrl), presence: 'always' }
    case 'data':
    case 'errors':
      return { filled: {}, presence: 'never' }
  }
}

function presenceOfAll(details: readonly Detail[]): Presence {
  if (details.length === 0) return 'never'
  return details.some(({ whenUnknown }) => whenUnknown !== 'absent') ? 'always' : 'sometimes'
}

/** With what stands there where it is empty. */
function slotSchema(slot: Slot, scope: Scope): ErrorSchema {
  const { filled, presence } = fillingOf(slot, scope)
  // An empty object is one of them.
  if (slot.policy === 'always' && (slot.kind === 'details' || slot.kind === 'fields')) return presence === 'never' ? { type: 'object' } : filled
  if (presence === 'always') return filled
  return presence === 'never' ? { type: 'null' } : nullable(filled)
}

/** The entry's own code, and those that its `read` takes: a service may say them in its place. */
function codeSchema({ code, read }: Entry): ErrorSchema {
  const own = constantOf(code)
  const others = typeof read === 'object' && !Array.isArray(read) ? [(read as { readonly code?: string | number | readonly (string | number)[] }).code ?? []].flat() : []
  return eitherOf([own, ...others.map((other) => (String(other).includes('*') ? { type: 'string' as const, pattern: starPattern(String(other)) } : constantOf(other)))])
}

interface Member {
  readonly name: string
  readonly schema: ErrorSchema
  readonly isRequired: boolean
}

function objectOf(members: readonly Member[]): ErrorSchema {
  const required = members.filter(({ isRequired }) => isRequired).map(({ name }) => name)
  const properties = Object.fromEntries(members.map(({ name, schema }) => [name, schema]))
  if (members.length === 0) return { type: 'object' }
  return required.length === 0 ? { type: 'object', properties } : { type: 'object', properties, required }
}

function detailMembers(details: readonly Detail[], entry: Entry, wordsOf?: DeclaredEntry['wordsOf']): readonly Member[] {
  return details.map((detail) => ({ name: detail.name, schema: detailSchema(detail, entry, wordsOf?.(detail.name)), isRequired: detail.whenUnknown !== 'absent' }))
}

function objectSchema(members: readonly TemplateMember[], scope: Scope): ErrorSchema {
  const { format, details, placed, entry, wordsOf } = scope
  const inFormat = (member: Member): readonly Member[] => (format === 'form' ? formMember(member) : format === 'xml' ? xmlMember(member) : [member])
  const written = members.flatMap((member): readonly Member[] => {
    if (member.kind === 'spread') return member.of === 'data' ? [] : detailMembers(details.filter(({ name }) => !placed.has(name)), entry, wordsOf)
    const { node, key, optional } = member
    const presence = optional ? saidIn(node, scope) : leavesOut(node) ? saidIn(node, scope) : 'always'
    if (presence === 'never') return []
    // What may be left out is left out where it is empty, and never null.
    return [{ name: key, schema: optional || leavesOut(node) ? wholeSchema(node, scope, optional) : schemaOf(node, scope), isRequired: presence === 'always' }]
  })
  return objectOf(written.flatMap(inFormat))
}

function leavesOut(node: TemplateNode): boolean {
  return (node.kind === 'slot' && node.slot.policy === 'absent') || (node.kind === 'each' && node.policy === 'absent')
}

/** Of a value that stands there only where it says something. `optional`: the members within it are left out in the same way. */
function wholeSchema(node: TemplateNode, scope: Scope, optional: boolean): ErrorSchema {
  if (node.kind === 'slot') return fillingOf(node.slot, scope).filled
  if (node.kind === 'each') return listSchema(node, scope)
  if (node.kind !== 'object' || !optional) return schemaOf(node, scope)
  return objectSchema(node.members.map((member) => (member.kind === 'member' && hasSlots(member.node) ? { ...member, optional: true } : member)), scope)
}

function hasSlots(node: TemplateNode): boolean {
  switch (node.kind) {
    case 'literal':
      return false
    case 'slot':
    case 'each':
      return true
    case 'text':
    case 'sentence':
      return node.parts.some((part) => typeof part !== 'string')
    case 'array':
      return node.items.some(hasSlots)
    case 'object':
      return node.members.some((member) => member.kind === 'spread' || hasSlots(member.node))
  }
}

/** Whether one of its slots has something to say. */
function saidIn(node: TemplateNode, scope: Scope): Presence {
  switch (node.kind) {
    case 'literal':
      return 'never'
    case 'slot':
      return fillingOf({ ...node.slot, policy: 'absent' }, scope).presence
    case 'each':
      return node.of === 'fields' ? 'sometimes' : node.of === 'errors' && node.map === undefined ? 'always' : 'sometimes'
    case 'text':
    case 'sentence':
      return most(node.parts.flatMap((part) => (typeof part === 'string' ? [] : [saidIn({ kind: 'slot', slot: part }, scope)])))
    case 'array':
      return most(node.items.map((item) => saidIn(item, scope)))
    case 'object':
      return most(node.members.map((member) => (member.kind === 'spread' ? presenceOfAll(scope.details.filter(({ name }) => !scope.placed.has(name))) : saidIn(member.node, scope))))
  }
}

function most(presences: readonly Presence[]): Presence {
  return presences.includes('always') ? 'always' : presences.includes('sometimes') ? 'sometimes' : 'never'
}

/** A tuple. The segments of a `$path` in it are items of their own, so that what stands behind it has no fixed place. */
function arraySchema(items: readonly TemplateNode[], scope: Scope): ErrorSchema {
  if (items.length === 0) return { type: 'array' }
  const isPath = (item: TemplateNode): boolean => item.kind === 'slot' && item.slot.kind === 'path'
  const at = items.findIndex(isPath)
  if (at === -1) return { type: 'array', prefixItems: items.map((item) => schemaOf(item, scope)), minItems: items.length }
  const rest = items.slice(at).map((item): ErrorSchema => (isPath(item) ? { type: ['string', 'integer'] } : schemaOf(item, scope)))
  const before = items.slice(0, at).map((item) => schemaOf(item, scope))
  return before.length === 0 ? { type: 'array', items: eitherOf(rest) } : { type: 'array', prefixItems: before, items: eitherOf(rest), minItems: before.length }
}

function eachSchema(node: EachNode, scope: Scope): ErrorSchema {
  const list = listSchema(node, scope)
  if (node.policy !== 'null') return list
  return node.of === 'errors' && node.map === undefined ? list : nullable(list)
}

function listSchema({ of, item, map }: EachNode, scope: Scope): ErrorSchema {
  const declared = of === 'errors' ? scope.listed : [scope]
  const items = eitherOf(declared.map((each) => schemaOf(item, { ...scope, ...each, placed: placedDetails(item) })))
  if (map !== undefined) return { type: 'object', additionalProperties: map.holds === 'all' ? { type: 'array', items } : items }
  return of === 'errors' ? { type: 'array', items, minItems: 1 } : { type: 'array', items }
}

/** In a form all is text, and what is null is left out. */
function formMember({ name, schema, isRequired }: Member): readonly Member[] {
  const isNullable = typesOf(schema).includes('null') || (schema.anyOf ?? []).some((each) => each.type === 'null')
  if (schema.type === 'null') return []
  return [{ name, schema: textSchema(schema), isRequired: isRequired && !isNullable && schema.type !== 'array' }]
}

/** In XML a key with an `@` is an attribute, and what is null is left out. */
function xmlMember({ name, schema, isRequired }: Member): readonly Member[] {
  const types = typesOf(schema).filter((type) => type !== 'null')
  if (schema.type === 'null') return []
  const stated: ErrorSchema = typesOf(schema).includes('null') ? { ...schema, type: types.length === 1 ? (types[0] ?? 'string') : types } : schema
  const required = isRequired && types.length === typesOf(schema).length && !types.includes('array')
  return name.startsWith('@') ? [{ name: name.slice(1), schema: { ...stated, xml: { attribute: true } }, isRequired: required }] : [{ name, schema: stated, isRequired: required }]
}
