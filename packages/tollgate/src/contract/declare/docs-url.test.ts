/** A link to the page of an entry, in envelopes and headers. */
import { describe, expect, it } from 'vitest'
import { findRoundTripDifferences } from '../../testing/contract-round-trip.ts'
import { sampleDeclaration, sampleEntry } from '../../testing/sample-contract.ts'
import { toReceivedHeaders } from '../read/received-headers.ts'
import type { ContractDeclaration, EnvelopeDeclaration } from './declaration.ts'
import { parseContract } from './define-contract.ts'
import { refuse } from './refusal.ts'

const context = { requestId: 'req_1', nowMs: 0 }
const linked = (envelope: EnvelopeDeclaration, rest: Partial<ContractDeclaration> = {}): ContractDeclaration => ({
  ...sampleDeclaration({ tooFast: { ...sampleEntry, code: 'TOO_FAST', status: 429, reason: 'rate.limited' }, badField: { ...sampleEntry, code: 'BAD_FIELD', status: 422, reason: 'field.invalid' } }),
  docs: 'https://errors.example.com/v1/',
  envelope,
  ...rest,
})

function compiled(declaration: ContractDeclaration) {
  const parsed = parseContract(declaration)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.contract
}

const problemsOf = (declaration: ContractDeclaration): readonly string[] => {
  const parsed = parseContract(declaration)
  return parsed.ok ? [] : parsed.problems.map(({ path, problem, mend }) => `${path}: ${problem}; ${mend}`)
}

const plain = { error: { code: '$code', message: '$message', doc_url: '$docsUrl' } }

describe('a link to the page of the entry', () => {
  it.each<readonly [string, EnvelopeDeclaration, string]>([
    ['by itself', { error: { error: plain.error } }, '{"error":{"code":"TOO_FAST","message":"It failed.","doc_url":"https://errors.example.com/v1/errors/tooFast"}}'],
    ['as the type of a problem', { error: { type: '$docsUrl', detail: '$message', code: '$code' }, contentType: 'application/problem+json' }, '{"type":"https://errors.example.com/v1/errors/tooFast","detail":"It failed.","code":"TOO_FAST"}'],
    ['within a text', { error: { code: '$code', message: '{message} See {docsUrl}' } }, '{"code":"TOO_FAST","message":"It failed. See https://errors.example.com/v1/errors/tooFast"}'],
    ['of each error of a list', { error: { errors: { $each: '$errors', as: { code: '$code', message: '$message', see: '$docsUrl' } } } }, '{"errors":[{"code":"TOO_FAST","message":"It failed.","see":"https://errors.example.com/v1/errors/tooFast"}]}'],
    ['in plain text', { error: '$code: $message ($docsUrl)', contentType: 'text/plain' }, 'TOO_FAST: It failed. (https://errors.example.com/v1/errors/tooFast)'],
  ])('is written %s, and read back', (_, envelope, body) => {
    const contract = compiled(linked(envelope))
    expect(contract.answer(refuse('rate.limited'), context).body).toBe(body)
    expect(contract.render(refuse('rate.limited'), context).docsUrl).toBe('https://errors.example.com/v1/errors/tooFast')
    for (const reason of ['rate.limited', 'field.invalid', 'internal'] as const) expect(findRoundTripDifferences(contract, contract.render(refuse(reason), context), context).filter((line) => !line.startsWith('requestId'))).toEqual([])
  })

  it('is written for each error of a list by itself', () => {
    const contract = compiled(linked({ error: { errors: { $each: '$errors', as: { code: '$code', message: '$message', field: '$field?', see: '$docsUrl' } } } }, { entries: { ...linked(plain).entries, noName: { ...sampleEntry, code: 'NO_NAME', status: 422, reason: 'field.missing' } } }))
    const { body } = contract.answer(refuse('field.invalid', { issues: [{ field: 'a', issue: 'is wrong', rule: 'type' }, { field: 'b', issue: 'is required', rule: 'required' }] }), context)
    const { errors } = JSON.parse(body) as { readonly errors: readonly { readonly see: string }[] }
    expect(errors.map(({ see }) => see).toSorted()).toEqual(['https://errors.example.com/v1/errors/badField', 'https://errors.example.com/v1/errors/noName'])
  })

  it('stands in a header, in a stream and in a message of a WebSocket, where the contract has it there', () => {
    const contract = compiled(linked({ ...plain, stream: {}, webSocket: {} }, { headers: { Link: '<{docsUrl}>; rel="help"' } }))
    const { status, headers, body } = contract.answer(refuse('rate.limited'), context)
    expect(toReceivedHeaders(headers)['link']).toBe('<https://errors.example.com/v1/errors/tooFast>; rel="help"')
    expect(contract.read({ status, headers: toReceivedHeaders(headers), body })?.docsUrl).toBe('https://errors.example.com/v1/errors/tooFast')
    expect(contract.streamFrame(refuse('rate.limited'), context)).toContain('https://errors.example.com/v1/errors/tooFast')
    expect(contract.webSocketEnd(refuse('rate.limited'), context)?.frame).toContain('https://errors.example.com/v1/errors/tooFast')
  })

  it('is read as it came, also where it leads elsewhere by now', () => {
    const contract = compiled(linked({ error: { error: plain.error } }))
    const read = contract.read({ status: 429, headers: {}, body: '{"error":{"code":"TOO_FAST","message":"x","doc_url":"https://old.example.com/too-fast"}}' })
    expect(read).toMatchObject({ entry: 'tooFast', docsUrl: 'https://old.example.com/too-fast' })
    expect(contract.read({ status: 429, headers: {}, body: '{"error":{"code":"TOO_FAST","message":"x","doc_url":7}}' })?.docsUrl).toBeUndefined()
  })

  it.each<readonly [string, ContractDeclaration, readonly string[]]>([
    ['nothing says where the reference is', { ...linked(plain), docs: undefined } as unknown as ContractDeclaration, ['error.doc_url: leads nowhere: the contract does not say where its reference is; say it: docs: https://errors.example.com']],
    ['only a header links', { ...linked({ error: { code: '$code', message: '$message' } }), docs: undefined, headers: { Link: '<{docsUrl}>' } } as unknown as ContractDeclaration, ['headers.Link: leads nowhere: the contract does not say where its reference is; say it: docs: https://errors.example.com']],
    ['the reference has no whole address', linked(plain, { docs: 'errors.example.com' }), ['docs: is no address that envelope.error.doc_url ($docsUrl) can lead to; write a whole one without query: https://errors.example.com']],
    ['it has a query', linked(plain, { docs: 'https://errors.example.com/?v=1' }), ['docs: is no address that envelope.error.doc_url ($docsUrl) can lead to; write a whole one without query: https://errors.example.com']],
  ])('is refused where %s', (_, declaration, problems) => {
    const { docs, ...rest } = declaration
    expect(problemsOf(docs === undefined ? (rest as ContractDeclaration) : declaration)).toEqual(problems.map((problem) => problem.replace(/^error\./, 'envelope.error.')))
  })

  it('is asked for by no other contract: an address of any form may stand in `docs`', () => {
    expect(problemsOf(linked({ error: { code: '$code', message: '$message' } }, { docs: 'see the handbook' }))).toEqual([])
  })
})
