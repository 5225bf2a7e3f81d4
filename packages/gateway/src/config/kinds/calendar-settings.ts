/** Time zones, weekdays and instants, as meters with calendar periods write them. */
import { isTimeZone } from 'tollgate/engine'
import { z } from 'zod'
import { nearestName } from 'tollgate/contract'

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

export const timeZone = z.string().superRefine((zone, context) => {
  if (isTimeZone(zone)) return
  const isOffset = /^(UTC|GMT)?[+-]/.test(zone)
  const nearest = isOffset ? undefined : nearestName(zone, Intl.supportedValuesOf('timeZone'))
  const mend = isOffset ? 'name a place, such as Europe/Berlin, or give the anchor this offset' : nearest === undefined ? 'write one such as Europe/Berlin' : `did you mean "${nearest}"?`
  context.addIssue(`is no time zone; ${mend}`)
}).meta({ pattern: String.raw`^(?!(?:UTC|GMT)[+-])[A-Za-z][A-Za-z0-9_+/-]*$` })

export const localInstant = z.iso.datetime({ offset: true, local: true, error: 'must be an instant such as 2026-01-31T00:00:00Z' })

/** Whether an ISO date and time says the instant by itself. */
export function hasOffset(anchor: string): boolean {
  return /(Z|[+-]\d\d:?\d\d)$/.test(anchor)
}
