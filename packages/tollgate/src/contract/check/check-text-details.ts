/** In XML and in forms a detail is a text, or several under one name; in XML an element, whose name must be one. */
import { parseDetail } from '../declare/details.ts'
import type { EntryDeclaration } from '../declare/declaration.ts'
import { isXmlName } from '../write/xml.ts'
import type { ContractProblem } from './contract-error.ts'

export function checkTextDetails(entries: readonly (readonly [string, EntryDeclaration])[], format: 'xml' | 'form', report: (problem: ContractProblem) => void): void {
  const where = format === 'xml' ? 'XML' : 'a form'
  for (const [id, { details = {} }] of entries) {
    for (const [name, declaration] of Object.entries(details)) {
      const path = `entries.${id}.details.${name}`
      if (format === 'xml' && !isXmlName(name)) report({ path, value: name, problem: 'is no XML name', mend: 'begin with a letter or "_", and write letters, digits, ".", "-" and "_" only' })
      const parsed = parseDetail(name, declaration)
      if (parsed.kind !== 'detail') continue
      const { detail } = parsed
      if (detail.type === 'json') report({ path, value: declaration, problem: `may hold any JSON, which has no form in ${where}`, mend: 'declare single values: string, integer, money, …' })
      if (detail.whenUnknown === 'null') report({ path, value: declaration, problem: `may be null, which ${where} does not have`, mend: `write "${declaration.replace('|null', '?')}"` })
    }
  }
}
