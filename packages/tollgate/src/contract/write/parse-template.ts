/** Templates of JSON with all that they may have, and what is wrong with one in words. */
import type { ContractProblem } from '../check/contract-error.ts'
import { inWords } from '../check/template-words.ts'
import { parseEach } from './list-grammar.ts'
import { parseSentence } from './slot-text.ts'
import { parseTemplateBy, type Grammar } from './template-grammar.ts'
import type { TemplateNode } from './template.ts'

const whole: Grammar = { parseEach, parseSentence }

export function parseTemplate(template: unknown, path: string, report: (problem: ContractProblem) => void): TemplateNode {
  return parseTemplateBy(whole, template, path, inWords(report))
}
