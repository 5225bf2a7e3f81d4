/**
 * Where a figure stands in an answer: a dotted path, `usage.total_tokens`. A name may choose among the items of a list by one of their members:
 * `promptTokensDetails[modality=AUDIO].tokenCount`. The `length` of a list is how many items it has.
 */
import { memberOf } from '../../contract/read/value-at.ts'

interface Step {
  readonly name: string
  /** Of a list the first item whose member has this value. */
  readonly item?: { readonly member: string; readonly value: string }
}

export type FigurePath = readonly Step[]

const step = /([^.[\]]+)(?:\[([^[\]=]+)=([^[\]]+)\])?(\.(?!$)|$)/y

/**
 * Undefined when the text is no path.
 *
 * @example
 * parseFigurePath('usage.prompt_tokens')?.length // => 2
 * parseFigurePath('usage..tokens') // => undefined
 */
export function parseFigurePath(text: string): FigurePath | undefined {
  const path: Step[] = []
  step.lastIndex = 0
  while (step.lastIndex < text.length) {
    const [, name, member, value] = step.exec(text) ?? []
    if (name === undefined) return undefined
    path.push(member === undefined || value === undefined ? { name } : { name, item: { member, value } })
  }
  return path.length === 0 ? undefined : path
}

/** Own properties only: an answer's members are its service's to choose. Undefined where nothing stands, or null. */
export function figureAt(answer: unknown, path: FigurePath): unknown {
  let at = answer
  for (const { name, item } of path) {
    at = memberOf(at, name)
    if (item !== undefined) at = Array.isArray(at) ? at.find((each) => isSaid(memberOf(each, item.member), item.value)) : undefined
  }
  return at ?? undefined
}

/** Not of an object, whose text is its members' to make, or to break. */
function isSaid(value: unknown, text: string): boolean {
  return value === text || (typeof value === 'number' && String(value) === text)
}
