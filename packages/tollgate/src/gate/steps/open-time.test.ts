/** When a route opens, against an oracle that looks at the clock on the wall minute by minute. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { weekdays } from '../../engine/meters/meter.ts'
import { isOpen, opensAtMs } from './open-time.ts'
import type { OpenTime } from './step-options.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** A window of one day of the week may have to wait two weeks, where clocks leap over it. */
const DAYS = 17

/** Clocks are set at a quarter of an hour, so that within one the minutes follow each other everywhere. */
const QUARTER = 15

/** As a person reads the wall: weekday and minute of the day, for each minute from the instant on. */
function wallOf(timeZone: string, fromMs: number): readonly { readonly weekday: string; readonly minute: number }[] {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return Array.from({ length: (DAYS * DAY_MS) / MINUTE_MS / QUARTER }, (_, quarter) => {
    const parts = Object.fromEntries(format.formatToParts(fromMs + quarter * QUARTER * MINUTE_MS).map(({ type, value }) => [type, value]))
    const minute = Number(parts['hour']) * 60 + Number(parts['minute'])
    return Array.from({ length: QUARTER }, (_each, at) => ({ weekday: String(parts['weekday']).toLowerCase(), minute: minute + at }))
  }).flat()
}

const clockOf = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const dayBefore = (weekday: string): string => weekdays[(weekdays.findIndex((day) => day === weekday) + 6) % 7] ?? ''

/** Midnight UTC of the day before the clocks are set, and of an ordinary day. */
const places: readonly (readonly [string, string])[] = [
  ['Europe/Berlin', '2026-03-28'],
  ['Europe/Berlin', '2026-10-24'],
  ['America/New_York', '2026-03-07'],
  ['America/New_York', '2026-10-31'],
  // By half an hour.
  ['Australia/Lord_Howe', '2026-04-03'],
  ['Australia/Lord_Howe', '2026-10-02'],
  ['Asia/Kathmandu', '2026-03-28'],
  // At midnight, which is left out.
  ['Africa/Cairo', '2026-04-23'],
]

it.each(places)('opens in %s around %s exactly when the clock on the wall says so', (timeZone, day) => {
  const startMs = Date.parse(`${day}T00:00:00Z`)
  const wall = wallOf(timeZone, startMs)
  // Most within the hours in which clocks are set, so that beginnings and ends fall into what is shown twice or never.
  const minute = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 4 * 60 }) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 1_439 }) })
  const days = fc.option(fc.subarray([...weekdays], { minLength: 1 }), { nil: undefined })
  const window = fc.tuple(minute, fc.oneof(minute, fc.constant(1_440)), days).filter(([from, to]) => from !== to)
  fc.assert(
    fc.property(window, fc.integer({ min: 0, max: 3 * 1_440 - 1 }), fc.integer({ min: 0, max: MINUTE_MS - 1 }), ([from, to, on], nowAt, withinMs) => {
      const time: OpenTime = { from: clockOf(from), to: clockOf(to), timeZone, ...(on !== undefined && { days: on }) }
      const listed = (weekday: string): boolean => on === undefined || on.some((each) => each === weekday)
      const isOpenOnWall = wall.map(({ weekday, minute: shown }) =>
        from < to ? listed(weekday) && from <= shown && shown < to : (listed(weekday) && shown >= from) || (listed(dayBefore(weekday)) && shown < to),
      )
      const nowMs = startMs + nowAt * MINUTE_MS + withinMs
      expect(isOpen(time, nowMs)).toBe(isOpenOnWall[nowAt])
      if (isOpenOnWall[nowAt] === true) return
      const next = isOpenOnWall.indexOf(true, nowAt)
      const opensMs = opensAtMs(time, nowMs)
      expect(opensMs === undefined ? undefined : opensMs - nowMs).toBe(next === -1 ? undefined : startMs + next * MINUTE_MS - nowMs)
    }),
  )
})

const berlin = { timeZone: 'Europe/Berlin' } as const

it.each<[string, OpenTime, string, string]>([
  ['in an ordinary week', { ...berlin, from: '08:00', to: '18:00', days: ['monday'] }, '2026-03-23T18:00:00Z', '2026-03-30T06:00:00Z'],
  ['again in the hour that is repeated', { ...berlin, from: '02:30', to: '05:00' }, '2026-10-25T01:10:00Z', '2026-10-25T01:30:00Z'],
  ['as the clocks leap into it', { ...berlin, from: '02:30', to: '05:00' }, '2026-03-29T00:50:00Z', '2026-03-29T01:00:00Z'],
  ['a day later where the clocks leap over it', { ...berlin, from: '02:15', to: '02:45' }, '2026-03-29T00:50:00Z', '2026-03-30T00:15:00Z'],
  ['two weeks later where they leap over its only day', { ...berlin, from: '02:15', to: '02:45', days: ['sunday'] }, '2026-03-22T02:00:00Z', '2026-04-05T00:15:00Z'],
  ['as the clocks are set back into its end', { ...berlin, from: '22:00', to: '02:30' }, '2026-10-25T00:45:00Z', '2026-10-25T01:00:00Z'],
  ['in the half hour of Lord Howe that is repeated', { from: '01:40', to: '01:50', timeZone: 'Australia/Lord_Howe' }, '2026-04-04T14:55:00Z', '2026-04-04T15:10:00Z'],
  ['by the clocks of UTC where no zone is said', { from: '00:00', to: '01:00' }, '2026-03-29T12:00:00Z', '2026-03-30T00:00:00Z'],
])('opens next %s', (_, time, now, opens) => {
  expect(new Date(opensAtMs(time, Date.parse(now)) ?? 0).toISOString()).toBe(new Date(opens).toISOString())
})
