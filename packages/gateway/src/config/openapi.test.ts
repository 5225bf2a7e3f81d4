import { describe, expect, it } from 'vitest'
import { createBodyCheck } from './body-check.ts'
import { operationSchema } from './openapi.ts'

const paths = {
  '/v1/items': {
    post: {
      operationId: 'createItem',
      requestBody: { content: { 'text/plain': {}, 'application/json; charset=utf-8': { schema: { $ref: '#/components/schemas/Item' } } } },
    },
    get: { operationId: 'listItems' },
  },
  '/v1/shared': { post: { requestBody: { $ref: '#/components/requestBodies/Shared' } } },
}

const components = {
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
}

const document = { openapi: '3.0.3', info: { title: 't', version: '1' }, paths, components }

function issuesOf(operation: string, body: unknown): readonly string[] {
  const found = operationSchema(document, operation)
  if (!found.ok) throw new Error(found.message)
  const built = createBodyCheck(found.schema)
  if (!built.ok) throw new Error(built.message)
  return built.check(body).map(({ field, issue }) => `${field} ${issue}`)
}

describe('the request schema of an OpenAPI operation', () => {
  it('is found by operationId and by method and path, follows references and recursion', () => {
    for (const operation of ['createItem', 'POST /v1/items']) {
      expect(issuesOf(operation, { name: 'x', children: [{ name: 'y', owner: { email: 'nobody' } }] })).toEqual(['children.0.owner.email must be an e-mail address'])
    }
  })

  it('is documented in the order of its properties, through references', () => {
    expect(issuesOf('createItem', { owner: { email: 1 }, price: 0 })).toEqual(['name is required', 'price must be more than 0', 'owner.email must be a string'])
  })

  it('reads the dialect of 3.0: nullable, boolean bounds, read-only fields that requests need not have', () => {
    expect(issuesOf('createItem', { name: 'x', note: null, price: 0.1 })).toEqual([])
    expect(issuesOf('createItem', { name: 'x', note: 'c' })).toEqual(['note must be one of a, b, null'])
  })

  it.each([
    ['createItme', 'it has no operation "createItme"; did you mean "createItem"?'],
    ['listItems', 'its operation "listItems" has no JSON request body'],
    ['POST /v1/shared', 'it refers to #/components/schemas/Missing, which is not in it; references to other documents are never fetched'],
    ['constructor', 'it has no operation "constructor"; there are listItems, GET /v1/items, createItem, POST /v1/items, POST /v1/shared'],
  ])('says what is wrong: %s', (operation, message) => {
    expect(operationSchema(document, operation)).toEqual({ ok: false, message })
  })

  it('is refused from a document that is not OpenAPI 3', () => {
    for (const not of [{ swagger: '2.0' }, 7, null, [], { openapi: '4.0.0' }]) {
      expect(operationSchema(not, 'x')).toEqual({ ok: false, message: 'it is not an OpenAPI 3.0 or 3.1 document' })
    }
  })
})
