/** Every kind of meter that there is, and nowhere else. */
import type { Meter, MeterOf, Receipt, Take } from '../meters/meter.ts'
import { balanceKind } from './balance-kind.ts'
import { leaseKind } from './lease-kind.ts'
import type { MeterKind } from './meter-kind.ts'
import { quotaKind } from './quota-kind.ts'
import { spendKind } from './spend-kind.ts'
import { windowKind } from './window-kind.ts'

/** Every kind of meter, by its name. To add one is a line here and a file beside it. */
export const kinds: { readonly [K in Meter['kind']]: MeterKind<MeterOf<K>> } = {
  window: windowKind,
  quota: quotaKind,
  balance: balanceKind,
  lease: leaseKind,
  spend: spendKind,
}

/**
 * What knows of this meter. Its answers are asked with the same meter again.
 *
 * @example
 * kindOf({ kind: 'balance' }).isHeld // => true
 * kindOf({ kind: 'window' }).inHeaders // => true
 */
export function kindOf({ kind }: Pick<Meter, 'kind'>): MeterKind {
  return kinds[kind]
}

/**
 * Whether a call must hold what is taken, until its end.
 *
 * @example
 * isHeld({ meter: { kind: 'window', windowMs: 60_000 } }) // => false
 * isHeld({ meter: { kind: 'window', windowMs: 60_000 }, reserved: true }) // => true
 */
export function isHeld({ meter, reserved }: Pick<Take, 'meter' | 'reserved'>): boolean {
  return reserved === true || kindOf(meter).isHeld
}

/**
 * Whether what is taken must be on disk before it is told, with a record of the call that holds it.
 *
 * @example
 * isDurable({ meter: { kind: 'lease', of: 'slot' } }) // => false
 */
export function isDurable({ meter, reserved }: Pick<Take, 'meter' | 'reserved'>): boolean {
  return reserved === true || kindOf(meter).isDurable(meter)
}

/**
 * The instant from which what was counted counts no more: the end of its period, or when it leaves its window.
 *
 * @example
 * countsUntilMs({ subject: 'key:k', name: 'spending', meter: { kind: 'spend', scale: 2, over: { kind: 'window', windowMs: 60_000 } }, limit: 9, cost: 1, atMs: 5 }) // => 60_005
 */
export function countsUntilMs(receipt: Receipt): number {
  return kindOf(receipt.meter).take.countsUntilMs?.(receipt) ?? receipt.atMs
}

/**
 * Whether it counts money towards a limit, and none is paid out of it.
 *
 * @example
 * countsMoney({ kind: 'spend', scale: 2, over: { kind: 'quota', period: 'day' } }) // => true
 * countsMoney({ kind: 'balance', scale: 2 }) // => false
 */
export function countsMoney(meter: Meter): boolean {
  const kind = kindOf(meter)
  return !kind.isFunded && kind.scaleOf(meter) !== undefined
}
