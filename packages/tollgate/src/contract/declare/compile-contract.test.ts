/** Round trips, conformance and hostile input over contracts that together use every feature of the language. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contractConformanceCases } from '../../testing/contract-conformance.ts'
import { findRoundTripDifferences } from '../../testing/contract-round-trip.ts'
import { sampleDeclaration, sampleEntry } from '../../testing/sample-contract.ts'
import type { Contract, Entry } from './contract.ts'
import type { ContractDeclaration, EntryDeclaration } from './declaration.ts'
import { defineContract } from './define-contract.ts'
import type { Facts, FactValue, JsonValue } from './facts.ts'
import { serverReasons } from './reason.ts'
import { refuse } from './refusal.ts'

const entries: { readonly [id: string]: EntryDeclaration } = {
  missing: { ...sampleEntry, code: 10105, status: 401, reason: 'credential.missing' },
  wrong: { ...sampleEntry, code: 10105, status: 401, reason: 'credential.invalid', primary: true },
  method: { ...sampleEntry, code: '40000', status: 405, reason: 'method.not_allowed', message: ['No {method} here.', 'Not here.'] },
  daily: {
    ...sampleEntry, code: 'QUOTA', status: 429, reason: 'quota.exhausted', when: { period: 'day' },
    message: ["You've used {used} of {limit}.", 'Used up.'], details: { used: 'integer', limit: 'digits?', plan: 'string|null', reset_at: 'timestamp? from resetAtMs', reset: 'unix? from resetAtMs' },
  },
  balance: {
    ...sampleEntry, code: 'BALANCE', status: 402, reason: 'credit.insufficient',
    message: 'Too little. You have {balance:money}; it costs {price:money}.', details: { balance: 'money', price: 'money from required', scopes: 'strings? from granted', any: 'json?', share: 'number?', yes: 'boolean?' },
  },
  slow: { ...sampleEntry, code: 'SLOW', status: 503, reason: 'capacity.overloaded', retry: 'backoff', retryAfterSeconds: 5, details: { retry_after: 'seconds from retryAfterMs' }, message: 'Come back in {retry_after} s.' },
  mismatch: { ...sampleEntry, code: 'CONFLICT', status: 409, reason: 'idempotency.mismatch', details: { kind: 'string' }, attributes: { kind: 'mismatch' } },
  running: { ...sampleEntry, code: 'CONFLICT', status: 409, reason: 'idempotency.in_progress', details: { kind: 'string' }, attributes: { kind: 'running' }, headers: { 'X-Kind': 'a {kind} one' } },
  field: { ...sampleEntry, code: 'FIELD', status: 422, reason: 'field.invalid', message: ['{field} {issue}', 'Invalid.'], details: { field: 'string?', issue: 'string?' } },
}
const base = sampleDeclaration(entries)
const bare = Object.fromEntries(Object.entries(base.entries).map(([id, entry]) => [id, { ...entry, message: 'It failed.', details: {}, headers: {}, attributes: {} }]))
const typed = Object.fromEntries(Object.entries(base.entries).map(([id, entry]) => [id, { ...entry, attributes: { ...entry.attributes, type: `urn:${id}` } }]))

const declarations: { readonly [name: string]: ContractDeclaration } = {
  nested: {
    ...base, requestId: { format: 'uuid', header: 'X-Request-Id' }, rateLimitHeaders: { limit: 'X-L', remaining: 'X-R', reset: 'X-S', resetUnit: 'unix' },
    envelope: {
      error: { success: false, data: null, error: { code: '$code', message: '$message', details: '$details?' }, meta: { request_id: '$requestId', timestamp: '$timestamp' }, fields: '$fields|null' },
      success: { success: true, data: '$data', error: null },
      stream: { event: 'error', data: { error: { code: '$code', message: '$message' } }, afterError: '[DONE]' },
    },
  },
  spread: { ...base, entries: typed, envelope: { contentType: 'application/problem+json', error: { type: '$type', status: '$status', detail: '$message', code: '$code', instance: '$requestId?', '...': '$details' } } },
  codeless: {
    ...base,
    entries: { ...typed, failed: { ...sampleEntry, ...typed['failed'], code: '', attributes: { type: 'server_error' } } },
    envelope: { error: { error: { message: '$message', type: '$type', param: '$details.field|null', code: '$code|null', more: '$details' } } },
  },
  array: { ...base, envelope: { error: [{ error: { status: '$code', message: '$message', details: '$details|null' } }] } },
  always: { ...base, alwaysStatus: 200, envelope: { error: { code: '$code', msg: '$message', kind: '$kind?', data: null }, success: { code: 0, msg: 'Success', data: '$data' } } },
  rpc: { ...base, alwaysStatus: 200, envelope: { error: { v: '2.0', error: { code: '$code', message: '$message', data: '$details?' }, id: null }, success: { v: '2.0', result: '$data', id: null } } },
  graph: { ...base, alwaysStatus: 200, envelope: { error: { data: null, errors: [{ message: '$message', extensions: { code: '$code', '...': '$details' } }] }, success: { data: '$data' } } },
  hidden: {
    ...base, envelope: { error: { code: '$code', text: '$message', kind: '$kind?', about: '$details' }, success: '$data' },
    entries: Object.fromEntries(Object.entries(base.entries).map(([id, entry], at) => [id, at % 2 === 0 ? { ...entry, sentAs: 200 } : { ...entry, read: { code: `${entry.code}_*`, status: '4xx' } }])),
  },
  sentences: {
    ...base, alwaysStatus: 200, envelope: { error: { error: '$message', about: '$details' } },
    entries: Object.fromEntries(Object.entries(base.entries).map(([id, entry]) => [id, { ...entry, code: '', message: `Sorry: ${id}.`, read: `*: ${id}*` }])),
  },
  header: { ...base, entries: bare, headers: { 'X-Error-Code': '$code' }, envelope: { error: { message: '$message?', fields: '$fields' } } },
  behind: { ...base, entries: Object.fromEntries(Object.entries(bare).map(([id, entry]) => [id, { ...entry, message: ['{field} (code {issue}) {method}', 'It failed (code 1).'] }])), envelope: { error: '$message (code $code) $requestId', contentType: 'text/plain' } },
  text: { ...base, entries: bare, envelope: { error: 'Error $code ($status): $message', contentType: 'text/plain' } },
  families: {
    ...base,
    entries: { ...base.entries, field: { ...sampleEntry, ...base.entries['field'], family: 'fields' } },
    envelope: { error: { error: '$code', text: '$message', about: '$details' }, families: { fields: { errors: '$fields', kind: 'validation', error: '$code', text: '$message', about: '$details' } } },
  },
}
const contracts = Object.entries(declarations).map(([name, declaration]) => [name, defineContract({ ...declaration, name })] as const)

/** Facts of every kind under the names that the entries use, right and wrong. */
const anyFacts = ((): fc.Arbitrary<Facts> => {
  const names = ['limit', 'used', 'plan', 'resetAtMs', 'retryAfterMs', 'balance', 'required', 'granted', 'any', 'share', 'yes', 'field', 'issue', 'fields', 'method', 'retry_after', 'constructor']
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  const money = fc.record({ units: fc.maxSafeInteger(), scale: fc.integer({ min: 0, max: 15 }) })
  // JSON has no negative zero.
  const jsonNumber = fc.double().map((number) => number + 0)
  const value = fc.oneof(text, jsonNumber, fc.maxSafeInteger(), fc.boolean(), money, fc.array(text, { maxLength: 3 }), fc.dictionary(text, fc.array(text, { maxLength: 2 }), { maxKeys: 3 }))
  return fc.dictionary(fc.constantFrom(...names), value) as fc.Arbitrary<Facts>
})()

