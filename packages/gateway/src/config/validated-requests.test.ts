/** From the files to the answer: what a `validate` step lets pass, and what its refusal says. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createDirectory } from 'tollgate/directory'
import { createGate, type IncomingCall } from 'tollgate/gate'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock } from 'tollgate/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { randomBytes, sha256Hex } from '../platform/secrets.ts'
import { loadConfig, type LoadedConfig } from './load-config.ts'
import { formatProblem } from './read/config-problem.ts'

let folder: string

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tollgate-validate-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function write(name: string, content: unknown): void {
  const file = join(folder, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
}

function load(validate: unknown, on = 'POST /things/{thing}'): LoadedConfig {
  const routes = [{ on, public: true, steps: [{ validate }] }]
  return loadConfig({ store: 'memory', upstreams: { a: 'http://127.0.0.1:1' }, apis: { a: { mount: '/', contract: 'problem', routes } } } as Parameters<typeof loadConfig>[0], { environment: {}, baseDir: folder })
}

function warningsOf(validate: unknown): readonly string[] {
  const loaded = load(validate)
  return (loaded.ok ? loaded.warnings : loaded.problems).map(formatProblem)
}

function problemOf(validate: unknown): string {
  const loaded = load(validate)
  return loaded.ok ? 'no problem' : loaded.problems.map(({ message }) => message).join('\n')
}

interface Asked {
  readonly target?: string
  readonly body?: string
  readonly headers?: readonly string[]
}

/** `passed`, or the status with the members that tell why. */
async function outcomeOf(validate: unknown, { target = '/things/1', body, headers = ['content-type', 'application/json'] }: Asked, on?: string): Promise<unknown> {
  const loaded = load(validate, on)
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  const clock = createManualClock(0)
  const store = createMemoryStore({ clock })
  const { apis, fallback } = loaded.value
  const gate = createGate({ apis, fallback, store, clock, randomBytes, sha256Hex, directory: createDirectory({ store, clock, sha256Hex }) })
  const call: IncomingCall = {
    method: on?.split(' ')[0] ?? 'POST',
    target,
    headers: body === undefined ? [] : headers,
    remoteAddress: '192.0.2.1',
    hasBody: body !== undefined,
    readBody: async () => ({ kind: 'complete', bytes: new TextEncoder().encode(body ?? '') }),
  }
  const verdict = await gate.begin(call)
  if (verdict.kind === 'admitted') return 'passed'
  const { status, code, field, issue } = JSON.parse(String(verdict.answer.body)) as Record<string, unknown>
  return [status, code, field ?? null, issue]
}

