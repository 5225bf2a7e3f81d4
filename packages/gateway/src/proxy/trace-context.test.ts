import { describe, expect, it } from 'vitest'
import { isTraceparent, mintTraceparent } from './trace-context.ts'

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

  it('a minted one is valid and made of the given randomness', () => {
    let next = 0
    const minted = mintTraceparent((count) => Uint8Array.from({ length: count }, () => (next += 1)))
    expect(minted).toBe('00-0102030405060708090a0b0c0d0e0f10-1112131415161718-01')
    expect(isTraceparent(minted)).toBe(true)
  })
})
