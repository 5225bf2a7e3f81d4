/** Time zones, weekdays and instants, as meters with calendar periods write them. */
import { fromLocalMs, isTimeZone, weekdays, type CalendarPeriod } from 'tollgate/engine'
import { z } from 'zod'
import { compact, nearestName } from 'tollgate/contract'
import { has, implies, needs, type JsonRule } from '../build/schema-rules.ts'

export const timeZone = z.string().superRefine((zone, context) => {
  if (isTimeZone(zone)) return
  const isOffset = /^(UTC|GMT)?[+-]/.test(zone)
  const nearest = isOffset ? undefined : nearestName(zone, Intl.supportedValuesOf('timeZone'))
  const mend = isOffset ? 'name a place, such as Europe/Berlin, or give the anchor this offset' : nearest === undefined ? 'write one such as Europe/Berlin' : `did you mean "${nearest}"?`
  context.addIssue(`is no time zone; ${mend}`)
}).meta({ pattern: String.raw`^(?!(?:UTC|GMT)[+-])[A-Za-z][A-Za-z0-9_+/-]*$` })

const localInstant = z.iso.datetime({ offset: true, local: true, error: 'must be an instant such as 2026-01-31T00:00:00Z' })

/** Whether an ISO date and time says the instant by itself. */
function hasOffset(anchor: string): boolean {
  return /(Z|[+-]\d\d:?\d\d)$/.test(anchor)
}

export const period = z.enum(['day', 'week', 'month', 'year'])

/** What says when the periods begin, beside the setting that says how long they are. */
export const calendarSettings = {
  anchor: localInstant.optional().describe('When some period began. Without an offset: as the clocks of the time zone show it.'),
  timeZone: timeZone.optional().describe('Of the IANA, such as Europe/Berlin: periods begin when its clocks say so. Default: UTC.'),
  weekStart: z.enum(weekdays).optional().describe('Of a week. Default: monday.'),
}

type CalendarSettings = z.output<z.ZodObject<typeof calendarSettings>>

export function toCalendar(each: z.output<typeof period>, { anchor, timeZone: zone, weekStart }: CalendarSettings): CalendarPeriod {
  const anchorMs = anchor === undefined ? undefined : hasOffset(anchor) ? Date.parse(anchor) : fromLocalMs(zone, Date.parse(`${anchor}Z`))
  return compact({ period: each, anchorMs, timeZone: zone, weekStart })
}

/** `of`: the setting that says how long the periods are. */
export function calendarChecks<Of extends string>(of: Of): readonly { readonly at: string; readonly fault: string; holds(settings: CalendarSettings & { readonly [setting in Of]?: unknown }): boolean }[] {
  return [
    { at: 'weekStart', fault: `belongs to ${of}: week`, holds: ({ weekStart, [of]: each }) => weekStart === undefined || each === 'week' },
    { at: 'weekStart', fault: 'says when a week begins, and so does the anchor; take one of the two away', holds: ({ anchor, weekStart }) => anchor === undefined || weekStart === undefined },
    { at: 'anchor', fault: 'has no offset; write Z or +01:00 behind it, or say the timeZone', holds: ({ anchor, timeZone: zone }) => anchor === undefined || hasOffset(anchor) || zone !== undefined },
  ]
}

export function calendarRules(of: string): readonly JsonRule[] {
  return [
    ...Object.keys(calendarSettings).map((setting) => needs(setting, of)),
    { dependentSchemas: { weekStart: { properties: { [of]: { not: { enum: ['day', 'month', 'year'] } }, anchor: false } } } },
    implies({ properties: { anchor: { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}T[0-9:.]+$` } }, required: ['anchor'] }, has('timeZone')),
  ]
}
