/** What a value breaks of a schema: the keyword, and where in the value. */
import type { Path } from '../config/read/config-problem.ts'

export interface Fault {
  readonly keyword: string
  /** Of the value at fault, or of the field that is missing in it or too much. */
  readonly path: Path
  /** The keyword's own value: the bound, the pattern, the allowed values. */
  readonly asked: unknown
}

/** Where an evaluation stands in the value: a linked list, since most places have nothing to say. */
export interface ValuePlace {
  readonly parent: ValuePlace | undefined
  readonly step: string | number
}

export function wayTo(place: ValuePlace | undefined): Path {
  const path: (string | number)[] = []
  for (let at = place; at !== undefined; at = at.parent) path.push(at.step)
  return path.toReversed()
}

export function isSamePath(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((step, at) => step === other[at])
}
