import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quotaEndMs, windowEndMs } from './calendar.ts'
import type { QuotaMeter } from './meter.ts'

const at = (text: string): number => Date.parse(text)
const monthFrom = (anchor: string): QuotaMeter => ({ kind: 'quota', period: 'month', anchorMs: at(anchor) })

describe('periods', () => {
  test.each([
    ['2026-03-10T00:00:00.000Z', '2026-03-11T00:00:00.000Z'],
    ['2026-03-10T23:59:59.999Z', '2026-03-11T00:00:00.000Z'],
    ['2024-02-28T12:00:00.000Z', '2024-02-29T00:00:00.000Z'],
    ['2025-12-31T12:00:00.000Z', '2026-01-01T00:00:00.000Z'],
    ['1969-12-31T12:00:00.000Z', '1970-01-01T00:00:00.000Z'],
  ])('the UTC day of %s ends at %s', (now, end) => {
    expect(quotaEndMs({ kind: 'quota', period: 'day' }, at(now))).toBe(at(end))
  })

  test.each([
    ['2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
    ['2026-03-31T23:59:59.999Z', '2026-04-01T00:00:00.000Z'],
    ['2025-12-05T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ])('the UTC month of %s ends at %s', (now, end) => {
    expect(quotaEndMs({ kind: 'quota', period: 'month' }, at(now))).toBe(at(end))
  })

  test.each([
    ['2026-01-31T08:00:00.000Z', '2026-02-28T08:00:00.000Z'],
    ['2026-02-28T07:59:59.999Z', '2026-02-28T08:00:00.000Z'],
    ['2026-02-28T08:00:00.000Z', '2026-03-31T08:00:00.000Z'],
    ['2024-02-10T00:00:00.000Z', '2024-02-29T08:00:00.000Z'],
    ['2026-12-31T08:00:00.000Z', '2027-01-31T08:00:00.000Z'],
    ['2027-04-30T08:00:00.000Z', '2027-05-31T08:00:00.000Z'],
    // Before the anchor.
    ['2025-11-30T08:00:00.000Z', '2025-12-31T08:00:00.000Z'],
    ['2025-01-01T00:00:00.000Z', '2025-01-31T08:00:00.000Z'],
  ])('a month anchored at the 31st, 08:00: at %s it ends at %s', (now, end) => {
    expect(quotaEndMs(monthFrom('2026-01-31T08:00:00.000Z'), at(now))).toBe(at(end))
  })

  test('a day from an anchor begins at the time of the anchor, also before it', () => {
    const meter: QuotaMeter = { kind: 'quota', period: 'day', anchorMs: at('2026-03-10T06:00:00Z') }
    expect(quotaEndMs(meter, at('2026-03-10T05:59:59.999Z'))).toBe(at('2026-03-10T06:00:00Z'))
    expect(quotaEndMs(meter, at('2026-03-10T06:00:00Z'))).toBe(at('2026-03-11T06:00:00Z'))
  })

  const instant = fc.integer({ min: at('1950-01-01T00:00:00Z'), max: at('2150-01-01T00:00:00Z') })

  test('a month from any anchor ends within 31 days, on the day of the anchor or the last of its month, at the time of the anchor', () => {
    fc.assert(
      fc.property(instant, instant, (anchorMs, nowMs) => {
        const meter: QuotaMeter = { kind: 'quota', period: 'month', anchorMs }
        const endMs = quotaEndMs(meter, nowMs)
        const end = new Date(endMs)
        const anchor = new Date(anchorMs)
        const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate()
        expect(endMs).toBeGreaterThan(nowMs)
        expect(endMs - nowMs).toBeLessThanOrEqual(31 * 86_400_000)
        expect(end.getUTCDate()).toBe(Math.min(anchor.getUTCDate(), lastDay))
        expect(end.toISOString().slice(10)).toBe(anchor.toISOString().slice(10))
        expect(quotaEndMs(meter, endMs - 1)).toBe(endMs)
        expect(quotaEndMs(meter, endMs)).toBeGreaterThan(endMs)
      }),
    )
  })

  test('fixed windows are aligned and follow on each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), instant, (windowMs, nowMs) => {
        const endMs = windowEndMs(windowMs, nowMs)
        expect(Math.abs(endMs % windowMs)).toBe(0)
        expect(endMs).toBeGreaterThan(nowMs)
        expect(endMs - windowMs).toBeLessThanOrEqual(nowMs)
      }),
    )
  })
})
