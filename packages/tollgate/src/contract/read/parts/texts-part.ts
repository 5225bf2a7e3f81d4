import { parseHeader, parseSentence, parseText } from '../../write/slot-text.ts'
import type { ContractDeclaration } from '../../declare/declaration.ts'
import { walkText } from '../read-text.ts'
import type { HeaderText, ReadingParts } from './reading-parts.ts'

/** Reads slots within texts (`problems/{code}`), in headers (`$code`), and in bodies that are plain text. */
export const textsPart: ReadingParts = {
  parseSentence,
  walkText,
  headerTextsOf,
  text: { parseTemplate: (template) => parseText(template, '', () => {}), toBody: (text) => text },
}

function headerTextsOf({ headers = {} }: ContractDeclaration): readonly HeaderText[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const parts = parseHeader(value)
    return parts.every((part) => typeof part === 'string') ? [] : [{ name: name.toLowerCase(), node: { kind: 'text', parts } as const }]
  })
}
