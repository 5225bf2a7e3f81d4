import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesText, readIdempotencyKey } from './idempotency-key.ts'

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
  it('different bytes never have one text', () => {
    expect(new Set(Array.from({ length: 256 }, (_, byte) => bytesText(Uint8Array.of(byte)))).size).toBe(256)
    fc.assert(fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => (bytesText(a) === bytesText(b)) === (String(a) === String(b))))
  })
})
