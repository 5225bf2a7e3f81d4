import { describe, expect, it } from 'vitest'
import { createBodyCheck } from './body-check.ts'
import type { JsonSchema } from './json-schema.ts'

function issuesOf(schema: JsonSchema, body: unknown): readonly string[] {
  const built = createBodyCheck(schema)
  if (!built.ok) throw new Error(built.message)
  return built.check(body).map(({ field, issue }) => (field === undefined ? issue : `${field} ${issue}`))
}

function faultOf(schema: JsonSchema): string {
  const built = createBodyCheck(schema)
  return built.ok ? 'no fault' : built.message
}

const message: JsonSchema = {
  type: 'object',
  properties: {
    message: { type: 'string', minLength: 1, maxLength: 10, pattern: String.raw`\S` },
    ip: { type: 'string', format: 'ipv4' },
    mode: { enum: ['fast', 'balanced'] },
    config: { $ref: '#/$defs/config' },
    items: { type: 'array', items: { type: 'object', properties: { b: { type: 'integer' }, a: { type: 'integer' } } }, uniqueItems: true, maxItems: 3 },
  },
  required: ['config', 'message'],
  additionalProperties: false,
  $defs: { config: { type: 'object', properties: { z: { type: 'integer', minimum: 1 }, a: { type: ['string', 'null'] } }, required: ['a'] } },
}

describe('a body check', () => {
  it('finds nothing wrong with a body that fits', () => {
    expect(issuesOf(message, { message: 'hi', ip: '203.0.113.7', mode: 'fast', config: { a: null, z: 3 }, items: [{ a: 1, b: 2 }] })).toEqual([])
  })

  it('names the issues in the order in which the schema names the fields, whatever the order of the body or of required', () => {
    expect(issuesOf(message, { items: [{ a: 'x' }, { a: 'y', b: 'z' }], extra: 1, mode: 'slow', ip: 'x', config: { z: 0 } })).toEqual([
      'message is required',
      'ip must be an IPv4 address',
      'mode must be one of fast, balanced',
      'config.z must be at least 1',
      'config.a is required',
      'items.0.a must be an integer',
      'items.1.b must be an integer',
      'items.1.a must be an integer',
      'extra is not a known field',
    ])
  })

  it.each([
    ['a body that is not an object', 7, ['must be an object']],
    ['a blank text', { config: { a: '' }, message: '   ' }, ['message must not be blank']],
    ['a text blank by other spaces than ASCII ones', { config: { a: '' }, message: '\u00a0\u3000' }, ['message must not be blank']],
    ['a text that is too long', { config: { a: '' }, message: 'x'.repeat(11) }, ['message must be at most 10 characters']],
    ['characters, not UTF-16 units', { config: { a: '' }, message: '😀'.repeat(10) }, []],
    ['several allowed types', { config: { a: 1 }, message: 'x' }, ['config.a must be a string or null']],
    ['duplicates, whatever the order of their fields', { config: { a: '' }, message: 'x', items: [{ a: 1, b: 2 }, { b: 2, a: 1 }] }, ['items must not hold the same item twice']],
    ['a field called __proto__', JSON.parse('{"config":{"a":""},"message":"x","__proto__":1}'), ['__proto__ is not a known field']],
    ['a field called constructor', JSON.parse('{"config":{"a":""},"message":"x","constructor":1}'), ['constructor is not a known field']],
  ])('says it plainly: %s', (_, body, issues) => {
    expect(issuesOf(message, body)).toEqual(issues)
  })

  it('gives each issue its rule, the keyword of the schema', () => {
    const built = createBodyCheck(message)
    expect(built.ok && built.check({ message: 'x'.repeat(11) })).toEqual([
      { field: 'message', rule: 'maxLength', issue: 'must be at most 10 characters' },
      { field: 'config', rule: 'required', issue: 'is required' },
    ])
  })

  it('says of alternatives what a person wants to know', () => {
    const schema: JsonSchema = {
      properties: {
        nullable: { anyOf: [{ type: 'string', maxLength: 2 }, { type: 'null' }] },
        either: { oneOf: [{ type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }, { type: 'string' }] },
      },
    }
    expect(issuesOf(schema, { nullable: 'abc', either: { n: 'x' } })).toEqual(['nullable must be at most 2 characters', 'either.n must be an integer'])
    expect(issuesOf(schema, { nullable: 5 })).toEqual(['nullable must be a string or null'])
  })

  it('reads draft-07 as draft-07: items is a list of positions there', () => {
    const schema: JsonSchema = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'array', items: [{ type: 'string' }, { type: 'integer' }] }
    expect(issuesOf(schema, ['a', 'b'])).toEqual(['1 must be an integer'])
  })

  it('refuses a schema that it cannot keep, and says why', () => {
    expect(faultOf({ type: 'strnig' })).toContain('schema is invalid')
    expect(faultOf({ type: 'string', maxLenght: 5 })).toBe('the schema has an unknown keyword: "maxLenght"')
    expect(faultOf({ type: 'string', format: 'emial' })).toContain('unknown format "emial"')
    expect(faultOf({ $ref: 'https://example.com/schema.json' })).toBe(
      'the schema refers to https://example.com/schema.json, which is not in it; references are never fetched, so copy it beneath $defs',
    )
    expect(faultOf({ $schema: 'http://json-schema.org/draft-04/schema#' })).toContain('the schema is written in http://json-schema.org/draft-04/schema')
    expect(faultOf({ type: 'string', pattern: '^(?=.*[0-9]).+$' })).toContain('lookahead and lookbehind can take exponential time')
    expect(faultOf({ type: 'string', pattern: '(a)\\1' })).toContain('backreferences can take exponential time')
    expect(faultOf({ type: 'string', pattern: '[a' })).toContain('missing closing ]')
  })

  it('keeps two patterns apart', () => {
    expect(issuesOf({ properties: { a: { pattern: '^a$' }, b: { pattern: '^b$' } } }, { a: 'a', b: 'a' })).toEqual(['b must match the pattern ^b$'])
  })

  it('does not take an inherited name for a field that is there', () => {
    expect(issuesOf({ required: ['constructor'] }, {})).toEqual(['constructor is required'])
  })

  it('takes the annotations of OpenAPI and of tools for what they are', () => {
    expect(issuesOf({ type: 'string', example: 'a', 'x-internal': true, xml: {}, discriminator: { propertyName: 'kind' } }, 'b')).toEqual([])
  })
})

