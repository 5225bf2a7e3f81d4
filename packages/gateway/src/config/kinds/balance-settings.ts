/** `balance: { scale: 2 }`: prepaid money. `balance: { scale: 0, renew: month, amount: { basic: 1000 } }`: that renews. */
import { compact, formatMoney } from 'tollgate/contract'
import type { Renewal } from 'tollgate/engine'
import { z } from 'zod'
import { needs, rules } from '../build/schema-rules.ts'
import { integer, limit, settings, text } from '../read/scalars.ts'
import { calendarChecks, calendarRules, calendarSettings, period, toCalendar } from './calendar-settings.ts'
import type { MeterSettings } from './meter-settings.ts'

const ofRenewal = ['amount', 'carry', ...Object.keys(calendarSettings)]

const balance = settings({
  scale: integer(0, 9).describe('Digits behind the point: 2 for cents.'),
  renew: period.optional().describe('Each period brings the amount anew: of UTC, of the time zone, or from the anchor.'),
  amount: z.union([limit(), z.record(text, limit())]).optional().describe('What each period brings: of every plan, or by plan.'),
  carry: z.union([z.literal('forever'), integer(0, 100)]).optional().describe('For how many further periods what is left may be spent, or forever. Default: 0, it expires with its own.'),
  ...calendarSettings,
})
  .superRefine((value, context) => {
    const issue = (at: string, message: string): void => context.addIssue({ code: 'custom', path: [at], message })
    const written: { readonly [setting: string]: unknown } = value
    if (value.renew === undefined) {
      for (const setting of ofRenewal) if (written[setting] !== undefined) issue(setting, 'belongs to a balance that renews; write renew: month')
      return
    }
    if (value.amount === undefined) issue('amount', 'is missing: what does each period bring? Write amount: 1000, or by plan amount: { basic: 1000 }')
    for (const { at, fault, holds } of calendarChecks('renew')) if (!holds(value)) issue(at, fault)
  })
  .meta(rules(needs('renew', 'amount'), needs('amount', 'renew'), needs('carry', 'renew'), ...calendarRules('renew')))

const own = { balance: balance.optional().describe('Prepaid money, granted by hand or anew in each period.') }

export const balanceSettings: MeterSettings<'balance', typeof own> = {
  own,
  what: 'prepaid money',
  takes: [],
  per: { only: ['account', 'user', 'key'], fault: 'cannot hold money; a balance is per account, user or key' },
  noOwnLimit: ({ renew }) => (renew === undefined ? 'is a balance: only what is in it limits it; grant credits instead' : undefined),
  checks: [],
  rules: [],
  allowance: ({ balance: written }) => (written?.renew === undefined || written.amount === undefined ? undefined : { each: written.renew, amount: written.amount }),
  toMeter: ({ balance: written }) => compact({ kind: 'balance', scale: written?.scale ?? 0, renew: written && toRenewal(written) }),
  // Not how it renews: what was given is kept with the balance, and a change of it holds from the next period on.
  meaningOf: ({ scale }) => `a balance of scale ${scale}`,
  display: {
    show({ used, remaining = 0, limit: allowance, resetAtMs }, { scale, renew }) {
      const decimal = (units: number): string => formatMoney({ units, scale }, scale)
      const there = { available: decimal(remaining), held: decimal(used), scale }
      return renew === undefined || allowance === 'unlimited' ? there : { ...there, allowance: decimal(allowance), renewsAt: new Date(resetAtMs).toISOString() }
    },
    sentence({ name, used, remaining = 0, admitted, limit: allowance, resetAtMs }, { money, at }) {
      const next = allowance === 'unlimited' || allowance === 0 ? '' : `; ${money(allowance)} come anew at ${at(resetAtMs)}`
      return `${name}: ${money(remaining)} available, ${money(used)} held${next}${admitted ? '' : ', too little: this is what refused it'}.`
    },
    table: [
      { title: 'BALANCE', field: 'meter' },
      { title: 'OF', field: 'subject' },
      { title: 'AVAILABLE', field: 'available', right: true },
      { title: 'HELD', field: 'held', right: true },
      { title: 'ALLOWANCE', field: 'allowance', right: true, ifAny: true },
      { title: 'RENEWS', field: 'renewsAt', ifAny: true },
    ],
  },
}

function toRenewal({ renew, carry: kept, ...calendar }: z.output<typeof balance>): Renewal | undefined {
  return renew && compact({ ...toCalendar(renew, calendar), carry: kept === 0 ? undefined : kept })
}
