/** What is written is read, and as what it is; what a service says beside it is not. */
import { describe, expect, it } from 'vitest'
import { sampleDeclaration, sampleEntry } from '../../testing/sample-contract.ts'
import type { Contract } from '../declare/contract.ts'
import type { ContractDeclaration, EntryDeclaration, EnvelopeDeclaration } from '../declare/declaration.ts'
import { defineContract, parseContract } from '../declare/define-contract.ts'
import { formatContractProblem } from './contract-error.ts'

const slow = { ...sampleEntry, code: 'SLOW', status: 429, reason: 'rate.limited', message: ['At most {limit}.', 'Slow.'] } as const satisfies EntryDeclaration

interface Variant extends Partial<Omit<ContractDeclaration, 'entries' | 'envelope'>> {
  readonly slow?: Partial<EntryDeclaration>
  /** No entry has a code. */
  readonly codeless?: true
}

function declare(envelope: EnvelopeDeclaration, { slow: changed, codeless, ...more }: Variant = {}): ContractDeclaration {
  const declaration = sampleDeclaration({ slow: { ...slow, ...changed } })
  const entries = codeless === true ? Object.fromEntries(Object.entries(declaration.entries).map(([id, entry]) => [id, { ...entry, code: '' }])) : declaration.entries
  return { ...declaration, ...more, entries, envelope }
}

function problemsOf(envelope: EnvelopeDeclaration, variant: Variant = {}): readonly string[] {
  const parsed = parseContract(declare(envelope, variant))
  return parsed.ok ? [] : parsed.problems.map(formatContractProblem)
}

function read(contract: Contract, status: number, body: unknown): string | undefined {
  const found = contract.read({ status, headers: {}, body: JSON.stringify(body) })
  return found && (found.entry ?? `unknown ${found.code}`)
}

const flat = { message: '$message' } as const
const always = { alwaysStatus: 200, codeless: true } as const
const showConstant = 'let it show a constant that no success has ("ok": false), or always a code'
const readAsSuccess = (value: string, ids = '"slow", "failed" are'): string => `envelope.error: ${value} is what ${ids} sent as, with status 200, and is read as a success; ${showConstant}`

describe('a constant that errors and successes share tells nothing', () => {
  const envelope = {
    error: { v: 2, error: { code: '$code', message: '$message' } },
    success: { v: 2, result: '$data' },
  }

  it.each([undefined, 200])('JSON-RPC reads back (alwaysStatus: %s), and its successes are none', (alwaysStatus) => {
    const contract = defineContract(declare(envelope, alwaysStatus === undefined ? {} : { alwaysStatus }))
    expect(contract.loss).toEqual({ members: [], entries: {} })
    expect(read(contract, 429, { v: 2, error: { code: 'SLOW', message: 'm' } })).toBe('slow')
    expect(read(contract, 200, { v: 2, error: { code: 'SLOW', message: 'm' } })).toBe('slow')
    expect(read(contract, 200, { v: 2, error: { code: 'NEW', message: 'm' } })).toBe('unknown NEW')
    for (const body of [{ v: 2 }, { v: 2, result: null }, { v: 2, result: { code: 'SLOW', message: 'm' } }, { v: 2, result: 1, error: null }, { v: 3, error: { code: 'SLOW' } }]) expect(read(contract, 200, body)).toBeUndefined()
  })

  it('nor does one of a single family, nor a text', () => {
    const families = { odd: { v: 2, problems: '$fields', text: '$message' } }
    const contract = defineContract(declare({ error: { ok: false, text: '$message' }, families, success: { v: 2, result: '$data' } }, { slow: { family: 'odd' } }))
    expect(read(contract, 429, { v: 2, problems: {}, text: 'm' })).toBe('slow')
    expect(read(contract, 200, { v: 2, result: {}, text: 'm' })).toBeUndefined()
    expect(read(contract, 200, { v: 2, text: 'm' })).toBe('unknown undefined')
    const text = defineContract(declare({ error: 'HTTP: $code: $message', success: 'HTTP: $data', contentType: 'text/plain' }))
    expect(text.read({ status: 429, headers: {}, body: 'HTTP: SLOW: m' })).toMatchObject({ entry: 'slow' })
    expect(text.read({ status: 200, headers: {}, body: 'HTTP: all: is well' })).toBeUndefined()
  })
})