describe('a hostile body', () => {
  /** Of the processor's time, which other work on the machine does not lengthen. Far more than any of these takes, far less than the attack would. */
  const BOUND_MS = 5_000

  const quick = (run: () => void): void => {
    const before = process.cpuUsage()
    run()
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(BOUND_MS)
  }

  it('is refused when it is nested too deep, without overflowing the stack', () => {
    const schema: JsonSchema = { $ref: '#/$defs/tree', $defs: { tree: { type: 'array', items: { $ref: '#/$defs/tree' } } } }
    quick(() => expect(issuesOf(schema, JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)))).toEqual(['must not be nested deeper than 64 levels']))
  })

  it('cannot make a pattern backtrack', () => {
    quick(() => expect(issuesOf({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`)).toEqual(['must match the pattern ^(a+)+$']))
  })

  it('cannot make a search for duplicates quadratic', () => {
    const items = Array.from({ length: 60_000 }, (_, at) => ({ at }))
    quick(() => expect(issuesOf({ type: 'array', uniqueItems: true }, items)).toEqual([]))
  })

  it('cannot fill the memory with errors: a body of very many values is checked up to the first', () => {
    quick(() => expect(issuesOf({ type: 'array', items: { type: 'string' } }, Array.from({ length: 500_000 }, () => 1))).toEqual(['0 must be a string']))
  })

  it('cannot make the telling of errors slow, with alternatives that refer to themselves', () => {
    const value = { anyOf: [{ type: 'string' }, { type: 'object', properties: { a: { $ref: '#/$defs/value' } }, required: ['a'] }, { type: 'array', items: { $ref: '#/$defs/value' } }, { $ref: '#/$defs/value2' }] }
    const value2 = { anyOf: [{ allOf: [{ $ref: '#/$defs/leaf' }] }, { allOf: [{ $ref: '#/$defs/leaf' }, { maxLength: 3 }] }] }
    const schema: JsonSchema = { type: 'array', items: { $ref: '#/$defs/value' }, $defs: { value, value2, leaf: { type: 'boolean' } } }
    const body = Array.from({ length: 1_900 }, () => 7)
    quick(() => expect(issuesOf(schema, body)[0]).toBe('0 must be a string, an object, an array or a boolean'))
  })

  it('meets no schema that leads nowhere', () => {
    expect(faultOf({ $ref: '#' })).toBe('the schema refers to itself without end')
    expect(faultOf({ type: 'object', properties: { a: { $ref: '#/properties/a' } } })).toBe('the schema refers to itself without end')
  })

  it('gets at most twenty issues', () => {
    expect(issuesOf({ type: 'array', items: { type: 'string' } }, Array.from({ length: 100 }, () => 1))).toHaveLength(20)
  })

  it.each(['email', 'uri', 'uri-reference', 'uri-template', 'hostname', 'date-time', 'duration', 'json-pointer', 'ipv6', 'uuid'])('cannot make the format %s slow', (format) => {
    const built = createBodyCheck({ type: 'string', format })
    expect(built.ok).toBe(true)
    for (const seed of ['a', 'a.', 'a@', '%20', '1:', '/~0', '{a}', '-', ' ']) quick(() => void (built.ok && built.check(`${seed.repeat(30_000)}!`)))
  })
})
