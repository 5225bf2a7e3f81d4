/** From schemas to nodes. Each schema becomes one node, whoever refers to it. */
import { isGroup, type Group } from '../config/read/group.ts'
import { nearestName } from 'tollgate/contract'
import { formatPath } from '../config/read/config-problem.ts'
import { annotations, dialectNamed } from './schema-dialect.ts'
import type { Keyword, KeywordContext } from './keyword.ts'
import { arrayKeywords, unevaluatedItems } from './keywords/array-keywords.ts'
import { combiningKeywords } from './keywords/combining-keywords.ts'
import { numberKeywords } from './keywords/number-keywords.ts'
import { objectKeywords, unevaluatedProperties } from './keywords/object-keywords.ts'
import { textKeywords } from './keywords/text-keywords.ts'
import { valueKeywords } from './keywords/value-keywords.ts'
import { compileSafePattern, type SafePattern } from './safe-pattern.ts'
import type { SchemaDocuments } from './schema-documents.ts'
import { createNode, type Resource, type SchemaNode } from './schema-node.ts'

export type Compiled = { readonly ok: true; readonly node: SchemaNode } | { readonly ok: false; readonly message: string }

export interface SchemaCompiler {
  readonly documents: SchemaDocuments
  /** A schema that stands in the resource; `note` is told what in it is not checked. The message of a failure says what is wrong with it. */
  compile(schema: unknown, within: Resource, note: (message: string) => void): Compiled
}

/** In the order in which their faults are told. */
const keywords: ReadonlyMap<string, { readonly create: Keyword; readonly order: number; readonly isLast: boolean }> = new Map(
  Object.entries({ ...valueKeywords, ...numberKeywords, ...textKeywords, ...objectKeywords, ...arrayKeywords, ...combiningKeywords, unevaluatedProperties, unevaluatedItems }).map(([keyword, create], order) => [
    keyword,
    { create, order, isLast: keyword.startsWith('unevaluated') },
  ]),
)

interface Job {
  readonly node: SchemaNode
  readonly schema: Group
  readonly steps: readonly (string | number)[]
}

