/**
 * From a JSON Schema (2020-12 or draft-07) to the check that a route runs on its bodies.
 *
 * Issues come in documented order: as the schema names its properties. Whatever the body, a check is bounded: patterns run on RE2, depth is capped,
 * duplicates are found by hashing, a body of very many values is checked up to its first error only, and the checks themselves are counted.
 */
import { pathToFileURL } from 'node:url'
import type { BodyCheck, Issue } from 'tollgate/gate'
import { compareRanks, rankOf } from './documented-order.ts'
import { evaluate } from './evaluate.ts'
import type { Fault } from './fault.ts'
import { issueText } from './issue-text.ts'
import type { JsonSchema } from './json-schema.ts'
import { createSchemaCompiler } from './schema-compiler.ts'
import { createSchemaDocuments } from './schema-documents.ts'
import type { Run, SchemaNode } from './schema-node.ts'

/** Deeper bodies are refused before validation: recursive schemas recurse with them. */
const DEPTH_MAX = 64
/** Bodies of more values than this are checked up to the first error: all errors of a hostile body could fill the memory. */
const VALUES_MAX_FOR_ALL_ERRORS = 2_000
/** How many checks a body of so many values may ask for: many times what schemas of people do, and a fraction of a second. */
const checksMax = (values: number): number => Math.min(4_000_000, 50_000 + 500 * values)
const ISSUES_MAX = 20

/** A check, or what is wrong with the schema. */
export type BodyCheckOutcome = { readonly ok: true; readonly check: BodyCheck } | { readonly ok: false; readonly message: string }

/**
 * A schema that stands by itself. `message` says what is wrong with it.
 *
 * @example
 * const outcome = createBodyCheck({ type: 'object', required: ['title'] })
 * outcome.ok ? outcome.check({}).map(({ field, rule }) => [field, rule]) : [] // => [['title', 'required']]
 */
export function createBodyCheck(schema: JsonSchema): BodyCheckOutcome {
  const documents = createSchemaDocuments(() => ({ ok: false, message: 'which is not in it; references are never fetched, so copy it beneath $defs' }))
  const compiled = createSchemaCompiler(documents).compile(schema, documents.add(schema, pathToFileURL('/schema.json').href, '2020-12'), () => {})
  return compiled.ok ? { ok: true, check: checkOf(compiled.node) } : compiled
}

export function checkOf(node: SchemaNode): BodyCheck {
  return (body, source) => {
    const values = countValues(body)
    if (values === undefined) return [{ rule: 'depth', issue: `must not be nested deeper than ${DEPTH_MAX} levels` }]
    const run: Run = { left: checksMax(values), isFirstOnly: values > VALUES_MAX_FOR_ALL_ERRORS, source }
    const faults: Fault[] = []
    try {
      evaluate(node, body, { parent: undefined, step: '', scope: { resource: node.resource, outer: undefined }, run }, faults, undefined)
    } catch {
      run.left = -1
    }
    // A schema that asks for more than can be done on data that leads there. Nobody gets past a check that cannot be made.
    if (run.left < 0) return [{ rule: 'schema', issue: 'cannot be checked' }]
    return toIssues(node, faults)
  }
}

/** How many values the body has, itself included; undefined if it is nested too deep. Without recursion, so that no depth can harm it. */
function countValues(body: unknown): number | undefined {
  let count = 0
  let level: readonly unknown[] = [body]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) return undefined
    count += level.length
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []))
  }
  return count
}

function toIssues(node: SchemaNode, faults: readonly Fault[]): readonly Issue[] {
  const placed = faults.map((fault) => ({ fault, rank: rankOf(node, fault.path) }))
  // The sort is stable: several issues of one field stay in the order of the checks.
  return placed
    .toSorted((one, other) => compareRanks(one.rank, other.rank))
    .slice(0, ISSUES_MAX)
    .map(({ fault: { keyword, path, asked } }) => {
      const issue = { rule: keyword === 'dependentRequired' ? 'required' : keyword, issue: issueText({ keyword, asked }) }
      return path.length === 0 ? issue : { field: path.join('.'), in: 'body', ...issue }
    })
}
