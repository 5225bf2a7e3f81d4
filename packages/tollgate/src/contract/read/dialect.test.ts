import { describe, expect, it } from 'vitest'
import type { ContractDeclaration, EnvelopeDeclaration } from '../declare/declaration.ts'
import { defineDialect } from './dialect.ts'
import { datesPart } from './parts/dates-part.ts'
import { formsPart } from './parts/forms-part.ts'
import { listsPart } from './parts/lists-part.ts'
import { patternsPart } from './parts/patterns-part.ts'
import { readerPart } from './parts/reader-part.ts'
import type { ReadingParts } from './parts/reading-parts.ts'
import { successesPart } from './parts/successes-part.ts'
import { textsPart } from './parts/texts-part.ts'
import { waitsPart } from './parts/waits-part.ts'
import { xmlPart } from './parts/xml-part.ts'
import type { Reader } from './reader.ts'

const full = { code: 'FULL', status: 429, reason: 'rate.limited', message: 'Full.', description: 'No room.' } as const

function shop(envelope: EnvelopeDeclaration, members: Partial<ContractDeclaration> = {}): ContractDeclaration {
  return { name: 'shop', title: 'Shop', envelope, entries: { full }, ...members }
}

const plain: EnvelopeDeclaration = { error: { error: { code: '$code', message: '$message', type: 'x', '...': '$details' } } }
const listed: EnvelopeDeclaration = { error: { errors: { $each: '$errors', as: { code: '$code', message: '$message' } } } }

it('a plain dialect of JSON needs nothing', () => {
  const dialect = defineDialect(shop(plain, { rateLimitHeaders: { remaining: 'X-Left' } }))
  expect(dialect.read({ status: 429, headers: { 'retry-after': '5' }, body: '{"error":{"code":"FULL","message":"x","left":1}}' })).toMatchObject({ entry: 'full', retry: 'wait', retryAfterSeconds: 5, details: { left: 1 } })
  expect(dialect.read({ status: 429, headers: {}, body: '{"ok":true}' })).toBeUndefined()
  expect(dialect.readStreamEvent({ data: '{"error":{"code":"FULL","message":"x"}}' })).toMatchObject({ entry: 'full', status: 429 })
})

describe('what goes beyond it is a part, and one that is missing is named', () => {
  const reader: Reader = (body) => (body === 'full' ? { code: 'FULL' } : undefined)
  it.each([
    ['listsPart', shop(listed), listsPart, undefined],
    ['listsPart', shop({ error: { codes: ['$code'] } }), listsPart, undefined],
    ['listsPart', shop({ ...plain, batch: true }), listsPart, undefined],
    ['successesPart', shop({ ...plain, success: { ok: true } }), successesPart, undefined],
    ['patternsPart', shop(plain, { entries: { full: { ...full, read: 'Full*' } } }), patternsPart, undefined],
    ['textsPart', shop({ error: { type: 'problems/{code}' } }), textsPart, undefined],
    ['textsPart', shop(plain, { headers: { 'X-Code': '$code' } }), textsPart, undefined],
    ['textsPart', shop({ error: '$code: $message', contentType: 'text/plain' }), textsPart, undefined],
    ['waitsPart', shop(plain, { waitInMessage: true }), waitsPart, undefined],
    ['readerPart', shop(plain), readerPart, reader],
    ['formsPart', shop({ error: { code: '$code' }, contentType: 'application/x-www-form-urlencoded' }), formsPart, undefined],
    ['xmlPart', shop({ error: { Error: { Code: '$code' } }, contentType: 'application/xml' }), xmlPart(undefined), undefined],
  ] as readonly (readonly [string, ContractDeclaration, ReadingParts, Reader | undefined])[])('%s', (name, declaration, part, read) => {
    expect(() => defineDialect(declaration, { reader: read })).toThrow(`the dialect "shop" is read with parts that are missing; write defineDialect(declaration, { parts: [${name}] })`)
    expect(() => defineDialect(declaration, { reader: read, parts: [part] })).not.toThrow()
  })

  it('how a stream ends, and how a WebSocket closes, needs none', () => {
    expect(() => defineDialect(shop({ ...plain, stream: { end: [{ data: '[DONE]' }, { event: '{x}' }] }, webSocket: { close: { code: '4{status}' } } }))).not.toThrow()
  })

  it('each does its work', () => {
    expect(defineDialect(shop(listed), { parts: [listsPart] }).read({ status: 429, headers: {}, body: '{"errors":[{"code":"FULL","message":"x"}]}' })?.entry).toBe('full')
    expect(defineDialect(shop(plain), { reader, parts: [readerPart] }).read({ status: 429, headers: {}, body: 'full' })?.entry).toBe('full')
    expect(defineDialect(shop(plain, { waitInMessage: true }), { parts: [waitsPart] }).read({ status: 429, headers: {}, body: '{"error":{"code":"FULL","message":"Try again in 1.5s"}}' })?.retryAfterSeconds).toBe(2)
    const dated = { status: 429, headers: { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT', date: 'Sun, 06 Nov 1994 08:49:27 GMT' }, body: '{"error":{"code":"FULL","message":"x"}}' }
    expect(defineDialect(shop(plain), { parts: [datesPart] }).read(dated)?.retryAfterSeconds).toBe(10)
    expect(defineDialect(shop(plain)).read(dated)?.retryAfterSeconds).toBeUndefined()
  })
})
