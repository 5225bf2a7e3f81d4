import { parseXmlTemplate } from '../../write/xml-template.ts'
import { fromText } from '../from-text.ts'
import { inShapeOf, toXmlTree, type XmlParser } from '../xml-tree.ts'
import type { ReadingParts } from './reading-parts.ts'

/**
 * Reads bodies of XML with the parser that it is given. Without one nothing is read.
 *
 * @example
 * xmlPart((text) => (text === '<Error/>' ? { name: 'Error', attributes: {}, children: [] } : undefined)).xml?.toBody('<Error/>') // => { Error: '' }
 */
export function xmlPart(parseXml: XmlParser | undefined): ReadingParts {
  const xml = { parseTemplate: (template: unknown) => parseXmlTemplate(template, '', () => {}), toBody: (text: string) => parseXml && toXmlTree(parseXml, text), fromText }
  return { xml, openDocument: inShapeOf }
}
