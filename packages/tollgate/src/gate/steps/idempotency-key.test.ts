import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesText, canonicalJson, readIdempotencyKey } from './idempotency-key.ts'

const read = (...values: string[]) => readIdempotencyKey(values.flatMap((value) => ['Idempotency-Key', value]), 'idempotency-key')

describe('the key', () => {
  it('comes bare or in one pair of quotes', () => {
    expect(read('k-1')).toEqual({ kind: 'found', key: 'k-1' })
    expect(read(' "k-1" ')).toEqual({ kind: 'found', key: 'k-1' })
    expect(read('""k""')).toEqual({ kind: 'found', key: '"k"' })
    expect(read('k'.repeat(255))).toEqual({ kind: 'found', key: 'k'.repeat(255) })
  })

  it('may be absent, and an empty one is none', () => {
    for (const none of [read(), read(''), read('  '), read('""')]) expect(none).toEqual({ kind: 'found', key: undefined })
  })

  it.each([['k'.repeat(256)], ['a\u0000b'], ['a\nb'], ['é']])('%j is refused on the header', (value) => {
    expect(read(value)).toMatchObject({ reason: 'field.invalid', facts: { field: 'idempotency-key' } })
  })

  it('sent twice is refused: nobody knows which one counts', () => {
    expect(read('a', 'a')).toHaveProperty('kind', 'refused')
  })
})

describe('what makes a request the same', () => {
  it('JSON says the same in any order of members, but not in any order of items', () => {
    expect(canonicalJson(JSON.parse('{"a":[1,{"x":null,"y":"é"}],"b":2}'))).toBe(canonicalJson(JSON.parse('{ "b":2.0,"a":[1,{"y":"\\u00e9","x":null}]}')))
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]))
    expect(canonicalJson(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}')
  })

  it('different values never have one text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (a, b) => {
        const [one, other] = [a, b].map((value) => JSON.parse(JSON.stringify(value)) as unknown)
        expect(JSON.parse(canonicalJson(one) ?? '')).toEqual(one)
        expect(canonicalJson(one) === canonicalJson(other)).toBe(isDeepStrictEqual(one, other))
      }),
    )
  })

  it('a body that is nested without end has none, and does no harm', () => {
    expect(canonicalJson(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)))).toBeUndefined()
  })

  it('different bytes never have one text', () => {
    expect(new Set(Array.from({ length: 256 }, (_, byte) => bytesText(Uint8Array.of(byte)))).size).toBe(256)
    fc.assert(fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => (bytesText(a) === bytesText(b)) === (String(a) === String(b))))
  })
})
