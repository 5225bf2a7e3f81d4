import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { quotaEndMs, windowEndMs } from './calendar.ts'
import type { QuotaMeter } from './meter.ts'
import { isTimeZone } from './time-zone.ts'

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
    expect(quotaEndMs({ period: 'day' }, at(now))).toBe(at(end))
  })

  test.each([
    ['2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
    ['2026-03-31T23:59:59.999Z', '2026-04-01T00:00:00.000Z'],
    ['2025-12-05T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ])('the UTC month of %s ends at %s', (now, end) => {
    expect(quotaEndMs({ period: 'month' }, at(now))).toBe(at(end))
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

describe('periods in a time zone', () => {
  const zoned = (period: QuotaMeter['period'], timeZone: string, more: Partial<QuotaMeter> = {}): QuotaMeter => ({ kind: 'quota', period, timeZone, ...more })

  test.each([
    ['an ordinary one', 'Europe/Berlin', '2026-03-10T12:00:00Z', '2026-03-10T23:00:00Z', 24],
    ['of 23 hours', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-29T22:00:00Z', 23],
    ['of 25 hours', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-25T23:00:00Z', 25],
    ['in the hour that comes twice, the first time', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25T23:00:00Z', 25],
    ['in the hour that comes twice, the second time', 'Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25T23:00:00Z', 25],
    ['of 23 hours', 'America/New_York', '2026-03-08T12:00:00Z', '2026-03-09T04:00:00Z', 23],
    ['whose midnight is left out', 'America/Sao_Paulo', '2018-11-04T12:00:00Z', '2018-11-05T02:00:00Z', 23],
    ['whose midnight comes twice', 'America/Havana', '2026-11-01T12:00:00Z', '2026-11-02T05:00:00Z', 25],
    ['whose last hour comes twice', 'America/Sao_Paulo', '2018-02-17T12:00:00Z', '2018-02-18T03:00:00Z', 25],
    ['that changes by half an hour', 'Australia/Lord_Howe', '2026-04-05T00:00:00Z', '2026-04-05T13:30:00Z', 24.5],
    ['of an odd offset', 'Asia/Kathmandu', '2026-03-10T18:15:00Z', '2026-03-11T18:15:00Z', 24],
    ['before one that is left out whole', 'Pacific/Apia', '2011-12-30T09:00:00Z', '2011-12-30T10:00:00Z', 24],
    ['after one that is left out whole', 'Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31T10:00:00Z', 24],
  ])('a day %s: %s at %s ends at %s, after %d hours', (_, timeZone, now, end, hours) => {
    const meter = zoned('day', timeZone)
    expect(new Date(quotaEndMs(meter, at(now))).toISOString()).toBe(new Date(at(end)).toISOString())
    expect(quotaEndMs(meter, at(end) - hours * 3_600_000)).toBe(at(end))
    expect(quotaEndMs(meter, at(end) - hours * 3_600_000 - 1)).toBe(at(end) - hours * 3_600_000)
  })

  test.each<[string, QuotaMeter, string, string]>([
    ['a week, from monday', zoned('week', 'Europe/Berlin'), '2026-03-25T12:00:00Z', '2026-03-29T22:00:00Z'],
    ['a week from sunday', zoned('week', 'Europe/Berlin', { weekStart: 'sunday' }), '2026-03-25T12:00:00Z', '2026-03-28T23:00:00Z'],
    ['a week from an anchor', zoned('week', 'Europe/Berlin', { anchorMs: at('2026-01-07T09:00:00+01:00') }), '2026-03-29T12:00:00Z', '2026-04-01T07:00:00Z'],
    ['a month', zoned('month', 'Europe/Berlin'), '2026-03-10T12:00:00Z', '2026-03-31T22:00:00Z'],
    ['a month from an anchor, over a change of the clocks', zoned('month', 'Europe/Berlin', { anchorMs: at('2026-01-15T09:00:00+01:00') }), '2026-03-20T00:00:00Z', '2026-04-15T07:00:00Z'],
    ['a month from an hour that is left out', zoned('month', 'Europe/Berlin', { anchorMs: at('2026-01-29T02:30:00+01:00') }), '2026-03-01T00:00:00Z', '2026-03-29T01:30:00Z'],
    ['a month from an hour that comes twice', zoned('month', 'Europe/Berlin', { anchorMs: at('2026-01-25T02:30:00+01:00') }), '2026-10-25T01:29:00Z', '2026-11-25T01:30:00Z'],
    ['a year', zoned('year', 'Asia/Tokyo'), '2026-12-31T14:59:59Z', '2026-12-31T15:00:00Z'],
    ['a year from the 29th of February', { kind: 'quota', period: 'year', anchorMs: at('2024-02-29T06:00:00Z') }, '2026-01-01T00:00:00Z', '2026-02-28T06:00:00Z'],
    ['a year in UTC', { kind: 'quota', period: 'year' }, '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['a week in UTC', { kind: 'quota', period: 'week' }, '2026-03-09T00:00:00Z', '2026-03-16T00:00:00Z'],
    ['a week in UTC that begins on thursday', { kind: 'quota', period: 'week', weekStart: 'thursday' }, '1970-01-01T00:00:00Z', '1970-01-08T00:00:00Z'],
  ])('%s', (_, meter, now, end) => expect(new Date(quotaEndMs(meter, at(now))).toISOString()).toBe(new Date(at(end)).toISOString()))

  test('follow each other without a gap, at the time of the clocks, whatever was asked before', () => {
    const zones = ['Europe/Berlin', 'America/Sao_Paulo', 'America/Havana', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Tehran', 'Pacific/Apia', 'UTC']
    const meter = fc.record({
      kind: fc.constant('quota' as const),
      period: fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const),
      timeZone: fc.constantFrom(...zones),
      anchorMs: fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }),
    })
    const longest = { day: 49, week: 7 * 24 + 25, month: 31 * 24 + 25, year: 366 * 24 + 25 }
    fc.assert(
      fc.property(meter, fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') }), (quota, nowMs) => {
        const endMs = quotaEndMs(quota, nowMs)
        expect(endMs).toBeGreaterThan(nowMs)
        expect(endMs - nowMs).toBeLessThanOrEqual(longest[quota.period] * 3_600_000)
        const asked = { ...quota }
        expect(quotaEndMs(asked, endMs)).toBeGreaterThan(endMs)
        expect([quotaEndMs(asked, endMs - 1), quotaEndMs(quota, nowMs)]).toEqual([endMs, endMs])
      }),
    )
  })

  test('cost no more than others once they were asked for', () => {
    const meter = zoned('day', 'Europe/Berlin')
    const format = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts')
    quotaEndMs(meter, at('2026-03-10T12:00:00Z'))
    const asked = format.mock.calls.length
    for (let second = 0; second < 1_000; second += 1) quotaEndMs(meter, at('2026-03-10T12:00:00Z') + second * 1_000)
    expect([asked > 0, format.mock.calls.length]).toEqual([true, asked])
    format.mockRestore()
  })
})

test.each(['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'UTC'])('%s is a time zone', (zone) => expect(isTimeZone(zone)).toBe(true))
test.each(['Europe/Berln', '+02:00', '', 'Mars/Olympus', '../etc', 'UTC+2'])('%j is none', (zone) => expect(isTimeZone(zone)).toBe(false))