describe('an operation of an OpenAPI document', () => {
  const operation = { openapi: './api.yaml', operation: 'createThing' }

  beforeEach(() =>
    write(
      'api.yaml',
      `
openapi: 3.1.0
paths:
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    post:
      operationId: createThing
      parameters: [{ name: limit, in: query, schema: { type: integer, maximum: 10 } }]
      requestBody:
        content:
          application/json: { schema: { type: object, required: [name], properties: { name: { type: string }, at: { type: integer, format: int64 } } } }
          application/merge-patch+json: { schema: { type: object, maxProperties: 1 } }
          image/png: {}
    get: { operationId: getThing }
`,
    ),
  )

  it.each<readonly [string, Asked, unknown]>([
    ['no body, which the document does not require', {}, 'passed'],
    ['an empty body', { body: '' }, 'passed'],
    ['a good body', { body: '{"name":"a"}' }, 'passed'],
    ['a bad body', { body: '{}' }, [422, 'field.missing', 'name', 'is required']],
    ['no JSON', { body: '{' }, [400, 'request.invalid', null, 'the body is not valid JSON']],
    ['a body of another of its media types', { body: '{"a":1,"b":2}', headers: ['content-type', 'application/merge-patch+json'] }, [400, 'request.invalid', null, 'must have at most 1 field']],
    ['one that is no JSON', { body: 'PNG', headers: ['content-type', 'image/png'] }, 'passed'],
    ['one that it does not take', { body: '<a/>', headers: ['content-type', 'application/xml'] }, [415, 'request.unsupported_media', null, 'the content type must be one that the operation takes, not application/xml']],
    ['a path parameter', { target: '/things/abc' }, [422, 'field.invalid', 'id', 'must be an integer']],
    ['a query parameter', { target: '/things/1?limit=99' }, [422, 'field.invalid', 'limit', 'must be at most 10']],
    ['an encoded one', { target: '/things/%31?limit=%39' }, 'passed'],
    ['a parameter before the body', { target: '/things/1?limit=99', body: '{' }, [422, 'field.invalid', 'limit', 'must be at most 10']],
    ['the largest of 64 bits', { body: '{"name":"a","at":9223372036854775807}' }, 'passed'],
    ['one more', { body: '{"name":"a","at":9223372036854775808}' }, [422, 'field.invalid', 'at', 'must be an integer of 64 bits']],
  ])('%s', async (_, asked, expected) => {
    expect(await outcomeOf(operation, asked)).toEqual(expected)
  })

  it('may have parameters only', async () => {
    const get = { ...operation, operation: 'getThing' }
    expect(await outcomeOf(get, {}, 'GET /things/{thing}')).toBe('passed')
    expect(await outcomeOf(get, { target: '/things/x' }, 'GET /things/{thing}')).toEqual([422, 'field.invalid', 'id', 'must be an integer'])
  })

  it('notes what is not checked, and is refused where its path is another', () => {
    expect(warningsOf(operation)).toEqual(['apis.a.routes[0].steps[0].validate: a body of image/png is passed on unchecked; only JSON is held against a schema'])
    const loaded = load(operation, 'POST /others')
    expect(loaded.ok ? [] : loaded.problems.map(formatProblem)).toEqual([
      "apis.a.routes[0].steps[0].validate: ./api.yaml: its path /things/{id} does not lie at the end of the route's /others, so its parameters are not known",
    ])
  })

  it('has its parts in other files, each relative to the one that names it', async () => {
    write('api.yaml', 'openapi: 3.0.3\npaths: { "/things/{id}": { $ref: ./paths/thing.yaml } }')
    write('paths/thing.yaml', 'post:\n  operationId: createThing\n  requestBody: { $ref: "../bodies.json#/thing" }\n  parameters: [{ $ref: ../api-parts/limit.yaml }]')
    write('bodies.json', { thing: { required: true, content: { 'application/json': { schema: { $ref: './schemas/thing.yaml#/Thing' } } } } })
    write('schemas/thing.yaml', 'Thing: { type: object, required: [name], properties: { name: { type: string, nullable: true }, next: { $ref: "#/Thing" }, owner: { $ref: "owner.json" } } }')
    write('schemas/owner.json', { type: 'object', properties: { thing: { $ref: 'thing.yaml#/Thing' } } })
    write('api-parts/limit.yaml', 'name: limit\nin: query\nschema: { type: integer }')
    expect(await outcomeOf(operation, { body: '{"name":null,"next":{"name":"b","owner":{"thing":{}}}}' })).toEqual([422, 'field.missing', 'next.owner.thing.name', 'is required'])
    expect(await outcomeOf(operation, {})).toEqual([400, 'request.invalid', null, 'a JSON body is required'])
    expect(await outcomeOf(operation, { target: '/things/1?limit=x', body: '{}' })).toEqual([422, 'field.invalid', 'limit', 'must be an integer'])
  })
})

