/** `spend: { scale: 2, each: day }`: money that may be spent in a window or a calendar period. */
import { weekdays } from 'tollgate/engine'
import type { CountingMeter } from 'tollgate/engine'
import { compact, formatMoney } from 'tollgate/contract'
import { z } from 'zod'
import { integer, duration, onlyOne, settings } from '../read/scalars.ts'
import { exactlyOne, needs, rules } from '../build/schema-rules.ts'
import { timeZone } from './calendar-settings.ts'
import { countSentence, countTable, type MeterSettings, type ShownOf } from './meter-settings.ts'
import { quotaSettings } from './quota-settings.ts'
import { windowSettings } from './window-settings.ts'

const own = {
  spend: settings({
    scale: integer(0, 9).describe('Digits behind the point, as those of the balance that pays: 2 for cents.'),
    each: z.enum(['day', 'week', 'month', 'year']).optional().describe('Of UTC, or of the time zone.'),
    window: duration(1).optional().describe('Or: in any window of this length.'),
    timeZone: timeZone.optional().describe('Of the IANA. Default: UTC.'),
    weekStart: z.enum(weekdays).optional().describe('Of a week. Default: monday.'),
  })
    .refine(onlyOne(['each', 'window']), 'must have exactly one of each (day, week, month or year) or window')
    .refine(({ each, timeZone: zone }) => zone === undefined || each !== undefined, { path: ['timeZone'], error: 'belongs to each' })
    .refine(({ each, weekStart }) => weekStart === undefined || each === 'week', { path: ['weekStart'], error: 'belongs to each: week' })
    .meta(rules(exactlyOne(['each', 'window']), needs('timeZone', 'each'), needs('weekStart', 'each'), { dependentSchemas: { weekStart: { properties: { each: { const: 'week' } } } } }))
    .optional()
    .describe('Money that may be spent: limit is the most in each period.'),
}

export const spendSettings: MeterSettings<'spend', typeof own> = {
  own,
  what: 'money that may be spent',
  takes: ['limit'],
  isMoney: true,
  per: { only: ['account', 'user', 'key'], fault: 'spends nothing; money is spent per account, user or key' },
  checks: [],
  rules: [],
  toMeter: ({ spend: { scale, each: period, window: windowMs = 0, timeZone: zone, weekStart } = { scale: 0 } }) => ({
    kind: 'spend',
    scale,
    over:
      period === undefined
        ? { kind: 'window', windowMs }
        : compact({ kind: 'quota', period, timeZone: zone, weekStart }),
  }),
  meaningOf: ({ scale, over }) => `money of scale ${scale} spent in ${wordsOf(over)}`,
  display: {
    show(reading, { scale }) {
      const { limit, used, remaining } = inMoney(reading, (units) => formatMoney({ units, scale }, scale))
      return { limit, used, remaining, resetAt: new Date(reading.resetAtMs).toISOString(), scale }
    },
    sentence: (reading, { at, money, plan }) => countSentence({ ...reading, ...inMoney(reading, money) }, at, plan === undefined ? '' : ` on plan ${plan}`),
    table: countTable,
  },
}

function inMoney({ limit, used, remaining }: ShownOf, money: (units: number) => string) {
  return { limit: limit === 'unlimited' ? limit : money(limit), used: money(used), remaining: remaining === undefined ? undefined : money(remaining) }
}

const words: { readonly [K in CountingMeter['kind']]: { meaningOf(over: CountingMeter): string } } = { window: windowSettings, quota: quotaSettings }

function wordsOf(over: CountingMeter): string {
  return words[over.kind].meaningOf(over)
}
