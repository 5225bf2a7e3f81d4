import { isGroup } from '../../config/read/group.ts'
import { tellingFaults, type FailedBranch } from '../branch-choice.ts'
import { discriminatorOf } from '../discriminator.ts'
import { evaluate } from '../evaluate.ts'
import type { Fault } from '../fault.ts'
import type { Keyword } from '../keyword.ts'
import { childOf, faultAt, pathTo, type Check, type SchemaNode, type Visit } from '../schema-node.ts'
import { Seen } from '../seen.ts'

/** One of several schemas: what it breaks, and what it has seen if it breaks nothing. */
function tried(node: SchemaNode, value: unknown, at: Visit, seen: Seen | undefined): { readonly faults: readonly Fault[]; readonly seen: Seen | undefined } {
  const faults: Fault[] = []
  const own = seen && new Seen()
  evaluate(node, value, at, faults, own)
  return { faults, seen: own }
}

function union(keyword: 'anyOf' | 'oneOf'): Keyword {
  return (value, context) => {
    const { node, nodeOf, fail } = context
    if (!Array.isArray(value) || value.length === 0) return fail(`${keyword} must be a list of schemas`)
    const nodes = value.map((part: unknown, at) => nodeOf(part, keyword, at))
    node.inPlace.push(...nodes)
    const discriminator = discriminatorOf(value, nodes, context)
    return (tested, at, faults, seen) => {
      const named = discriminator?.branchOf(tested)
      if (named !== undefined) return evaluate(named, tested, at, faults, seen)
      const failed: FailedBranch[] = []
      let passed = 0
      for (const branch of nodes) {
        const outcome = tried(branch, tested, at, seen)
        if (outcome.faults.length > 0) {
          failed.push({ node: branch, faults: outcome.faults })
          continue
        }
        passed += 1
        if (outcome.seen !== undefined) seen?.add(outcome.seen)
        // Where somebody asks what was seen, the others have seen more.
        if (keyword === 'anyOf' && seen === undefined) return
      }
      if (passed === 0) faults.push(...(discriminator?.faults(tested, at) ?? tellingFaults(keyword, tested, pathTo(at), failed)))
      else if (keyword === 'oneOf' && passed > 1) faults.push(faultAt(at, 'oneOf', passed))
    }
  }
}

export const combiningKeywords: { readonly [keyword: string]: Keyword } = {
  $ref(ref, { node, refer, fail }) {
    const target = typeof ref === 'string' ? refer(ref) : fail('$ref must be a text')
    if (target === undefined) return undefined
    node.inPlace.push(target.node)
    node.conjuncts.push(target.node)
    return (value, at, faults, seen) => evaluate(target.node, value, at, faults, seen)
  },
  $dynamicRef(ref, { node, refer, fail }) {
    const target = typeof ref === 'string' ? refer(ref) : fail('$dynamicRef must be a text')
    if (target === undefined) return undefined
    node.inPlace.push(target.node)
    const anchor = isGroup(target.schema) ? target.schema['$dynamicAnchor'] : undefined
    // As a $ref, unless it has come to a dynamic anchor by that anchor's name.
    if (typeof anchor !== 'string' || !String(ref).endsWith(`#${anchor}`)) return (value, at, faults, seen) => evaluate(target.node, value, at, faults, seen)
    return (value, at, faults, seen) => {
      let outermost: SchemaNode = target.node
      for (let scope: Visit['scope'] | undefined = at.scope; scope !== undefined; scope = scope.outer) {
        const found = scope.resource.dynamicNodes.get(anchor)
        if (found !== undefined) outermost = found
      }
      evaluate(outermost, value, at, faults, seen)
    }
  },
  allOf(value, { node, nodeOf, fail }) {
    if (!Array.isArray(value) || value.length === 0) return fail('allOf must be a list of schemas')
    const nodes = value.map((part: unknown, at) => nodeOf(part, 'allOf', at))
    node.inPlace.push(...nodes)
    node.conjuncts.push(...nodes)
    return (tested, at, faults, seen) => {
      for (const part of nodes) evaluate(part, tested, at, faults, seen)
    }
  },
  anyOf: union('anyOf'),
  oneOf: union('oneOf'),
  not(value, { node, nodeOf }) {
    const forbidden = nodeOf(value, 'not')
    node.inPlace.push(forbidden)
    return (tested, at, faults) => {
      if (tried(forbidden, tested, at, undefined).faults.length === 0) faults.push(faultAt(at, 'not', value))
    }
  },
  if(value, { node, schema, nodeOf }) {
    const condition = nodeOf(value, 'if')
    const branchOf = (keyword: string): SchemaNode | undefined => (Object.hasOwn(schema, keyword) ? nodeOf(schema[keyword], keyword) : undefined)
    const [then, otherwise] = [branchOf('then'), branchOf('else')]
    node.inPlace.push(condition, ...[then, otherwise].filter((each) => each !== undefined))
    return (tested, at, faults, seen) => {
      const met = tried(condition, tested, at, seen)
      if (met.faults.length === 0 && met.seen !== undefined) seen?.add(met.seen)
      const branch = met.faults.length === 0 ? then : otherwise
      if (branch !== undefined) evaluate(branch, tested, at, faults, seen)
    }
  },
  dependentSchemas(value, context) {
    if (!isGroup(value)) return context.fail('dependentSchemas must be a map from names to schemas')
    return dependentSchemas('dependentSchemas', Object.entries(value), context)
  },
  /** Of draft-07: lists of names and schemas in one. */
  dependencies(value, context) {
    if (!isGroup(value)) return context.fail('dependencies must be a map')
    const entries = Object.entries(value)
    const lists = entries.filter((entry): entry is [string, string[]] => Array.isArray(entry[1]))
    const schemas = dependentSchemas('dependencies', entries.filter(([, each]) => !Array.isArray(each)), context)
    return (group, at, faults, seen) => {
      if (!isGroup(group)) return
      for (const [name, names] of lists) {
        if (!Object.hasOwn(group, name)) continue
        for (const each of names) if (!Object.hasOwn(group, each)) faults.push(faultAt(childOf(at, each), 'dependentRequired', name))
      }
      schemas(group, at, faults, seen)
    }
  },
}

function dependentSchemas(keyword: string, entries: readonly (readonly [string, unknown])[], { node, nodeOf }: Parameters<Keyword>[1]): Check {
  const nodes = entries.map(([name, part]) => ({ name, part: nodeOf(part, keyword, name) }))
  node.inPlace.push(...nodes.map(({ part }) => part))
  return (group, at, faults, seen) => {
    if (!isGroup(group)) return
    for (const { name, part } of nodes) if (Object.hasOwn(group, name)) evaluate(part, group, at, faults, seen)
  }
}
