/** Recognises the successes of a dialect, so that none is read as an error. */
import type { ReadTemplate } from './template-reading.ts'
import { valueAt } from './value-at.ts'
import type { TemplateNode } from '../write/template.ts'

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

/** `success-facts.ts` has them. */
export interface SuccessFacts {
  readonly node: TemplateNode
  /** How many constants only a success has. */
  readonly marks: number
  readonly dataPath?: Steps | undefined
  /** Whether errors have null where a success has its data. */
  readonly isNullInErrors: boolean
  readonly codes: readonly string[]
  readonly item?: SuccessFacts | undefined
}

export type Steps = readonly (string | number)[]

export function createSuccessForm({ node, marks, dataPath, isNullInErrors, codes, item: ofItem }: SuccessFacts, readTemplate: ReadTemplate): SuccessForm {
  const item = ofItem && createSuccessForm(ofItem, readTemplate)
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
    codes: new Set(codes),
  }
}

