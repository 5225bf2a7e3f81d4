/** What of the form of a success can be worked out before any answer has come. Plain data. */
import { countMarks, markShared } from './shared-constants.ts'
import type { SuccessFacts, Steps } from './success-form.ts'
import { eachOf, type TemplateNode } from '../write/template.ts'

export function successFactsOf(success: TemplateNode, errors: readonly TemplateNode[]): SuccessFacts {
  const node = markShared(success, errors)
  const dataPath = pathOfData(node)
  const list = eachOf(success)
  return {
    node,
    marks: countMarks(node),
    dataPath,
    isNullInErrors: dataPath !== undefined && errors.some((error) => isNullAt(error, dataPath)),
    codes: [...new Set(errors.flatMap((error) => successCodes(error, success)))],
    item: list && successFactsOf(list.item, errors.flatMap((error) => itemOf(error) ?? [])),
  }
}

/** What lists the fields at fault has other items than what lists errors. */
function itemOf(error: TemplateNode): TemplateNode | undefined {
  const list = eachOf(error)
  return list?.of === 'errors' ? list.item : undefined
}

function successCodes(error: TemplateNode, success: TemplateNode): readonly string[] {
  if (error.kind === 'slot' && error.slot.kind === 'code') return success.kind === 'literal' && success.value !== null ? [String(success.value)] : []
  if (error.kind === 'each' && success.kind === 'each') return successCodes(error.item, success.item)
  if (error.kind !== 'object' || success.kind !== 'object') return []
  return error.members.flatMap((member) => {
    const counterpart = success.members.find((other) => other.kind === 'member' && member.kind === 'member' && other.key === member.key)
    return member.kind === 'member' && counterpart?.kind === 'member' ? successCodes(member.node, counterpart.node) : []
  })
}

/** Where `$data` stands; undefined where it stands nowhere, or in a text. */
function pathOfData(node: TemplateNode): Steps | undefined {
  if (node.kind === 'slot') return node.slot.kind === 'data' ? [] : undefined
  if (node.kind === 'each') return []
  const children: readonly (readonly [string | number, TemplateNode])[] =
    node.kind === 'array' ? [...node.items.entries()] : node.kind === 'object' ? node.members.flatMap((member) => (member.kind === 'member' ? [[member.key, member.node] as const] : [])) : []
  for (const [step, child] of children) {
    const inside = pathOfData(child)
    if (inside !== undefined) return [step, ...inside]
  }
  return undefined
}

function isNullAt(node: TemplateNode, [step, ...rest]: Steps): boolean {
  if (step === undefined) return (node.kind === 'literal' && node.value === null) || (node.kind === 'slot' && node.slot.kind === 'data')
  if (node.kind === 'array') return typeof step === 'number' && node.items.slice(step, step + 1).some((item) => isNullAt(item, rest))
  return node.kind === 'object' && node.members.some((member) => member.kind === 'member' && member.key === step && isNullAt(member.node, rest))
}
