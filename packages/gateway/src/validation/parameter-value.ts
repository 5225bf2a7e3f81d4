/** What a parameter's text stands for, by what its schema asks for: `limit=10` is a number where an integer is wanted, and a text elsewhere. */
import { evaluate } from './evaluate.ts'
import type { Fault } from './fault.ts'
import type { SchemaNode } from './schema-node.ts'

/** As the text says, before anybody knows what it means. */
export type StyledValue = string | readonly string[] | { readonly [name: string]: string | readonly string[] }

export function typed(value: StyledValue, node: SchemaNode): unknown {
  if (typeof value === 'string') return typedText(value, node)
  if (Array.isArray(value)) return (value as readonly string[]).map((item, at) => typedText(item, itemOf(node, at)))
  return Object.fromEntries(Object.entries(value as { readonly [name: string]: StyledValue }).map(([name, each]) => [name, typed(each, propertyOf(node, name))]))
}

export function takesList(node: SchemaNode): boolean {
  return typesOf(node).has('array')
}

export function takesMap(node: SchemaNode): boolean {
  return typesOf(node).has('object')
}

export function propertyNamesOf(node: SchemaNode): readonly string[] {
  return sameValue(node).flatMap(({ properties }) => [...(properties?.keys() ?? [])])
}

/** The first reading that the schema takes; where it takes none, the one of the type that it asks for. */
function typedText(text: string, node: SchemaNode | undefined): unknown {
  if (node === undefined) return text
  const types = typesOf(node)
  const readings: unknown[] = []
  // An integer in digits only: of 1e3 some services would read the 1.
  const isInteger = /^-?(?:0|[1-9]\d*)$/.test(text)
  const isNumber = isInteger || /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)
  if ((isNumber && (types.has('number') || types.size === 0)) || (isInteger && types.has('integer'))) readings.push(Number(text))
  if ((text === 'true' || text === 'false') && (types.has('boolean') || types.size === 0)) readings.push(text === 'true')
  if ((text === '' || text === 'null') && types.has('null')) readings.push(null)
  readings.push(text)
  // Where no type is asked for, it is a text unless only something else will do.
  const inOrder = types.size === 0 ? readings.toReversed() : readings
  return inOrder.find((reading) => takes(node, reading)) ?? inOrder[0]
}

function takes(node: SchemaNode, value: unknown): boolean {
  const faults: Fault[] = []
  const run = { left: 10_000, isFirstOnly: true, source: undefined }
  evaluate(node, value, { parent: undefined, step: '', scope: { resource: node.resource, outer: undefined }, run }, faults, undefined)
  return faults.length === 0
}

function typesOf(node: SchemaNode): ReadonlySet<string> {
  return new Set(sameValue(node).flatMap(({ types, properties, items, prefix }) => types ?? (properties !== undefined ? ['object'] : items !== undefined || prefix.length > 0 ? ['array'] : [])))
}

function itemOf(node: SchemaNode, at: number): SchemaNode | undefined {
  return sameValue(node).flatMap(({ prefix, items }) => prefix[at] ?? items ?? [])[0]
}

/** The schema of a member; where none is named, that of all. */
export function propertyOf(node: SchemaNode, name: string): SchemaNode {
  return sameValue(node).flatMap(({ properties }) => properties?.get(name) ?? [])[0] ?? node
}

function sameValue(node: SchemaNode, found: Set<SchemaNode> = new Set()): readonly SchemaNode[] {
  if (!found.has(node)) {
    found.add(node)
    for (const part of node.inPlace) sameValue(part, found)
  }
  return [...found]
}
