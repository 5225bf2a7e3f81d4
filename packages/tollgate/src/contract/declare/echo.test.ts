/** What an answer says again of the request: `$request.NAME`. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkContract } from '../check/check-contract.ts'
import { findRoundTripDifferences } from '../../testing/contract-round-trip.ts'
import { valueAt } from '../read/value-at.ts'
import type { Contract } from './contract.ts'
import type { ContractDeclaration, EnvelopeDeclaration } from './declaration.ts'
import { defineContract } from './define-contract.ts'
import { serverReasons } from './reason.ts'
import { refuse } from './refusal.ts'
import type { AnswerContext } from './wire.ts'

const declarationOf = (envelope: EnvelopeDeclaration, headers: ContractDeclaration['headers'] = {}): ContractDeclaration => ({
  name: 'echo',
  title: 'Echo',
  envelope,
  headers,
  entries: { failed: { code: 5, status: 500, reason: 'internal', alsoFor: serverReasons.filter((reason) => reason !== 'internal'), message: 'Failed.', description: 'Failed.' } },
})
const contractOf = (...declared: Parameters<typeof declarationOf>): Contract => defineContract(declarationOf(...declared))
const context = (request?: unknown): AnswerContext => ({ requestId: 'r1', nowMs: 0, request: request === undefined ? undefined : (path) => valueAt(request, path.split('.')) })
const bodyOf = (contract: Contract, request?: unknown): unknown => JSON.parse(contract.answer(refuse('internal'), context(request)).body)

const rpc = contractOf({ error: { error: { code: '$code', message: '$message' }, id: '$request.id' }, success: { result: '$data', id: '$request.id' } })

describe('what stands in the request', () => {
  it.each([7, 0, -1.5, 'c-7', '', true, false, ['a', 1], { a: 1 }])('%j is said again as it came', (id) => {
    expect(bodyOf(rpc, { id })).toMatchObject({ id })
    expect(JSON.parse(rpc.success([1], context({ id })).body)).toEqual({ result: [1], id })
  })

  it('whatever it is, the answer is JSON, and is read as if it were not there', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (id) => {
        expect(findRoundTripDifferences(rpc, rpc.render(refuse('internal'), context({ id })), context({ id }))).toEqual([])
        expect(rpc.read({ status: 200, headers: {}, body: rpc.success({ a: 1 }, context({ id })).body })).toBeUndefined()
      }),
    )
  })

  it.each([
    ['there is none', {}],
    ['it is null', { id: null }],
    ['there was no body', undefined],
    ['the body is a batch', [{ id: 1 }]],
    ['the name is one of all objects', Object.create({ id: 1 }) as unknown],
    ['it is long', { id: 'x'.repeat(257) }],
    ['it is large', { id: { deep: 'x'.repeat(257) } }],
    ['it was rounded on the way in', { id: 2 ** 53 }],
    ['something in it was', { id: { n: [2 ** 60] } }],
    ['it is endless', { id: Infinity }],
  ])('is null where %s', (_, request) => {
    expect(bodyOf(rpc, request)).toMatchObject({ id: null })
    expect(JSON.parse(rpc.success(1, context(request)).body)).toEqual({ result: 1, id: null })
  })
})

it('stands at any path, in texts, headers and items, and is left out where it is asked to be', () => {
  const contract = contractOf(
    { error: { code: '$code', message: '$message', 'of?': { method: '$request.params.name' }, id: '$request.id?', text: 'call {request.id}', errors: { $each: '$errors', as: { id: '$request.id|null', m: '$message' } } } },
    { 'X-Call': '$request.id' },
  )
  expect(contract.echoes).toEqual(['params.name', 'id'])
  expect(bodyOf(contract, { id: 3, params: { name: 'go' } })).toEqual({ code: 5, message: 'Failed.', of: { method: 'go' }, id: 3, text: 'call 3', errors: [{ id: 3, m: 'Failed.' }] })
  expect(bodyOf(contract)).toEqual({ code: 5, message: 'Failed.', text: 'call ', errors: [{ id: null, m: 'Failed.' }] })
  const { headers } = contract.answer(refuse('internal'), context({ id: 'a\r\nb' }))
  expect(headers[headers.indexOf('X-Call') + 1]).not.toMatch(/[\r\n]/)
  expect(contractOf({ error: '$code: $message ($request.id)', contentType: 'text/plain' }).answer(refuse('internal'), context({ id: 'q' })).body).toBe('5: Failed. (q)')
})

it('a translated error says it again, and a contract that says nothing again asks for nothing', () => {
  const error = rpc.render(refuse('internal'), context())
  expect(JSON.parse(rpc.write(error, context({ id: 9 })).body)).toMatchObject({ id: 9 })
  const silent = contractOf({ error: { code: '$code', message: '$message' } })
  expect(silent.echoes).toEqual([])
  expect(() => silent.answer(refuse('internal'), { ...context(), request: () => { throw new Error('asked') } })).not.toThrow()
})

it('the check names what is to be written where no member is named', () => {
  expect(checkContract(declarationOf({ error: { code: '$code', id: '$request' } })).problems).toEqual([
    expect.objectContaining({ path: 'envelope.error.id', mend: 'name what it says again of the request: $request.id' }),
  ])
})
