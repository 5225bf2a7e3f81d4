/** The operator's API as an OpenAPI 3.1 document, out of the table of its operations: for generators of clients, and for whoever reads such pages. */
import { compact, serverReasons } from 'tollgate/contract'
import { z } from 'zod'
import type { Operation } from './operation.ts'

/** Where the admin listener serves it. */
export const OPEN_API_PATH = '/openapi.json'

type JsonSchema = { readonly [keyword: string]: unknown }

interface ObjectSchema extends JsonSchema {
  readonly properties?: { readonly [name: string]: JsonSchema }
  readonly required?: readonly string[]
}

export interface OpenApiOperation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  /** What a token must be allowed for it. */
  readonly 'x-permission': string
  readonly parameters?: readonly { readonly name: string; readonly in: 'path' | 'query'; readonly required: boolean; readonly description?: unknown; readonly schema: JsonSchema }[]
  readonly requestBody?: { readonly required: boolean; readonly content: { readonly 'application/json': { readonly schema: JsonSchema } } }
  readonly responses: { readonly [status: string]: object }
}

export interface OpenApiDocument {
  readonly openapi: '3.1.1'
  readonly info: object
  readonly security: readonly object[]
  readonly paths: { readonly [path: string]: { readonly [method: string]: OpenApiOperation } }
  readonly components: { readonly securitySchemes: object; readonly responses: object; readonly schemas: { readonly Problem: ObjectSchema } }
}

/** `version`: of the program. */
export function openApiOf(operations: readonly Operation[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {}
  for (const each of operations) (paths[each.path] ??= {})[each.method.toLowerCase()] = toOpenApi(each)
  return {
    openapi: '3.1.1',
    info: { title: 'Tollgate: the operator’s API', version, description: 'Accounts, keys, money, sessions, calls and the gateway itself, for whoever runs it. Served by the admin listener.' },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'The admin token: in the file beside the database, or of the configuration.' } },
      responses: { Refusal: { description: 'It was not done', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } } },
      schemas: { Problem: problemSchema },
    },
  }
}

function toOpenApi({ name, words, may, input, secrets = [], output, method }: Operation): OpenApiOperation {
  const parameters = [...parametersIn('path', input.params), ...parametersIn('query', input.query)]
  const body = input.body && { required: !input.body.safeParse({}).success, content: { 'application/json': { schema: withoutReading(schemaOf(input.body, 'input'), secrets) } } }
  return compact({
    operationId: name,
    tags: [name.split('.', 1)[0] ?? name],
    summary: words,
    'x-permission': may,
    parameters: parameters.length === 0 ? undefined : parameters,
    requestBody: body,
    responses: {
      '2XX': { description: method === 'GET' ? 'What was asked for' : 'It was done', content: { 'application/json': { schema: schemaOf(output, 'output') } } },
      default: { $ref: '#/components/responses/Refusal' },
    },
  })
}

function parametersIn(place: 'path' | 'query', shape: z.ZodObject | undefined): NonNullable<OpenApiOperation['parameters']> {
  if (shape === undefined) return []
  const { properties = {}, required = [] } = schemaOf(shape, 'input')
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({ name, in: place, required: required.includes(name), description, schema }))
}

/** Secrets are said, and never shown. */
function withoutReading(schema: ObjectSchema, secrets: readonly string[]): ObjectSchema {
  if (secrets.length === 0) return schema
  return { ...schema, properties: Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, each]) => [name, secrets.includes(name) ? { ...each, writeOnly: true } : each])) }
}

function schemaOf(shape: z.ZodType, io: 'input' | 'output'): ObjectSchema {
  // What a function checks besides has no form in JSON Schema: the gateway says it when it is asked.
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, target: 'draft-2020-12', unrepresentable: 'any' })
  return schema as ObjectSchema
}

const text = (description: string): JsonSchema => ({ type: 'string', description })

/** RFC 9457, as the contract `problem` writes it. */
const problemSchema: ObjectSchema = {
  type: 'object',
  properties: {
    type: text('a URN of its reason; it identifies and does not resolve'),
    title: text('its reason, in words'),
    status: { type: 'integer', description: 'of HTTP' },
    detail: text('what is at issue'),
    code: { type: 'string', enum: serverReasons, description: 'its reason, for programs' },
    request_id: text('of this request'),
    issue: text('what is wrong, and the mend'),
    field: text('the first field at fault: `limits.daily`'),
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
  additionalProperties: true,
}
