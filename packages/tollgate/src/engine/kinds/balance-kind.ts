/** Prepaid money: calls are paid out of what was granted. */
import { compact } from '../../contract/values/compact.ts'
import { formatMoney } from '../../contract/values/money.ts'
import { balanceCodec } from '../money/balance.ts'
import { subjectKey } from '../footprint.ts'
import { balanceTake } from '../meters/balance-take.ts'
import type { BalanceMeter } from '../meters/meter.ts'
import type { MeterKind } from './meter-kind.ts'

export const balanceKind: MeterKind<BalanceMeter> = {
  states: [balanceCodec],
  take: balanceTake,
  isLimited: false,
  isHeld: true,
  isDurable: () => true,
  footprint: subjectKey,
  expires: () => false,
  scaleOf: ({ scale }) => scale,
  isFunded: true,
  inHeaders: false,
  shown: ({ scale }, { remaining }) => ({ remaining: { units: remaining, scale } }),
  periodEndMs: () => undefined,
  faultOf: () => undefined,
  refusalOf({ take, reading }) {
    const { scale } = take.meter
    // Not even if all came back that is held.
    const isHopeless = take.cost > reading.remaining + reading.used
    return {
      reason: 'credit.insufficient',
      facts: compact({ balance: { units: reading.remaining, scale }, required: { units: take.cost, scale }, waitHelps: isHopeless ? (false as const) : undefined }),
    }
  },
  usageOf({ scale }, { used, remaining }) {
    const decimal = (units: number): string => formatMoney({ units, scale }, scale)
    return { available: decimal(remaining), held: decimal(used), scale }
  },
}
