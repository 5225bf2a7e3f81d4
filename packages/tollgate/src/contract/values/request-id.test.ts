import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRequestIdMinter } from './request-id.ts'

const zeros = new Uint8Array(16)
const ones = new Uint8Array(16).fill(255)

it('a uuid is version 4, variant 10', () => {
  const mint = createRequestIdMinter({ format: 'uuid' })
  expect([mint(zeros), mint(ones)]).toEqual(['00000000-0000-4000-8000-000000000000', 'ffffffff-ffff-4fff-bfff-ffffffffffff'])
})

it('hex and base62 carry all 128 bits after the prefix', () => {
  expect(createRequestIdMinter({ format: 'hex', prefix: 'req_' })(ones)).toBe(`req_${'f'.repeat(32)}`)
  const mint = createRequestIdMinter({ format: 'base62', prefix: 'r-' })
  expect(mint(zeros)).toBe(`r-${'0'.repeat(22)}`)
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (random) => {
      const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
      const value = Array.from(mint(random).slice(2), (digit) => BigInt(digits.indexOf(digit))).reduce((sum, digit) => sum * 62n + digit, 0n)
      expect(value).toBe([...random].reduce((sum, byte) => sum * 256n + BigInt(byte), 0n))
    }),
  )
})

it('without a declaration an id looks like one', () => {
  expect(createRequestIdMinter()(ones)).toMatch(/^req_[0-9A-Za-z]{22}$/)
})

it('too little randomness is a broken promise', () => {
  expect(() => createRequestIdMinter()(new Uint8Array(8))).toThrow('needs 16 random bytes, not 8')
})

it('the random bytes are left as they were', () => {
  const random = Uint8Array.from(ones)
  createRequestIdMinter({ format: 'uuid' })(random)
  expect(random).toEqual(ones)
})
