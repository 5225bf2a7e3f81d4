/** What is wrong with a template, in words. The grammars only name it: who reads answers has no use for the words. */
import type { ContractProblem } from './contract-error.ts'
import { TEMPLATE_DEPTH_MAX, TEMPLATE_NODES_MAX, type TellFault, type TemplateFault } from '../write/template-grammar.ts'

const words: { readonly [fault in TemplateFault]: readonly [problem: string, mend: string] } = {
  large: [`is more than the ${TEMPLATE_NODES_MAX} values of a template`, 'make the envelope smaller'],
  deep: [`is nested more than ${TEMPLATE_DEPTH_MAX} levels deep`, 'make the envelope flatter'],
  noJson: ['is not JSON', 'write a string, number, boolean, null, array or object'],
  proto: ['cannot be the name of a member', 'choose another name'],
  neverMissing: ['has a constant value, which is never missing', 'write "{name}" without the question mark, or put a slot into it'],
  noSpread: ['cannot be spread', 'only "$details" can, and "$data" in a success'],
  noSlot: ['is not a slot', 'write "$name", "$name?" or "$name|null"; a text that begins with a dollar sign is written "$$…"'],
  noMeaning: ['has no meaning beside $each', 'put it into `as`, the form of each item'],
  listInItem: ['stands in an item of another list', 'one list within another cannot be filled; write a slot'],
  noList: ['is nothing to list', 'write $fields (fields at fault), $errors (the same, or the refusal itself), or in a success $data'],
  noItem: ['is missing', 'write the form of each item: { field: $field, message: $issue }'],
  mapOfData: ['makes a map of what is a list in every success', 'leave it out'],
  noKey: ['is no text that could be a key', 'write $field, $property, $pointer, or a text with one of them in it: "body.{field}"'],
  keyInFront: ['is always there, so that what stands behind it never is', 'let it be the last'],
  noKeys: ['is empty', 'write $field'],
  noText: ['is not a text', 'with a text content type the template is one string'],
  noTextForm: ['has no text form', 'name one detail: "details.name"'],
  sideBySide: ['has two slots side by side, which cannot be told apart when read', 'put a text between them'],
}

/** `name`: of a member that is never missing. */
export function inWords(report: (problem: ContractProblem) => void): TellFault {
  return (path, fault, value, name = '') => {
    const [problem, mend] = words[fault]
    report({ path, value, problem, mend: mend.replace('{name}', () => name) })
  }
}
