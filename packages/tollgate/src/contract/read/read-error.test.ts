import { describe, expect, it } from 'vitest'
import { sampleDeclaration, sampleEntry } from '../../testing/sample-contract.ts'
import { defineContract } from '../declare/define-contract.ts'
import type { Contract } from '../declare/contract.ts'
import type { ContractDeclaration } from '../declare/declaration.ts'
import type { Reader, ReaderResult } from './reader.ts'
import type { ReadError } from '../declare/wire.ts'

const declaration = sampleDeclaration({
  slow: { code: 'SLOW', status: 429, reason: 'rate.limited', message: 'Slow.', retry: 'wait', action: 'wait', description: 'x', details: { retry_after: 'seconds? from retryAfterMs', limit: 'integer?' } },
  method: { ...sampleEntry, code: 'METHOD', status: 405, reason: 'method.not_allowed' },
})
const contract = defineContract({ ...declaration, envelope: { ...declaration.envelope, success: { data: '$data', ok: true } } })

function read(body: unknown, status = 429, headers: { readonly [name: string]: string } = {}, from: Contract = contract): ReadError | undefined {
  return from.read({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

const irregular = (reader: Reader): Contract => defineContract(declaration, { reader })
const ofX = (result: ReaderResult): Reader => (body) => (body === 'x' ? result : undefined)
const withEnvelope = (envelope: ContractDeclaration['envelope'], more: Partial<ContractDeclaration> = {}): Contract => defineContract({ ...declaration, ...more, envelope })

it('an error is read with its meaning', () => {
  expect(read({ error: { code: 'SLOW', message: 'Slow.', details: { limit: 60 } }, request_id: 'req_1' }, 429, { 'retry-after': '7' })).toEqual({
    entry: 'slow', code: 'SLOW', status: 429, message: 'Slow.', details: { limit: 60 }, requestId: 'req_1', retryAfterSeconds: 7, reason: 'rate.limited', retry: 'wait', action: 'wait',
  })
})

it('bytes are read like text', () => {
  expect(contract.read({ status: 429, headers: {}, body: new TextEncoder().encode('{"error":{"code":"SLOW"}}') })).toMatchObject({ entry: 'slow', message: '' })
})

it('an unknown code in a known envelope means what its status means', () => {
  expect(read({ error: { code: 'NEW', message: 'm', details: { a: 1 } } }, 402)).toMatchObject({ entry: undefined, code: 'NEW', reason: 'credit.insufficient', retry: 'never', details: { a: 1 } })
  for (const code of ['constructor', '__proto__', 'hasOwnProperty']) expect(read({ error: { code } }, 503)).toMatchObject({ entry: undefined, code, reason: 'upstream.unavailable' })
})

it('what is not of this dialect is not mine', () => {
  for (const body of ['', '<html></html>', '[]', '{}', 'null', { error: 'text' }, { error: { message: 'no code' } }, { detail: 'Not found' }, { error: { code: null } }]) expect(read(body)).toBeUndefined()
})

it('known details are checked, unknown ones kept', () => {
  expect(read({ error: { code: 'SLOW', details: { limit: 'sixty', retry_after: null, window: 'minute' } } })?.details).toEqual({ window: 'minute' })
})

it('hostile keys change nothing but themselves', () => {
  const error = read('{"error":{"code":"SLOW","details":{"__proto__":{"polluted":1},"constructor":"x","limit":5}}}')
  expect(error?.details).toEqual({ constructor: 'x', limit: 5 })
  expect(Object.hasOwn(error?.details ?? {}, '__proto__')).toBe(false)
  expect(({} as { readonly polluted?: unknown }).polluted).toBe(undefined)
})

describe('the wait', () => {
  it('is the header’s, else the one that the body tells', () => {
    const body = { error: { code: 'SLOW', details: { retry_after: 9 } } }
    expect(read(body, 429, { 'retry-after': '7' })?.retryAfterSeconds).toBe(7)
    expect(read(body)?.retryAfterSeconds).toBe(9)
    expect(read(body, 429, { 'retry-after': '1.5' })?.retryAfterSeconds).toBe(9)
  })

  it('of a date is measured by the sender’s clock alone', () => {
    const body = { error: { code: 'SLOW' } }
    const headers = { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT', date: 'Sun, 06 Nov 1994 08:49:27 GMT' }
    expect(read(body, 429, headers)?.retryAfterSeconds).toBe(10)
    expect(read(body, 429, { 'retry-after': headers['retry-after'] })?.retryAfterSeconds).toBeUndefined()
    expect(read(body, 429, { ...headers, date: 'yesterday' })?.retryAfterSeconds).toBeUndefined()
  })
})

it('Allow is read with a 405, and only as methods', () => {
  expect(read({ error: { code: 'METHOD' } }, 405, { allow: 'GET,  POST , a b' })?.allow).toEqual(['GET', 'POST'])
  expect(read({ error: { code: 'METHOD' } }, 405, { allow: '' })?.allow).toEqual([])
  expect(read({ error: { code: 'SLOW' } }, 429, { allow: 'GET' })?.allow).toBeUndefined()
})

it('the request id is the body’s, else the header’s', () => {
  expect(read({ error: { code: 'SLOW' }, request_id: 'a' }, 429, { 'x-request-id': 'b' })?.requestId).toBe('a')
  expect(read({ error: { code: 'SLOW' } }, 429, { 'x-request-id': 'b' })?.requestId).toBe('b')
})

describe('an error inside a success', () => {
  const flat = { code: '$code', message: '$message' } as const

  it('is believed where an object of its own holds it, and has the status that it stands for', () => {
    const plain = defineContract(declaration)
    expect(read({ error: { code: 'SLOW', message: 'm' } }, 200, {}, plain)).toMatchObject({ entry: 'slow', status: 429 })
    expect(read({ error: { code: 'NEW', message: 'm' } }, 200, {}, plain)).toMatchObject({ entry: undefined, status: 200, reason: 'unknown' })
  })

  it('is believed where a constant says so', () => {
    expect(read({ ok: false, code: 'NEW' }, 200, {}, withEnvelope({ error: { ok: false, code: '$code' } }))).toMatchObject({ code: 'NEW' })
  })

  it('is believed where the declared success does not fit', () => {
    const jogg = withEnvelope({ error: { code: '$code', msg: '$message', data: null }, success: { code: 0, msg: 'Success', data: '$data' } })
    expect(read({ code: 'NEW', msg: 'm', data: null }, 200, {}, jogg)).toMatchObject({ code: 'NEW' })
    expect(read({ code: 0, msg: 'Success', data: null }, 200, {}, jogg)).toBeUndefined()
  })

  it('is believed where the dialect answers so by design', () => {
    const body = { code: 'SLOW', message: 'm' }
    expect(read(body, 200, {}, withEnvelope({ error: flat }))).toBeUndefined()
    expect(read(body, 429, {}, withEnvelope({ error: flat }))).toMatchObject({ entry: 'slow' })
    expect(read(body, 200, {}, withEnvelope({ error: flat }, { alwaysStatus: 200 }))).toMatchObject({ entry: 'slow', status: 429 })
    expect(read(body, 403, {}, withEnvelope({ error: flat }, { alwaysStatus: 403 }))).toMatchObject({ entry: 'slow', status: 429 })
  })

  it('a success is never an error, whatever it holds', () => {
    expect(read({ ok: true, data: { error: 1 }, error: { code: 'SLOW' } }, 200)).toBeUndefined()
    for (const body of [{ id: 1 }, { error: null }, { data: [], error: null }, [{ code: 'SLOW' }]]) expect(read(body, 200)).toBeUndefined()
  })
})

it('of several families the one that the body speaks for is read', () => {
  const families = defineContract({
    ...sampleDeclaration({ legacy: { ...sampleEntry, code: 'X', reason: 'rate.limited', family: 'legacy' }, current: { ...sampleEntry, code: 'X', reason: 'quota.exhausted' } }),
    envelope: { error: { code: '$code', text: '$message' }, families: { legacy: { status: 'error', code: '$code', text: '$message' } } },
  })
  expect(read({ code: 'X', text: 'm' }, 500, {}, families)).toMatchObject({ entry: 'current' })
  expect(read({ status: 'error', code: 'X', text: 'm' }, 500, {}, families)).toMatchObject({ entry: 'legacy', message: 'm' })
})

it('a code may come in a header', () => {
  const aws = withEnvelope({ error: { message: '$message' } }, { headers: { 'X-Error': '$code' } })
  expect(read({ message: 'm' }, 400, { 'x-error': 'SLOW' }, aws)).toMatchObject({ entry: 'slow', message: 'm' })
})

describe('a reader function', () => {
  it('has the first word, and the library does the rest', () => {
    const from = irregular((body) => (body === 'slow down' ? { code: 'SLOW', message: 'm', details: { limit: 5, __proto__: null }, retryAfterSeconds: 1.2, fields: { a: ['b'] } } : undefined))
    expect(read('slow down', 200, {}, from)).toMatchObject({ entry: 'slow', status: 429, details: { limit: 5 }, retryAfterSeconds: 2, fields: { a: ['b'] }, retry: 'wait' })
    expect(read({ error: { code: 'METHOD' } }, 405, {}, from)).toMatchObject({ entry: 'method' })
  })

  it('may name the entry and the true status', () => {
    expect(read('x', 200, {}, irregular(ofX({ entry: 'slow', status: 403 })))).toMatchObject({ entry: 'slow', code: 'SLOW', status: 403 })
    expect(read('x', 200, {}, irregular(ofX({ entry: 'constructor', code: 'NEW' })))).toMatchObject({ entry: undefined, code: 'NEW' })
  })

  it('that throws, or counts wrong, harms nobody', () => {
    const thrower = irregular(() => {
      throw new TypeError('x is undefined')
    })
    expect(read('x', 500, {}, thrower)).toBeUndefined()
    expect(read({ error: { code: 'SLOW' } }, 429, {}, thrower)).toMatchObject({ entry: 'slow' })
    expect(read('x', 429, {}, irregular(ofX({ code: 'SLOW', retryAfterSeconds: Number.NaN })))?.retryAfterSeconds).toBeUndefined()
  })
})

describe('nothing that a caller hands in makes reading throw', () => {
  const sample = defineContract(sampleDeclaration())

  it('neither a missing body nor missing headers', () => {
    expect(sample.read({ status: 500, headers: {}, body: null as never })).toBeUndefined()
    expect(sample.read({ status: 500, headers: undefined as never, body: '{"error":{"code":"FAILED"}}' })).toMatchObject({ code: 'FAILED' })
  })

  it('a code that no number can hold is none', () => {
    expect(sample.read({ status: 500, headers: {}, body: '{"error":{"code":1e400}}' })).toBeUndefined()
  })

  it('a __proto__ is dropped at every depth, however it is spelled', () => {
    for (const name of ['__proto__', '\\u005f_proto__']) {
      const said = sample.read({ status: 500, headers: {}, body: `{"error":{"code":"FAILED","details":{"a":[{"${name}":{"polluted":1},"b":2}]}}}` })
      expect(JSON.stringify(said?.details)).toBe('{"a":[{"b":2}]}')
    }
  })
})

it('a wait in words is read where the contract says that its messages tell it, and nothing else does', () => {
  const inWords = defineContract({ ...declaration, waitInMessage: true })
  const waitOf = (message: string, from: Contract, headers: { readonly [name: string]: string } = {}) => read({ error: { code: 'SLOW', message, details: {} } }, 429, headers, from)?.retryAfterSeconds
  expect(waitOf('Please try again in 1.5s.', inWords)).toBe(2)
  expect(waitOf('Please try again in 1.5s.', inWords, { 'retry-after': '9' })).toBe(9)
  expect(waitOf('Please try again later.', inWords)).toBeUndefined()
  expect(waitOf('Please try again in 1.5s.', contract)).toBeUndefined()
})
