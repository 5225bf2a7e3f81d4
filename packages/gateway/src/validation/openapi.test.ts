import { pathToFileURL } from 'node:url'
import type { RequestCheck } from 'tollgate/gate'
import { describe, expect, it } from 'vitest'
import { findDocumentedOperation, openApiDialect } from './openapi.ts'
import { createOperationCheck } from './operation-check.ts'
import { createSchemaCompiler } from './schema-compiler.ts'
import { createSchemaDocuments } from './schema-documents.ts'

const document = {
  openapi: '3.0.3',
  info: { title: 't', version: '1' },
  paths: {
    '/v1/items': {
      post: {
        operationId: 'createItem',
        requestBody: { required: true, content: { 'text/plain': {}, 'application/json; charset=utf-8': { schema: { $ref: '#/components/schemas/Item' } } } },
      },
      get: { operationId: 'listItems' },
    },
    '/v1/shared': { post: { requestBody: { $ref: '#/components/requestBodies/Shared' } } },
    '/v1/optional': { post: { operationId: 'optional', requestBody: { content: { 'application/json': { schema: { type: 'object', required: ['a'] } } } } } },
    '/v1/loop': { get: { operationId: 'loop', parameters: [{ $ref: '#/components/parameters/Loop' }] } },
  },
  components: {
    parameters: { Loop: { $ref: '#/components/parameters/Loop' } },
    requestBodies: { Shared: { content: { 'application/json': { schema: { type: 'object', required: ['ref'], properties: { ref: { $ref: '#/components/schemas/Missing' } } } } } } },
    schemas: {
      Item: {
        type: 'object',
        required: ['name', 'id'],
        properties: {
          id: { type: 'integer', readOnly: true },
          name: { type: 'string' },
          price: { type: 'number', minimum: 0, exclusiveMinimum: true },
          note: { type: 'string', nullable: true, enum: ['a', 'b'] },
          owner: { $ref: '#/components/schemas/Owner' },
          children: { type: 'array', items: { $ref: '#/components/schemas/Item' } },
        },
      },
      Owner: { type: 'object', properties: { email: { type: 'string', format: 'email', example: 'a@b.example' } } },
    },
  },
}

interface Read {
  readonly check: RequestCheck
  readonly notes: readonly string[]
}

function read(root: unknown, operation: string, routePath = '/{path...}'): Read | string {
  const notes: string[] = []
  const documents = createSchemaDocuments(() => ({ ok: false, message: 'which is in no file' }))
  const dialect = openApiDialect(root)
  if (dialect === undefined) return 'no OpenAPI document'
  const found = findDocumentedOperation(documents, documents.add(root, pathToFileURL('/api.yaml').href, dialect), operation)
  if (!found.ok) return found.message
  const built = createOperationCheck(found.operation, routePath, createSchemaCompiler(documents), (note) => notes.push(note))
  return built.ok ? { check: built.check, notes } : built.message
}

function checkOf(root: unknown, operation: string, routePath?: string): RequestCheck {
  const found = read(root, operation, routePath)
  if (typeof found === 'string') throw new Error(found)
  return found.check
}

function bodyIssues(root: unknown, operation: string, body: unknown, type = 'application/json'): readonly string[] {
  const check = checkOf(root, operation).body?.checkFor(type)
  if (typeof check !== 'function') return [typeof check === 'string' ? check : 'not allowed']
  return check(body).map(({ field, issue }) => (field === undefined ? issue : `${field} ${issue}`))
}

