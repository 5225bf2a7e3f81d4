/** What stands in one slot, as JSON: constants where the entry fixes it, a function where an answer does. */
import type { Entry } from '../declare/contract.ts'
import type { Detail } from '../declare/details.ts'
import type { JsonValue } from '../declare/facts.ts'
import type { WireError } from '../declare/wire.ts'
import { otherCodesOf } from '../read/recognition.ts'
import { segmentsOf, toPointer, toProperty } from '../values/field-path.ts'
import type { Slot } from './template.ts'

/** Writes a piece of JSON; the empty string means that nothing stands there. */
export type PieceWriter = (error: WireError) => string
export type Part = string | PieceWriter

export type EntryConstants = Pick<Entry, 'code' | 'status' | 'attributes' | 'read' | 'docsUrl'>

export function run(part: Part, error: WireError): string {
  return typeof part === 'string' ? part : part(error)
}

/** The slot's JSON; empty only where its policy says absent. */
export function compileSlot(slot: Slot, entry: EntryConstants, details: readonly Detail[]): Part {
  const empty = slot.policy === 'absent' ? '' : 'null'
  switch (slot.kind) {
    case 'code':
      return compileCode(entry, entry.code === '' && slot.policy !== 'always' ? empty : JSON.stringify(entry.code))
    case 'status':
      return String(entry.status)
    case 'docsUrl':
      return entry.docsUrl === undefined ? empty : JSON.stringify(entry.docsUrl)
    case 'data':
    case 'errors':
      return empty
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
    case 'request': {
      const { name } = slot
      return ({ echo }) => {
        const value = echo !== undefined && Object.hasOwn(echo, name) ? echo[name] : undefined
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
    case 'field':
    case 'in':
    case 'issue':
    case 'rule': {
      const { kind } = slot
      return ({ issues }) => orEmpty(issues?.[0]?.[kind], empty)
    }
    case 'property':
      return ({ issues }) => orEmpty(issues?.[0]?.field === undefined ? undefined : toProperty(issues[0].field), empty)
    case 'pointer':
      return ({ issues }) => orEmpty(issues?.[0]?.in === undefined || issues[0].in === 'body' ? toPointer(issues?.[0]?.field) : undefined, empty)
    case 'parameter':
      return ({ issues }) => orEmpty(issues?.[0]?.in === 'query' ? issues[0].field : undefined, empty)
    case 'path':
      return ({ issues }) => (issues?.[0]?.field === undefined ? empty : JSON.stringify(segmentsOf(issues[0].field)))
    case 'message':
    case 'requestId':
    case 'timestamp': {
      const { kind } = slot
      const none = slot.policy === 'always' ? '""' : empty
      return (error) => {
        const value = error[kind]
        return value === undefined || value === '' ? none : quoteJson(value)
      }
    }
  }
}

/** `own`: the JSON of the entry's own code. */
function compileCode(entry: EntryConstants, own: string): Part {
  const takes = otherCodesOf(entry)
  return takes === undefined ? own : ({ code }) => (code === undefined || String(code) === String(entry.code) || !takes(code) ? own : writeJson(code))
}

function orEmpty(text: string | undefined, empty: string): string {
  return text === undefined || text === '' ? empty : quoteJson(text)
}

/** `"a":1,"b":2`: the declared details that the error has, in declared order, and no others. */
export function writeMembers(details: readonly Detail[]): PieceWriter {
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
  if (typeof value === 'string') return quoteJson(value)
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : JSON.stringify(value)
}

/** All but plain characters: quotes, backslashes, controls, lone surrogates (and, to be quick, all surrogates). */
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/

/** Nearly no text needs escaping, and asking costs a fifth of `JSON.stringify`. */
export function quoteJson(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
}

export function orNull(part: Part): Part {
  if (typeof part === 'string') return part === '' ? 'null' : part
  return (error) => part(error) || 'null'
}

/** Strings lose their quotes in a text body, null is nothing. */
export function asText(part: Part): Part {
  if (typeof part === 'string') return unquote(part)
  return (error) => unquote(part(error))
}

function unquote(json: string): string {
  if (json === '' || json === 'null') return ''
  return json.startsWith('"') ? String(JSON.parse(json)) : json
}
