import { createHash, randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createApiKey, equalsInConstantTime, formatKeyHint, looksMinted, mintKey, parseKey } from './api-key.ts'

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
const mint = (): string => mintKey({ prefix: 'cak_', randomBytes })

describe('a minted key', () => {
  test('is its prefix, 32 random characters and a checksum', () => {
    const key = mint()
    expect(key).toMatch(/^cak_[0-9A-Za-z]{38}$/)
    expect(parseKey(key)).toEqual({ prefix: 'cak_', checksumHolds: true })
    expect(looksMinted(key, 'cak_')).toBe(true)
    expect(looksMinted(key, 'sk-')).toBe(false)
  })

  test('is the same for ever for the same random bytes', () => {
    expect(mintKey({ prefix: 'cak_', randomBytes: (count) => new Uint8Array(count).fill(62) })).toBe('cak_000000000000000000000000000000002NlTiZ')
  })

  test('shows each mistyped character', () => {
    fc.assert(
      fc.property(fc.nat(41), fc.constantFrom(...'0Az9'), (at, letter) => {
        const key = mint()
        fc.pre(key[at] !== letter)
        expect(looksMinted(key.slice(0, at) + letter + key.slice(at + 1), 'cak_')).toBe(false)
      }),
    )
  })

  test('uses each of the 62 characters equally often', () => {
    const counts = new Map<string, number>()
    for (let round = 0; round < 2_000; round += 1) for (const letter of mint().slice(4, 36)) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    const expected = (2_000 * 32) / 62
    // 62 counts of about 1,032 with a deviation of 32: seven deviations do not happen; a byte modulo 62 would give 1,250 to the first eight.
    expect(counts.size).toBe(62)
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(7 * Math.sqrt(expected))
  })

  test('needs a random source that works', () => {
    expect(() => mintKey({ prefix: 'cak_', randomBytes: (count) => new Uint8Array(count).fill(255) })).toThrow(/random source/)
  })

  test('any text is parsed or not a key, without failing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
        parseKey(text)
      }))
    expect(parseKey('x'.repeat(10_000))).toBeUndefined()
    expect(parseKey('short')).toBeUndefined()
  })
})

describe('the row of a key', () => {
  const options = { id: 'key_1', api: 'chatads', accountId: 'team_1', prefix: 'cak_', sha256Hex, nowMs: 5 }

  test('keeps the hash and a hint, never the secret', () => {
    const secret = mint()
    const key = createApiKey({ ...options, secret, label: 'ci' })
    expect(key).toEqual({
      id: 'key_1', api: 'chatads', accountId: 'team_1', hash: sha256Hex(secret), hint: secret.slice(0, 8), label: 'ci', status: 'active', scopes: [], createdAtMs: 5,
    })
    expect(JSON.stringify(key)).not.toContain(secret.slice(8))
  })

  test('an error about a secret does not repeat it', () => {
    expect(() => createApiKey({ ...options, secret: 'hunter2' })).toThrow(/^a key's secret must have 16 to 512 characters, this one has 7$/)
  })

  test('a hint shows less of a short secret and of a foreign one', () => {
    expect(formatKeyHint('cak_12345678', 'cak_')).toBe('cak_12')
    expect(formatKeyHint('sk-live-0123456789', 'cak_')).toBe('sk-l')
    expect(formatKeyHint('abc', 'cak_')).toBe('')
  })
})

test('constant-time comparison agrees with equality', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => equalsInConstantTime(a, b) === (a === b)))
  expect(equalsInConstantTime('same', 'same')).toBe(true)
})
