import { describe, expect, it } from 'vitest'
import type { Contract } from '../contract/declare/contract.ts'
import { defineContract } from '../contract/declare/define-contract.ts'
import { refuse } from '../contract/declare/refusal.ts'
import type { TextAnswer } from '../contract/declare/wire.ts'
import { contractConformanceCases } from './contract-conformance.ts'
import { sampleDeclaration, sampleEntry } from './sample-contract.ts'
import { typicalFacts } from './typical-facts.ts'

const contract = defineContract(
  sampleDeclaration({
    key: { ...sampleEntry, code: 'KEY', status: 401, reason: 'credential.missing' },
    method: { ...sampleEntry, code: 'METHOD', status: 405, reason: 'method.not_allowed' },
    slow: { ...sampleEntry, code: 'SLOW', status: 429, reason: 'rate.limited', details: { retry_after: 'seconds? from retryAfterMs' } },
  }),
)

/** The messages of the cases that fail. */
function failuresOf(tested: Contract): readonly string[] {
  return contractConformanceCases(tested).flatMap(({ name, run }) => {
    try {
      run()
      return []
    } catch (error) {
      return [`${name}: ${error instanceof Error ? error.message : 'threw'}`]
    }
  })
}

/** The same contract with its answers spoiled on the way out. */
function spoiled(spoil: (answer: TextAnswer) => Partial<TextAnswer>): Contract {
  const write: Contract['write'] = (error, context) => {
    const answer = contract.write(error, context)
    return { ...answer, ...spoil(answer) }
  }
  return { ...contract, write, answer: (refusal, context) => write(contract.render(refusal, context), context) }
}

function without(header: string): Contract {
  return spoiled(({ headers }) => ({ headers: headers.filter((_, index) => headers[index - (index % 2)] !== header) }))
}

it('a sound contract passes every case', () => {
  expect(failuresOf(contract)).toEqual([])
})

describe('a contract fails', () => {
  it.each([
    ['without its challenge', without('WWW-Authenticate'), 'a 401 without WWW-Authenticate'],
    ['without Allow', without('Allow'), 'a 405 without Allow'],
    ['without Retry-After', without('Retry-After'), 'a 429 without Retry-After'],
    ['that may be cached', without('Cache-Control'), 'may be cached'],
    ['without its request id', without('x-request-id'), 'the request id is not in its header'],
    ['with another status', spoiled(() => ({ status: 200 })), 'status 200'],
    ['with an empty body', spoiled(() => ({ body: '' })), 'the body is empty'],
    ['that is not JSON', spoiled(({ body }) => ({ body: body.slice(1) })), 'JSON'],
    ['that says undefined', spoiled(({ body }) => ({ body: body.replace('failed', 'undefined') })), 'says undefined'],
    ['that says None', spoiled(({ body }) => ({ body: body.replace('failed', 'None') })), 'says None'],
    ['with a header that begins another', spoiled(({ headers }) => ({ headers: [...headers, 'X-A', 'b\r\nX-C: d'] })), 'X-C'],
    ['that reads back as another', spoiled(({ body }) => ({ body: body.replace('SLOW', 'KEY') })), 'does not read back'],
    ['whose reader takes a success for an error', { ...contract, declaration: { ...contract.declaration, envelope: { ...contract.declaration.envelope, success: { error: { code: 'FAILED' } } } } }, 'is read as FAILED'],
    ['that repeats a request id', { ...contract, mintRequestId: () => 'req_0000000000000000' }, 'the same id twice'],
  ])('%s', (_, broken, message) => {
    expect(failuresOf(broken).join('\n')).toContain(message)
  })
})

it('typical facts fill the message and every detail, and choose the entry', () => {
  const declared = defineContract(
    sampleDeclaration({
      daily: {
        ...sampleEntry, reason: 'quota.exhausted', when: { period: ['day', 'week'] }, message: ['{used} of {limit}, {price:money}', 'Used up.'],
        details: { used: 'integer', price: 'money from required', scopes: 'strings from granted', at: 'timestamp from resetAtMs', extra: 'json', flag: 'boolean' },
      },
    }),
  )
  const entry = declared.entries.get('daily') ?? { ...sampleEntry, id: '', sentAs: 500 }
  const facts = typicalFacts(entry, 0)
  expect(declared.entryFor('quota.exhausted', facts).id).toBe('daily')
  const { message, details } = declared.render(refuse('quota.exhausted', facts), { requestId: 'r', nowMs: 0 })
  expect(message).toBe('120 of 100, 50.50')
  expect(Object.keys(details)).toEqual(Object.keys(entry.details ?? {}))
})
