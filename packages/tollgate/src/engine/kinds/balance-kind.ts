/** Prepaid money: calls are paid out of what was granted, by hand or anew in each period. */
import { formatInstant } from '../../contract/values/timestamp.ts'
import { compact } from '../../contract/values/compact.ts'
import { formatMoney } from '../../contract/values/money.ts'
import { balanceCodec } from '../money/balance.ts'
import { allowanceOf } from '../money/renewal.ts'
import { subjectKey } from '../footprint.ts'
import { balanceTake } from '../meters/balance-take.ts'
import type { BalanceMeter, Reading, Take } from '../meters/meter.ts'
import { isTimeZone } from '../meters/time-zone.ts'
import type { MeterKind } from './meter-kind.ts'

export const balanceKind: MeterKind<BalanceMeter> = {
  states: [balanceCodec],
  take: balanceTake,
  isLimited: false,
  allowanceOf,
  isHeld: true,
  isDurable: () => true,
  classOf: () => 'money',
  footprint: subjectKey,
  expires: () => false,
  scaleOf: ({ scale }) => scale,
  isFunded: true,
  inHeaders: false,
  shown({ scale, renew }, { limit, remaining, resetAtMs }) {
    const ofRenewal = renew === undefined ? undefined : { limit: { units: limit, scale }, resetAtMs }
    return { remaining: { units: remaining, scale }, ...ofRenewal }
  },
  periodEndMs: () => undefined,
  faultOf: ({ renew }) => (renew?.timeZone === undefined || isTimeZone(renew.timeZone) ? undefined : `renews by "${renew.timeZone}", which is no time zone`),
  refusalOf({ take, reading, retryAfterMs }) {
    const { scale, renew } = take.meter
    const money = (units: number) => ({ units, scale })
    const figures = { balance: money(reading.remaining), required: money(take.cost), waitHelps: isHopeless(take, reading) ? (false as const) : undefined }
    const ofRenewal = renew && { limit: money(take.limit), period: renew.period, resetAtMs: reading.retryAtMs, retryAfterMs }
    return { reason: 'credit.insufficient', facts: compact({ ...figures, ...ofRenewal }) }
  },
  usageJson({ scale, renew }, { limit, used, remaining, resetAtMs }) {
    const decimal = (units: number): string => formatMoney({ units, scale }, scale)
    const there = { available: decimal(remaining), held: decimal(used), scale }
    return JSON.stringify(renew === undefined ? there : { ...there, allowance: decimal(limit), reset: formatInstant(resetAtMs) })
  },
}

/** Not even if all came back that is held, nor with the next allowances, as many as can be there at once. */
function isHopeless({ meter: { renew }, limit, cost }: Take<BalanceMeter>, { used, remaining, retryAtMs }: Reading): boolean {
  const carry = renew?.carry ?? 0
  const saved = carry === 0 || limit === 0 ? 0 : carry === 'forever' ? Infinity : limit * (carry + 1)
  return retryAtMs === undefined && cost > used + remaining + saved
}
