/** Values that come by name, as texts: of a query or of a form. What each stands for follows from the schema. */
import type { BodyCheck, Issue } from 'tollgate/gate'
import { checkOf } from './body-check.ts'
import { propertyOf, takesList, typed, type StyledValue } from './parameter-value.ts'
import type { SchemaNode } from './schema-node.ts'

export interface NamedValue {
  readonly name: string
  readonly value: string
}

export interface NamedCheck {
  /** In the types that the schema asks for. */
  typed(values: readonly NamedValue[]): object
  check(value: unknown): readonly Issue[]
}

/** A name that is given several times is a list, whether the schema takes one or not. */
export function createNamedCheck(node: SchemaNode, place: 'query' | 'body'): NamedCheck {
  const check: BodyCheck = checkOf(node)
  return {
    typed(values) {
      const groups = new Map<string, string[]>()
      for (const { name, value } of values) groups.set(name, [...(groups.get(name) ?? []), value])
      const styled = [...groups].map(([name, all]): [string, StyledValue] => [name, all.length === 1 && !takesList(propertyOf(node, name)) ? (all[0] ?? '') : all])
      // A member of its own, whatever its name.
      return Object.fromEntries(styled.map(([name, value]) => [name, typed(value, propertyOf(node, name))]))
    },
    check: (value) => check(value).map((issue) => ({ ...issue, in: place })),
  }
}