/** By which it is chosen among the entries of its reason. */
function typicalOf({ when = {} }: Entry): Facts {
  return Object.fromEntries(Object.entries(when).map(([name, wanted]) => [name, [wanted].flat()[0] ?? '']))
}

describe.each(contracts)('%s', (_, contract) => {
  describe('conforms', () => {
    for (const { name, run } of contractConformanceCases(contract)) it(name, () => expect(run).not.toThrow())
  })

  it('reads back what it has rendered, up to its loss', () => {
    fc.assert(
      fc.property(fc.constantFrom(...contract.entries.values()), anyFacts, fc.integer({ min: 0, max: 4e12 }), fc.uint8Array({ minLength: 16, maxLength: 16 }), (entry, facts, nowMs, random) => {
        const context = { requestId: contract.mintRequestId(random), nowMs }
        expect(findRoundTripDifferences(contract, contract.render(refuse(entry.reason, { ...facts, ...typicalOf(entry) }, { entry: entry.id }), context), context)).toEqual([])
      }),
    )
  })

  it('reads no success of its own as a refusal', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (data) => {
        expect(contract.read({ status: 200, headers: {}, body: contract.success(data as JsonValue, { requestId: 'req_1', nowMs: 0 }).body })).toBeUndefined()
      }),
    )
  })

  it('takes any body from anyone', () => {
    const bodies = fc.oneof(fc.uint8Array(), fc.string({ unit: 'binary' }), fc.json(), mutations(contract))
    fc.assert(
      fc.property(bodies, fc.oneof(fc.constantFrom(200, 429, 500), fc.integer()), fc.dictionary(fc.constantFrom('retry-after', 'date', 'allow', 'x-request-id', 'x-error-code'), fc.string()), (body, status, headers) => {
        const error = contract.read({ status, headers, body })
        expect(error === undefined || (typeof error.message === 'string' && Object.getPrototypeOf(error.details) === Object.prototype)).toBe(true)
        if (typeof body === 'string') contract.readStreamEvent({ data: body, event: 'error' })
      }),
    )
  })
})

