/** Recognises the successes of a dialect, so that none is read as an error. */
import { countMarks, markShared } from './shared-constants.ts'
import type { ReadTemplate } from './template-reading.ts'
import { valueAt } from './value-at.ts'
import { eachOf, type TemplateNode } from '../write/template.ts'

export interface SuccessForm {
  /** Whether it says what only a success says: its constants, but those that an error has too. Then it is none, whatever its status. */
  isSaidBy(body: unknown): boolean
  /** Whether it has the form of a success, constants or none: nothing contradicts it, and the data stands there. */
  fits(body: unknown): boolean
  /** What a success says where an error has its code: `0`. An answer with this code is never an error, whatever else it says. */
  readonly codes: ReadonlySet<string>
  /** Of a success that is a list: the form of its items. */
  readonly item: SuccessForm | undefined
}

export function createSuccessForm(success: TemplateNode, errors: readonly TemplateNode[], readTemplate: ReadTemplate): SuccessForm {
  const node = markShared(success, errors)
  const marks = countMarks(node)
  const dataPath = pathOfData(node)
  const isNullInErrors = dataPath !== undefined && errors.some((error) => isNullAt(error, dataPath))
  const list = eachOf(success)
  const item = list && createSuccessForm(list.item, errors.flatMap((error) => itemOf(error) ?? []), readTemplate)
  return {
    item,
    isSaidBy(body) {
      const found = readTemplate(node, body)
      if (found === undefined || found.marks !== marks) return false
      const items = found.list?.items ?? []
      return items.length === 0 || item === undefined ? marks > 0 : items.every(({ value }) => item.isSaidBy(value))
    },
    fits(body) {
      const found = readTemplate(node, body)
      if (found === undefined) return false
      if (dataPath === undefined) return node.kind === 'text' || found.marks === marks
      const data = valueAt(body, dataPath)
      return data !== undefined && (data !== null || !isNullInErrors)
    },
    codes: new Set(errors.flatMap((error) => successCodes(error, success))),
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

type Steps = readonly (string | number)[]

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