describe('the request body of an OpenAPI operation', () => {
  it('is found by operationId and by method and path, follows references and recursion', () => {
    for (const operation of ['createItem', 'POST /v1/items']) {
      expect(bodyIssues(document, operation, { name: 'x', children: [{ name: 'y', owner: { email: 'nobody' } }] })).toEqual(['children.0.owner.email must be an e-mail address'])
    }
  })

  it('is documented in the order of its properties, through references', () => {
    expect(bodyIssues(document, 'createItem', { owner: { email: 1 }, price: 0 })).toEqual(['name is required', 'price must be more than 0', 'owner.email must be a string'])
  })

  it('reads the dialect of 3.0: nullable, boolean bounds, read-only fields that requests need not have', () => {
    expect(bodyIssues(document, 'createItem', { name: 'x', note: null, price: 0.1 })).toEqual([])
    expect(bodyIssues(document, 'createItem', { name: 'x', note: 'c' })).toEqual(['note must be one of a, b, null'])
  })

  it('need not be there unless the document says so', () => {
    expect(checkOf(document, 'createItem').body?.isRequired).toBe(true)
    expect(checkOf(document, 'optional').body?.isRequired).toBe(false)
    expect(checkOf(document, 'listItems').body).toBeUndefined()
  })

  it.each([
    ['application/*', 'application/json', 'object'],
    ['*/*', 'application/json', 'object'],
    ['application/*+json', 'application/merge-patch+json', 'object'],
    ['application/*+json', 'application/json', undefined],
    ['application/*', 'text/plain', undefined],
    ['application/vnd.api+json', 'application/vnd.api+json', 'object'],
    ['APPLICATION/JSON; charset=utf-8', '', 'object'],
    ['multipart/form-data', 'multipart/form-data', 'unchecked'],
    ['image/*', 'image/png', 'unchecked'],
  ])('with content %s and a request of %s', (range, type, expected) => {
    const root = { openapi: '3.1.0', paths: { '/x': { post: { operationId: 'x', requestBody: { content: { [range]: { schema: { type: 'object' } } } } } } } }
    expect(bodyIssues(root, 'x', 1, type)).toEqual([expected === 'object' ? 'must be an object' : (expected ?? 'not allowed')])
  })

  it('is held against the nearest of several media types', () => {
    const content = { '*/*': { schema: { const: 'any' } }, 'application/*': { schema: { const: 'application' } }, 'application/json': { schema: { const: 'json' } }, 'application/*+json': { schema: { const: 'suffix' } } }
    const root = { openapi: '3.1.0', paths: { '/x': { post: { operationId: 'x', requestBody: { content } } } } }
    expect(bodyIssues(root, 'x', 'json')).toEqual([])
    expect(bodyIssues(root, 'x', 'suffix', 'application/a+json')).toEqual([])
    expect(bodyIssues(root, 'x', 'application', 'application/cbor')).toEqual([])
    expect(bodyIssues(root, 'x', 'any', 'text/plain')).toEqual([])
  })

  it.each([
    ['createItme', 'it has no operation "createItme"; did you mean "createItem"?'],
    ['POST /v1/shared', 'the schema refers to #/components/schemas/Missing, which is not in it; references are never fetched, so copy it beneath $defs or into a file'],
    ['loop', '#/components/parameters/Loop refers to itself without end'],
    ['constructor', expect.stringMatching(/^it has no operation "constructor"; there are /)],
  ])('says what is wrong: %s', (operation, message) => {
    expect(read(document, operation)).toEqual(message)
  })

  it('is refused from a document that is not OpenAPI 3', () => {
    for (const not of [{ swagger: '2.0' }, 7, null, [], { openapi: '4.0.0' }]) expect(openApiDialect(not)).toBeUndefined()
    expect(['3.0.3', '3.1.1', '3.2.0'].map((openapi) => openApiDialect({ openapi }))).toEqual(['openapi-3.0', 'openapi-3.1', 'openapi-3.1'])
  })
})

