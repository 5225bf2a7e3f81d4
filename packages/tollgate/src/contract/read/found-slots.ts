/** What an answer says in the slots of a template. A slot that holds the wrong type counts as empty. */
import type { JsonValue } from '../declare/facts.ts'
import type { WireIssue } from '../declare/wire.ts'
import { isJsonObject } from '../values/json-object.ts'
import { isTimestamp } from '../values/timestamp.ts'
import type { EachOf, Slot } from '../write/template.ts'

export interface FoundSlots {
  code?: string | number
  message?: string
  requestId?: string
  timestamp?: string
  docsUrl?: string
  status?: number
  fields?: { readonly [field: string]: readonly string[] } | undefined
  /** The details object as it came, without a `__proto__` member. */
  details?: { readonly [name: string]: JsonValue } | undefined
  /** Values of `$details.NAME` slots. */
  readonly named: Map<string, JsonValue>
  readonly attributes: Map<string, JsonValue>
  /** The fields at fault, one by one. */
  issues?: readonly WireIssue[]
  /** Of an item of a list: the field at fault. */
  issue?: { -readonly [Name in keyof WireIssue]: WireIssue[Name] }
  /** The items of the template's list that fit, by their place in it. */
  list?: FoundList
  /** How many literals other than null stood where the template has them. */
  literals: number
  /** How many of them only an error has there. */
  marks: number
  /** Whether the place of `$fields` held an object, be it empty. */
  holdsFields: boolean
  /** Whether the code or the message was found inside an object of its own, such as `error`. */
  nested: boolean
}

export interface FoundList {
  readonly of: EachOf
  readonly items: readonly { readonly index: number; readonly value: JsonValue; readonly found: FoundSlots }[]
  /** Those that do not fit. */
  readonly others: readonly JsonValue[]
  readonly length: number
}

export function noSlots(): FoundSlots {
  return { named: new Map(), attributes: new Map(), literals: 0, marks: 0, holdsFields: false, nested: false }
}

/** Puts a value into its slot, unless it has the wrong type. What the items of a list say is collected by `list-slots.ts`. */
export function collect(slot: Slot, value: JsonValue, found: FoundSlots, depth: number): void {
  switch (slot.kind) {
    case 'code':
      // JSON has no infinity, but 1e400 is read as one.
      if ((typeof value !== 'number' || !Number.isFinite(value)) && (typeof value !== 'string' || value === '')) return
      found.code = value
      found.nested ||= depth > 1
      return
    case 'message':
      if (typeof value !== 'string') return
      found.message = value
      found.nested ||= depth > 1
      return
    case 'requestId':
    case 'docsUrl':
      if (typeof value === 'string' && value !== '') found[slot.kind] = value
      return
    case 'timestamp':
      if (isTimestamp(value)) found.timestamp = value
      return
    case 'status':
      if (isStatus(value)) found.status = Number(value)
      return
    case 'details':
      if (isJsonObject(value)) found.details = ownMembers(Object.entries(value))
      return
    case 'fields':
      found.fields = toFields(value) ?? found.fields
      found.holdsFields ||= isJsonObject(value)
      return
    case 'detail':
      found.named.set(slot.name, value)
      return
    case 'attribute':
      found.attributes.set(slot.name, value)
      return
  }
}

/** Where all is text it is three digits. */
function isStatus(value: JsonValue): boolean {
  return typeof value === 'number' ? value >= 100 && value <= 599 : typeof value === 'string' && /^[1-5]\d\d$/.test(value)
}

/** Takes from the one what the other has not. */
export function fillFrom(found: FoundSlots, other: FoundSlots): void {
  for (const kind of ['code', 'message', 'requestId', 'timestamp', 'docsUrl', 'status'] as const) if (found[kind] === undefined && other[kind] !== undefined) Object.assign(found, { [kind]: other[kind] })
  for (const [name, value] of other.named) if (!found.named.has(name)) found.named.set(name, value)
  for (const [name, value] of other.attributes) if (!found.attributes.has(name)) found.attributes.set(name, value)
}

/** A map of field → issues, undefined when there is none. One issue may come without its array; what is not text is left out. */
export function toFields(value: unknown): FoundSlots['fields'] {
  if (!isJsonObject(value)) return undefined
  const entries = Object.entries(value).map(([field, issues]) => {
    const list: readonly unknown[] = Array.isArray(issues) ? issues : [issues]
    return [field, list.filter((issue) => typeof issue === 'string')] as const
  })
  const fields = ownMembers(entries)
  return Object.keys(fields).length === 0 ? undefined : fields
}

/** `__proto__` is dropped: assigning it, here or in whatever copies the object later, would change the object's prototype. */
export function ownMembers<Value>(entries: readonly (readonly [string, Value])[]): { [key: string]: Value } {
  const members: { [key: string]: Value } = {}
  for (const [key, value] of entries) if (key !== '__proto__') members[key] = value
  return members
}
