/**
 * XML that was received, as the JSON tree that a template describes. The text is parsed by who has a parser: this library has none. Prefixes are the sender's
 * choice, so names are compared without them where they do not stand there as declared.
 */
import type { JsonValue } from '../declare/facts.ts'
import { isJsonObject } from '../values/json-object.ts'
import type { Slot, TemplateMember, TemplateNode } from '../write/template.ts'
import { BODY_DEPTH_MAX } from './bounded-json.ts'

/** An element as a parser has read it: its children in their order, texts among them. */
export interface XmlElement {
  readonly name: string
  readonly attributes: { readonly [name: string]: string }
  readonly children: readonly (XmlElement | string)[]
}

/**
 * Reads a document of at most a mebibyte from strangers: its root, or undefined where it is not well-formed. It must follow no entity but the five of XML, take
 * no DOCTYPE, and bound depth and work by itself.
 */
export type XmlParser = (text: string) => XmlElement | undefined

/** `{ Error: { Code: 'SlowDown', '@id': '1' } }`. Undefined: not XML. What a parser throws means the same. */
export function toXmlTree(parse: XmlParser, text: string): JsonValue | undefined {
  try {
    const root = parse(text)
    return root === undefined || root.name === '__proto__' ? undefined : { [root.name]: valueOf(root, 0) }
  } catch {
    return undefined
  }
}

/** `__proto__` is dropped as in JSON. A text among elements counts where it is more than the space between them. */
function valueOf({ attributes, children }: XmlElement, depth: number): JsonValue {
  if (depth > BODY_DEPTH_MAX) return null
  const text = children.filter((child) => typeof child === 'string').join('')
  const elements = children.filter((child) => typeof child !== 'string')
  const named = Object.entries(attributes)
  if (elements.length === 0 && named.length === 0) return text
  const members = new Map<string, JsonValue[]>(named.map(([name, value]) => [`@${name}`, [value]]))
  for (const element of elements) {
    const value = valueOf(element, depth + 1)
    const known = members.get(element.name)
    if (known !== undefined) known.push(value)
    else if (element.name !== '__proto__') members.set(element.name, [value])
  }
  if (elements.length === 0 || text.trim() !== '') members.set('#text', [text])
  return Object.fromEntries([...members].map(([name, values]): [string, JsonValue] => [name, values.length === 1 ? (values[0] ?? null) : values]))
}

/** What stands in the root, in the shape of the template: its lists are lists, be there one item or none. Undefined: another root. */
export function inShapeOf(members: readonly TemplateMember[], body: unknown): JsonValue | undefined {
  const [root] = members
  const [name, ...others] = isJsonObject(body) ? Object.keys(body) : []
  if (root?.kind !== 'member' || name === undefined || others.length > 0 || localName(name) !== localName(root.key) || !isJsonObject(body)) return undefined
  return shaped(root.node, body[name] ?? null)
}

function shaped(node: TemplateNode, value: JsonValue): JsonValue {
  switch (node.kind) {
    case 'object':
      return shapedObject(node.members, value)
    case 'array':
      return listOf(value).map((item, index) => shaped(node.items[index] ?? node, item))
    case 'each':
      return listOf(value).map((item) => shaped(node.item, item))
    case 'slot':
      return shapedSlot(node.slot, value)
    case 'literal':
    case 'sentence':
    case 'text':
      return textIn(value)
  }
}

function listOf(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [value]
}

function shapedObject(members: readonly TemplateMember[], value: JsonValue): JsonValue {
  const first = Array.isArray(value) ? ((value as readonly JsonValue[])[0] ?? null) : value
  const left = new Map(Object.entries(isJsonObject(first) ? first : first === '' ? {} : { '#text': first }))
  const known = members.flatMap((member): (readonly [string, JsonValue])[] => {
    if (member.kind === 'spread') return []
    const name = left.has(member.key) ? member.key : [...left.keys()].find((key) => localName(key) === localName(member.key))
    const inside = name === undefined ? undefined : left.get(name)
    if (name === undefined || inside === undefined) return []
    left.delete(name)
    return [[member.key, shaped(member.node, inside)]]
  })
  return Object.fromEntries([...known, ...[...left].filter(([name]) => !name.startsWith('@xmlns'))])
}

/** `s:Envelope` → `Envelope`, `@s:id` → `@id`. */
function localName(name: string): string {
  return name.startsWith('@xmlns') ? name : name.replace(/^(@?)[^:]*:/, '$1')
}

function shapedSlot({ kind }: Slot, value: JsonValue): JsonValue {
  if (kind === 'data' || kind === 'errors' || kind === 'fields' || kind === 'detail' || kind === 'path') return value
  if (kind === 'details') return shapedObject([], value)
  const text = textIn(value)
  return kind === 'status' && typeof text === 'string' && /^\d{3}$/.test(text.trim()) ? Number(text) : text
}

/** The text of an element, whatever attributes it has. One with others in it has none. */
export function textIn(value: JsonValue): JsonValue {
  const first = Array.isArray(value) ? ((value as readonly JsonValue[])[0] ?? null) : value
  return isJsonObject(first) && Object.hasOwn(first, '#text') ? (first['#text'] ?? null) : first
}
