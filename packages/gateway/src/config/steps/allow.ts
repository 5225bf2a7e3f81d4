/** `allow: { addresses: [10.0.0.0/8] }`: lets pass only calls that keep all of its rules. */
import { weekdays } from 'tollgate/engine'
import { z } from 'zod'
import { compact } from 'tollgate/contract'
import { rules } from '../build/schema-rules.ts'
import { timeZone } from '../kinds/calendar-settings.ts'
import { headerName, ipNetwork, settings } from '../read/scalars.ts'
import type { StepKind } from './step-kind.ts'

const parts = ['addresses', 'headers', 'times'] as const

const timeOfDay = (pattern: RegExp) => z.string().regex(pattern, 'must be a time of day such as 08:00')

const time = settings({
  from: timeOfDay(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/).describe('It begins: 08:00.'),
  to: timeOfDay(/^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/).describe('The first minute that is not part of it: 18:00. Before `from`: on the next day. 24:00: midnight.'),
  days: z.array(z.enum(weekdays)).min(1).optional().describe('On which it begins. Default: all.'),
  timeZone: timeZone.optional().describe('Of the IANA, such as Europe/Berlin. Default: UTC.'),
}).refine(({ from, to }) => from !== to, { path: ['to'], error: 'is where it begins, so it is never; write 00:00 to 24:00 for the whole day' })

const headers = z
  .record(headerName, z.array(z.string()).min(1))
  .refine((values) => Object.keys(values).length > 0, 'must name a header')
  .refine((values) => new Set(Object.keys(values).map((name) => name.toLowerCase())).size === Object.keys(values).length, 'names a header twice; upper and lower case are one')
  .meta({ minProperties: 1 })

const shape = {
  allow: settings({
    addresses: z.array(ipNetwork).min(1).optional().describe('Networks and single addresses of the caller.'),
    headers: headers.optional().describe('By header: the values that it may have, exactly. Missing is refused.'),
    times: z.array(time).min(1).optional().describe('When it is open; one of them is enough.'),
  })
    .refine((value) => parts.some((part) => value[part] !== undefined), `must have at least one of ${parts.join(', ')}`)
    .meta({ ...rules({ minProperties: 1 }), description: 'Lets pass only calls that keep all of its rules: where from, with which headers, when.' }),
} satisfies z.ZodRawShape

export const allow: StepKind<'allow', typeof shape> = {
  key: 'allow',
  shape,
  needs: [],
  brings: [],
  build: ({ allow: { addresses, headers: values, times } }) =>
    compact({
      kind: 'allow',
      addresses,
      headers: values && Object.fromEntries(Object.entries(values).map(([name, list]) => [name.toLowerCase(), list])),
      times: times?.map(compact),
    }),
}
