import { expect, it } from 'vitest'
import type { Meter } from './meter.ts'
import { ownLimitUnits, type OwnLimit } from './own-limit.ts'

const spendOf = (scale: number): Meter => ({ kind: 'spend', scale, over: { kind: 'quota', period: 'day' } })

it.each<[string, OwnLimit, Meter, number | undefined]>([
  ['money of the same scale', { units: 2_000, scale: 2 }, spendOf(2), 2_000],
  ['money, for a meter that counts finer', { units: 2_000, scale: 2 }, spendOf(6), 20_000_000],
  ['money that is finer than the meter counts, never more than was said', { units: 1_999, scale: 3 }, spendOf(2), 199],
  ['more money than can be counted', { units: Number.MAX_SAFE_INTEGER, scale: 0 }, spendOf(9), Number.MAX_SAFE_INTEGER],
  ['a number: whole units', 500, spendOf(2), 500],
  ['a number of things', 5, { kind: 'quota', period: 'day' }, 5],
  ['money, for a meter that counts things', { units: 500, scale: 2 }, { kind: 'quota', period: 'day' }, undefined],
])('counts %s', (_, limit, meter, units) => {
  expect(ownLimitUnits(limit, meter)).toBe(units)
})
