/** Requests that come as a list, answered by a list (JSON-RPC); and lists whose items are of several kinds. */
import { describe, expect, it } from 'vitest'
import { jsonRpc } from '../../catalog/contracts.ts'
import { valueAt } from '../read/value-at.ts'
import { defineContract, parseContract } from './define-contract.ts'
import { serverReasons } from './reason.ts'

const contextOf = (body: unknown) => ({ requestId: 'r1', nowMs: 0, request: (path: string) => valueAt(body, path.split('.')) })
const answer = (body: unknown): unknown => JSON.parse(jsonRpc.answer(jsonRpc.refuse('forbidden'), contextOf(body)).body)
const error = { code: -32003, message: 'Not allowed.' }
const read = (body: unknown, status = 200) => jsonRpc.read({ status, headers: {}, body: JSON.stringify(body) })

describe('a batch', () => {
  it('is answered request by request, but for notifications', () => {
    expect(answer([{ id: 1 }, { method: 'note' }, { id: 'b' }])).toEqual([{ jsonrpc: '2.0', error, id: 1 }, { jsonrpc: '2.0', error, id: 'b' }])
  })

  it.each([[[]], [[1, 2]], [{ length: 1, id: 4 }], [Array.from({ length: 101 }, (_, id) => ({ id }))], [undefined]])('that cannot be answered so is answered as a whole: %j', (body) => {
    expect(answer(body)).toMatchObject({ jsonrpc: '2.0', error })
  })

  it('is read by its worst, with what succeeded', () => {
    expect(read([{ jsonrpc: '2.0', id: 1, result: 1 }, { jsonrpc: '2.0', id: 2, error: { code: -32005, message: 'Slow' } }])).toMatchObject({ entry: 'rateLimited', retry: 'never', succeeded: 1 })
    expect(read([{ jsonrpc: '2.0', id: 1, error: { code: -32005, message: 'Slow' } }, { jsonrpc: '2.0', id: 2, error }])).toMatchObject({ entry: 'forbidden', errors: [{ index: 0, entry: 'rateLimited' }, { index: 1, entry: 'forbidden' }] })
    expect(read(answer([{ id: 1 }, { id: 2 }]), 403)).toMatchObject({ entry: 'forbidden', errors: [{}, {}] })
  })

  it('of successes, or of anything else, is no refusal', () => {
    for (const body of [[{ jsonrpc: '2.0', id: 1, result: 1 }], [], [1, null], [[]], ['x']]) expect(read(body)).toBeUndefined()
  })

  it.each([
    [{ batch: true, error: { code: '$code', message: '$message' } }, 'write what it says again of the request: $request.id'],
    [{ batch: true, error: { id: '$request.id', errors: { $each: '$errors', as: { code: '$code' } } } }, 'leave one of them out'],
    [{ batch: true, contentType: 'text/plain', error: '$code for $request.id' }, 'leave it out'],
  ])('has to be one of objects that say which request they answer: %j', (envelope, mend) => {
    const parsed = parseContract({ ...jsonRpc.declaration, envelope })
    expect(parsed.ok ? [] : parsed.problems.filter(({ path }) => path === 'envelope.batch').map((problem) => problem.mend)).toEqual([mend])
  })
})

const skyspeak = defineContract({
  name: 'skyspeak',
  title: 'Skyspeak',
  envelope: {
    error: {
      error: { message: '$message', target: '$details.target?', details: [{ kind: 'info', reason: '$code' }, { kind: 'retry', after: '{details.after}s' }], '...': '$details' },
    },
  },
  entries: {
    slow: { code: 'SLOW', status: 429, reason: 'rate.limited', message: 'Slow.', details: { after: 'seconds from retryAfterMs', target: 'string?', limit: 'integer?' }, description: 'Slow.' },
    one: { code: 'BAD', status: 400, reason: 'field.invalid', when: { furtherIssues: 1 }, message: ['{issue} (and 1 more)', 'Bad.'], details: { after: 'integer from issueCount' }, description: 'Bad.' },
    bad: { code: 'BAD', status: 400, primary: true, reason: 'field.invalid', alsoFor: ['field.*'], message: ['{issue} (and {furtherIssues} more of {issueCount})', '{issue}', 'Bad.'], details: { after: 'integer from issueCount' }, description: 'Bad.' },
    failed: { code: 'FAILED', status: 500, reason: 'internal', alsoFor: serverReasons.filter((reason) => reason !== 'internal' && reason !== 'rate.limited' && !reason.startsWith('field.')), message: 'Failed.', details: { after: 'integer from issueCount' }, description: 'Ours.' },
  },
})

describe('items of several kinds', () => {
  const sky = (details: unknown) => skyspeak.read({ status: 429, headers: {}, body: JSON.stringify({ error: { message: 'm', details } }) })

  it('are read in any order, and among others', () => {
    expect(sky([null, { kind: 'help' }, { kind: 'retry', after: '9s' }, { kind: 'info', reason: 'SLOW' }])).toMatchObject({ entry: 'slow', code: 'SLOW', details: { after: 9 }, retryAfterSeconds: 9 })
    expect(sky([{ kind: 'info', reason: 'SLOW' }])).toMatchObject({ entry: 'slow' })
    expect(sky([{ kind: 'retry', after: 'soons' }, { kind: 'info', reason: 'SLOW' }])?.details).toEqual({})
  })

  it('of which none is known are others', () => {
    expect(sky([{ kind: 'help', reason: 'SLOW' }])).toBeUndefined()
    expect(sky([1])).toBeUndefined()
  })
})

it('a detail with a place of its own is not spread', () => {
  const { body } = skyspeak.answer(skyspeak.refuse('slow', { retryAfterMs: 9000, target: 't', limit: 3 }), { requestId: 'r', nowMs: 0 })
  expect(JSON.parse(body)).toEqual({ error: { message: 'Slow.', target: 't', details: [{ kind: 'info', reason: 'SLOW' }, { kind: 'retry', after: '9s' }], limit: 3 } })
  expect(skyspeak.read({ status: 429, headers: {}, body })).toMatchObject({ details: { target: 't', limit: 3 } })
})

it.each([
  [1, 'a'],
  [2, 'a (and 1 more)'],
  [3, 'a (and 2 more of 3)'],
])('%i issues are counted, and the first of them is the one that is said', (count, message) => {
  const issues = ['a', 'b', 'c'].slice(0, count).map((issue) => ({ field: issue, issue }))
  const facts = { issues }
  expect(skyspeak.render({ ...skyspeak.refuse('failed', { issueCount: 0 }), entry: skyspeak.entryFor('field.invalid', facts).id, reason: 'field.invalid', facts }, { requestId: 'r', nowMs: 0 })).toMatchObject({ message, details: { after: count } })
})