describe('a refusal that is read as a success is an error of the contract', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['without a constant, where all is 200', problemsOf({ error: flat }, always), [readAsSuccess('{"message":"At most 0."}')]],
    ['of one entry alone', problemsOf({ error: { code: '$code?', ...flat } }, { alwaysStatus: 200, slow: { code: '' } }), [readAsSuccess('{"message":"At most 0."}', '"slow" is')]],
    ['where a success has the same member', problemsOf({ error: flat, success: { message: '$data' } }, always), [readAsSuccess('{"message":"At most 0."}')]],
    ['where a success may be anything', problemsOf({ error: flat, success: '$data' }, always), [readAsSuccess('{"message":"At most 0."}')]],
    ['in a list, as resources come', problemsOf({ error: [flat] }, always), [readAsSuccess('[{"message":"At most 0."}]')]],
    ['as a text', problemsOf({ error: '$message', contentType: 'text/plain' }, always), [readAsSuccess('"At most 0."')]],
    ['by a constant that a success has too', problemsOf({ error: { ok: true, ...flat }, success: { ok: true, message: '$data' } }, always), [readAsSuccess('{"ok":true,"message":"At most 0."}')]],
    ['with a constant in a header, which a success may have', problemsOf({ error: flat }, { ...always, headers: { 'X-Refused': '1' } }), [readAsSuccess('{"message":"At most 0."}')]],
    [
      'by its code',
      problemsOf({ error: { code: '$code', ...flat }, success: { code: 0, data: '$data' } }, { slow: { code: 0 } }),
      ['envelope.error: {"code":0,"message":"At most 0."} is what "slow" is sent as, with status 429, and is read as a success; let no refusal say what a success says: its constants, or its code'],
    ],
    [
      'by an attribute',
      problemsOf({ error: { status: '$kind?', ...flat }, success: { status: 'ok', data: '$data' } }, { slow: { attributes: { kind: 'ok' } } }),
      ['envelope.error: {"status":"ok","message":"At most 0."} is what "slow" is sent as, with status 429, and is read as a success; let no refusal say what a success says: its constants, or its code'],
    ],
    [
      'for it says nothing at all',
      problemsOf({ error: { id: '$requestId' } }),
      ['envelope.error: {"id":"req_0000000000000000000000"} is what "slow", "failed" are sent as, with status 429, and is read as no refusal at all; let it show "$code" or "$message"'],
    ],
  ])('%s', (_, problems, expected) => {
    expect(problems).toEqual(expected)
  })

  it.each<readonly [string, EnvelopeDeclaration, Variant]>([
    ['a constant', { error: { ok: false, ...flat } }, { alwaysStatus: 200, codeless: true, slow: { retry: 'never' } }],
    ['an object of its own', { error: { error: flat } }, { alwaysStatus: 200, codeless: true, slow: { retry: 'never' } }],
    ['always a code', { error: { code: '$code', ...flat } }, { alwaysStatus: 200 }],
    ['a code in a header', { error: flat }, { alwaysStatus: 200, headers: { 'X-Code': '$code' } }],
    ['a form of success that it does not have', { error: flat, success: { result: '$data' } }, { alwaysStatus: 200, codeless: true, slow: { retry: 'never' } }],
    ['a code in a text', { error: '$code: $message', contentType: 'text/plain' }, { alwaysStatus: 200 }],
    ['its status', { error: flat }, { codeless: true }],
  ])('%s is enough', (_, envelope, variant) => {
    expect(problemsOf(envelope, variant)).toEqual([])
    const contract = defineContract(declare(envelope, variant))
    const queued = contract.read({ status: 200, headers: {}, body: envelope.contentType === undefined ? '{"message":"queued"}' : 'queued: soon' })
    // Where a success has a declared form, what has another is none.
    expect(queued === undefined).toBe(envelope.success === undefined)
  })
})

