/** Maps in an envelope: the fields at fault under their names, with whatever an API says of each. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findRoundTripDifferences } from '../../testing/contract-round-trip.ts'
import { checkContract } from '../check/check-contract.ts'
import { explainReading } from '../read/explain-reading.ts'
import type { Contract } from './contract.ts'
import type { ContractDeclaration, EntryDeclaration } from './declaration.ts'
import { defineContract } from './define-contract.ts'
import type { JsonValue } from './facts.ts'
import { serverReasons } from './reason.ts'
import { refuse, type Refusal } from './refusal.ts'

const context = { requestId: 'r1', nowMs: 0 }

const entries = {
  failed: {
    code: 'failed', status: 500, reason: 'internal', alsoFor: serverReasons.filter((reason) => !['internal', 'field.missing', 'field.invalid', 'rate.limited'].includes(reason)),
    message: 'Something failed.', description: 'Something failed.',
  },
  invalid: { code: 'invalid', status: 422, reason: 'field.invalid', message: ['{issue}', 'The request is wrong.'], description: 'A field is wrong.' },
  missing: { code: 'missing', status: 422, reason: 'field.missing', message: ['{issue}', 'A field is missing.'], description: 'A field is missing.' },
  limited: { code: 'limited', status: 429, reason: 'rate.limited', message: 'Too fast.', description: 'Too many requests.' },
} satisfies { readonly [id: string]: EntryDeclaration }

const declarationOf = (error: JsonValue, contentType?: string): ContractDeclaration => ({ name: 'maps', title: 'Maps', envelope: { error, ...(contentType !== undefined && { contentType }) }, entries })
const contractOf = (error: JsonValue): Contract => defineContract(declarationOf(error))
const bodyOf = (contract: Contract, refusal: Refusal): unknown => JSON.parse(contract.answer(refusal, context).body)
const readAs = (contract: Contract, body: JsonValue, status = 422) => contract.read({ status, headers: {}, body: JSON.stringify(body) })
const lostOf = (contract: Contract, refusal: Refusal): readonly string[] => findRoundTripDifferences(contract, contract.render(refusal, context), context)

const issues = [
  { field: 'email', in: 'body', issue: 'is invalid', rule: 'format' },
  { field: 'items.0.age', in: 'body', issue: 'must be at least 18', rule: 'minimum' },
  { field: 'email', in: 'body', issue: 'is too short', rule: 'minLength' },
]
const faulty = refuse('field.invalid', { issues })

describe('a map of fields', () => {
  it.each<[string, JsonValue, JsonValue]>([
    ['all texts of a field', ['$issue'], { email: ['is invalid', 'is too short'], 'items.0.age': ['must be at least 18'] }],
    ['the first text of a field', '$issue', { email: 'is invalid', 'items.0.age': 'must be at least 18' }],
    ['an object for each', { code: '$rule', message: '$issue' }, { email: { code: 'format', message: 'is invalid' }, 'items.0.age': { code: 'minimum', message: 'must be at least 18' } }],
    ['objects in lists', [{ error: '$rule' }], { email: [{ error: 'format' }, { error: 'minLength' }], 'items.0.age': [{ error: 'minimum' }] }],
    ['pairs in lists', [['$rule', '$issue']], { email: [['format', 'is invalid'], ['minLength', 'is too short']], 'items.0.age': [['minimum', 'must be at least 18']] }],
  ])('holds %s, and is read back', (_, as, errors) => {
    const contract = contractOf({ code: '$code', errors: { $each: '$fields?', key: '$field', as } })
    expect(bodyOf(contract, faulty)).toEqual({ code: 'invalid', errors })
    expect(bodyOf(contract, refuse('rate.limited'))).toEqual({ code: 'limited' })
    for (const refusal of [faulty, refuse('rate.limited'), refuse('field.missing', { field: 'a' })]) expect(lostOf(contract, refusal)).toEqual([])
  })

  it.each<[string, JsonValue, readonly string[]]>([
    ['as programs write it', '$property', ['email', 'items[0].age']],
    ['as a pointer', '$pointer', ['/email', '/items/0/age']],
    ['in a text', 'body.{field}', ['body.email', 'body.items.0.age']],
    ['by its part of the request', '$in', ['body']],
  ])('names a field %s', (_, key, names) => {
    const contract = contractOf({ code: '$code', errors: { $each: '$fields', key, as: [{ at: '$field', m: '$issue' }] } })
    expect(Object.keys((bodyOf(contract, faulty) as { errors: object }).errors)).toEqual(names)
    expect(lostOf(contract, faulty)).toEqual([])
  })

  it('has a key for what is no field, where the dialect has one', () => {
    const whole = refuse('field.invalid', { issues: [{ issue: 'The two dates overlap.' }, { field: 'to', issue: 'is late' }] })
    const based = contractOf({ code: '$code', errors: { $each: '$fields', key: ['$field', 'base'], as: ['$issue'] } })
    expect(bodyOf(based, whole)).toEqual({ code: 'invalid', errors: { base: ['The two dates overlap.'], to: ['is late'] } })
    expect(readAs(based, { code: 'invalid', errors: { base: ['No.'] } })?.issues).toEqual([{ issue: 'No.' }])
    const bare = contractOf({ code: '$code', errors: { $each: '$fields', key: '$field', as: ['$issue'] } })
    expect(bodyOf(bare, whole)).toEqual({ code: 'invalid', errors: { to: ['is late'] } })
    expect(bodyOf(bare, refuse('rate.limited'))).toEqual({ code: 'limited', errors: {} })
    for (const contract of [based, bare]) expect(lostOf(contract, whole)).toEqual([])
  })

  it('is read as servers send it: a text without its list, a list where one is declared, an empty list for an empty map', () => {
    const contract = contractOf({ message: '$message', code: '$code?', errors: { $each: '$fields?', key: '$field', as: ['$issue'] } })
    expect(readAs(contract, { message: 'No.', errors: { a: 'is bad', b: ['is odd', 'is even'], c: [] } })?.issues).toEqual([
      { field: 'a', issue: 'is bad' }, { field: 'b', issue: 'is odd' }, { field: 'b', issue: 'is even' }, { field: 'c' },
    ])
    expect(readAs(contract, { message: 'No.', errors: [] })).toMatchObject({ message: 'No.' })
    expect(readAs(contract, { message: 'No.', errors: ['text'] })).toBeUndefined()
    expect(readAs(contract, { message: 'No.', errors: 'text' })).toBeUndefined()
    expect(readAs(contract, JSON.parse('{"message":"No.","errors":{"__proto__":["x"],"constructor":["y"]}}') as JsonValue)?.fields).toEqual({ constructor: ['y'] })
    const single = contractOf({ message: '$message', code: '$code?', errors: { $each: '$fields?', key: '$field', as: { m: '$issue' } } })
    expect(readAs(single, { message: 'No.', errors: { a: [{ m: 'x' }, { m: 'y' }], b: { m: 'z' } } })?.fields).toEqual({ a: ['x', 'y'], b: ['z'] })
  })

  it('survives the wire, whatever the fields are called', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 })
    const segment = fc.string({ minLength: 1, maxLength: 5 }).map((each) => each.replaceAll(/[.[\]]/g, '_'))
    const field = fc.array(fc.oneof(segment, fc.nat(9).map(String), fc.constantFrom('__proto__', 'constructor')), { minLength: 1, maxLength: 4 }).map((segments) => segments.join('.'))
    const issue = fc.record({ field, in: fc.constantFrom('body', 'query'), issue: text, rule: text }, { requiredKeys: [] })
    const item = { issue: '$issue?', rule: '$rule?' }
    const contracts = ['$field', '$property', 'x {field} y', '$pointer', '$parameter', ['$field', 'base']].flatMap((key) =>
      [item, [item]].map((as) => contractOf({ code: '$code', m: '$message', errors: { $each: '$fields?', key, as } })),
    )
    fc.assert(
      fc.property(fc.array(issue, { maxLength: 5 }), fc.constantFrom(...contracts), (given, contract) => {
        expect(lostOf(contract, refuse('field.invalid', { issues: given.filter(({ field: name }) => name !== 'base') }))).toEqual([])
      }),
    )
  })
})

describe('a map of errors', () => {
  const contract = contractOf({ errors: { $each: '$errors', key: ['$field', 'base'], as: [{ error: '$code', note: '$message' }] } })

  it('says each as the entry of its own issue, and the refusal itself where no field is at fault', () => {
    expect(bodyOf(contract, refuse('field.invalid', { issues: [{ field: 'a', issue: 'is odd' }, { field: 'b', issue: 'is required', rule: 'required' }, { field: 'a', issue: 'is late' }] }))).toEqual({
      errors: { a: [{ error: 'invalid', note: 'is odd' }, { error: 'invalid', note: 'is late' }], b: [{ error: 'missing', note: 'is required' }] },
    })
    expect(bodyOf(contract, refuse('rate.limited'))).toEqual({ errors: { base: [{ error: 'limited', note: 'Too fast.' }] } })
    expect(lostOf(contract, faulty)).toEqual([])
    expect(lostOf(contract, refuse('rate.limited'))).toEqual([])
  })

  it('may have its codes for keys', () => {
    const byCode = contractOf({ errors: { $each: '$errors', key: '$code', as: '$message' } })
    expect(bodyOf(byCode, refuse('rate.limited'))).toEqual({ errors: { limited: 'Too fast.' } })
    expect(readAs(byCode, { errors: { limited: 'Too fast.' } }, 429)).toMatchObject({ entry: 'limited', message: 'Too fast.' })
    expect(lostOf(byCode, refuse('rate.limited'))).toEqual([])
  })

  it('is read as its worst', () => {
    expect(readAs(contract, { errors: { base: [{ error: 'limited', note: 'Too fast.' }], a: [{ error: 'invalid', note: 'is odd' }] } })).toMatchObject({ entry: 'invalid', issues: [{ field: 'a' }], errors: [{ entry: 'limited' }, { entry: 'invalid' }] })
  })

  it('that says nothing by which it is read is none', () => {
    expect(() => contractOf({ errors: { $each: '$errors', key: '$field', as: { error: '$code' } } })).toThrow('and is read as no refusal at all')
  })
})

describe('what is no map', () => {
  const problemsOf = (error: JsonValue, contentType?: string): readonly string[] => checkContract(declarationOf(error, contentType)).problems.map(({ path, problem, mend }) => `${path}: ${problem}; ${mend}`)

  it.each<[string, JsonValue, string]>([
    ['a key of segments', '$path', 'envelope.error.e.key: is no text that could be a key; write $field, $property, $pointer, or a text with one of them in it: "body.{field}"'],
    ['a key that is a number', 7, 'envelope.error.e.key: is no text that could be a key; write $field, $property, $pointer, or a text with one of them in it: "body.{field}"'],
    ['no key', [], 'envelope.error.e.key: is empty; write $field'],
    ['a key behind one that is always there', ['base', '$field'], 'envelope.error.e.key[0]: is always there, so that what stands behind it never is; let it be the last'],
    ['a misspelt key', '$feild', 'envelope.error.e.key: is filled by nothing; did you mean "$fields"?'],
  ])('%s', (_, key, problem) => {
    expect(problemsOf({ code: '$code', e: { $each: '$fields', key, as: '$issue' } })).toEqual([problem])
  })

  it('in XML, whose elements have names of their own', () => {
    expect(problemsOf({ Error: { Code: '$code', Fields: { Field: { $each: '$fields', key: '$field', as: '$issue' } } } }, 'application/xml')).toEqual([
      'envelope.error.Error.Fields.Field.key: makes a map, whose keys are no names of elements; leave it out, and name the place in the item: { Field: $field, Issue: $issue }',
    ])
  })

  it('is said to whoever asks why it was not read', () => {
    const contract = contractOf({ code: '$code', errors: { $each: '$fields?', key: '$field', as: { m: '$issue' } } })
    const because = (errors: JsonValue) => explainReading(contract, { status: 422, headers: {}, body: JSON.stringify({ code: 'invalid', errors }) }).because
    expect(because('text')).toEqual(['envelope.error: errors is no map'])
    expect(because({ a: 'text' })).toEqual(['envelope.error: nothing in errors fits, the first since errors.a is no object'])
  })
})
