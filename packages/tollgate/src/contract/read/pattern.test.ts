import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePattern, sampleOf } from './pattern.ts'

it.each<readonly [pattern: string, fits: readonly string[], other: readonly string[]]>([
  ['Max rate limit*', ['Max rate limit', 'Max rate limit of 5 reached'], ['max rate limit', 'The Max rate limit', '']],
  ['*limit*', ['limit', 'a limit b'], ['lim', 'LIMIT']],
  ['a*a', ['aa', 'aba', 'aaa'], ['a', 'ab']],
  ['a*b*c', ['abc', 'axbxc', 'abbcc'], ['acb', 'ac']],
  ['exact', ['exact'], ['exactly', '']],
  ['100 ** of *', ['100 * of it'], ['100 x of it', '100 ** of it']],
  ['***', ['*', '* and more'], ['and *']],
  ['*', ['', 'anything'], []],
  ['.+[a]\\d', ['.+[a]\\d'], ['xa1']],
])('%s', (text, fits, other) => {
  const pattern = parsePattern(text)
  expect(fits.filter((said) => !pattern.fits(said))).toEqual([])
  expect(other.filter((said) => pattern.fits(said))).toEqual([])
  expect(pattern.fits(sampleOf(text))).toBe(true)
})

it('what names more weighs more, and what has no star most', () => {
  expect(['*', 'a*', '*ab', 'a**b*', 'a'].map((text) => parsePattern(text).weight)).toEqual([0, 1, 2, 3, Infinity])
})

describe('any pattern', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\\'), maxLength: 3 })

  it('fits what a regular expression with its pieces fits', () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), fc.string({ unit: fc.constantFrom('a', 'b', '.', '\\'), maxLength: 8 }), (pieces, said) => {
        const model = new RegExp(`^${pieces.map((each) => each.replaceAll(/[.\\]/g, '\\$&')).join('.*')}$`, 's')
        const text = pieces.join('*').replaceAll(/\*{2,}/g, '*')
        expect(parsePattern(text).fits(said)).toBe(model.test(said))
        expect(parsePattern(text).fits(sampleOf(text))).toBe(true)
      }),
    )
  })

  it('is held against a megabyte in no time', () => {
    const pattern = parsePattern('*a*a*a*a*a*a*a*a*b')
    const before = process.cpuUsage()
    expect(pattern.fits('a'.repeat(1_000_000))).toBe(false)
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000)
  })
})
