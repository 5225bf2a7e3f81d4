/** `quota: day`: so many in a calendar period. */
import { compact } from 'tollgate/contract'
import { fromLocalMs, type QuotaMeter } from 'tollgate/engine'
import { z } from 'zod'
import { has, implies, needs } from '../build/schema-rules.ts'
import { hasOffset, localInstant, timeZone, weekdays } from './calendar-settings.ts'
import { countFields, countSentence, countTable, serviceFailures, toCounting, type MeterSettings } from './meter-settings.ts'

const own = {
  quota: z.enum(['day', 'week', 'month', 'year']).optional().describe('A calendar quota: of UTC, of the time zone, or from the anchor.'),
  anchor: localInstant.optional().describe('When some period of the quota began. Without an offset: as the clocks of the time zone show it.'),
  timeZone: timeZone.optional().describe('Of the IANA, such as Europe/Berlin: periods begin when its clocks say so. Default: UTC.'),
  weekStart: z.enum(weekdays).optional().describe('Of a week. Default: monday.'),
}

export const quotaSettings: MeterSettings<'quota', typeof own> = {
  own,
  what: 'a calendar quota',
  takes: ['counts', 'uncountOn', 'limit'],
  checks: [
    { at: 'weekStart', fault: 'belongs to quota: week', holds: ({ quota, weekStart }) => weekStart === undefined || quota === 'week' },
    { at: 'weekStart', fault: 'says when a week begins, and so does the anchor; take one of the two away', holds: ({ anchor, weekStart }) => anchor === undefined || weekStart === undefined },
    { at: 'anchor', fault: 'has no offset; write Z or +01:00 behind it, or say the timeZone', holds: ({ anchor, timeZone: zone }) => anchor === undefined || hasOffset(anchor) || zone !== undefined },
  ],
  rules: [
    ...['anchor', 'timeZone', 'weekStart'].map((setting) => needs(setting, 'quota')),
    { dependentSchemas: { weekStart: { properties: { quota: { not: { enum: ['day', 'month', 'year'] } }, anchor: false } } } },
    implies({ properties: { anchor: { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}T[0-9:.]+$` } }, required: ['anchor'] }, has('timeZone')),
  ],
  toMeter: ({ quota: period = 'day', anchor, timeZone: zone, weekStart, uncountOn = serviceFailures, ...counting }): QuotaMeter =>
    compact({
      kind: 'quota',
      period,
      anchorMs: anchor === undefined ? undefined : hasOffset(anchor) ? Date.parse(anchor) : fromLocalMs(zone, Date.parse(`${anchor}Z`)),
      timeZone: zone,
      weekStart,
      ...toCounting({ ...counting, uncountOn: [...uncountOn] }),
    }),
  meaningOf: ({ period, weekStart, timeZone: zone, anchorMs }) =>
    `a quota by the ${period}${weekStart === undefined || weekStart === 'monday' ? '' : ` from ${weekStart}`}${zone === undefined ? '' : ` in ${zone}`}${anchorMs === undefined ? '' : ` from ${new Date(anchorMs).toISOString()}`}`,
  display: { show: countFields, sentence: (reading, { at, plan }) => countSentence(reading, at, plan === undefined ? '' : ` on plan ${plan}`), table: countTable },
}