export function createSchemaCompiler(documents: SchemaDocuments): SchemaCompiler {
  const nodes = new Map<object, SchemaNode>()
  const patterns = new Map<string, SafePattern>()

  function compile(schema: unknown, within: Resource, note: (message: string) => void): Compiled {
    const jobs: Job[] = []
    const built: SchemaNode[] = []
    let fault: string | undefined

    function nodeOf(part: unknown, owner: Resource, steps: readonly (string | number)[]): SchemaNode {
      if (typeof part === 'boolean') return { ...createNode(owner), always: part }
      if (!isGroup(part)) {
        fault ??= invalid(steps, `a schema must be a map or true or false, not ${JSON.stringify(part)?.slice(0, 60)}`)
        return createNode(owner)
      }
      const existing = nodes.get(part)
      if (existing !== undefined) return existing
      const node = createNode(documents.resourceOf(part, owner))
      nodes.set(part, node)
      jobs.push({ node, schema: part, steps })
      return node
    }

    function build({ node, schema: own, steps }: Job): void {
      const { resource } = node
      built.push(node)
      node.allowsNull = own['nullable'] === true
      node.isReadOnly = own['readOnly'] === true
      const context: KeywordContext = {
        schema: own,
        node,
        dialect: resource.dialect,
        nodeOf: (part, ...more) => nodeOf(part, resource, [...steps, ...more]),
        refer(ref) {
          const resolved = documents.resolve(ref, resource)
          if (resolved.ok) return { node: nodeOf(resolved.value, resolved.resource, [ref]), schema: resolved.value }
          fault ??= resolved.message
          return undefined
        },
        pattern(text) {
          const compiled = typeof text === 'string' ? safePattern(text, patterns) : 'a pattern must be a text'
          if (typeof compiled !== 'string') return compiled
          fault ??= compiled
          return undefined
        },
        fail: (message) => void (fault ??= invalid(steps, message)),
        note: (message) => note(steps.length === 0 ? message : `${message} (${formatPath(steps)})`),
      }
      const dialect = own['$schema']
      if (typeof dialect === 'string' && dialectNamed(dialect) === undefined) {
        fault ??= `the schema is written in ${dialect}; use https://json-schema.org/draft/2020-12/schema or http://json-schema.org/draft-07/schema#`
      }
      const isRefOnly = resource.dialect === 'draft-07' && Object.hasOwn(own, '$ref')
      const ignored: string[] = []
      const found: { readonly keyword: string; readonly order: number }[] = []
      for (const keyword of Object.keys(own)) {
        const order = keywords.get(keyword)?.order
        if (order !== undefined) found.push({ keyword, order })
        else if (!annotations.has(keyword) && !keyword.startsWith('x-')) fault ??= unknown(keyword, steps)
      }
      for (const { keyword } of found.toSorted((one, other) => one.order - other.order)) {
        const { create, isLast } = keywords.get(keyword) ?? {}
        if (isRefOnly && keyword !== '$ref') ignored.push(keyword)
        else {
          const check = create?.(own[keyword], context)
          if (check !== undefined) (isLast === true ? node.lastChecks : node.checks).push(check)
        }
      }
      if (ignored.length > 0) context.note(`${ignored.join(', ')} beside $ref says nothing in draft-07; put it into allOf with the $ref`)
    }

    const node = nodeOf(schema, within, [])
    do {
      for (const job of jobs.splice(0)) build(job)
      // A $dynamicRef may come to any of them.
      for (const resource of new Set(built.map((each) => each.resource))) {
        for (const [anchor, part] of resource.dynamicAnchors) if (!resource.dynamicNodes.has(anchor)) resource.dynamicNodes.set(anchor, nodeOf(part, resource, [anchor]))
      }
    } while (jobs.length > 0)
    if (fault !== undefined) return { ok: false, message: fault }
    return leadsNowhere(built) ? { ok: false, message: 'the schema refers to itself without end' } : { ok: true, node }
  }

  return { documents, compile }
}

function safePattern(text: string, kept: Map<string, SafePattern>): SafePattern | string {
  const existing = kept.get(text)
  if (existing !== undefined) return existing
  try {
    const compiled = compileSafePattern(text)
    kept.set(text, compiled)
    return compiled
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function invalid(steps: readonly (string | number)[], message: string): string {
  return `the schema is invalid${steps.length === 0 ? '' : ` at ${formatPath(steps)}`}: ${message}`
}

function unknown(keyword: string, steps: readonly (string | number)[]): string {
  const meant = nearestName(keyword, [...keywords.keys(), ...annotations])
  return `the schema has an unknown keyword: "${keyword}"${steps.length === 0 ? '' : ` at ${formatPath(steps)}`}${meant === undefined ? '' : `; did you mean "${meant}"?`}`
}

/** Whether some schema asks itself about the same value: a value that comes there would be checked for ever. */
function leadsNowhere(nodes: readonly SchemaNode[]): boolean {
  const done = new Set<SchemaNode>()
  for (const start of nodes) {
    // Depth first with a list, since a chain of references may be long. A node is under way as long as its own entry is in the list.
    const underWay = new Set<SchemaNode>()
    const stack: { readonly node: SchemaNode; next: number }[] = [{ node: start, next: 0 }]
    if (done.has(start)) continue
    underWay.add(start)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.node.inPlace[top.next]
      top.next += 1
      if (next === undefined) {
        done.add(top.node)
        underWay.delete(top.node)
        stack.pop()
      } else if (underWay.has(next)) return true
      else if (!done.has(next)) {
        underWay.add(next)
        stack.push({ node: next, next: 0 })
      }
    }
  }
  return false
}
