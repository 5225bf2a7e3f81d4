/** `quota: day`: so many in a calendar period. */
import type { QuotaMeter } from 'tollgate/engine'
import { calendarChecks, calendarRules, calendarSettings, period, toCalendar } from './calendar-settings.ts'
import { countFields, countSentence, countTable, serviceFailures, toCounting, type MeterSettings } from './meter-settings.ts'

const own = {
  quota: period.optional().describe('A calendar quota: of UTC, of the time zone, or from the anchor.'),
  ...calendarSettings,
}

export const quotaSettings: MeterSettings<'quota', typeof own> = {
  own,
  what: 'a calendar quota',
  takes: ['counts', 'uncountOn', 'limit'],
  checks: calendarChecks('quota'),
  rules: calendarRules('quota'),
  toMeter: ({ quota = 'day', uncountOn = serviceFailures, anchor, timeZone, weekStart, ...counting }): QuotaMeter => ({
    kind: 'quota',
    ...toCalendar(quota, { anchor, timeZone, weekStart }),
    ...toCounting({ ...counting, uncountOn: [...uncountOn] }),
  }),
  meaningOf: ({ period: each, weekStart, timeZone: zone, anchorMs }) =>
    `a quota by the ${each}${weekStart === undefined || weekStart === 'monday' ? '' : ` from ${weekStart}`}${zone === undefined ? '' : ` in ${zone}`}${anchorMs === undefined ? '' : ` from ${new Date(anchorMs).toISOString()}`}`,
  display: { show: countFields, sentence: (reading, { at, plan }) => countSentence(reading, at, plan === undefined ? '' : ` on plan ${plan}`), table: countTable },
}
