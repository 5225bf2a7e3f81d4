/** What a keyword is built with: each becomes the check that it asks for, or nothing where it asks for none. */
import type { Group } from '../config/read/group.ts'
import type { SchemaDialect } from './schema-dialect.ts'
import type { SafePattern } from './safe-pattern.ts'
import type { Check, SchemaNode } from './schema-node.ts'

export interface KeywordContext {
  /** The schema in which the keyword stands, and the node that it becomes. */
  readonly schema: Group
  readonly node: SchemaNode
  readonly dialect: SchemaDialect
  /** The node of a schema below this one; `steps` lead there. */
  nodeOf(part: unknown, ...steps: readonly (string | number)[]): SchemaNode
  /** What a `$ref` means; undefined if it means nothing, which has then been said. */
  refer(ref: string): Referred | undefined
  pattern(text: unknown): SafePattern | undefined
  /** The schema cannot be used. */
  fail(message: string): undefined
  /** Something in it is not checked. */
  note(message: string): void
}

export interface Referred {
  readonly node: SchemaNode
  readonly schema: unknown
}

export type Keyword = (value: unknown, context: KeywordContext) => Check | undefined

/** A bound: whole and not negative. */
export function wholeNumberAsked(value: unknown, keyword: string, { fail }: KeywordContext): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : fail(`${keyword} must be a whole number from 0`)
}
