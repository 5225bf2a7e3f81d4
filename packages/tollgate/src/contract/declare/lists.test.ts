/** Lists in an envelope: what is written for several fields at fault, and what is read from several errors. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findRoundTripDifferences } from '../../testing/contract-round-trip.ts'
import { toReceivedHeaders } from '../read/received-headers.ts'
import type { Contract } from './contract.ts'
import type { ContractDeclaration, EnvelopeDeclaration, EntryDeclaration } from './declaration.ts'
import { checkContract } from '../check/check-contract.ts'
import { defineContract } from './define-contract.ts'
import type { JsonValue } from './facts.ts'
import { serverReasons } from './reason.ts'
import { refuse } from './refusal.ts'

const context = { requestId: 'r1', nowMs: 0 }

const entries = {
  failed: {
    code: 'failed', status: 500, reason: 'internal', alsoFor: serverReasons.filter((reason) => !['internal', 'field.missing', 'field.invalid', 'request.invalid', 'rate.limited'].includes(reason)),
    message: 'Something failed.', description: 'Something failed.',
  },
  invalid: {
    code: 'invalid', status: 422, reason: 'field.invalid', alsoFor: ['request.invalid'], details: { maximum: 'integer?' },
    message: ['{field} {issue}.', '{issue}.', 'The request is wrong.'], description: 'A field is wrong.',
  },
  missing: { code: 'missing', status: 422, reason: 'field.missing', message: ['{field} is missing.', 'A field is missing.'], description: 'A field is missing.' },
  limited: { code: 'limited', status: 429, reason: 'rate.limited', message: 'Too fast.', description: 'Too many requests.' },
} satisfies { readonly [id: string]: EntryDeclaration }

function declarationOf(error: JsonValue, others: Partial<EnvelopeDeclaration> & { readonly alwaysStatus?: number } = {}): ContractDeclaration {
  const { alwaysStatus, ...envelope } = others
  return { name: 'lists', title: 'Lists', ...(alwaysStatus !== undefined && { alwaysStatus }), envelope: { error, ...envelope }, entries }
}

const contractOf = (...declared: Parameters<typeof declarationOf>): Contract => defineContract(declarationOf(...declared))
const problemsOf = (...declared: Parameters<typeof declarationOf>): readonly string[] => checkContract(declarationOf(...declared)).problems.map(({ path, problem, mend }) => `${path}: ${problem}; ${mend}`)
const bodyOf = (contract: Contract, refusal = refuse('internal')): unknown => JSON.parse(contract.answer(refusal, context).body)
const readAs = (contract: Contract, body: JsonValue, status = 422) => contract.read({ status, headers: {}, body: JSON.stringify(body) })

const issues = [
  { field: 'items.0.na/me', in: 'body', issue: 'is required', rule: 'required' },
  { field: 'limit', in: 'query', issue: 'must be at most 5', rule: 'maximum' },
]
const twoFields = refuse('field.missing', { ...issues[0], issues })

describe('the fields at fault', () => {
  it('are written in each form of their place, and read back', () => {
    const contract = contractOf({
      code: '$code',
      detail: { $each: '$fields', as: { loc: ['$in', '$path'], at: '$field', msg: '$issue', type: '$rule', pointer: '$pointer?', parameter: '$parameter?' } },
    })
    expect(bodyOf(contract, twoFields)).toEqual({
      code: 'missing',
      detail: [
        { loc: ['body', 'items', 0, 'na/me'], at: 'items.0.na/me', msg: 'is required', type: 'required', pointer: '/items/0/na~1me' },
        { loc: ['query', 'limit'], at: 'limit', msg: 'must be at most 5', type: 'maximum', parameter: 'limit' },
      ],
    })
    expect(findRoundTripDifferences(contract, contract.render(twoFields, context), context)).toEqual([])
    expect(readAs(contract, bodyOf(contract, twoFields) as JsonValue)).toMatchObject({ issues, fields: { 'items.0.na/me': ['is required'], limit: ['must be at most 5'] } })
  })

  it('are an empty list, null or absent where none is, as the suffix says', () => {
    const body = (suffix: string): unknown => bodyOf(contractOf({ code: '$code', errors: { $each: `$fields${suffix}`, as: '$field' } }))
    expect([body(''), body('|null'), body('?')]).toEqual([{ code: 'failed', errors: [] }, { code: 'failed', errors: null }, { code: 'failed' }])
  })

  it('stand all in a map of fields too', () => {
    const contract = contractOf({ code: '$code', errors: '$fields?' })
    expect(bodyOf(contract, twoFields)).toEqual({ code: 'missing', errors: { 'items.0.na/me': ['is required'], limit: ['must be at most 5'] } })
    expect(bodyOf(contract, refuse('field.invalid', { field: 'a' }))).toEqual({ code: 'invalid', errors: { a: [] } })
  })

  it('come from `fields` and from the one field at fault as well', () => {
    const contract = contractOf({ code: '$code', errors: { $each: '$fields?', as: { '$$f': '$field', m: '$issue?' } } })
    expect(bodyOf(contract, refuse('field.invalid', { fields: { a: ['x', 'y'], b: [] } }))).toMatchObject({ errors: [{ '$$f': 'a', m: 'x' }, { '$$f': 'a', m: 'y' }, { '$$f': 'b' }] })
    expect(bodyOf(contract, refuse('field.invalid', { field: 'a', issue: 'x' }))).toMatchObject({ errors: [{ '$$f': 'a', m: 'x' }] })
    expect(bodyOf(contract, refuse('field.invalid', { issues: ['no', { field: 7 }, { field: 'a' }] as never }))).toMatchObject({ errors: [{ '$$f': 'a' }] })
  })

  it('survive the wire, whatever they are', () => {
    const contract = contractOf({ code: '$code', m: '$message', d: '$details?', errors: { $each: '$fields?', as: { 'at?': { pointer: '$pointer', parameter: '$parameter' }, issue: '$issue?', rule: '$rule?' } } })
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 })
    const field = fc.array(fc.oneof(fc.string({ minLength: 1, maxLength: 5 }).map((segment) => segment.replaceAll('.', '_')), fc.nat(9).map(String)), { minLength: 1, maxLength: 4 }).map((segments) => segments.join('.'))
    const issue = fc.record({ field, in: fc.constantFrom('body', 'query'), issue: text, rule: text }, { requiredKeys: ['field', 'in'] })
    fc.assert(
      fc.property(fc.array(issue, { maxLength: 4 }), (given) => {
        const refusal = refuse('field.invalid', { issues: given })
        expect(findRoundTripDifferences(contract, contract.render(refusal, context), context)).toEqual([])
      }),
    )
  })
})

describe('a list of errors', () => {
  const jsonApi = contractOf({
    errors: { $each: '$errors', as: { status: '{status}', code: '$code', detail: '$message', 'source?': { pointer: '$pointer', parameter: '$parameter' }, 'meta?': '$details' } },
  })

  it('says each field at fault as the entry of its own issue, and the refusal itself where there is none', () => {
    expect(bodyOf(jsonApi, twoFields)).toEqual({
      errors: [
        { status: '422', code: 'missing', detail: 'items.0.na/me is missing.', source: { pointer: '/items/0/na~1me' } },
        { status: '422', code: 'invalid', detail: 'limit must be at most 5.', source: { parameter: 'limit' } },
      ],
    })
    expect(bodyOf(jsonApi, refuse('rate.limited'))).toEqual({ errors: [{ status: '429', code: 'limited', detail: 'Too fast.' }] })
    for (const refusal of [twoFields, refuse('rate.limited'), refuse('field.invalid', { field: 'a', issue: 'b', maximum: 5 })]) {
      expect(findRoundTripDifferences(jsonApi, jsonApi.render(refusal, context), context)).toEqual([])
    }
  })

  it('tells with each error the details that its item shows; others stand beside the list, once', () => {
    const counted = contractOf({ top: '$details.maximum?', errors: { $each: '$errors', as: { code: '$code', detail: '$message' } } })
    const refusal = refuse('field.invalid', { maximum: 5, issues: [{ field: 'a', issue: 'is bad' }, { field: 'b', issue: 'is odd' }] })
    expect(bodyOf(counted, refusal)).toEqual({ top: 5, errors: [{ code: 'invalid', detail: 'a is bad.' }, { code: 'invalid', detail: 'b is odd.' }] })
    expect(findRoundTripDifferences(counted, counted.render(refusal, context), context)).toEqual([])
  })

  it('is read as its worst, which no wait helps, and tells all of them', () => {
    const read = readAs(jsonApi, { errors: [{ status: '429', code: 'limited', detail: 'Too fast.' }, { code: 'new' }, { status: '422', code: 'invalid', detail: 'a is bad.', source: { pointer: '/a' } }] }, 400)
    expect(read).toMatchObject({ entry: 'invalid', message: 'a is bad.', retry: 'never', issues: [{ field: 'a', in: 'body' }] })
    expect(read?.errors?.map(({ index, entry, code, retry }) => [index, entry, code, retry])).toEqual([[0, 'limited', 'limited', 'wait'], [1, undefined, 'new', 'never'], [2, 'invalid', 'invalid', 'never']])
  })

  it('which is empty, or holds nothing that is an error, is none', () => {
    for (const errors of [[], [null], [{}], ['text'], [{ code: null }], 'text']) expect(readAs(jsonApi, { errors }, 200)).toBeUndefined()
  })

  it('of very many errors is read as far as anybody looks', () => {
    expect(readAs(jsonApi, { errors: Array.from({ length: 5_000 }, () => ({ code: 'invalid' })) })?.errors).toHaveLength(1_000)
  })
})

describe('a batch', () => {
  const sms = contractOf(
    { 'message-count': '1', messages: { $each: '$errors', as: { status: '$code', 'error-text': '$message' } } },
    { success: { messages: { $each: '$data', as: { status: '0', '...': '$data' } } }, alwaysStatus: 200 },
  )

  it('of successes only is a success', () => {
    const success = sms.success([{ id: 'a' }, { id: 'b' }], context)
    expect(JSON.parse(success.body)).toEqual({ messages: [{ status: '0', id: 'a' }, { status: '0', id: 'b' }] })
    expect(sms.read({ status: 200, headers: toReceivedHeaders(success.headers), body: success.body })).toBeUndefined()
  })

  it('with refused items says which, and is not to be repeated whole', () => {
    const read = readAs(sms, { 'message-count': '3', messages: [{ status: '0', id: 'a' }, { status: 'limited', 'error-text': 'Too fast.' }, { status: 'limited', 'error-text': 'Too fast.' }] }, 200)
    expect(read).toBeUndefined()
    const same = readAs(sms, { messages: [{ status: '0', id: 'a' }, { status: 'limited', 'error-text': 'Too fast.' }, { status: 'limited' }] }, 200)
    expect(same).toMatchObject({ entry: 'limited', status: 429, message: 'Too fast.', retry: 'never', succeeded: 1, errors: [{ index: 1, retry: 'wait' }, { index: 2 }] })
  })

  it('of refused items only keeps the rule of the worst', () => {
    const read = readAs(sms, { 'message-count': '1', messages: [{ status: 'limited', 'error-text': 'Too fast.' }] }, 200)
    expect(read).toMatchObject({ entry: 'limited', retry: 'wait' })
    expect(read?.succeeded).toBeUndefined()
  })
})

describe('texts and members made of slots', () => {
  it('within a member that may be missing no slot is promised', () => {
    const contract = contractOf({ error: '$message', 'code?': '$code', 'about?': { maximum: '$details.maximum', at: 'maximum {details.maximum}', kind: 'limit' } })
    expect(bodyOf(contract, refuse('rate.limited'))).toEqual({ error: 'Too fast.', code: 'limited' })
    expect(bodyOf(contract, refuse('field.invalid', { maximum: 5 }))).toEqual({ error: 'The request is wrong.', code: 'invalid', about: { maximum: 5, at: 'maximum 5', kind: 'limit' } })
    for (const refusal of [refuse('rate.limited'), refuse('field.invalid', { maximum: 5 })]) expect(findRoundTripDifferences(contract, contract.render(refusal, context), context)).toEqual([])
  })


  it('a text may hold slots anywhere, and is read back', () => {
    const contract = contractOf({ type: 'https://example.com/problems/{code}', note: 'a {{brace} { {1}', error: '{code}: {message}' })
    expect(bodyOf(contract, refuse('rate.limited'))).toEqual({ type: 'https://example.com/problems/limited', note: 'a {brace} { {1}', error: 'limited: Too fast.' })
    expect(readAs(contract, { error: 'invalid: "a" is: bad' })).toMatchObject({ entry: 'invalid', message: '"a" is: bad' })
  })
})

describe('what cannot be a list', () => {
  it.each<[string, JsonValue, readonly string[]]>([
    ['of nothing known', { code: '$code', list: { $each: '$issues', as: {} } }, ['envelope.error.list.$each: is nothing to list; write $fields (fields at fault), $errors (the same, or the refusal itself), or in a success $data']],
    ['without a form', { code: '$code', list: { $each: '$fields' } }, ['envelope.error.list.as: is missing; write the form of each item: { field: $field, message: $issue }']],
    ['with another member', { code: '$code', list: { $each: '$fields', as: '$field', by: 1 } }, ['envelope.error.list.by: has no meaning beside $each; put it into `as`, the form of each item']],
    ['twice', { code: '$code', a: { $each: '$fields', as: '$field' }, b: { $each: '$fields', as: '$field' } }, ['envelope.error.b.$each: is the second list of envelope.error; list the fields at fault once']],
    ['in a list', { code: '$code', a: { $each: '$fields', as: { b: { $each: '$fields', as: '$field' } } } }, ['envelope.error.a.as.b: stands in an item of another list; one list within another cannot be filled; write a slot', 'envelope.error.a.as.b.$each: is the second list of envelope.error; list the fields at fault once']],
    ['as a slot', { code: '$code', errors: '$errors' }, ['envelope.error.errors: is a list; write the form of its items: { $each: $errors, as: { code: $code, message: $message } }']],
    ['whose items stand outside of it', { code: '$code', at: '$pointer' }, ['envelope.error.at: is filled by nothing; write it into the items of a list: { $each: $fields, as: { place: $pointer } }']],
    ['of data in an error', { code: '$code', at: { $each: '$data', as: 1 } }, ['envelope.error.at.$each: is known in a success only; write null, or "$data|null" where an error may come with data all the same']],
    ['whose absence is that of a constant', { code: '$code', 'at?': { a: 1 } }, ['envelope.error.at?: has a constant value, which is never missing; write "at" without the question mark, or put a slot into it']],
  ])('%s', (_, error, problems) => {
    expect(problemsOf(error)).toEqual(problems)
  })
})
