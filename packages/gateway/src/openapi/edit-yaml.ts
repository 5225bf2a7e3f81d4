/** Edits of YAML in its text: the library says where something stands, and lines are put in and taken out there. */
import { isDeepStrictEqual } from 'node:util'
import { isAlias, isCollection, isMap, isScalar, isSeq, parseDocument, stringify, type Document, type Node, type Pair, type YAMLMap } from 'yaml'
import type { Edit } from './merge-plan.ts'
import { withEdits } from './with-edits.ts'

export type EditedText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string }

/** In the text: from one offset to another, what stands there instead. */
interface Splice {
  readonly from: number
  readonly to: number
  readonly text: string
  /** How deep it stands: of what ends on the same line, the deeper comes first. */
  readonly column: number
}

/** What is to stand in one map that is there already. */
interface Change {
  readonly map: YAMLMap
  readonly key: string
  readonly value: unknown
}

class Unreachable extends Error {}

/** `wanted`: what the text must say afterwards. */
export function editYaml(text: string, wanted: unknown, edits: readonly Edit[]): EditedText {
  const document = parseDocument(text, { merge: true, intAsBigInt: true })
  try {
    const changes = changesOf(document, edits)
    for (const edited of [spliced(text, splicesOf(text, changes)), rewritten(document, changes)]) if (isDeepStrictEqual(plainYaml(edited), JSON.parse(JSON.stringify(wanted)))) return { ok: true, text: edited }
  } catch (error) {
    if (error instanceof Unreachable) return { ok: false, message: error.message }
    throw error
  }
  return { ok: false, message: 'its YAML is written in a way that cannot be edited here; write it anew first, as with `yq -P`' }
}

/** As the library writes it: comments stay, spaces and folded lines may not. For what has no lines of its own. */
function rewritten(document: Document.Parsed, changes: readonly Change[]): string {
  for (const { map, key, value } of changes) {
    const at = map.items.findIndex((pair) => keyOf(pair as Pair) === key)
    const pair = value === undefined ? [] : [document.createPair(key, value, { aliasDuplicateObjects: false })]
    map.items.splice(at === -1 ? map.items.length : at, at === -1 ? 0 : 1, ...pair)
    if (map.items.length === 0) map.flow = true
  }
  return document.toString({ lineWidth: 0 })
}

function plainYaml(text: string): unknown {
  const document = parseDocument(text, { merge: true })
  return document.errors.length > 0 ? undefined : (JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: -1 }))) as unknown)
}

function spliced(text: string, splices: readonly Splice[]): string {
  let edited = text
  // From the end, so that what stands before keeps its place. At one place the deeper stands first, and then the first.
  for (const { from, to, text: inserted } of splices.map((splice, at) => ({ ...splice, at })).toSorted((a, b) => b.from - a.from || a.column - b.column || b.at - a.at)) edited = edited.slice(0, from) + inserted + edited.slice(to)
  return edited
}

function splicesOf(text: string, changes: readonly Change[]): readonly Splice[] {
  const style = styleOf(text)
  return changes.map(({ map, key, value }) => {
    const pairs = map.items as readonly Pair<Node, Node | null>[]
    const at = pairs.findIndex((pair) => keyOf(pair) === key)
    const column = columnOf(text, pairs)
    const lines = value === undefined ? '' : indented(stringify({ [key]: value }, style), column)
    const found = pairs[at]
    if (found !== undefined) {
      const from = lineStart(text, rangeOf(found.key)[0])
      const end = endOf(text, found)
      // With its line break where nothing takes its place.
      return value === undefined ? { from, to: Math.min(end + 1, text.length), text: '', column } : { from, to: end, text: lines.replace(/\n$/, ''), column }
    }
    const before = isStatus(key) ? pairs.findLastIndex((pair) => isStatus(keyOf(pair)) && Number(keyOf(pair)) < Number(key)) : pairs.length - 1
    const previous = pairs[before]
    if (previous !== undefined) {
      const end = endOf(text, previous)
      return { from: end, to: end, text: `\n${lines.replace(/\n$/, '')}`, column }
    }
    const start = lineStart(text, rangeOf(pairs[0]?.key)[0])
    return { from: start, to: start, text: lines, column }
  })
}

