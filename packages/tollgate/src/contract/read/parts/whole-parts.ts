/** All parts, as a whole contract has them. */
import type { XmlParser } from '../xml-tree.ts'
import { datesPart } from './dates-part.ts'
import { formsPart } from './forms-part.ts'
import { listsPart } from './lists-part.ts'
import { patternsPart } from './patterns-part.ts'
import { readerPart } from './reader-part.ts'
import type { ReadingParts } from './reading-parts.ts'
import { successesPart } from './successes-part.ts'
import { textsPart } from './texts-part.ts'
import { waitsPart } from './waits-part.ts'
import { xmlPart } from './xml-part.ts'

export function wholeParts(parseXml: XmlParser | undefined): ReadingParts {
  return { ...listsPart, ...successesPart, ...patternsPart, ...textsPart, ...waitsPart, ...readerPart, ...datesPart, ...formsPart, ...xmlPart(parseXml) }
}
