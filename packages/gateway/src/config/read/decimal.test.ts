import { assert, integer, property } from 'fast-check'
import { formatMoney } from 'tollgate/contract'
import { expect, it } from 'vitest'
import { decimalText, toUnits } from './decimal.ts'

it.each<[unknown, string | undefined]>([
  [0.1, '0.1'],
  ['0.10', '0.10'],
  [12, '12'],
  [1e-7, '0.0000001'],
  [1.5e-8, '0.000000015'],
  [-1, undefined],
  [Number.NaN, undefined],
  [Infinity, undefined],
  [1e21, undefined],
  ['1e3', undefined],
  ['12,00', undefined],
  ['.5', undefined],
  ['', undefined],
  [null, undefined],
  [true, undefined],
])('%j is written %j', (value, text) => {
  expect(decimalText(value)).toBe(text)
})

it('a decimal is counted in whole units of its scale, exactly', () => {
  assert(
    property(integer({ min: 0, max: 1_000_000_000 }), integer({ min: 0, max: 9 }), (units, scale) => {
      const text = formatMoney({ units, scale })
      expect(toUnits(text, scale, 'credit')).toEqual({ ok: true, units })
      expect(toUnits(decimalText(Number(text)) ?? '', scale, 'credit')).toEqual({ ok: true, units })
    }),
  )
})

it('one that is too fine or too large for the scale is not rounded, but refused', () => {
  expect(toUnits('0.255', 2, '"credit"')).toEqual({ ok: false, fault: 'has more decimals than "credit" keeps (its scale is 2)' })
  expect(toUnits('0.250', 2, 'credit')).toEqual({ ok: true, units: 25 })
  expect(toUnits('90071992547409.92', 2, '"credit"')).toEqual({ ok: false, fault: 'is more than "credit" can count exactly (its scale is 2)' })
  expect(toUnits('12345678901234567890', 0, 'credit')).toMatchObject({ ok: false })
})