it('a success that is read as a refusal is one', () => {
  expect(problemsOf({ error: { meta: flat }, success: { meta: { message: '$data' } } }, { codeless: true })).toEqual([
    'envelope.success: {"meta":{"message":"queued"}} is a success, with status 200, and is read as a refusal; let refusals show a constant that no success has ("ok": false), or always a code',
  ])
  const { entries, ...others } = declare({ error: { code: '$code?', ...flat } }, { decodeOnly: true })
  expect(parseContract({ ...others, entries: { ...entries, slow: { ...slow, status: 200, code: '' } } })).toMatchObject({ ok: false, problems: [{ path: 'envelope.error' }] })
})

it('a sentence may hold what stands between it and its code', () => {
  const contract = defineContract(declare({ error: '$message [$code]', contentType: 'text/plain' }, { slow: { message: ['At most [{limit}].', 'Slow.'] } }))
  expect(contract.read({ status: 429, headers: {}, body: 'At most [5]. [SLOW]' })).toMatchObject({ entry: 'slow', message: 'At most [5].' })
})

describe('an entry that is not found when it is read is one', () => {
  it('for its code is cut short', () => {
    expect(problemsOf({ error: '$code: $message', contentType: 'text/plain' }, { slow: { code: 'TOO: SLOW' } })).toEqual([
      'entries.slow.code: "TOO: SLOW" is read as "TOO", which is the code of no entry; let its envelope show "$code", or an attribute, apart from other text',
    ])
  })

  it('and a family that shows no code is found by itself and its status', () => {
    const contract = defineContract(declare({ error: { code: '$code', ...flat }, families: { fields: { errors: '$fields' } } }, { slow: { family: 'fields' } }))
    expect(contract.loss.entries).toEqual({})
    expect(read(contract, 429, { errors: { limit: ['is too high'] } })).toBe('slow')
    expect(read(contract, 429, { errors: {} })).toBe('slow')
    expect(read(contract, 200, { errors: {} })).toBeUndefined()
  })
})

it('what is taken for another entry is not repeated against its word, by status, family or one status for all', () => {
  const waiting = { slow: { retry: 'wait', status: 500, retryAfterSeconds: 1 } } as const
  const told = 'entries.failed.retry: "never" is read as "wait", for the wire cannot tell it from "slow"; let the two agree, or make one with "never" the primary'
  expect(problemsOf({ error: flat }, { ...waiting, codeless: true })).toEqual([told])
  expect(problemsOf({ error: { ok: false, ...flat } }, { slow: { retry: 'wait' }, ...always })).toEqual([told])
  expect(problemsOf({ error: flat }, { codeless: true, slow: { retry: 'wait' } })).toEqual([])
})

describe('in the middle of a stream', () => {
  it('an error that no event name, constant or code tells is an error of the contract', () => {
    const mend = 'give errors an event name (event: error), or let their data show a constant or always a code'
    expect(problemsOf({ error: flat, stream: {} }, { codeless: true })).toEqual([`envelope.stream: {"message":"Slow."} is what "slow" becomes, and is read as no error; ${mend}`])
    expect(problemsOf({ error: flat, stream: { event: 'error' } }, { codeless: true })).toEqual([])
    expect(problemsOf({ error: flat, stream: { data: { type: 'error', ...flat } } }, { codeless: true })).toEqual([])
    expect(problemsOf({ error: { code: '$code', ...flat }, stream: {} })).toEqual([])
  })

  it('an event that has the names of an error is none', () => {
    const contract = defineContract(declare({ error: { code: '$code?', ...flat }, stream: {} }))
    expect(contract.readStreamEvent({ data: '{"message":"Hello"}' })).toBeUndefined()
    expect(contract.readStreamEvent({ data: '{"message":"Hello","code":"NEW"}' })).toBeUndefined()
    expect(contract.readStreamEvent({ data: '{"message":"Slow.","code":"SLOW"}' })).toMatchObject({ entry: 'slow' })
  })
})

it('what only a reader understands is not asked for itself', () => {
  const declaration = declare({ error: { id: '$requestId' } }, { decodeOnly: true })
  expect(parseContract(declaration).ok).toBe(false)
  expect(parseContract(declaration, { reader: () => undefined }).ok).toBe(true)
})
