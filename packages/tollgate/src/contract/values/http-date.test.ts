import { expect, it } from 'vitest'
import { parseHttpDate } from './http-date.ts'

const example = Date.UTC(1994, 10, 6, 8, 49, 37)
const now = Date.UTC(1994, 10, 6, 8, 49, 27)

it('the three forms of RFC 9110 are the same instant, in any time zone', () => {
  for (const text of ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994']) expect(parseHttpDate(text, now)).toBe(example)
})

it('a two-digit year is never more than fifty years ahead', () => {
  const now2026 = Date.UTC(2026, 0, 1)
  expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', now2026)).toBe(example)
  expect(new Date(parseHttpDate('Sunday, 06-Nov-75 08:49:37 GMT', now2026) ?? 0).getUTCFullYear()).toBe(2075)
})

it('what is no HTTP-date is none', () => {
  for (const text of ['-1', '120', '2024-01-01T00:00:00Z', 'Sun, 31 Feb 1994 08:49:37 GMT', 'sun, 06 nov 1994 08:49:37 gmt', 'Sun, 06 Nov 1994 24:00:00 GMT', 'Sun, 06 Nov 1994 08:49:37 EST', '']) {
    expect(parseHttpDate(text, now)).toBeUndefined()
  }
})

it('each month has its place, and no other three letters are one', () => {
  for (const [at, month] of ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].entries()) expect(parseHttpDate(`Sun, 06 ${month} 1994 08:49:37 GMT`, now)).toBe(Date.UTC(1994, at, 6, 8, 49, 37))
  for (const month of ['Xyz', 'Feb-', 'NFe', 'JAN', 'jan', 'Ja ']) expect(parseHttpDate(`Sun, 06 ${month} 1994 08:49:37 GMT`, now)).toBeUndefined()
})
