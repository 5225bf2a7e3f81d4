import { describe, expect, it } from 'vitest'
import { createTraceparentMint, isTraceparent } from './trace-context.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const parent = 'b7ad6b7169203331'

describe('traceparent', () => {
  it.each([
    [`00-${trace}-${parent}-01`, true],
    [`00-${trace}-${parent}-ff`, true],
    [`01-${trace}-${parent}-01-what-the-future-brings`, true],
    [`01-${trace}-${parent}-01`, true],
    [`00-${trace}-${parent}-01-more`, false],
    [`01-${trace}-${parent}-01.more`, false],
    [`ff-${trace}-${parent}-01`, false],
    [`00-${trace.toUpperCase()}-${parent}-01`, false],
    [`00-${'0'.repeat(32)}-${parent}-01`, false],
    [`00-${trace}-${'0'.repeat(16)}-01`, false],
    [`00-${trace}-${parent}`, false],
    [`00-${trace}-${parent}-01, 00-${trace}-${parent}-01`, false],
    ['', false],
  ])('%s is valid: %s', (value, valid) => {
    expect(isTraceparent(value)).toBe(valid)
  })

  it('minted ones are valid, made of the given randomness, and none is like another', () => {
    let next = 0
    const mint = createTraceparentMint((count) => Uint8Array.from({ length: count }, () => (next = (next + 1) % 251)))
    const minted = Array.from({ length: 200 }, mint)
    expect(minted[0]).toBe('00-0102030405060708090a0b0c0d0e0f10-1112131415161718-01')
    expect(minted.every(isTraceparent)).toBe(true)
    expect(new Set(minted).size).toBe(200)
  })
})
