/**
 * Compiles a template for one entry into a writer that concatenates strings. Everything that the entry fixes (code, status, attributes, keys,
 * commas) is folded into constants at definition; only message, details, fields, id and time are written per answer.
 */
import type { EntryDeclaration } from '../declare/declaration.ts'
import type { Detail } from '../declare/details.ts'
import type { JsonValue } from '../declare/facts.ts'
import type { Slot, TemplateMember, TemplateNode } from './template.ts'
import type { WireError } from '../declare/wire.ts'

export type BodyWriter = (error: WireError) => string

/** Writes a piece of JSON; the empty string means that nothing stands there. */
type PieceWriter = (error: WireError) => string
type Part = string | PieceWriter

type EntryConstants = Pick<EntryDeclaration, 'code' | 'status' | 'attributes'>

export function compileWriter(node: TemplateNode, entry: EntryConstants, details: readonly Detail[]): BodyWriter {
  if (node.kind === 'text') return concatenate(node.parts.map((part) => (typeof part === 'string' ? part : asText(compileSlot(part, entry, details)))))
  return concatenate(compileNode(node, entry, details))
}

/** Folds neighbouring constants and runs the rest. */
function concatenate(parts: readonly Part[]): BodyWriter {
  let head = ''
  const steps: { readonly write: PieceWriter; after: string }[] = []
  for (const part of parts) {
    const last = steps.at(-1)
    if (typeof part !== 'string') steps.push({ write: part, after: '' })
    else if (last === undefined) head += part
    else last.after += part
  }
  if (steps.length === 0) return () => head
  return (error) => {
    let text = head
    for (const step of steps) text += step.write(error) + step.after
    return text
  }
}

function compileNode(node: TemplateNode, entry: EntryConstants, details: readonly Detail[]): readonly Part[] {
  switch (node.kind) {
    case 'literal':
      return [JSON.stringify(node.value)]
    case 'slot':
      // Outside an object nothing can be absent: null stands in.
      return [orNull(compileSlot(node.slot, entry, details))]
    case 'array':
      return ['[', ...node.items.flatMap((item, index) => [index === 0 ? '' : ',', ...compileNode(item, entry, details)]), ']']
    case 'object':
      return compileObject(node.members, entry, details)
    case 'text':
      return []
  }
}

interface Member {
  readonly parts: readonly Part[]
  /** Its one part may turn out empty, and then takes its comma with it. */
  readonly optional: boolean
}

/** Commas are decided here, not per answer: what stands before the first certain member brings its comma behind itself, all others before. */
function compileObject(members: readonly TemplateMember[], entry: EntryConstants, details: readonly Detail[]): readonly Part[] {
  const compiled = members.map((member) => compileMember(member, entry, details)).filter((member) => member.parts.length > 0)
  const firstCertain = compiled.findIndex((member) => !member.optional)
  if (firstCertain === -1) {
    const writers = compiled.flatMap((member) => member.parts)
    return [(error) => `{${writers.map((part) => run(part, error)).filter((text) => text !== '').join(',')}}`]
  }
  const parts = compiled.flatMap((member, index): readonly Part[] => {
    if (!member.optional) return index === firstCertain ? member.parts : [',', ...member.parts]
    return member.parts.map((part) => (error: WireError) => {
      const text = run(part, error)
      return text === '' ? '' : index < firstCertain ? `${text},` : `,${text}`
    })
  })
  return ['{', ...parts, '}']
}

function run(part: Part, error: WireError): string {
  return typeof part === 'string' ? part : part(error)
}

function compileMember(member: TemplateMember, entry: EntryConstants, details: readonly Detail[]): Member {
  if (member.kind === 'spread') return { parts: details.length === 0 ? [] : [writeMembers(details)], optional: true }
  const key = `${JSON.stringify(member.key)}:`
  if (member.node.kind !== 'slot' || member.node.slot.policy !== 'absent') {
    return { parts: [key, ...compileNode(member.node, entry, details)], optional: false }
  }
  const value = compileSlot(member.node.slot, entry, details)
  if (typeof value === 'string') return { parts: value === '' ? [] : [key + value], optional: false }
  return {
    parts: [
      (error) => {
        const text = value(error)
        return text === '' ? '' : key + text
      },
    ],
    optional: true,
  }
}

/** The slot's JSON; empty only where its policy says absent. */
function compileSlot(slot: Slot, entry: EntryConstants, details: readonly Detail[]): Part {
  const empty = slot.policy === 'absent' ? '' : 'null'
  switch (slot.kind) {
    case 'code':
      return entry.code === '' && slot.policy !== 'always' ? empty : JSON.stringify(entry.code)
    case 'status':
      return String(entry.status)
    case 'data':
      return 'null'
    case 'attribute': {
      const value = entry.attributes !== undefined && Object.hasOwn(entry.attributes, slot.name) ? entry.attributes[slot.name] : undefined
      return value === undefined || value === null ? empty : JSON.stringify(value)
    }
    case 'detail': {
      const { name } = slot
      if (!details.some((detail) => detail.name === name)) return empty
      return (error) => {
        const value = Object.hasOwn(error.details, name) ? error.details[name] : undefined
        return value === undefined || value === null ? empty : writeJson(value)
      }
    }
    case 'details': {
      const none = slot.policy === 'always' ? '{}' : empty
      if (details.length === 0) return none
      const members = writeMembers(details)
      return (error) => {
        const text = members(error)
        return text === '' ? none : `{${text}}`
      }
    }
    case 'fields': {
      const none = slot.policy === 'always' ? '{}' : empty
      return ({ fields }) => (fields === undefined || Object.keys(fields).length === 0 ? none : JSON.stringify(fields))
    }
    case 'message':
    case 'requestId':
    case 'timestamp': {
      const { kind } = slot
      const none = slot.policy === 'always' ? '""' : empty
      return (error) => {
        const value = error[kind]
        return value === undefined || value === '' ? none : quote(value)
      }
    }
  }
}

/** `"a":1,"b":2`: the declared details that the error has, in declared order, and no others. */
function writeMembers(details: readonly Detail[]): PieceWriter {
  const members = details.map(({ name }) => ({ name, key: `${JSON.stringify(name)}:` }))
  return (error) => {
    let text = ''
    for (const { name, key } of members) {
      const value = Object.hasOwn(error.details, name) ? error.details[name] : undefined
      if (value !== undefined) text += (text === '' ? '' : ',') + key + writeJson(value)
    }
    return text
  }
}

function writeJson(value: JsonValue): string {
  if (typeof value === 'string') return quote(value)
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : JSON.stringify(value)
}

/** All but plain characters: quotes, backslashes, controls, lone surrogates (and, to be quick, all surrogates). */
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/

/** Nearly no text needs escaping, and asking costs a fifth of `JSON.stringify`. */
function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
}

function orNull(part: Part): Part {
  if (typeof part === 'string') return part === '' ? 'null' : part
  return (error) => part(error) || 'null'
}

/** Strings lose their quotes in a text body, null is nothing. */
function asText(part: Part): Part {
  if (typeof part === 'string') return unquote(part)
  return (error) => unquote(part(error))
}

function unquote(json: string): string {
  if (json === '' || json === 'null') return ''
  return json.startsWith('"') ? String(JSON.parse(json)) : json
}
