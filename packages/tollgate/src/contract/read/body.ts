/** A body in the format of its contract. */
import type { BodyFormat } from '../write/body-format.ts'
import { parseForm } from '../write/form.ts'
import { parseBoundedJson } from './bounded-json.ts'
import { toXmlTree, type XmlParser } from './xml-tree.ts'

/** Undefined: not that format; all XML where there is no parser. */
export function toBody(text: string, format: BodyFormat | undefined, parseXml: XmlParser | undefined): unknown {
  if (format === 'text') return text
  if (format === 'xml') return parseXml === undefined ? undefined : toXmlTree(parseXml, text)
  if (format === 'form') return parseForm(text)
  return parseBoundedJson(text)
}
