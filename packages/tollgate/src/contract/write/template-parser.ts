/** Which grammar the templates of a contract have: that of its content type. */
import type { ContractProblem } from '../check/contract-error.ts'
import { bodyFormatOf } from './body-format.ts'
import { parseFormTemplate } from './form-template.ts'
import { parseTemplate } from './parse-template.ts'
import { parseTextTemplate } from './slot-text.ts'
import type { TemplateNode } from './template.ts'
import { parseXmlTemplate } from './xml-template.ts'

export function templateParserFor(contentType: string | undefined): (template: unknown, path: string, report: (problem: ContractProblem) => void) => TemplateNode {
  const format = bodyFormatOf(contentType)
  return format === 'text' ? parseTextTemplate : format === 'xml' ? parseXmlTemplate : format === 'form' ? parseFormTemplate : parseTemplate
}
