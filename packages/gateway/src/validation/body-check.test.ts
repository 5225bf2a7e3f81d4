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
      { field: 'message', in: 'body', rule: 'maxLength', issue: 'must be at most 10 characters' },
      { field: 'config', in: 'body', rule: 'required', issue: 'is required' },
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
    expect(faultOf({ type: 'strnig' })).toBe('the schema is invalid: type must be one of null, boolean, string, number, integer, array, object, not "strnig"')
    expect(faultOf({ properties: { a: { items: { required: 'b' } } } })).toBe('the schema is invalid at properties.a.items: required must be a list of names')
    expect(faultOf({ type: 'string', maxLenght: 5 })).toBe('the schema has an unknown keyword: "maxLenght"; did you mean "maxLength"?')
    expect(faultOf({ items: [{}] })).toContain('items must be one schema; a list of positions is called prefixItems since 2020-12')
    expect(faultOf({ properties: { a: 5 } })).toBe('the schema is invalid at properties.a: a schema must be a map or true or false, not 5')
    expect(faultOf({ $ref: 'https://example.com/schema.json' })).toBe(
      'the schema refers to https://example.com/schema.json, which is not in it; references are never fetched, so copy it beneath $defs or into a file',
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

describe('numbers', () => {
  it('are multiples as decimals, in every cent amount', () => {
    for (const of of [0.01, 0.05, 0.1, 0.25]) {
      const built = createBodyCheck({ multipleOf: of })
      if (!built.ok) throw new Error(built.message)
      const inCents = Math.round(of * 100)
      const wrong = Array.from({ length: 10_000 }, (_, cents) => cents).filter((cents) => (built.check(Number(`${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`)).length === 0) !== (cents % inCents === 0))
      expect(wrong).toEqual([])
    }
  })

  it.each([
    [0.01, [19.99, 1.11, 0.07, 143.48, -0.03, 0, 1e21], [0.001, 1.005, 1e-7]],
    [1e-8, [0.00000001, 0.12345678, 5e-8], [1e-9, 0.123456789]],
    [0.0001, [0.0075], [0.00751]],
    [3, [9007199254740990, 3e20, 3e300], [9007199254740991]],
    [1.5, [3, 4.5], [4]],
    [5e-324, [1e308, 5e-324], []],
  ])('by %s', (multipleOf, right, wrong) => {
    for (const value of right) expect([value, issuesOf({ multipleOf }, value)]).toEqual([value, []])
    for (const value of wrong) expect([value, issuesOf({ multipleOf }, value)]).toEqual([value, [`must be a multiple of ${multipleOf}`]])
  })

  it('of 32 and 64 bits have bounds, to the last digit where the text is at hand', () => {
    const check = (format: string, text: string) => {
      const built = createBodyCheck({ properties: { n: { type: 'integer', format } } })
      return built.ok ? built.check(JSON.parse(text), text).map(({ issue }) => issue) : [built.message]
    }
    expect(check('int32', '{"n":2147483647}')).toEqual([])
    expect(check('int32', '{"n":2147483648}')).toEqual(['must be an integer of 32 bits'])
    expect(check('int32', '{"n":-2147483649}')).toEqual(['must be an integer of 32 bits'])
    expect(check('int64', '{"n":9223372036854775807}')).toEqual([])
    expect(check('int64', '{"n":9223372036854775808}')).toEqual(['must be an integer of 64 bits'])
    expect(check('int64', '{"n":-9223372036854775808}')).toEqual([])
    expect(check('int64', '{"n":-9223372036854775809}')).toEqual(['must be an integer of 64 bits'])
    expect(check('int64', '{"n":1e30}')).toEqual(['must be an integer of 64 bits'])
    expect(check('int64', '{"s":"9223372036854775808","n":9223372036854775807}')).toEqual([])
    expect(check('int64', '{"n":9.223372036854775807e18}')).toEqual(['must be an integer of 64 bits'])
  })
})

describe('of several forms the one speaks that the value has chosen', () => {
  const form = (kind: string, field: string) => ({ type: 'object', properties: { kind: { const: kind }, [field]: { type: 'integer' } }, required: ['kind', field] })
  const [cat, dog, bird] = [form('cat', 'lives'), form('dog', 'barks'), { ...form('bird', 'wings'), properties: { kind: { enum: ['bird', 'parrot'] }, wings: { type: 'integer' }, colour: { enum: ['red', 'blue'] } } }]

  it.each(['oneOf', 'anyOf'])('by a constant or a list of words: %s', (keyword) => {
    for (const order of [[cat, dog, bird], [bird, dog, cat]]) {
      const schema: JsonSchema = { [keyword]: order }
      expect(issuesOf(schema, { kind: 'cat' })).toEqual(['lives is required'])
      expect(issuesOf(schema, { kind: 'dog', barks: 'x' })).toEqual(['barks must be an integer'])
      expect(issuesOf(schema, { kind: 'parrot', wings: 2, colour: 'green' })).toEqual(['colour must be one of red, blue'])
      expect(issuesOf(schema, { kind: 'cat', lives: 9 })).toEqual([])
      expect(issuesOf(schema, {})).toEqual(['kind is required'])
      expect(issuesOf(schema, { lives: 9 })).toEqual(['kind is required'])
    }
    expect(issuesOf({ [keyword]: [cat, dog, bird] }, { kind: 'fish', lives: 1 })).toEqual(['kind must be one of cat, dog, bird, parrot'])
    expect(issuesOf({ [keyword]: [cat, dog] }, 5)).toEqual(['must be an object'])
  })

  it('by all its constants together, where forms share some', () => {
    const of = (kind: string, version: number, field: string) => ({ type: 'object', required: ['kind', 'version', field], properties: { kind: { const: kind }, version: { const: version }, [field]: { type: 'integer' } } })
    const schema: JsonSchema = { oneOf: [of('cat', 1, 'lives'), of('cat', 2, 'souls'), of('dog', 1, 'barks')] }
    expect(issuesOf(schema, { kind: 'cat', version: 2 })).toEqual(['souls is required'])
    expect(issuesOf(schema, { kind: 'cat', version: 3 })).toEqual(['version must be one of 1, 2'])
    expect(issuesOf(schema, { kind: 'cat' })).toEqual(['version is required'])
    expect(issuesOf(schema, { kind: 'dog', version: 1 })).toEqual(['barks is required'])
    expect(issuesOf({ oneOf: [of('cat', 1, 'lives'), { type: 'object', properties: { other: { type: 'string' } }, required: ['other'] }] }, { kind: 'fish' })).toEqual(['other is required'])
  })

  it('through references and allOf, within lists, and by a field of a field', () => {
    const schema: JsonSchema = {
      type: 'array',
      items: { oneOf: [{ $ref: '#/$defs/cat' }, { allOf: [{ $ref: '#/$defs/dog' }, { type: 'object' }] }] },
      $defs: { cat, dog: { ...dog, properties: { ...dog.properties, kind: { $ref: '#/$defs/word' } } }, word: { const: 'dog' } },
    }
    expect(issuesOf(schema, [{ kind: 'dog' }, { kind: 'cat' }])).toEqual(['0.barks is required', '1.lives is required'])
    const nested = { oneOf: ['a', 'b'].map((type) => ({ type: 'object', required: [type], properties: { event: { type: 'object', properties: { type: { const: type } } } } })) }
    expect(issuesOf(nested, { event: { type: 'b' } })).toEqual(['b is required'])
  })

  it('by its type, or by the form that it fits best', () => {
    const byType: JsonSchema = { oneOf: [{ type: 'string', maxLength: 2 }, { type: 'array', minItems: 2 }, { type: 'object', required: ['a'] }] }
    expect(issuesOf(byType, 'abc')).toEqual(['must be at most 2 characters'])
    expect(issuesOf(byType, [1])).toEqual(['must have at least 2 items'])
    expect(issuesOf(byType, {})).toEqual(['a is required'])
    expect(issuesOf(byType, null)).toEqual(['must be a string, an array or an object'])
    expect(issuesOf({ anyOf: [{ const: 'a' }, { enum: ['b', 'c'] }] }, 'd')).toEqual(['must be one of a, b, c'])
    const closed = (...names: string[]) => ({ type: 'object', additionalProperties: false, required: names, properties: Object.fromEntries(names.map((name) => [name, { type: 'integer' }])) })
    expect(issuesOf({ oneOf: [closed('a', 'b'), closed('c', 'd')] }, { c: 1 })).toEqual(['d is required'])
  })

  it('by the discriminator of OpenAPI, which alone decides', () => {
    const named = (field: string) => ({ type: 'object', required: ['kind', field], properties: { kind: { type: 'string' }, [field]: { type: 'integer' } } })
    const schema = (discriminator: object): JsonSchema => ({
      oneOf: [{ $ref: '#/$defs/Cat' }, { $ref: '#/$defs/Dog' }],
      discriminator: { propertyName: 'kind', ...discriminator },
      $defs: { Cat: named('lives'), Dog: named('barks') },
    })
    expect(issuesOf(schema({}), { kind: 'Cat' })).toEqual(['lives is required'])
    expect(issuesOf(schema({}), { kind: 'Cat', barks: 1 })).toEqual(['lives is required'])
    expect(issuesOf(schema({}), { kind: 'Dog', barks: 1, lives: 9 })).toEqual([])
    expect(issuesOf(schema({}), {})).toEqual(['kind is required'])
    const mapping = { cat: '#/$defs/Cat', puppy: 'Dog', dog: 'Dog' }
    expect(issuesOf(schema({ mapping }), { kind: 'cat' })).toEqual(['lives is required'])
    expect(issuesOf(schema({ mapping }), { kind: 'puppy' })).toEqual(['barks is required'])
    expect(issuesOf(schema({ mapping }), { kind: 'fish' })).toEqual(['kind must be one of cat, puppy, dog'])
  })

  it('and where a value has several of forms that exclude each other, that is said', () => {
    expect(issuesOf({ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1, b: 1 })).toEqual(['has 2 of the allowed forms at once, and may have one'])
  })
})

describe('what JSON Schema 2020-12 asks', () => {
  it.each<readonly [string, JsonSchema, readonly unknown[], readonly (readonly [unknown, string])[]]>([
    ['a property named __proto__', JSON.parse('{"properties":{"__proto__":{"type":"number"},"toString":{"properties":{"length":{"type":"string"}}},"constructor":{"type":"number"}}}'), [{}, [], 12, JSON.parse('{"__proto__":1}')], [[JSON.parse('{"__proto__":"x"}'), '__proto__ must be a number'], [{ constructor: { length: 37 } }, 'constructor must be a number']]],
    ['unevaluatedItems beside contains', { prefixItems: [true], contains: { type: 'string' }, unevaluatedItems: false }, [[1, 'a'], [1, 'a', 'b']], [[[1, 2, 'a'], '1 is not allowed']]],
    ['unevaluatedItems beside nested items', { allOf: [{ items: { multipleOf: 2 } }, { items: { multipleOf: 3 } }], unevaluatedItems: false }, [[6, 12]], [[[6, 4], '1 must be a multiple of 3']]],
    ['unevaluatedItems as a schema', { properties: { v: { prefixItems: [{ type: 'string' }], unevaluatedItems: { type: 'integer' } } } }, [{ v: ['a', 1] }], [[{ v: ['a', true] }, 'v.1 must be an integer']]],
    ['unevaluatedProperties with if and else', JSON.parse('{"if":{"properties":{"a":{"const":1}},"required":["a"]},"then":{"properties":{"b":true}},"else":{"properties":{"c":true}},"unevaluatedProperties":false}'), [{ a: 1, b: 2 }, { c: 1 }], [[{ c: 1, b: 1 }, 'b is not a known field'], [{ a: 2, c: 1 }, 'a is not a known field']]],
    ['unevaluatedProperties, which cousins do not see', { allOf: [{ properties: { a: true } }, { unevaluatedProperties: false }] }, [{}], [[{ a: 1 }, 'a is not a known field']]],
    ['unevaluatedProperties of a branch that fits', { anyOf: [{ properties: { a: { type: 'string' } }, required: ['a'] }, { properties: { b: true }, required: ['b'] }], unevaluatedProperties: false }, [{ a: 'x', b: 1 }], [[{ a: 1, b: 1 }, 'a is not a known field']]],
    ['$dynamicRef', { $id: 'https://t.example/strings', $ref: 'list', $defs: { item: { $dynamicAnchor: 'items', type: 'string' }, list: { $id: 'list', type: 'array', items: { $dynamicRef: '#items' }, $defs: { items: { $dynamicAnchor: 'items' } } } } }, [['a']], [[['a', 1], '1 must be a string']]],
    ['anchors and identifiers', { $id: 'https://t.example/root', $ref: '#here', $defs: { a: { $anchor: 'here', $ref: 'other#there' }, b: { $id: 'other', $defs: { c: { $anchor: 'there', type: 'integer' } } } } }, [1], [['x', 'must be an integer']]],
    ['pointers with escapes', { $ref: '#/$defs/a~1b%25c~0d', $defs: { 'a/b%c~d': { type: 'integer' } } }, [1], [['x', 'must be an integer']]],
    ['contains with bounds', { contains: { type: 'integer' }, minContains: 2, maxContains: 3 }, [[1, 2], [1, 2, 3, 'x']], [[[1], 'must have at least 2 items of the required kind'], [[1, 2, 3, 4], 'must have at most 3 items of the required kind']]],
    ['dependentSchemas and dependentRequired', { dependentSchemas: { a: { required: ['b'] } }, dependentRequired: { c: ['d'] } }, [{}, { a: 1, b: 1, c: 1, d: 1 }], [[{ a: 1 }, 'b is required'], [{ c: 1 }, 'd is required when c is present']]],
    ['propertyNames', { propertyNames: { maxLength: 2 } }, [{ ab: 1 }], [[{ abc: 1 }, 'abc is not an allowed name']]],
    ['patterns of Unicode', { pattern: String.raw`^\p{Letter}+$` }, ['é'], [['1', String.raw`must match the pattern ^\p{Letter}+$`]]],
    ['constants that are lists and maps', { const: { a: [1, { b: null }] } }, [{ a: [1, { b: null }] }], [[{ a: [1, {}] }, 'must be {"a":[1,{"b":null}]}']]],
  ])('%s', (_, schema, right, wrong) => {
    for (const value of right) expect([value, issuesOf(schema, value)]).toEqual([value, []])
    for (const [value, issue] of wrong) expect(issuesOf(schema, value)[0]).toBe(issue)
  })

  it.each(['$recursiveRef', 'additionalItems', 'dividedBy', 'unknownThing'])('refuses %s when it is loaded', (keyword) => {
    expect(faultOf({ [keyword]: true })).toMatch(/unknown keyword: |is called items since 2020-12/)
  })
})

describe('formats', () => {
  it.each([
    ['idn-email', ['jörg@bücher.example', 'a@b.example'], ['jörg', 'a@b@']],
    ['email', ['a.b+c@d.example', '"a b"@d.example', 'a@[127.0.0.1]'], ['jörg@d.example', 'a@', '.a@b.example', 'a..b@c.example']],
    ['iri', ['https://bücher.example/ä?ö#ü'], ['//x', 'a b:c']],
    ['iri-reference', ['/ä'], ['\\']],
    ['uri', ['https://a.example:8080/b?c#d', 'urn:isbn:1', 'http://[::1]/'], ['/a', 'https://ä.example', 'http://[::1', 'http:// x']],
    ['idn-hostname', ['bücher.example', 'a.b'], ['-a', 'a b', 'a..b']],
    ['decimal', ['12.50', '-3', 1.5], ['1,5', 'x', '1.']],
    ['unix-time', [1700000000, '1700000000'], [1.5, 'now']],
    ['date-time', ['2026-02-28T23:59:59Z', '2026-12-31T23:59:60Z', '2026-01-01T00:00:00.123+02:00'], ['2026-02-30T00:00:00Z', '2026-01-01', '2026-01-01T24:00:00Z']],
    ['date', ['2028-02-29'], ['2027-02-29', '2026-1-1']],
    ['duration', ['P1Y2M', 'PT30S', 'P3W'], ['P', 'PT', 'P1H', '1D']],
    ['byte', ['aGVsbG8=', `${'aGVs'.repeat(2_000)}`], ['a', 'aGV$', '====']],
    ['uuid', ['2eb8aa08-aa98-11ea-b4aa-73b441d16380'], ['2eb8aa08']],
    ['ipv6', ['::1'], ['1.2.3.4', '::1%eth0']],
    ['password', ['anything'], []],
  ])('%s', (format, right, wrong) => {
    for (const value of right) expect([value, issuesOf({ format }, value)]).toEqual([value, []])
    for (const value of wrong) expect([value, issuesOf({ format }, value).length]).toEqual([value, 1])
  })

  it.each(['currency', 'phone', 'emial', 'constructor', 'my-own'])('%s is not known, so it says nothing', (format) => {
    expect(issuesOf({ format }, 'anything')).toEqual([])
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

  it('cannot make alternatives within alternatives multiply without end', () => {
    const half = { type: 'object', properties: { a: { $ref: '#' } } }
    const schema: JsonSchema = { anyOf: [{ ...half, required: ['x'] }, { ...half, required: ['y'] }, { type: 'string' }] }
    const body = JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`) as unknown
    expect(issuesOf(schema, body)).toEqual(['cannot be checked'])
  })

  it('meets no schema that leads nowhere', () => {
    expect(faultOf({ $ref: '#/$defs/a', $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { not: { $ref: '#/$defs/a' } } } })).toBe('the schema refers to itself without end')
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