describe('a reference to a file', () => {
  it.each(['./item.json', 'item.json', './sub/../item.json', 'item.json#', 'item.json#/$defs/a', 'item.json#a'])('%s is read beside the document', async (ref) => {
    write('item.json', { $anchor: 'a', type: 'integer', $defs: { a: { type: 'integer' } } })
    mkdirSync(join(folder, 'sub'))
    write('schema.json', { properties: { item: { $ref: ref } } })
    expect(await outcomeOf('./schema.json', { body: '{"item":"x"}' })).toEqual([422, 'field.invalid', 'item', 'must be an integer'])
    expect(await outcomeOf({ properties: { item: { $ref: ref } } }, { body: '{"item":"x"}' })).toEqual([422, 'field.invalid', 'item', 'must be an integer'])
  })

  it('may have odd characters, encoded as in any URI', async () => {
    write('odd name#1.json', { $defs: { 'a/b': { type: 'integer' } } })
    expect(await outcomeOf({ properties: { item: { $ref: 'odd%20name%231.json#/$defs/a~1b' } } }, { body: '{"item":"x"}' })).toEqual([422, 'field.invalid', 'item', 'must be an integer'])
  })

  it('is found beside a document that calls itself something on the web', async () => {
    write('item.json', { $id: 'https://example.com/schemas/item.json', type: 'integer' })
    write('schema.json', { $id: 'https://example.com/schemas/schema.json', properties: { item: { $ref: 'item.json' } } })
    expect(await outcomeOf('./schema.json', { body: '{"item":"x"}' })).toEqual([422, 'field.invalid', 'item', 'must be an integer'])
  })

  it('may lead in a circle, as long as data runs out', async () => {
    write('one.json', { type: 'object', properties: { two: { $ref: 'two.json' } } })
    write('two.json', { type: 'object', required: ['one'], properties: { one: { $ref: 'one.json' } } })
    expect(await outcomeOf('./one.json', { body: '{"two":{"one":{"two":{}}}}' })).toEqual([422, 'field.missing', 'two.one.two.one', 'is required'])
    write('two.json', { $ref: 'one.json' })
    write('one.json', { $ref: 'two.json' })
    expect(problemOf('./one.json')).toBe('./one.json: the schema refers to itself without end')
  })

  it.each([
    ['https://example.com/item.json', 'the schema refers to https://example.com/item.json, which is not in it; references are never fetched, so copy it beneath $defs or into a file'],
    ['//example.com/item.json', 'the schema refers to //example.com/item.json, which is no file of this machine'],
    ['file://example.com/item.json', 'the schema refers to file://example.com/item.json, which is no file of this machine'],
    ['a%2Fb.json', 'the schema refers to a%2Fb.json, which is no file of this machine'],
    ['a%00.json', /^the schema refers to a%00\.json, but cannot read /],
    ['missing.json', /^the schema refers to missing\.json, but cannot read .*missing\.json: there is no such file$/],
    ['.', /^the schema refers to \., but cannot read .*: it is a directory$/],
    ['pipe', /^the schema refers to pipe, but cannot read .*pipe: it is no regular file$/],
    ['/dev/zero', /^the schema refers to \/dev\/zero, but cannot read \/dev\/zero: it is no regular file$/],
    ['text.json', 'the schema is invalid at ["text.json"]: a schema must be a map or true or false, not "some text"'],
    ['item.json#/nowhere', 'the schema refers to item.json#/nowhere, which is not in item.json'],
    ['http://[', 'the schema refers to http://[, which is no URI reference'],
  ])('%s is refused in words', (ref, message) => {
    write('item.json', {})
    write('text.json', '"some text"')
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect(problemOf({ $ref: ref })).toMatch(message)
  })

  it('is refused where the file is nonsense, without a crash', () => {
    write('loop.yaml', 'a: &a { properties: { b: *a } }')
    expect(problemOf('./loop.yaml')).toContain('not valid YAML: *a stands within what it refers to')
    write('deep.json', '['.repeat(60_000))
    expect(problemOf({ $ref: 'deep.json' })).toContain('nested deeper than 200 levels')
  })
})

describe('a format', () => {
  it('that nobody knows is ignored with a note, others work', async () => {
    const schema = { properties: { price: { type: 'string', format: 'currency' }, phone: { format: 'phone' }, mail: { format: 'idn-email' }, amount: { format: 'decimal' } } }
    expect(warningsOf(schema)).toEqual([
      'apis.a.routes[0].steps[0].validate: the format "currency" is not known here, so it is not checked (properties.price); the format "phone" is not known here, so it is not checked (properties.phone)',
    ])
    expect(await outcomeOf(schema, { body: '{"price":"x","phone":"y","mail":"jörg@bücher.example","amount":"12.50"}' })).toBe('passed')
    expect(await outcomeOf(schema, { body: '{"mail":"x"}' })).toEqual([422, 'field.invalid', 'mail', 'must be an e-mail address'])
  })

  it('a rule that draft-07 passes over is noted too', () => {
    write('old.json', { $schema: 'http://json-schema.org/draft-07/schema#', properties: { a: { $ref: '#/definitions/a', maxLength: 3 } }, definitions: { a: { type: 'string' } } })
    expect(warningsOf('./old.json')).toEqual([
      'apis.a.routes[0].steps[0].validate: maxLength beside $ref says nothing in draft-07; put it into allOf with the $ref (properties.a)',
    ])
  })
})
