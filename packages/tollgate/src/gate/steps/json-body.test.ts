import { describe, expect, it } from 'vitest'
import { fieldOf, parseJsonBody, refusedBody, refusedIssues } from './json-body.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const json = ['content-type', 'application/json; charset=utf-8']

describe('a JSON body', () => {
  it('is parsed, with a charset, a +json type or no type at all', () => {
    expect(parseJsonBody(json, bytes('{"a":1}'))).toEqual({ kind: 'found', value: { a: 1 }, text: '{"a":1}' })
    expect(parseJsonBody(['Content-Type', 'application/merge-patch+json'], bytes('1'))).toMatchObject({ value: 1 })
    expect(parseJsonBody([], bytes('null'))).toMatchObject({ value: null })
  })

  it.each(['', '{', '{"a":1}}', '{"a":1,"a":2}', '\u0000', "{'a':1}"])('%j is refused as invalid', (text) => {
    expect(parseJsonBody(json, bytes(text))).toMatchObject({ reason: 'request.invalid', source: 'client' })
  })

  it('bytes that are not UTF-8 are refused', () => {
    expect(parseJsonBody(json, Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ reason: 'request.invalid' })
  })

  it('one that is nested too deep is refused, and no reader behind it recurses into it', () => {
    expect(parseJsonBody(json, bytes(`${'['.repeat(64)}${']'.repeat(64)}`))).toHaveProperty('value')
    for (const text of ['['.repeat(60_000), `${'['.repeat(65)}${']'.repeat(65)}`, `${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}`]) {
      expect(parseJsonBody(json, bytes(text))).toMatchObject({ reason: 'request.invalid', facts: { issue: 'the body is nested deeper than 64 levels' } })
    }
  })

  it('another media type is named in the refusal, shortened and printable', () => {
    const parsed = parseJsonBody(['content-type', `text/${'x'.repeat(200)}\u0001`], bytes('{}'))
    expect(parsed).toMatchObject({ reason: 'request.unsupported_media' })
    expect(parsed.kind === 'refused' && String(parsed.facts.issue).length).toBeLessThan(130)
  })

  it('a compressed body is refused: its fields cannot be checked', () => {
    expect(parseJsonBody([...json, 'content-encoding', 'gzip'], bytes('{}'))).toMatchObject({ reason: 'request.unsupported_media' })
  })

  it('a body that was not received whole says why', () => {
    expect(refusedBody('too_large', 10)).toMatchObject({ reason: 'request.too_large', facts: { bytesMax: 10 } })
    expect(refusedBody('timeout', 10).facts.issue).toContain('stopped')
    expect(refusedBody('broken', 10).facts.issue).toContain('broke off')
  })
})

describe('an issue', () => {
  it('becomes missing, invalid, or the request as a whole', () => {
    expect(refusedIssues([{ field: 'a.b', rule: 'required', issue: 'is required' }])).toMatchObject({ reason: 'field.missing', facts: { field: 'a.b' } })
    expect(refusedIssues([{ field: 'a', rule: 'maxLength', issue: 'x' }])).toMatchObject({ reason: 'field.invalid', facts: { rule: 'maxLength' } })
    expect(refusedIssues([{ rule: 'type', issue: 'must be an object' }])).toMatchObject({ reason: 'request.invalid' })
  })
})

describe('a field', () => {
  it('is found along its path, and never through a prototype', () => {
    expect(fieldOf({ a: { b: 1 } }, 'a.b')).toBe(1)
    for (const path of ['constructor', 'a.constructor.name', '__proto__', 'a.b.c']) expect(fieldOf({ a: { b: 1 } }, path)).toBeUndefined()
    expect(fieldOf(null, 'a')).toBeUndefined()
  })
})
