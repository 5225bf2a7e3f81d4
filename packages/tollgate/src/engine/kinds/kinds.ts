/** Every kind of meter that there is, and nowhere else. */
import type { Meter, MeterOf } from '../meters/meter.ts'
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
