import { expect, test } from 'vitest'
import { formatCents, parseCents } from './money.ts'

test.each([
  ['12.50', 1250],
  ['12.5', 1250],
  ['12', 1200],
  ['0.05', 5],
  ['0.00', 0],
])('%s is %d cents', (text, cents) => expect(parseCents(text)).toBe(cents))

test.each(['', '12,00', '1.234', '-1', '1e3', ' 1', '1.', '.5', '0x10', '12345678901'])('"%s" is no amount', (text) => {
  expect(parseCents(text)).toBeUndefined()
})

test('every amount survives being written and read', () => {
  for (let cents = 0; cents < 1_000; cents++) expect(parseCents(formatCents(cents))).toBe(cents)
  expect(formatCents(1_234_567)).toBe('12345.67')
})
