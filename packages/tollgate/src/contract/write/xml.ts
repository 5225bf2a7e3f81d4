/**
 * A JSON tree as an XML 1.0 document: a member is an element, `@name` an attribute, `#text` the text beside attributes, and a list repeats its element. What is
 * null is left out. Names of templates and details are checked when a contract is defined; those of data and of what is said again of a request are made ones by
 * `toXmlNames`, so that none of these is an attribute or has a prefix.
 */
import type { JsonValue } from '../declare/facts.ts'
import { isJsonObject } from '../values/json-object.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** `tree` has one member, the root. A root cannot be repeated: the items of a list become elements in it. */
export function formatXml(tree: JsonValue): string {
  const [[name, value] = ['data', null]] = isJsonObject(tree) ? Object.entries(tree) : []
  return HEAD + (formatElement(name, Array.isArray(value) ? { item: value } : (value ?? '')))
}

function formatElement(name: string, value: JsonValue): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map((item: JsonValue) => formatElement(name, Array.isArray(item) ? { item } : item)).join('')
  if (!isJsonObject(value)) return closed(name, '', escapeText(String(value)))
  const members = Object.entries(value).filter(([, member]) => member !== null)
  const attributes = members.map(([key, member]) => (key.startsWith('@') ? ` ${written(key.slice(1))}="${escapeAttribute(textOf(member))}"` : ''))
  const content = members.map(([key, member]) => (key.startsWith('@') ? '' : key === '#text' ? escapeText(textOf(member)) : formatElement(key, member)))
  return closed(name, attributes.join(''), content.join(''))
}

function closed(unsafe: string, attributes: string, content: string): string {
  const name = written(unsafe)
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`
}

/** Whatever comes here, no name breaks the document. */
function written(name: string): string {
  return name.split(':').length <= 2 && name.split(':').every(isXmlName) ? name : toXmlName(name)
}

function textOf(value: JsonValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** What XML 1.0 cannot hold in any form (section 2.2): most controls, halves of surrogate pairs, two that are no characters. */
const NO_CHARACTER = /(?![\t\n\r\x7f-\x9f])\p{Cc}|[\ufffe\uffff]|\p{Surrogate}/gu

/**
 * The text without what XML cannot hold.
 *
 * @example
 * toXmlText('a\u0000b') // => 'ab'
 */
export function toXmlText(text: string): string {
  return text.replace(NO_CHARACTER, '')
}

/** A parser makes `\r` a `\n`, and in attributes every space a blank (sections 2.11, 3.3.3): so they are written as references. */
const references: { readonly [char: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' }

function escapeText(text: string): string {
  return toXmlText(text).replace(/[&<>\r]/g, (char) => references[char] ?? char)
}

function escapeAttribute(text: string): string {
  return toXmlText(text).replace(/[&<>"\t\n\r]/g, (char) => references[char] ?? char)
}

const NAME_START = 'A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}'
const NAME_PART = `${NAME_START}.0-9\\xB7\\u0300-\\u036F\\u203F\\u2040-`
const NAME = new RegExp(`^[${NAME_START}][${NAME_PART}]*$`, 'u')
const NO_NAME_PART = new RegExp(`[^${NAME_PART}]|^[^${NAME_START}]`, 'gu')

/** Without a prefix (Namespaces in XML 1.0, NCName). */
export function isXmlName(name: string): boolean {
  return NAME.test(name)
}

/** Data may have any names: what no name may hold is written `_x0020_` (ISO 9075-14). */
export function toXmlNames(data: JsonValue): JsonValue {
  if (Array.isArray(data)) return data.map(toXmlNames)
  if (!isJsonObject(data)) return data
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [toXmlName(name), toXmlNames(value)]))
}

function toXmlName(name: string): string {
  if (isXmlName(name)) return name
  return name === '' ? '_' : name.replace(NO_NAME_PART, (char) => `_x${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}_`)
}