describe('the parameters of an OpenAPI operation', () => {
  const integer = { type: 'integer' }
  const list = { type: 'array', items: integer, maxItems: 3 }

  function issuesOf(parameters: readonly unknown[], request: { readonly target?: string; readonly params?: Record<string, string>; readonly headers?: readonly string[] }, paths = ['/things/{id}', '/v1/things/{thing}']): readonly string[] {
    const [path = '', routePath = ''] = paths
    const check = checkOf({ openapi: '3.1.0', paths: { [path]: { parameters, get: { operationId: 'x' } } } }, 'x', routePath)
    return check.parameters({ params: request.params ?? { thing: '1' }, query: request.target ?? '', headers: request.headers ?? [] }).map(({ field, rule, issue }) => `${field} ${issue} (${rule})`)
  }

  const id = { name: 'id', in: 'path', required: true, schema: integer }
  const limit = { name: 'limit', in: 'query', schema: { ...integer, maximum: 10 } }

  it('are held against their schemas, and named', () => {
    expect(issuesOf([id, limit], { params: { thing: 'abc' }, target: 'limit=99' })).toEqual(['id must be an integer (type)', 'limit must be at most 10 (maximum)'])
    expect(issuesOf([id, limit], { params: { thing: '7' }, target: 'limit=10&other=x' })).toEqual([])
  })

  it.each([
    ['limit=1&limit=99', ['limit must be given once (repeated)']],
    ['limit=', ['limit must be an integer (type)']],
    ['limit=1e400', ['limit must be an integer (type)']],
    ['limit=1e1', ['limit must be an integer (type)']],
    ['limit=1.0', ['limit must be an integer (type)']],
    ['limit=007', ['limit must be an integer (type)']],
    ['limit=%31%30', []],
    ['%6cimit=11', ['limit must be at most 10 (maximum)']],
    ['limit=%', ['limit must be an integer (type)']],
    ['', []],
  ])('a query of %s', (target, issues) => {
    expect(issuesOf([limit], { target })).toEqual(issues)
  })

  it('that are required are missed by name, an empty one may be allowed', () => {
    expect(issuesOf([{ ...limit, required: true }], {})).toEqual(['limit is required (required)'])
    expect(issuesOf([{ ...limit, allowEmptyValue: true }], { target: 'limit=' })).toEqual([])
  })

  it('read true, false and texts as the schema asks', () => {
    const on = { name: 'on', in: 'query', schema: { type: 'boolean' } }
    const text = { name: 'text', in: 'query', schema: { type: 'string', maxLength: 3 } }
    const either = { name: 'either', in: 'query', schema: { anyOf: [{ type: 'integer', minimum: 5 }, { const: 'all' }] } }
    const untyped = { name: 'untyped', in: 'query', schema: { enum: [1, 'b', true] } }
    expect(issuesOf([on, text, either, untyped], { target: 'on=true&text=123&either=all&untyped=1' })).toEqual([])
    expect(issuesOf([on, text, either, untyped], { target: 'on=false&text=a+b&either=5&untyped=true' })).toEqual([])
    expect(issuesOf([on, text, either, untyped], { target: 'on=1&text=1234&either=4&untyped=c' })).toEqual([
      'on must be a boolean (type)',
      'text must be at most 3 characters (maxLength)',
      'either must be at least 5 (minimum)',
      'untyped must be one of 1, b, true (enum)',
    ])
  })

  it.each([
    ['form, exploded', {}, 'ids=1&ids=2', 'ids=1&ids=x'],
    ['form', { explode: false }, 'ids=1,2', 'ids=1,x'],
    ['space', { style: 'spaceDelimited', explode: false }, 'ids=1%202', 'ids=1+x'],
    ['pipe', { style: 'pipeDelimited', explode: false }, 'ids=1|2', 'ids=1%7Cx'],
  ])('lists in a query, %s', (_, style, good, bad) => {
    const ids = { name: 'ids', in: 'query', schema: list, ...style }
    expect(issuesOf([ids], { target: good })).toEqual([])
    expect(issuesOf([ids], { target: bad })).toEqual(['ids.1 must be an integer (type)'])
  })

  it('a separator that is encoded separates nothing', () => {
    const names = { name: 'names', in: 'query', explode: false, schema: { type: 'array', items: { type: 'string' }, maxItems: 1 } }
    expect(issuesOf([names], { target: 'names=a%2Cb' })).toEqual([])
    expect(issuesOf([names], { target: 'names=a,b' })).toEqual(['names must have at most 1 item (maxItems)'])
  })

  it.each([
    ['simple', {}, '1,2', '1,x'],
    ['label', { style: 'label' }, '.1,2', '.1,x'],
    ['label, exploded', { style: 'label', explode: true }, '.1.2', '.1.x'],
    ['matrix', { style: 'matrix' }, ';id=1,2', ';id=1,x'],
    ['matrix, exploded', { style: 'matrix', explode: true }, ';id=1;id=2', ';id=1;id=x'],
  ])('lists in a path, %s', (_, style, good, bad) => {
    const ids = { ...id, schema: list, ...style }
    expect(issuesOf([ids], { params: { thing: good } })).toEqual([])
    expect(issuesOf([ids], { params: { thing: bad } })).toEqual(['id.1 must be an integer (type)'])
  })

  it.each([
    ['deepObject', { style: 'deepObject', explode: true }, 'size[width]=1&size[height]=2', 'size[width]=x'],
    ['form, exploded', {}, 'width=1&height=2', 'width=x'],
    ['form', { explode: false }, 'size=width,1,height,2', 'size=width,x'],
  ])('objects in a query, %s', (_, style, good, bad) => {
    const size = { name: 'size', in: 'query', schema: { type: 'object', properties: { width: integer, height: integer } }, ...style }
    expect(issuesOf([size], { target: good })).toEqual([])
    expect(issuesOf([size], { target: bad })).toEqual(['size.width must be an integer (type)'])
  })

  it('stand in headers and cookies too; what HTTP has words of its own for is left alone', () => {
    const trace = { name: 'X-Trace', in: 'header', required: true, schema: integer }
    const session = { name: 'session', in: 'cookie', schema: { type: 'string', minLength: 3 } }
    const accept = { name: 'Accept', in: 'header', required: true, schema: integer }
    expect(issuesOf([trace, session, accept], { headers: ['x-trace', ' 5 ', 'Cookie', 'a=b; session=abc'] })).toEqual([])
    expect(issuesOf([trace, session, accept], { headers: ['cookie', 'session=ab'] })).toEqual(['X-Trace is required (required)', 'session must be at least 3 characters (minLength)'])
    expect(issuesOf([trace], { headers: ['x-trace', '1', 'X-TRACE', '2'] })).toEqual(['X-Trace must be given once (repeated)'])
  })

  it('may be JSON in a text', () => {
    const filter = { name: 'filter', in: 'query', content: { 'application/json': { schema: { type: 'object', required: ['a'] } } } }
    expect(issuesOf([filter], { target: `filter=${encodeURIComponent('{"a":1}')}` })).toEqual([])
    expect(issuesOf([filter], { target: 'filter=%7B%7D' })).toEqual(['filter.a is required (required)'])
    expect(issuesOf([filter], { target: 'filter={' })).toEqual(['filter must be JSON, given once (type)'])
  })

  it('of an operation go before those of its path', () => {
    const root = { openapi: '3.0.0', paths: { '/x': { parameters: [limit], get: { operationId: 'x', parameters: [{ ...limit, schema: { ...integer, maximum: 5 } }] } } } }
    expect(checkOf(root, 'x').parameters({ params: {}, query: 'limit=7', headers: [] })).toEqual([{ field: 'limit', in: 'query', rule: 'maximum', issue: 'must be at most 5' }])
  })

  it.each([
    [['/things/{id}.json', '/v1/things/{file}'], { file: '7.json' }, []],
    [['/things/{id}.json', '/v1/things/{file}'], { file: '7.xml' }, ['id is required (required)']],
    [['/things/{id}', '/{all...}'], { all: 'v1/things/7' }, []],
    [['/things/{id}', '/{all...}'], { all: 'v1/things/x' }, ['id must be an integer (type)']],
    [['/v2/things/{id}', '/things/{thing}'], { thing: 'x' }, ['id must be an integer (type)']],
  ])('of a path are found from its end: %j', (paths, params, issues) => {
    expect(issuesOf([id], { params }, paths)).toEqual(issues)
  })

  it('of a path that is not the route’s are said to be unknown, and what is not checked is noted', () => {
    const root = { openapi: '3.1.0', paths: { '/things/{id}': { parameters: [id, { name: 'q', in: 'querystring' }, { name: 'x', in: 'query', content: { 'text/xml': {} } }], get: { operationId: 'x' } } } }
    expect(read(root, 'x', '/v1/others/{id}')).toBe("its path /things/{id} does not lie at the end of the route's /v1/others/{id}, so its parameters are not known")
    expect(read(root, 'x')).toMatchObject({ notes: ['the parameter q in querystring is not checked', 'the parameter x is text/xml, which is not checked'] })
  })

  it('of 64 bits keep every digit', () => {
    const big = (format: string) => ({ name: 'big', in: 'query', schema: { type: 'integer', format } })
    expect(issuesOf([big('int64')], { target: 'big=9223372036854775807' })).toEqual([])
    expect(issuesOf([big('int64')], { target: 'big=9223372036854775808' })).toEqual(['big must be an integer of 64 bits (format)'])
    expect(issuesOf([big('int64')], { target: 'big=-9223372036854775808' })).toEqual([])
    expect(issuesOf([big('int64')], { target: 'big=-9223372036854775809' })).toEqual(['big must be an integer of 64 bits (format)'])
    expect(issuesOf([big('int32')], { target: 'big=2147483648' })).toEqual(['big must be an integer of 32 bits (format)'])
  })
})