/** Real answers with one piece cut out, doubled or replaced. */
function mutations(contract: Contract): fc.Arbitrary<string> {
  const bodies = [...contract.entries.values()].map((entry) => contract.answer(refuse(entry.reason, {}, { entry: entry.id }), { requestId: 'req_1', nowMs: 0 }).body)
  return fc.tuple(fc.constantFrom(...bodies), fc.nat(), fc.nat(20), fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('"__proto__"', 'null', '{}', '[', '1e999', '\u0000'))).map(([body, at, length, piece]) => {
    const start = at % (body.length + 1)
    return body.slice(0, start) + piece + body.slice(start + length)
  })
}

it('bodies are written as the page of an API shows them', () => {
  const contract = defineContract(declarations['nested'] ?? base)
  const facts = { period: 'day', used: 120, limit: 100, resetAtMs: Date.UTC(2024, 0, 2) }
  const { status, body } = contract.answer(refuse('quota.exhausted', facts), { requestId: 'req_1', nowMs: Date.UTC(2024, 0, 1) })
  expect(status).toBe(429)
  expect(body).toBe(
    '{"success":false,"data":null,"error":{"code":"QUOTA","message":"You\'ve used 120 of 100.","details":{"used":120,"limit":"100","plan":null,"reset_at":"2024-01-02T00:00:00Z","reset":1704153600}},' +
      '"meta":{"request_id":"req_1","timestamp":"2024-01-01T00:00:00Z"},"fields":null}',
  )
})

it('money in a message is exact', () => {
  const contract = defineContract(base)
  const { message, details } = contract.render(refuse('credit.insufficient', { balance: { units: 5000, scale: 2 }, required: { units: 100_005, scale: 3 } }), { requestId: 'r', nowMs: 0 })
  expect(message).toBe('Too little. You have 50.00; it costs 100.005.')
  expect(details).toEqual({ balance: 50, price: 100.005 })
  const tiny = { balance: { units: 0, scale: 2 }, required: { units: 1, scale: 10 } }
  expect(contract.render(refuse('credit.insufficient', tiny), { requestId: 'r', nowMs: 0 }).message).toBe('Too little. You have 0.00; it costs 0.0000000001.')
  expect(contract.render(refuse('credit.insufficient'), { requestId: 'r', nowMs: 0 }).message).toBe('Too little.')
})

it('an amount in plain decimals, as careful services write it, is an amount', () => {
  const contract = defineContract(base)
  const context = { requestId: 'r', nowMs: 0 }
  const said = contract.render(refuse('credit.insufficient', { balance: '50.00', price: '100.5' } as Readonly<Record<string, FactValue>> as Facts), context)
  expect([said.message, said.details]).toEqual(['Too little. You have 50.00; it costs 100.50.', { balance: 50, price: 100.5 }])
  const both = contract.render(refuse('credit.insufficient', { balance: { units: 50, scale: 0 }, price: 1, required: { units: 50, scale: 0 } }), context)
  expect([both.message, both.details]).toEqual(['Too little. You have 50.00; it costs 1.00.', { balance: 50, price: 1 }])
  expect(contract.render(refuse('credit.insufficient', { balance: '5e3', price: '1,5' } as Readonly<Record<string, FactValue>> as Facts), context).details).toEqual({})
})

it('the refusing side may name the entry, and a name that does not exist is passed over', () => {
  const contract = defineContract(base)
  expect(contract.entryFor('internal', {}, 'running').id).toBe('running')
  expect(contract.entryFor('internal', {}, 'constructor').id).toBe('failed')
  expect(serverReasons.every((reason) => contract.entryFor(reason, {}).id !== '')).toBe(true)
})

it('what was read with an undeclared code does not leave: something failed is all that is said', () => {
  const contract = defineContract(declarations['spread'] ?? base)
  const read = contract.read({ status: 418, headers: {}, body: '{"code":"TEAPOT","detail":"Short.","handle":true}' })
  if (read === undefined) throw new Error('not read')
  const { status, body } = contract.write(read, { requestId: 'req_1', nowMs: 0 })
  expect(status).toBe(500)
  expect(JSON.parse(body)).toEqual({ type: 'urn:failed', status: 500, detail: 'It failed.', code: 'FAILED', instance: 'req_1' })
})

it("a service's own sentence stands in place of the entry's, unless it would be read as another's", () => {
  const contract = defineContract(declarations['sentences'] ?? base)
  const say = (said: string): string => contract.render(refuse('capacity.overloaded', {}, { entry: 'slow', said }), { requestId: 'r', nowMs: 0 }).message
  expect(say('Oh: slow, today.')).toBe('Oh: slow, today.')
  expect(say('Oh: daily.')).toBe('Sorry: slow.')
})

it('the private cause never leaves', () => {
  const { headers, body } = defineContract(base).answer(refuse('internal', {}, { cause: new Error('password is hunter2') }), { requestId: 'r', nowMs: 0 })
  expect([...headers, body].join()).not.toContain('hunter2')
})
