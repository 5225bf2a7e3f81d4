import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatMajorUnits, formatMoney, isExactMoney, parseMoney, toMajorUnits } from './money.ts'

it('money is printed exactly', () => {
  expect(formatMoney({ units: 5, scale: 3 })).toBe('0.005')
  expect(formatMoney({ units: 5050, scale: 2 }, 2)).toBe('50.50')
  expect(formatMoney({ units: 50, scale: 0 }, 2)).toBe('50.00')
  expect(formatMoney({ units: -1, scale: 2 }, 2)).toBe('-0.01')
  expect(formatMoney({ units: Number.MAX_SAFE_INTEGER, scale: 15 })).toBe('9.007199254740991')
})

it('an amount has no noise of a division', () => {
  expect(toMajorUnits({ units: 5, scale: 3 })).toBe(0.005)
  expect(toMajorUnits({ units: 1_005, scale: 3 })).toBe(1.005)
  expect(JSON.stringify(toMajorUnits({ units: 5000, scale: 2 }))).toBe('50')
})

it('no digit is lost or invented, whatever the amount and scale', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 15 }), (units, scale) => {
      const [whole = '', decimals = ''] = formatMoney({ units, scale }).split('.')
      expect(BigInt(whole.replace('-', '') + decimals.padEnd(scale, '0'))).toBe(BigInt(Math.abs(units)))
    }),
  )
})

it('what is no exact amount is not money', () => {
  for (const value of [null, 5, { units: 1 }, { units: 0.5, scale: 2 }, { units: 1, scale: -1 }, { units: 2 ** 60, scale: 2 }, { units: 1, scale: 99 }]) {
    expect(isExactMoney(value)).toBe(false)
  }
})

it('a number in major units is shown with two decimals or more', () => {
  expect([50, 50.5, 0.005, -3].map(formatMajorUnits)).toEqual(['50.00', '50.50', '0.005', '-3.00'])
  expect([1e-7, -1.25e-9, 1e21].map(formatMajorUnits)).toEqual(['0.0000001', '-0.00000000125', '1000000000000000000000.00'])
})

it('what is printed is read back, whatever the amount and scale', () => {
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), fc.integer({ min: 0, max: 15 }), (units, scale) => {
      expect(parseMoney(formatMoney({ units, scale }), scale)).toBe(units)
      expect(parseMoney(formatMoney({ units, scale }, scale), scale)).toBe(units)
    }),
  )
})

it.each([
  ['0.25', 2, 25],
  ['2.000', 2, 200],
  ['7', 3, 7_000],
  ['0.255', 2, undefined],
  ['-1', 2, undefined],
  ['+1', 2, undefined],
  ['1e3', 2, undefined],
  ['1,00', 2, undefined],
  ['.5', 2, undefined],
  ['5.', 2, undefined],
  [' 5', 2, undefined],
  ['٣', 2, undefined],
  ['', 2, undefined],
  ['90071992547409.92', 2, undefined],
  ['99999999999999999999', 0, undefined],
])('%j with scale %i is read as %j', (text, scale, units) => {
  expect(parseMoney(text, scale)).toBe(units)
})
