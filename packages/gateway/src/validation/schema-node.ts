/**
 * A schema made ready: a node that refers to other nodes, as schemas refer to themselves. Nothing is generated and nothing compiled, so that a
 * reload does not keep callers waiting.
 */
import type { SchemaDialect } from './schema-dialect.ts'
import type { Path } from '../config/read/config-problem.ts'
import { wayTo, type Fault, type ValuePlace } from './fault.ts'
import type { Seen } from './seen.ts'

export interface Visit extends ValuePlace {
  readonly parent: Visit | undefined
  readonly scope: Scope
  readonly run: Run
}

/** A document, or a part of one that has an `$id` of its own. */
export interface Resource {
  /** Absolute, without a fragment. */
  readonly uri: string
  readonly root: unknown
  readonly dialect: SchemaDialect
  /** Where the document was read from: what relative references mean where the `$id` leads nowhere. */
  readonly location: string
  readonly anchors: Map<string, unknown>
  readonly dynamicAnchors: Map<string, unknown>
  readonly dynamicNodes: Map<string, SchemaNode>
}

/** The resources that the evaluation has come through, for `$dynamicRef`. */
export interface Scope {
  readonly resource: Resource
  readonly outer: Scope | undefined
}

export interface Run {
  /** Checks that may still be made: a schema whose alternatives refer to themselves can ask for any number. Below zero nothing is checked any more. */
  left: number
  /** The first fault ends it. */
  readonly isFirstOnly: boolean
  /** The text that the value was read from: a number may have had more digits there. */
  readonly source: string | undefined
}

export type Check = (value: unknown, at: Visit, faults: Fault[], seen: Seen | undefined) => void

export interface SchemaNode {
  readonly resource: Resource
  /** A schema that is `true` or `false`. */
  always: boolean | undefined
  checks: Check[]
  /** `unevaluatedProperties` and `unevaluatedItems`: they ask what the others have seen. */
  lastChecks: Check[]
  /** OpenAPI 3.0: null will do, whatever else is said. */
  allowsNull: boolean
  /** Nodes of the same value: what `$ref`, `allOf`, `anyOf`, `if` and their like bring in. Of them, `conjuncts` always hold. */
  inPlace: SchemaNode[]
  conjuncts: SchemaNode[]
  properties: ReadonlyMap<string, SchemaNode> | undefined
  prefix: readonly SchemaNode[]
  items: SchemaNode | undefined
  /** What `type` names. */
  types: readonly string[] | undefined
  /** The values of `const` or `enum`. */
  allowed: readonly unknown[] | undefined
  isReadOnly: boolean
}

export function createNode(resource: Resource): SchemaNode {
  return {
    resource,
    always: undefined,
    checks: [],
    lastChecks: [],
    allowsNull: false,
    inPlace: [],
    conjuncts: [],
    properties: undefined,
    prefix: [],
    items: undefined,
    types: undefined,
    allowed: undefined,
    isReadOnly: false,
  }
}

export function childOf(at: Visit, step: string | number): Visit {
  return { parent: at, step, scope: at.scope, run: at.run }
}

/** The root has a step that is none. */
export function pathTo(at: Visit): Path {
  return wayTo(at).slice(1)
}

export function faultAt(at: Visit, keyword: string, asked: unknown): Fault {
  return { keyword, path: pathTo(at), asked }
}
