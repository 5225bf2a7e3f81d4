import { isGroup, type Group } from '../../config/read/group.ts'
import { evaluate } from '../evaluate.ts'
import type { Fault } from '../fault.ts'
import { wholeNumberAsked, type Keyword, type KeywordContext } from '../keyword.ts'
import { childOf, faultAt, type Check, type SchemaNode } from '../schema-node.ts'

function sized(keyword: string, holds: (count: number, bound: number) => boolean): Keyword {
  return (value, context) => {
    const bound = wholeNumberAsked(value, keyword, context)
    if (bound === undefined) return undefined
    return (group, at, faults) => {
      if (isGroup(group) && !holds(Object.keys(group).length, bound)) faults.push(faultAt(at, keyword, bound))
    }
  }
}

/** A map from names to schemas. A Map of our own, so that `__proto__` is a name like any other. */
function nodesOf(value: unknown, keyword: string, { nodeOf, fail }: KeywordContext): ReadonlyMap<string, SchemaNode> | undefined {
  return isGroup(value) ? new Map(Object.entries(value).map(([name, part]) => [name, nodeOf(part, keyword, name)])) : fail(`${keyword} must be a map from names to schemas`)
}

/** A field that is missing stands at its own place, not at its parent's. */
function requireAll(names: readonly string[], group: Group, at: Parameters<Check>[1], faults: Fault[], keyword: string, asked: unknown): void {
  for (const name of names) if (!Object.hasOwn(group, name)) faults.push(faultAt(childOf(at, name), keyword, asked))
}

const isNameList = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((name) => typeof name === 'string')

export const objectKeywords: { readonly [keyword: string]: Keyword } = {
  required(value, { dialect, schema, nodeOf, fail }) {
    if (!isNameList(value)) return fail('required must be a list of names')
    // What only answers carry cannot be required of requests.
    const properties = dialect.startsWith('openapi') && isGroup(schema['properties']) ? schema['properties'] : {}
    const isReadOnly = (name: string): boolean => Object.hasOwn(properties, name) && isAnswerOnly(nodeOf(properties[name], 'properties', name))
    let names: readonly string[] | undefined
    return (group, at, faults) => {
      // Found late: what a property refers to is known once all nodes are.
      names ??= value.filter((name) => !isReadOnly(name))
      if (isGroup(group)) requireAll(names, group, at, faults, 'required', value)
    }
  },
  minProperties: sized('minProperties', (count, bound) => count >= bound),
  maxProperties: sized('maxProperties', (count, bound) => count <= bound),
  dependentRequired: dependentNames('dependentRequired'),
  properties(value, context) {
    const nodes = nodesOf(value, 'properties', context)
    context.node.properties = nodes
    if (nodes === undefined) return undefined
    return (group, at, faults, seen) => {
      if (!isGroup(group)) return
      for (const [name, node] of nodes) {
        if (!Object.hasOwn(group, name)) continue
        evaluate(node, group[name], childOf(at, name), faults, undefined)
        seen?.addName(name)
      }
    }
  },
  patternProperties(value, context) {
    const { pattern, nodeOf, fail } = context
    if (!isGroup(value)) return fail('patternProperties must be a map from patterns to schemas')
    const patterns = Object.entries(value).flatMap(([text, part]) => {
      const compiled = pattern(text)
      return compiled === undefined ? [] : [{ compiled, node: nodeOf(part, 'patternProperties', text) }]
    })
    return (group, at, faults, seen) => {
      if (!isGroup(group)) return
      for (const { compiled, node } of patterns) {
        for (const [name, each] of Object.entries(group)) {
          if (!compiled.test(name)) continue
          evaluate(node, each, childOf(at, name), faults, undefined)
          seen?.addName(name)
        }
      }
    }
  },
  additionalProperties(value, context) {
    const { schema, nodeOf, pattern } = context
    const known = new Set(isGroup(schema['properties']) ? Object.keys(schema['properties']) : [])
    const patterns = Object.keys(isGroup(schema['patternProperties']) ? schema['patternProperties'] : {}).flatMap((text) => pattern(text) ?? [])
    return eachOther('additionalProperties', value, nodeOf(value, 'additionalProperties'), (name) => known.has(name) || patterns.some((each) => each.test(name)))
  },
  propertyNames(value, { nodeOf }) {
    const node = nodeOf(value, 'propertyNames')
    return (group, at, faults) => {
      if (!isGroup(group)) return
      for (const name of Object.keys(group)) {
        const own: Fault[] = []
        evaluate(node, name, childOf(at, name), own, undefined)
        if (own.length > 0) faults.push(faultAt(childOf(at, name), 'propertyNames', value))
      }
    }
  },
}

/** `additionalProperties` and `unevaluatedProperties`: the fields that nobody else speaks of. */
function eachOther(keyword: string, value: unknown, node: SchemaNode, isKnown: (name: string) => boolean): Check {
  return (group, at, faults, seen) => {
    if (!isGroup(group)) return
    for (const [name, each] of Object.entries(group)) {
      if (isKnown(name)) continue
      if (value === false) faults.push(faultAt(childOf(at, name), keyword, value))
      else evaluate(node, each, childOf(at, name), faults, undefined)
      seen?.addName(name)
    }
  }
}

export const unevaluatedProperties: Keyword = (value, { nodeOf }): Check => {
  const node = nodeOf(value, 'unevaluatedProperties')
  return (group, at, faults, seen) => eachOther('unevaluatedProperties', value, node, (name) => seen?.hasName(name) === true)(group, at, faults, seen)
}

function dependentNames(keyword: string): Keyword {
  return (value, { fail }) => {
    if (!isGroup(value) || !Object.values(value).every(isNameList)) return fail(`${keyword} must be a map from names to lists of names`)
    const lists = Object.entries(value) as [string, readonly string[]][]
    return (group, at, faults) => {
      if (!isGroup(group)) return
      for (const [name, names] of lists) if (Object.hasOwn(group, name)) requireAll(names, group, at, faults, 'dependentRequired', name)
    }
  }
}

/** The schema of a property that is marked `readOnly`, by itself or by what it refers to. */
function isAnswerOnly(node: SchemaNode): boolean {
  return node.isReadOnly || node.conjuncts.some((part) => part.isReadOnly)
}
