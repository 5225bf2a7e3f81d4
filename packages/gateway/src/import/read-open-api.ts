/** An OpenAPI document (3.x, or Swagger 2.0): its answers from 400 on, their examples, and the codes that their schemas list. */
import { memberOf, type JsonValue } from 'tollgate/contract'
import { nothingFound, type FoundError, type FoundPage } from './found-error.ts'
import { mergeErrors } from './merge-errors.ts'
import { errorInSample, isErrorSample } from './read-sample.ts'

export function isOpenApi(value: unknown): boolean {
  return memberOf(value, 'openapi') !== undefined || memberOf(value, 'swagger') !== undefined
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']
/** References that lead in a circle are followed no further. */
const HOPS_MAX = 20
const DEPTH_MAX = 24
/** Of the schema of one answer so much is looked at: schemas that name themselves, or each other twice, have no end. */
const SCHEMAS_MAX = 2_000

export function readOpenApi(document: unknown): FoundPage {
  const resolve = (value: unknown, hops = 0): unknown => {
    const ref = memberOf(value, '$ref')
    if (typeof ref !== 'string' || hops > HOPS_MAX) return value
    const path = ref.startsWith('#/') ? ref.slice(2).split('/').map((part) => decodePart(part)) : undefined
    return path === undefined ? undefined : resolve(path.reduce<unknown>((inside, key) => memberOf(inside, key), document), hops + 1)
  }
  const errors: FoundError[] = []
  const samples: JsonValue[] = []
  const seen = new Set<unknown>()

  const responses = [...entriesOf(memberOf(document, 'paths')).flatMap(([, item]) => methods.flatMap((method) => entriesOf(memberOf(memberOf(resolve(item), method), 'responses')))), ...entriesOf(memberOf(memberOf(document, 'components'), 'responses')).map(([name, value]): readonly [string, unknown] => [/\b[45]\d{2}\b/.exec(name)?.[0] ?? '', value])]
  for (const [status, response] of responses) {
    const found = resolve(response)
    const number = /^[45]\d{2}$/.test(status) ? Number(status) : undefined
    if ((number === undefined && status !== '' && status !== 'default' && !/^[45]XX$/i.test(status)) || seen.has(`${status} ${JSON.stringify(found)?.slice(0, 4_000)}`)) continue
    seen.add(`${status} ${JSON.stringify(found)?.slice(0, 4_000)}`)
    const description = textOf(memberOf(found, 'description'))
    for (const example of examplesIn(found, resolve)) {
      const body = example.value
      if (!isErrorSample(body)) continue
      samples.push(body)
      const error = errorInSample(body, number)
      errors.push({ ...error, description: example.summary ?? description })
    }
    const codes = schemasIn(found).flatMap((schema) => codesIn(resolve(schema), resolve, 0, { left: SCHEMAS_MAX }))
    for (const code of codes) errors.push({ ...nothingFound, code, status: number, description: codes.length === 1 ? description : undefined })
    if (number !== undefined) errors.push({ ...nothingFound, status: number, description })
    samples.push(...schemasIn(found).flatMap((schema) => sampleOf(resolve(schema), resolve, 0, { left: SCHEMAS_MAX }) ?? []).filter(isErrorSample))
  }
  return { title: textOf(memberOf(memberOf(document, 'info'), 'title')), errors: mergeErrors(errors), samples, success: undefined, limitHeaders: [] }
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return part
  }
}

type Resolve = (value: unknown) => unknown

interface Budget {
  left: number
}

function examplesIn(response: unknown, resolve: Resolve): readonly { readonly value: JsonValue; readonly summary: string | undefined }[] {
  // Swagger 2.0 has them beside the schema.
  const old = entriesOf(memberOf(response, 'examples')).map(([, value]) => ({ value: value as JsonValue, summary: undefined }))
  const media = entriesOf(memberOf(response, 'content')).flatMap(([, each]) => {
    const one = memberOf(each, 'example')
    const named = entriesOf(memberOf(each, 'examples')).flatMap(([, value]) => {
      const found = resolve(value)
      const body = memberOf(found, 'value')
      return body === undefined ? [] : [{ value: body as JsonValue, summary: textOf(memberOf(found, 'summary')) ?? textOf(memberOf(found, 'description')) }]
    })
    return [...(one === undefined ? [] : [{ value: one as JsonValue, summary: undefined }]), ...named]
  })
  return [...media, ...old].filter(({ value }) => typeof value === 'object' && value !== null)
}

function schemasIn(response: unknown): readonly unknown[] {
  return [memberOf(response, 'schema'), ...entriesOf(memberOf(response, 'content')).map(([, media]) => memberOf(media, 'schema'))].filter((each) => each !== undefined)
}

const CODE = /^(?:code|error_?code|err_?code|type|reason)$/i

/** The values of a member that is called so: `enum`, or `const`. */
function codesIn(schema: unknown, resolve: Resolve, depth: number, budget: Budget): readonly (string | number)[] {
  if (depth > DEPTH_MAX || budget.left-- <= 0 || typeof schema !== 'object' || schema === null) return []
  const members = entriesOf(memberOf(schema, 'properties'))
  const coded = members.find(([name]) => CODE.test(name))
  const property = coded && resolve(coded[1])
  const listed = [memberOf(property, 'const') ?? [], memberOf(property, 'enum') ?? []].flat().filter((value): value is string | number => typeof value === 'string' || typeof value === 'number')
  if (listed.length > 0) return listed
  const parts = ['allOf', 'oneOf', 'anyOf'].flatMap((name) => [memberOf(schema, name) ?? []].flat())
  return [...parts, ...members.filter(([name]) => /^(?:error|errors|err|fault)$/i.test(name)).map(([, value]) => value), memberOf(schema, 'items')].flatMap((each) => codesIn(resolve(each), resolve, depth + 1, budget))
}

/** An answer as the schema describes it, to know the envelope by. */
function sampleOf(schema: unknown, resolve: Resolve, depth: number, budget: Budget): JsonValue | undefined {
  if (depth > DEPTH_MAX || budget.left-- <= 0 || typeof schema !== 'object' || schema === null) return undefined
  const given = memberOf(schema, 'example') ?? memberOf(schema, 'default') ?? memberOf(schema, 'const') ?? [memberOf(schema, 'enum') ?? []].flat()[0]
  if (given !== undefined) return given as JsonValue
  const parts = [memberOf(schema, 'allOf') ?? []].flat().map((part) => sampleOf(resolve(part), resolve, depth + 1, budget))
  const own = entriesOf(memberOf(schema, 'properties')).flatMap(([name, value]) => {
    const sample = sampleOf(resolve(value), resolve, depth + 1, budget)
    return sample === undefined ? [] : [[name, sample] as const]
  })
  if (own.length > 0 || parts.length > 0) return Object.assign({}, ...parts.filter((part) => typeof part === 'object'), Object.fromEntries(own)) as JsonValue
  const type = [memberOf(schema, 'type')].flat()[0]
  const first = [memberOf(schema, 'oneOf') ?? memberOf(schema, 'anyOf') ?? []].flat()[0]
  if (first !== undefined) return sampleOf(resolve(first), resolve, depth + 1, budget)
  const samples: { readonly [type: string]: JsonValue } = { string: 'string', integer: 1, number: 1, boolean: false, object: {}, array: [] }
  return typeof type === 'string' && Object.hasOwn(samples, type) ? samples[type] : undefined
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
