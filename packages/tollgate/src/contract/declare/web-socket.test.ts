/** The end of a WebSocket: a message and a close, written and read back, and what a declaration of it must keep. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findDifferences } from '../../testing/contract-round-trip.ts'
import { contractConformanceCases } from '../../testing/contract-conformance.ts'
import { sampleDeclaration } from '../../testing/sample-contract.ts'
import { utf8Length } from '../values/utf8-length.ts'
import { formatContractProblem } from '../check/contract-error.ts'
import type { EntryDeclaration, WebSocketDeclaration } from './declaration.ts'
import { defineContract, parseContract } from './define-contract.ts'
import { serverReasons } from './reason.ts'
import { refuse } from './refusal.ts'

const context = { requestId: 'req_1', nowMs: 0 }

const entries: { readonly [id: string]: EntryDeclaration } = {
  badKey: { code: 'BAD_KEY', status: 401, reason: 'credential.invalid', message: 'This key is not known.', description: 'x' },
  slow: {
    code: 'SLOW', status: 429, reason: 'rate.limited', message: ['At most {limit} calls.', 'Slow down.'], details: { limit: 'integer?', wait: 'seconds? from retryAfterMs' }, description: 'x',
  },
  large: { code: 'LARGE', status: 413, reason: 'request.too_large', message: 'Too large.', description: 'x' },
  closed: { code: 'CLOSED', status: 503, reason: 'service.maintenance', message: 'We are closed.', description: 'x' },
  full: { code: 'FULL', status: 503, reason: 'capacity.overloaded', message: 'We are full.', description: 'x' },
}
const message = { type: 'error', error: { code: '$code', message: '$message', details: '$details' } }

const base = sampleDeclaration(entries)
const withForm = (webSocket: WebSocketDeclaration, changed: { readonly [id: string]: Partial<EntryDeclaration> } = {}) => ({
  ...base,
  envelope: { ...base.envelope, webSocket },
  entries: Object.fromEntries(Object.entries(base.entries).map(([id, entry]) => [id, { ...entry, ...changed[id] }])),
})
const contractWith = (...given: Parameters<typeof withForm>) => defineContract(withForm(...given))
const problemsOf = (declaration: unknown): readonly string[] => {
  const parsed = parseContract(declaration)
  return parsed.ok ? [] : parsed.problems.map(formatContractProblem)
}
const endOf = (contract: ReturnType<typeof contractWith>, ...[reason, facts, options]: Parameters<typeof refuse>) => contract.webSocketEnd(refuse(reason, facts, options), context)

describe('the end of a WebSocket', () => {
  it('is a message and a close; where nothing is said, the envelope of errors, the code and what the reason asks for', () => {
    const contract = contractWith({})
    expect(endOf(contract, 'rate.limited', { limit: 5, retryAfterMs: 2_000 })).toEqual({
      frame: '{"error":{"code":"SLOW","message":"At most 5 calls.","details":{"limit":5,"wait":2}},"request_id":"req_1"}',
      closeCode: 1008,
      closeReason: 'SLOW',
    })
    const codes = ['credential.invalid', 'request.too_large', 'service.maintenance', 'capacity.overloaded', 'upstream.failed', 'internal'] as const
    expect(codes.map((reason) => endOf(contract, reason)?.closeCode)).toEqual([1008, 1009, 1012, 1013, 1011, 1011])
  })

  it('is none in a dialect without a form for it, which reads none', () => {
    const contract = defineContract(base)
    expect(contract.webSocketEnd(refuse('internal'), context)).toBeUndefined()
    expect(contract.readFrame('{"error":{"code":"SLOW","message":"m"}}')).toBeUndefined()
    expect(contract.readClose({ code: 1008, reason: 'SLOW' })).toBeUndefined()
  })

  it('has the close code of the entry, or its status behind a 4, as graphql-transport-ws has it', () => {
    const contract = contractWith({ frame: null, close: { code: '4{status}', reason: '$message' } }, { slow: { closeCode: 4008 }, full: { closeCode: 4013 } })
    expect(endOf(contract, 'credential.invalid')).toEqual({ frame: undefined, closeCode: 4401, closeReason: 'This key is not known.' })
    expect(endOf(contract, 'rate.limited')).toEqual({ frame: undefined, closeCode: 4008, closeReason: 'Slow down.' })
    expect(contract.readClose({ code: 4401, reason: 'anything' })).toMatchObject({ entry: 'badKey', code: 'BAD_KEY', status: 401, message: 'anything', retry: 'never' })
    expect(contract.readClose({ code: 4008 })).toMatchObject({ entry: 'slow', reason: 'rate.limited', retry: 'wait' })
  })

  it('may have one close code for all, and the words of the entry in its reason', () => {
    const contract = contractWith({ frame: message, close: { code: 1008, reason: '{code}: {message}' } })
    expect(endOf(contract, 'service.maintenance')).toEqual({ frame: '{"type":"error","error":{"code":"CLOSED","message":"We are closed.","details":{}}}', closeCode: 1008, closeReason: 'CLOSED: We are closed.' })
    expect(contract.readClose({ code: 1008, reason: 'CLOSED: We are closed.' })).toMatchObject({ entry: 'closed', message: 'We are closed.', retry: 'backoff' })
  })

  it('has a reason of at most 123 bytes, and never half of a character', () => {
    const contract = contractWith({ frame: message, close: { reason: '{code}: {message}' } }, { closed: { message: '\u{1F989}é'.repeat(40) } })
    const reason = endOf(contract, 'service.maintenance')?.closeReason ?? ''
    expect(reason).toBe(`CLOSED: ${'\u{1F989}é'.repeat(19)}`)
    expect([utf8Length(reason), Buffer.from(reason).toString()]).toEqual([122, reason])
    expect(contract.readClose({ code: 1012, reason })).toMatchObject({ entry: 'closed' })
  })
})

describe('a message', () => {
  const contract = contractWith({ frame: message })

  it('that is an error is read, also one of a code that nobody knows', () => {
    expect(contract.readFrame('{"type":"error","error":{"code":"SLOW","message":"m","details":{"wait":7}}}')).toMatchObject({ entry: 'slow', status: 429, retry: 'wait', retryAfterSeconds: 7 })
    expect(contract.readFrame(new TextEncoder().encode('{"type":"error","error":{"code":"NEW","message":"m"}}'))).toMatchObject({ entry: undefined, code: 'NEW', reason: 'unknown' })
  })

  it.each(['{"type":"delta","text":"hi"}', '{"type":"session.error_count","error":{"code":"SLOW"}}', '{}', 'null', 'hi', '', '{"error":null}'])('that is none is left alone: %s', (data) => {
    expect(contract.readFrame(data)).toBeUndefined()
  })
})

describe('a close', () => {
  const contract = contractWith({ frame: message })

  it('is read by its reason, or, where only one entry has its code, by that', () => {
    expect(contract.readClose({ code: 1008, reason: 'BAD_KEY' })).toMatchObject({ entry: 'badKey', status: 401, retry: 'never' })
    expect(contract.readClose({ code: 4000, reason: 'SLOW' })).toMatchObject({ entry: 'slow' })
    expect(contract.readClose({ code: 1013 })).toMatchObject({ entry: 'full', retry: 'backoff' })
    expect(contract.readClose({ code: 1013, reason: 'CLOSED' })).toMatchObject({ entry: 'closed' })
  })

  it.each([
    [1008, 'who knows', 'permission.denied', 403],
    [1014, '', 'upstream.failed', 502],
    [4429, 'Too many', 'rate.limited', 429],
    [4000, '', 'unknown', 500],
  ])('of %s that no entry says (%j) means what its code says: %s', (code, reason, meaning, status) => {
    expect(contract.readClose({ code, reason })).toMatchObject({ entry: undefined, reason: meaning, status })
  })

  it.each([1000, 1001, 1004, 1005, 1006, 1010, 1015, 0, 999, 2_000, 5_000, 1.5, Number.NaN])('of %s says nothing', (code) => {
    expect(contract.readClose({ code, reason: 'SLOW'.repeat(code === 1001 ? 0 : 1) })).toBeUndefined()
  })

  it('of a peer that goes away is a refusal where an entry says so', () => {
    const leaving = contractWith({ frame: message }, { closed: { closeCode: 1001 } })
    expect(leaving.readClose({ code: 1001 })).toMatchObject({ entry: 'closed' })
  })
})

describe('the loss', () => {
  it('says of both halves what they cannot carry', () => {
    expect(contractWith({ frame: message }).loss.webSocket).toEqual({
      frame: { members: ['requestId', 'retryAfterSeconds'], entries: {} },
      close: { members: ['message', 'details', 'requestId', 'retryAfterSeconds'], entries: {} },
    })
    expect(contractWith({ frame: null, close: { code: '4{status}' } }).loss.webSocket?.frame).toBeUndefined()
  })

  it('says where a close cannot tell entries apart, and as which they are read', () => {
    const form = { frame: message, close: { code: '4{status}', reason: '$requestId' } }
    expect(contractWith(form).loss.webSocket?.close).toMatchObject({ members: expect.arrayContaining(['entry', 'code']), entries: {} })
    expect(contractWith(form, { closed: { primary: true } }).loss.webSocket?.close).toMatchObject({ members: expect.not.arrayContaining(['entry']), entries: { full: 'closed' } })
  })
})

describe('a declaration', () => {
  it.each([
    ['a code that says that all went well', { close: { code: 1000 } }, 'envelope.webSocket.close.code: 1000 says that all went well; use 1008'],
    ['one that no frame has', { close: { code: 1006 } }, 'envelope.webSocket.close.code: 1006 never stands in a close frame'],
    ['one that is reserved', { close: { code: 2000 } }, 'envelope.webSocket.close.code: 2000 is not free to use'],
    ['one out of range', { close: { code: 5000 } }, 'envelope.webSocket.close.code: 5000 is out of range; use at least 1000, at most 4999'],
    ['a text that is no code', { close: { code: '4{state}' } }, 'envelope.webSocket.close.code: "4{state}" is no code; write a number, or figures and {status}: 4{status}'],
    ['a text that comes out wrong', { close: { code: '5{status}' } }, 'envelope.webSocket.close.code: "5{status}" is 5401 for "badKey", which is not free to use'],
    ['a reason with a slot that nothing fills', { close: { reason: '{kind}' } }, 'envelope.webSocket.close.reason: "$kind?" is filled by nothing'],
    ['a reason that lists', { close: { reason: '$details' } }, 'envelope.webSocket.close.reason: "$details" is not a slot that fits'],
    ['a reason without room', { close: { reason: `${'x'.repeat(124)}{code}` } }, 'is 124 bytes long without its slots, and a close has room for 123'],
    ['a frame with a slot that nothing fills', { frame: { type: 'error', code: '$code', kind: '$kind' } }, 'envelope.webSocket.frame.kind: "$kind" is filled by nothing'],
    ['a frame that says nothing of an error', { frame: { message: '$message' } }, 'envelope.webSocket.frame: {"message":"This key is not known."} is what "badKey" becomes, and is read as no error'],
    ['no frame, and one close for all', { frame: null, close: { code: 1008, reason: 'policy' } }, 'envelope.webSocket.close.reason: "policy" is what "badKey" becomes, and shows nothing by which its entry is found; let it show "$code", or give each entry a closeCode of its own: 1008 is that of several'],
    ['an unknown member', { frames: message }, 'envelope.webSocket.frames: is not known here; did you mean "frame"?'],
  ] as const)('with %s is refused', (_, form, problem) => {
    expect(problemsOf(withForm(form as WebSocketDeclaration)).join('\n')).toContain(problem)
  })

  it('with a close code that nothing sends, or that cannot be sent, is refused where it stands', () => {
    const slow = { ...entries['slow'], closeCode: 4429 }
    expect(problemsOf({ ...base, entries: { ...base.entries, slow } })).toEqual(['entries.slow.closeCode: 4429 closes nothing, for the envelope has no form for WebSockets; write envelope: { webSocket: {} }, or leave it out'])
    expect(problemsOf(withForm({}, { slow: { closeCode: 1010 } })).join()).toContain('entries.slow.closeCode: 1010 is for clients to send')
  })

  it('whose ends are read as one another must not let a client repeat what it was told not to', () => {
    const form = { frame: null, close: { code: '4{status}', reason: '$requestId' } }
    const changed = { badKey: { closeCode: 4000 }, slow: { closeCode: 4000, primary: true }, closed: { closeCode: 4001 } }
    expect(problemsOf(withForm(form, changed)).join()).toContain('entries.badKey.closeCode: 4000 is the end of a WebSocket that is read as "slow", which says "wait" and not "never"')
    expect(problemsOf(withForm(form, { ...changed, badKey: {} }))).toEqual([])
  })

  it('of text needs a frame, or none', () => {
    const text = { ...base, envelope: { contentType: 'text/plain', error: '$code: $message' } }
    expect(problemsOf({ ...text, envelope: { ...text.envelope, webSocket: {} } }).join()).toContain('envelope.webSocket.frame: is missing, and a text cannot stand in for it')
    expect(problemsOf({ ...text, envelope: { ...text.envelope, webSocket: { frame: null } } })).toEqual([])
  })
})

describe('whatever form', () => {
  const forms = fc.record(
    {
      frame: fc.constantFrom(null, message, { event: { kind: 'failure', why: '$message' }, id: '$requestId', code: '$code', '...': '$details' }),
      close: fc.record({ code: fc.constantFrom(1008, 4000, '4{status}', '3{status}'), reason: fc.constantFrom('$code', '{code}: {message}', 'error {code} ({requestId})') }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  )
  const facts = fc.record({ limit: fc.nat(), retryAfterMs: fc.nat({ max: 10_000_000 }), issue: fc.string({ unit: 'binary' }) }, { requiredKeys: [] })

  it('is read back up to the stated loss, and its close can be sent', () => {
    fc.assert(
      fc.property(forms, fc.constantFrom(...serverReasons), facts, (form, reason, told) => {
        const contract = contractWith(form.close !== undefined && Object.keys(form.close).length === 0 ? { ...form, close: { code: 1008 } } : form)
        const refusal = refuse(reason, told)
        const sent = contract.render(refusal, context)
        const end = contract.webSocketEnd(refusal, context)
        const read = end && contract.readClose({ code: end.closeCode, reason: new TextEncoder().encode(end.closeReason) })
        expect(read && findDifferences(contract, sent, read, contract.loss.webSocket?.close)).toEqual([])
        const inFrame = end?.frame === undefined ? read : contract.readFrame(end.frame)
        expect(inFrame && findDifferences(contract, sent, inFrame, contract.loss.webSocket?.[form.frame === null ? 'close' : 'frame'])).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  const shapes: readonly WebSocketDeclaration[] = [{}, { frame: message }, { frame: null, close: { code: '4{status}' } }]
  describe.each(shapes)('%j conforms', (form) => {
    for (const { name, run } of contractConformanceCases(contractWith(form))) it(name, () => expect(run).not.toThrow())
  })
})
