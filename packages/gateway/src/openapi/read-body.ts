/** The body of an answer as the value that its schema describes: of JSON its data, of a text the text, of XML and forms the tree that they say. */
import { bodyFormatOf, type JsonValue, type XmlElement } from 'tollgate/contract'
import { parseXml } from '../platform/parse-xml.ts'
import { typesOf, type ErrorSchema } from './json-schema-node.ts'

/** Undefined: it is none of this format. */
export function readBody(body: string, contentType: string | undefined, schema: ErrorSchema): JsonValue | undefined {
  switch (bodyFormatOf(contentType)) {
    case 'json':
      return parseJson(body)
    case 'form':
      return readForm(body)
    case 'xml': {
      const root = parseXml(body)
      const [name = '', inner = {}] = Object.entries(schema.properties ?? {})[0] ?? []
      return root === undefined || root.name !== name ? undefined : { [name]: toTree([root], inner) }
    }
    default:
      return body
  }
}

function parseJson(body: string): JsonValue | undefined {
  try {
    return JSON.parse(body) as JsonValue
  } catch {
    return undefined
  }
}

function readForm(body: string): JsonValue {
  const values = new URLSearchParams(body)
  return Object.fromEntries([...new Set(values.keys())].map((name) => [name, values.getAll(name)]).map(([name, all]) => [name, all?.length === 1 ? all[0] : all])) as JsonValue
}

/** All is text in XML: what it is says the schema. */
function toTree(elements: readonly XmlElement[], schema: ErrorSchema): JsonValue {
  const [first] = elements
  const [type] = typesOf(schema)
  if (type === 'array') return elements.map((element) => toTree([element], schema.items ?? {}))
  if (first === undefined) return ''
  if (type !== 'object') return toScalar(textIn(first), schema)
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, inner]): readonly (readonly [string, JsonValue])[] => {
    if (inner.xml?.attribute === true) {
      const value = Object.hasOwn(first.attributes, name) ? first.attributes[name] : undefined
      return value === undefined ? [] : [[name, toScalar(value, inner)]]
    }
    if (name === '#text') return textIn(first) === '' ? [] : [[name, textIn(first)]]
    const named = first.children.filter((child): child is XmlElement => typeof child !== 'string' && child.name === name)
    return named.length === 0 ? [] : [[name, toTree(named, inner)]]
  })
  return Object.fromEntries(members)
}

function textIn({ children }: XmlElement): string {
  return children.filter((child) => typeof child === 'string').join('')
}

function toScalar(text: string, schema: ErrorSchema): JsonValue {
  const types = typesOf(schema)
  if (types.includes('integer') || types.includes('number')) return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  return types.includes('boolean') && (text === 'true' || text === 'false') ? text === 'true' : text
}
