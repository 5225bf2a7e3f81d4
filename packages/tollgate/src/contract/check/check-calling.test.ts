/** What a contract says to who calls it: the header of keys, the end of a stream, and who has failed. */
import { expect, it } from 'vitest'
import { sampleDeclaration, sampleEntry } from '../../testing/sample-contract.ts'
import type { ContractDeclaration } from '../declare/declaration.ts'
import { parseContract } from '../declare/define-contract.ts'
import { formatContractProblem } from './contract-error.ts'

const base = sampleDeclaration()

function problemsOf(members: object): readonly string[] {
  const parsed = parseContract({ ...base, ...members })
  return parsed.ok ? [] : parsed.problems.map(formatContractProblem)
}

function problemsOfEnd(end: unknown, stream: object = {}): readonly string[] {
  return problemsOf({ envelope: { ...base.envelope, stream: { ...stream, end } } })
}

it('the header of keys is the name of one', () => {
  expect(problemsOf({ idempotencyKey: 'Idempotency-Key' })).toEqual([])
  expect(problemsOf({ idempotencyKey: 'Idempotency-Key: abc' })).toEqual(['idempotencyKey: "Idempotency-Key: abc" is not the name of a header; write the name alone: Idempotency-Key'])
  expect(problemsOf({ idempotencyKey: '' })).toEqual([expect.stringContaining('idempotencyKey: "" is empty')])
})

it('a stream ends by an event with data, with a name, or with both, and that is none of its errors', () => {
  for (const end of [{ data: '[DONE]' }, { event: 'message_stop' }, [{ data: '[DONE]' }, { event: 'response.completed' }]]) expect(problemsOfEnd(end)).toEqual([])
  expect(problemsOfEnd('[DONE]')).toEqual([expect.stringContaining('envelope.stream.end: "[DONE]" is not an object or a list')])
  expect(problemsOfEnd({})).toEqual([expect.stringContaining('envelope.stream.end: {} is empty')])
  expect(problemsOfEnd({ evnt: 'done' })).toEqual(['envelope.stream.end.evnt: is not known here; did you mean "event"?'])
  expect(problemsOfEnd([{ event: 'a\nb' }])).toEqual(['envelope.stream.end.event: "a\\nb" has a line break, which ends an SSE line; write one line'])
  expect(problemsOfEnd({ event: 'error' }, { event: 'error' })).toEqual(['envelope.stream.end: "error" is the event of an error too, so that a stream that fails would be whole; name the event with which a whole stream ends'])
})

it('a slip in the end of a stream is found by the compiler', () => {
  const declaration = { ...base, envelope: { ...base.envelope, stream: { end: { data: '[DONE]' } } } } satisfies ContractDeclaration
  expect(declaration.envelope.stream.end).toEqual({ data: '[DONE]' })
  // @ts-expect-error a stream does not end by a text
  expect({ ...base, envelope: { ...base.envelope, stream: { end: '[DONE]' } } } satisfies ContractDeclaration).toBeDefined()
})

it('who has failed is one of four, and is told by a refusal of the entry', () => {
  const entries = { ...base.entries, carrierDown: { ...sampleEntry, code: 'CARRIER', reason: 'rate.limited', source: 'upstream' } }
  const parsed = parseContract({ ...sampleDeclaration(entries as never) })
  expect(parsed.ok ? parsed.contract.refuse('carrierDown' as never).source : parsed.problems).toBe('upstream')
  expect(problemsOf({ entries: { failed: { ...base.entries['failed'], source: 'server' } } })).toEqual(['entries.failed.source: "server" is not one of the known values; use one of api, upstream, client, network'])
})
