/** Faults in the order in which the schema names its fields, so that the first one is the one that a reader of the docs would look at first. */
import type { Path } from '../config/read/config-problem.ts'
import type { SchemaNode } from './schema-node.ts'

/** The place of a field: for each step of its path the index among its schema's properties. Compare with `compareRanks`. */
export type Rank = readonly number[]

export function rankOf(root: SchemaNode, path: Path): Rank {
  const rank: number[] = []
  let nodes = expand([root])
  for (const step of path) {
    const names = nodes.flatMap(({ properties }) => [...(properties?.keys() ?? [])])
    const index = typeof step === 'string' ? names.indexOf(step) : -1
    rank.push(index !== -1 ? index : typeof step === 'number' ? step : names.length)
    nodes = expand(nodes.flatMap((node) => childrenOf(node, step)))
  }
  return rank
}

/** A parent comes before its children. */
export function compareRanks(one: Rank, other: Rank): number {
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0)
    if (difference !== 0) return difference
  }
  return one.length - other.length
}

function childrenOf({ properties, prefix, items }: SchemaNode, step: string | number): readonly SchemaNode[] {
  const child = typeof step === 'string' ? properties?.get(step) : (prefix[step] ?? items)
  return child === undefined ? [] : [child]
}

/** The nodes and all that they bring in for the same value, each once: schemas may refer to themselves. */
function expand(nodes: readonly SchemaNode[]): readonly SchemaNode[] {
  const found = new Set<SchemaNode>()
  const add = (node: SchemaNode): void => {
    if (found.has(node)) return
    found.add(node)
    node.inPlace.forEach(add)
  }
  nodes.forEach(add)
  return [...found]
}
