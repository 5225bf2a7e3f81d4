/**
 * From a JSON Schema (2020-12 or draft-07) to the check that a route runs on its bodies.
 *
 * Issues come in documented order: as the schema names its properties. Whatever the body, a check is bounded: patterns run on RE2, formats
 * and depth are capped, duplicates are found by hashing, and a body of very many values is checked up to its first error only.
 */
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { BodyCheck, Issue } from 'tollgate/server'
import { compareRanks, rankOf, type Rank } from './documented-order.ts'
import { issueText } from './issue-text.ts'
import { isGroup } from './group.ts'
import type { JsonSchema } from './json-schema.ts'
import { compileSafePattern } from './safe-pattern.ts'

/** Deeper bodies are refused before validation: recursive schemas recurse with them. */
const DEPTH_MAX = 64
/** Bodies of more values than this are checked up to the first error: all errors of a hostile body could fill the memory. */
const VALUES_MAX_FOR_ALL_ERRORS = 2_000
const ISSUES_MAX = 20
/** Longer texts have no format: some of the format patterns take time quadratic in the length. */
const FORMAT_TEXT_MAX = 2_048

export type BodyCheckOutcome = { readonly ok: true; readonly check: BodyCheck } | { readonly ok: false; readonly message: string }

/** `message` says what is wrong with the schema. */
export function createBodyCheck(schema: JsonSchema): BodyCheckOutcome {
  let first: ValidateFunction
  let all: ValidateFunction
  try {
    all = compile(schema, { allErrors: true })
    first = compile(schema, { allErrors: false })
    for (const sample of [null, '', 0, [], {}]) first(sample)
  } catch (error) {
    return { ok: false, message: schemaFault(error) }
  }
  return {
    ok: true,
    check(body) {
      const values = countValues(body)
      if (values === undefined) return [{ rule: 'depth', issue: `must not be nested deeper than ${DEPTH_MAX} levels` }]
      const validate = values > VALUES_MAX_FOR_ALL_ERRORS ? first : all
      try {
        return validate(body) ? [] : toIssues(schema, validate.errors ?? [])
      } catch {
        // A schema that refers to itself without end, on data that leads there. Nobody gets past a check that cannot be made.
        return [{ rule: 'schema', issue: 'cannot be checked' }]
      }
    },
  }
}

function compile(schema: JsonSchema, { allErrors }: { readonly allErrors: boolean }): ValidateFunction {
  const dialect = isGroup(schema) ? schema['$schema'] : undefined
  const options: Options = {
    allErrors,
    verbose: true,
    // A required field called constructor is missing even though every object inherits one.
    ownProperties: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    strictTuples: false,
    logger: false,
    // Once is enough: the first compilation has held the schema against its own schema.
    validateSchema: allErrors,
    validateFormats: true,
    code: { regExp: Object.assign(compileSafePattern, { code: 'compileSafePattern' }) },
  }
  const isDraft7 = typeof dialect === 'string' && dialect.startsWith('http://json-schema.org/draft-07/schema')
  const ajv = isDraft7 ? new Ajv(options) : new Ajv2020(options)
  formats.default(ajv)
  for (const [name, format] of Object.entries(ajv.formats)) {
    if (format !== undefined && format !== true) ajv.addFormat(name, boundedFormat(format))
  }
  ajv.removeKeyword('uniqueItems')
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', errors: false, compile: (unique) => (unique === true ? hasNoDuplicates : () => true) })
  // Annotations of OpenAPI and of tools, which strict mode would take for slips.
  for (const annotation of ['example', 'xml', 'externalDocs', 'discriminator', ...extensionsIn(schema)]) {
    if (ajv.getKeyword(annotation) === false) ajv.addKeyword(annotation)
  }
  return ajv.compile(schema)
}

type AddedFormat = Exclude<Ajv['formats'][string], undefined | true>

function boundedFormat(format: AddedFormat): AddedFormat {
  if (format instanceof RegExp) return (text: string) => text.length <= FORMAT_TEXT_MAX && format.test(text)
  if (typeof format === 'function') return (text: string) => text.length <= FORMAT_TEXT_MAX && format(text)
  return format
}