/** What belongs into one place that is missing is written at once; a map in braces is written anew as a whole. */
function changesOf(document: Document.Parsed, edits: readonly Edit[]): readonly Change[] {
  const changes = new Map<string, { map: YAMLMap; key: string; value: unknown }>()
  for (const { path, value } of edits) {
    let map = document.contents as unknown
    if (!isMap(map)) throw new Unreachable('it is no map')
    let depth = 0
    for (; depth < path.length - 1; depth += 1) {
      const next: unknown = (map as YAMLMap).items.find((pair) => keyOf(pair as Pair) === path[depth])?.value
      if (isAlias(next)) throw new Unreachable(`${path.slice(0, depth + 1).join('.')} is an alias of YAML: what is written there would stand in other places too; write it out`)
      if (!isMap(next) || next.flow === true) break
      map = next
    }
    const key = path[depth] ?? ''
    const rest = path.slice(depth + 1)
    const id = JSON.stringify(path.slice(0, depth + 1))
    const known = changes.get(id)
    if (rest.length === 0) {
      changes.set(id, { map: map as YAMLMap, key, value })
      continue
    }
    const there = known?.value ?? plainOf((map as YAMLMap).items.find((pair) => keyOf(pair as Pair) === key)?.value, document)
    changes.set(id, { map: map as YAMLMap, key, value: withEdits(typeof there === 'object' && there !== null ? there : {}, [{ path: rest, value }]) })
  }
  return [...changes.values()]
}

function plainOf(node: unknown, document: Document.Parsed): unknown {
  return isCollection(node) ? (JSON.parse(JSON.stringify(node.toJS(document), (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))) as unknown) : undefined
}

function keyOf({ key }: { readonly key: unknown }): string {
  return isScalar(key) ? String(key.value) : ''
}

function isStatus(key: string): boolean {
  return /^[1-5]\d\d$/.test(key)
}

function rangeOf(node: unknown): readonly [number, number, number] {
  const range = (node as { readonly range?: [number, number, number] | null } | null | undefined)?.range
  if (range === undefined || range === null) throw new Unreachable('it has a place that cannot be found in the text')
  return range
}

/** The end of the line on which a pair ends, with a comment that stands there. */
function endOf(text: string, { key, value }: { readonly key: unknown; readonly value: unknown }): number {
  const end = value === null || value === undefined ? rangeOf(key)[1] : contentEnd(text, value, rangeOf(key)[1])
  const lineEnd = text.indexOf('\n', end)
  return lineEnd === -1 ? text.length : lineEnd
}

function contentEnd(text: string, node: unknown, otherwise: number): number {
  if (isMap(node) && node.flow !== true && node.items.length > 0) {
    const last = node.items.at(-1)
    return last === undefined ? otherwise : last.value === null ? rangeOf(last.key)[1] : contentEnd(text, last.value, rangeOf(last.key)[1])
  }
  if (isSeq(node) && node.flow !== true && node.items.length > 0) return contentEnd(text, node.items.at(-1), otherwise)
  const [start, end] = rangeOf(node)
  return Math.max(otherwise, start + text.slice(start, end).trimEnd().length)
}

function columnOf(text: string, pairs: readonly Pair<Node, Node | null>[]): number {
  const start = rangeOf(pairs[0]?.key)[0]
  return start - lineStart(text, start)
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

function indented(lines: string, column: number): string {
  return lines.replaceAll(/^(?=.)/gm, ' '.repeat(column))
}

/** As the document has it. */
function styleOf(text: string) {
  const indent = /^( +)[^\s#-]/m.exec(text)?.[1]?.length ?? 2
  return { lineWidth: 0, indent: Math.min(Math.max(indent, 2), 8), indentSeq: !/^( *)[^\s#][^\n]*:\n\1- /m.test(text), aliasDuplicateObjects: false } as const
}
