import { sortedJson } from '../equality.ts'
import { evaluate } from '../evaluate.ts'
import type { Fault } from '../fault.ts'
import { wholeNumberAsked, type Keyword } from '../keyword.ts'
import { childOf, faultAt, type Check } from '../schema-node.ts'

function sized(keyword: string, holds: (count: number, bound: number) => boolean): Keyword {
  return (value, context) => {
    const bound = wholeNumberAsked(value, keyword, context)
    if (bound === undefined) return undefined
    return (items, at, faults) => {
      if (Array.isArray(items) && !holds(items.length, bound)) faults.push(faultAt(at, keyword, bound))
    }
  }
}

/** The positions that come before what `items` says. */
function positions(keyword: string): Keyword {
  return (value, { node, nodeOf, fail }) => {
    if (!Array.isArray(value)) return fail(`${keyword} must be a list of schemas`)
    const nodes = value.map((part: unknown, at) => nodeOf(part, keyword, at))
    node.prefix = nodes
    return (items, at, faults, seen) => {
      if (!Array.isArray(items)) return
      for (const [index, each] of nodes.entries()) if (index < items.length) evaluate(each, items[index], childOf(at, index), faults, undefined)
      seen?.addItemsBefore(Math.min(nodes.length, items.length))
    }
  }
}

/** All items from some position on. */
function remaining(keyword: string, from: number): Keyword {
  return (value, { node, nodeOf }) => {
    const item = nodeOf(value, keyword)
    node.items = item
    return (items, at, faults, seen) => {
      if (!Array.isArray(items)) return
      for (let index = from; index < items.length; index += 1) {
        evaluate(item, items[index], childOf(at, index), faults, undefined)
        if ((at.run.isFirstOnly && faults.length > 0) || at.run.left < 0) return
      }
      seen?.addItemsBefore(items.length)
    }
  }
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0)

export const arrayKeywords: { readonly [keyword: string]: Keyword } = {
  minItems: sized('minItems', (count, bound) => count >= bound),
  maxItems: sized('maxItems', (count, bound) => count <= bound),
  uniqueItems(value, { fail }) {
    if (typeof value !== 'boolean') return fail('uniqueItems must be true or false')
    if (!value) return undefined
    return (items, at, faults) => {
      // Linear, where comparing each with each would let a small body burn seconds.
      if (Array.isArray(items) && new Set(items.map(sortedJson)).size !== items.length) faults.push(faultAt(at, 'uniqueItems', true))
    }
  },
  prefixItems: positions('prefixItems'),
  items(value, context) {
    if (!Array.isArray(value)) return remaining('items', lengthOf(context.schema['prefixItems']))(value, context)
    if (context.dialect === 'draft-07') return positions('items')(value, context)
    return context.fail('items must be one schema; a list of positions is called prefixItems since 2020-12, so write that, or say $schema: http://json-schema.org/draft-07/schema#')
  },
  additionalItems(value, context) {
    if (context.dialect !== 'draft-07') return context.fail('additionalItems is called items since 2020-12, beside prefixItems')
    const { items } = context.schema
    return Array.isArray(items) ? remaining('additionalItems', items.length)(value, context) : undefined
  },
  contains(value, context) {
    const { schema, dialect, nodeOf } = context
    const wanted = nodeOf(value, 'contains')
    const least = schema['minContains'] === undefined ? 1 : wholeNumberAsked(schema['minContains'], 'minContains', context)
    const most = schema['maxContains'] === undefined ? Infinity : wholeNumberAsked(schema['maxContains'], 'maxContains', context)
    if (least === undefined || most === undefined) return undefined
    const countsAsSeen = dialect !== 'draft-07'
    return (items, at, faults, seen) => {
      if (!Array.isArray(items)) return
      let count = 0
      for (const [index, item] of items.entries()) {
        const own: Fault[] = []
        evaluate(wanted, item, childOf(at, index), own, undefined)
        if (own.length > 0) continue
        count += 1
        if (countsAsSeen) seen?.addItem(index)
      }
      if (count < least) faults.push(least === 1 ? faultAt(at, 'contains', value) : faultAt(at, 'minContains', least))
      else if (count > most) faults.push(faultAt(at, 'maxContains', most))
    }
  },
  /** Read by `contains`. */
  minContains: (value, context) => void wholeNumberAsked(value, 'minContains', context),
  maxContains: (value, context) => void wholeNumberAsked(value, 'maxContains', context),
}

export const unevaluatedItems: Keyword = (value, { nodeOf }): Check => {
  const item = nodeOf(value, 'unevaluatedItems')
  return (items, at, faults, seen) => {
    if (!Array.isArray(items)) return
    for (const [index, each] of items.entries()) if (seen?.hasItem(index) !== true) evaluate(item, each, childOf(at, index), faults, undefined)
    seen?.addItemsBefore(items.length)
  }
}