/** Linear, where comparing each with each would let a small body burn seconds. Equality is JSON's: the order of fields does not matter. */
function hasNoDuplicates(items: readonly unknown[]): boolean {
  return new Set(items.map(canonical)).size === items.length
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isGroup(item) ? Object.fromEntries(Object.entries(item).toSorted(([one], [other]) => (one < other ? -1 : 1))) : item,
  )
}

function extensionsIn(schema: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(schema)) for (const item of schema) extensionsIn(item, found)
  else if (isGroup(schema)) {
    for (const [name, item] of Object.entries(schema)) {
      if (name.startsWith('x-')) found.add(name)
      extensionsIn(item, found)
    }
  }
  return found
}

function schemaFault(error: unknown): string {
  if (error instanceof RangeError) return 'the schema refers to itself without end'
  const message = error instanceof Error ? error.message : String(error)
  const missing = /^can't resolve reference (\S+)/.exec(message)?.[1]
  if (missing !== undefined) return `the schema refers to ${missing}, which is not in it; references are never fetched, so copy it beneath $defs`
  const unknownDialect = /^no schema with key or ref "([^"]+)"/.exec(message)?.[1]
  if (unknownDialect !== undefined) return `the schema is written in ${unknownDialect}; use https://json-schema.org/draft/2020-12/schema or draft-07`
  return message.replace(/^strict mode: /, 'the schema has an ')
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

interface Placed {
  readonly rank: Rank
  readonly issue: Issue
}

function toIssues(schema: JsonSchema, errors: readonly ErrorObject[]): readonly Issue[] {
  const placed = withoutBranchNoise(errors).map((error): Placed => {
    const path = fieldPath(error)
    const text = issueText({ keyword: error.keyword, params: error.params, schema: error.schema })
    const issue = { rule: error.keyword === 'dependentRequired' ? 'required' : error.keyword, issue: text }
    return { rank: rankOf(schema, path), issue: path.length === 0 ? issue : { field: path.join('.'), ...issue } }
  })
  // The sort is stable: several issues of one field stay in the validator's order.
  const issues = placed.toSorted((one, other) => compareRanks(one.rank, other.rank)).map(({ issue }) => issue)
  return issues.slice(0, ISSUES_MAX)
}

/** The field at fault: for a missing or surplus one itself, not its parent. */
function fieldPath({ instancePath, params }: ErrorObject): readonly string[] {
  const path = instancePath === '' ? [] : instancePath.slice(1).split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const child: unknown = params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty'] ?? params['propertyName']
  return typeof child === 'string' ? [...path, child] : path
}

/** What only accompanies another error. */
const ECHOES = new Set(['if', 'propertyNames', 'discriminator'])

/** `anyOf` and `oneOf` report every branch's errors and then themselves: the branches' errors are the last ones at or below their place. */
function withoutBranchNoise(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const kept: ErrorObject[] = []
  for (const error of errors) {
    if (ECHOES.has(error.keyword)) continue
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      kept.push(error)
      continue
    }
    const from = kept.findLastIndex(({ instancePath: path }) => path !== error.instancePath && !path.startsWith(`${error.instancePath}/`)) + 1
    kept.push(...whatToSay(error, kept.splice(from)))
  }
  return kept
}

/** The deeper errors if there are any and the rules that the right type broke; else the types that would do. */
function whatToSay(union: ErrorObject, branches: readonly ErrorObject[]): readonly ErrorObject[] {
  const isType = ({ keyword, instancePath }: ErrorObject) => keyword === 'type' && instancePath === union.instancePath
  const telling = branches.filter((error) => !isType(error))
  if (telling.length > 0) return telling
  const types = new Set(branches.flatMap(({ params }) => [params['type']].flat().map(String)))
  return types.size === 0 ? [union] : [{ ...union, keyword: 'type', params: { type: [...types] } }]
}
