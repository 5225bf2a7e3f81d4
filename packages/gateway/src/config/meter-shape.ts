/** A meter: what it counts or holds, and for whom. */
import { isTimeZone } from 'tollgate/admission'
import { z } from 'zod'
import { reasonFamilies, serverReasons, type ReasonPattern } from 'tollgate/contract'
import { nearestName } from './nearest-name.ts'
import { duration, integer, onlyOne, settings } from './scalars.ts'
import { exactlyOne, excludes, has, implies, needs, rules } from './schema-rules.ts'

const reasonPatterns: readonly ReasonPattern[] = [...serverReasons, ...reasonFamilies]

/** What is our failure or the service's does not use up what a caller has paid for. A rate limit counts it: that protects the service. */
export const serviceFailures: readonly ReasonPattern[] = ['upstream.*', 'internal', 'capacity.overloaded']

const kinds = ['window', 'quota', 'balance', 'lease'] as const

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

const timeZone = z.string().superRefine((zone, context) => {
  if (isTimeZone(zone)) return
  const isOffset = /^(UTC|GMT)?[+-]/.test(zone)
  const nearest = isOffset ? undefined : nearestName(zone, Intl.supportedValuesOf('timeZone'))
  const mend = isOffset ? 'name a place, such as Europe/Berlin, or give the anchor this offset' : nearest === undefined ? 'write one such as Europe/Berlin' : `did you mean "${nearest}"?`
  context.addIssue(`is no time zone; ${mend}`)
}).meta({ pattern: String.raw`^(?!(?:UTC|GMT)[+-])[A-Za-z][A-Za-z0-9_+/-]*$` })

/** Whether an ISO date and time says the instant by itself. */
export function hasOffset(anchor: string): boolean {
  return /(Z|[+-]\d\d:?\d\d)$/.test(anchor)
}

const fields = settings({
  window: duration(1).optional().describe('A rate limit: at most limit in any window of this length.'),
  algorithm: z.enum(['log', 'buckets', 'fixed']).optional(),
  quota: z.enum(['day', 'week', 'month', 'year']).optional().describe('A calendar quota: of UTC, of the time zone, or from the anchor.'),
  anchor: z.iso.datetime({ offset: true, local: true, error: 'must be an instant such as 2026-01-31T00:00:00Z' }).optional().describe('When some period of the quota began. Without an offset: as the clocks of the time zone show it.'),
  timeZone: timeZone.optional().describe('Of the IANA, such as Europe/Berlin: periods begin when its clocks say so. Default: UTC.'),
  weekStart: z.enum(weekdays).optional().describe('Of a week. Default: monday.'),
  balance: settings({ scale: integer(0, 9).describe('Digits behind the point: 2 for cents.') }).optional().describe('Prepaid money.'),
  lease: z.enum(['session', 'stock', 'slot']).optional().describe('What is alive at once: sessions, units of a stock, calls in flight (slot).'),
  per: z.enum(['account', 'user', 'key', 'ip', 'resource']).describe('resource: what the last lookup found, shared by all callers.'),
  ipv6Prefix: integer(1, 128).optional().describe('Per ip: an IPv6 address counts for its network of so many bits. Default: 64.'),
  limit: integer(0).optional().describe('Where neither key, account, plan nor the step says another.'),
  counts: z.enum(['admitted', 'attempts']).optional().describe('attempts: refused requests count too. Default: admitted.'),
  uncountOn: z.array(z.enum(reasonPatterns)).optional().describe(`Outcomes that give the count back. Default: of a quota ${serviceFailures.join(', ')}; of a window none.`),
  inHeaders: z.boolean().optional().describe('Report it in the rate headers. Default: windows yes, quotas no.'),
})

type Fields = z.output<typeof fields>
type Kind = (typeof kinds)[number]

const kindOf = (value: Fields): Kind | undefined => kinds.find((kind) => value[kind] !== undefined)

/** A setting that only some kinds of meters have. */
const belongsTo = (setting: keyof Fields, owners: readonly Kind[]) => (value: Fields) => {
  const kind = kindOf(value)
  return value[setting] === undefined || kind === undefined || owners.includes(kind)
}

const counting = 'belongs to windows and quotas'

const notPer = (setting: keyof Fields, others: readonly string[]) => ({ dependentSchemas: { [setting]: { properties: { per: { not: { enum: others } } } } } })

export const meter = fields
  .refine(onlyOne(kinds), 'must have exactly one of window (a rate limit), quota (a calendar quota), balance (prepaid money) or lease (what is alive at once)')
  .refine(belongsTo('algorithm', ['window']), { path: ['algorithm'], error: 'belongs to a window' })
  .refine(belongsTo('anchor', ['quota']), { path: ['anchor'], error: 'belongs to a quota' })
  .refine(belongsTo('timeZone', ['quota']), { path: ['timeZone'], error: 'belongs to a quota' })
  .refine(({ quota, weekStart }) => weekStart === undefined || quota === 'week', { path: ['weekStart'], error: 'belongs to quota: week' })
  .refine(({ anchor, weekStart }) => anchor === undefined || weekStart === undefined, { path: ['weekStart'], error: 'says when a week begins, and so does the anchor; take one of the two away' })
  .refine(({ anchor, timeZone: zone }) => anchor === undefined || hasOffset(anchor) || zone !== undefined, { path: ['anchor'], error: 'has no offset; write Z or +01:00 behind it, or say the timeZone' })
  .refine(belongsTo('counts', ['window', 'quota']), { path: ['counts'], error: counting })
  .refine(belongsTo('uncountOn', ['window', 'quota']), { path: ['uncountOn'], error: `${counting}; money and leases are given back by the end of their call` })
  .refine(belongsTo('inHeaders', ['window', 'quota']), { path: ['inHeaders'], error: counting })
  .refine(belongsTo('limit', ['window', 'quota', 'lease']), { path: ['limit'], error: 'does not belong to a balance; of money there is what is granted' })
  .refine(({ balance, per }) => balance === undefined || ['account', 'user', 'key'].includes(per), { path: ['per'], error: 'cannot hold money; a balance is per account, user or key' })
  .refine(({ ipv6Prefix, per }) => ipv6Prefix === undefined || per === 'ip', { path: ['ipv6Prefix'], error: 'belongs to a meter per ip' })
  .meta(
    rules(
      exactlyOne(kinds),
      needs('algorithm', 'window'),
      needs('anchor', 'quota'),
      needs('timeZone', 'quota'),
      needs('weekStart', 'quota'),
      { dependentSchemas: { weekStart: { properties: { quota: { not: { enum: ['day', 'month', 'year'] } }, anchor: false } } } },
      implies({ properties: { anchor: { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}T[0-9:.]+$` } }, required: ['anchor'] }, has('timeZone')),
      ...['counts', 'uncountOn', 'inHeaders'].map((setting) => needs(setting, 'window', 'quota')),
      excludes('balance', 'limit'),
      notPer('balance', ['ip', 'resource']),
      notPer('ipv6Prefix', ['account', 'user', 'key', 'resource']),
    ),
  )

export type MeterShape = z.output<typeof meter>
