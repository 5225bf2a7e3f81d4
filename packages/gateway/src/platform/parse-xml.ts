/**
 * XML from strangers. The parser follows no entity but the five of XML and what is written as a number, reads nothing from elsewhere, and is strict; here it is
 * bounded, and a DOCTYPE, which no error has and which is what most attacks on parsers need, ends it. What is read is at most a mebibyte.
 */
import { SaxesParser } from 'saxes'
import type { XmlElement } from 'tollgate/contract'

/** As deep as JSON may be. */
const DEPTH_MAX = 64
/** Elements and attributes. No error has as many, and each costs memory. */
const NODES_MAX = 50_000

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

interface OpenElement {
  readonly name: string
  readonly attributes: { readonly [name: string]: string }
  readonly children: (XmlElement | string)[]
}

/** Undefined: not well-formed, more than the bounds, or with a DOCTYPE. */
export function parseXml(text: string): XmlElement | undefined {
  const parser = new SaxesParser({ xmlns: false, position: false })
  const open: OpenElement[] = []
  let root: XmlElement | undefined
  let nodes = 0
  // Its table is a plain object, in which `&constructor;` would be found too.
  parser.ENTITIES = Object.assign(Object.create(null) as Record<string, string>, ENTITIES)
  parser.on('error', stop)
  parser.on('doctype', stop)
  parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
    // The bytes were read as UTF-8, of which ASCII is a part; in what else claims to be another encoding every other letter would be wrong.
    if (encoding.toLowerCase() !== 'utf-8' && /[^\0-\x7f]/.test(text)) stop()
  })
  parser.on('opentagstart', () => {
    if (open.length >= DEPTH_MAX) stop()
  })
  parser.on('opentag', ({ name, attributes }) => {
    nodes += 1 + Object.keys(attributes).length
    if (nodes > NODES_MAX) stop()
    open.push({ name, attributes: { ...attributes }, children: [] })
  })
  parser.on('closetag', () => {
    const element = open.pop()
    const parent = open.at(-1)
    if (element === undefined) return
    if (parent === undefined) root = element
    else parent.children.push(element)
  })
  const addText = (part: string): void => void open.at(-1)?.children.push(part)
  parser.on('text', addText)
  parser.on('cdata', addText)
  try {
    parser.write(text).close()
    return root
  } catch {
    return undefined
  }
}

/** The parser goes on after an error, unless its listener throws. */
function stop(): never {
  throw new Error('no XML that is read here')
}
