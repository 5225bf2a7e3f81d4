/** Every kind of meter of the configuration, and nowhere else. */
import type { Meter } from 'tollgate/engine'
import { balanceSettings } from './balance-settings.ts'
import { leaseSettings } from './lease-settings.ts'
import type { AllowanceSettings, AnySettings, MeterDisplay } from './meter-settings.ts'
import { quotaSettings } from './quota-settings.ts'
import { spendSettings } from './spend-settings.ts'
import { windowSettings } from './window-settings.ts'

export const meterKinds = {
  window: windowSettings,
  quota: quotaSettings,
  balance: balanceSettings,
  lease: leaseSettings,
  spend: spendSettings,
} satisfies { readonly [K in Meter['kind']]: { readonly own: { readonly [setting in K]: unknown } } }

export type KindName = keyof typeof meterKinds

/** How a kind of meter is shown. */
export function displayOf(kind: Meter['kind']): MeterDisplay {
  return meterKinds[kind].display
}

/** Why an account or a key can have no limit of its own there; undefined where it can. */
export function ownLimitFault(meter: Meter): string | undefined {
  const kind: AnySettings = meterKinds[meter.kind]
  return kind.noOwnLimit?.(meter)
}

/** What each period brings of money that renews, as it is written. */
export function allowanceSettings(written: { readonly [kind in KindName]?: unknown }): AllowanceSettings | undefined {
  for (const kind of Object.values(meterKinds) as readonly AnySettings[]) {
    const allowance = kind.allowance?.(written)
    if (allowance !== undefined) return allowance
  }
  return undefined
}

/** What it counts or holds, in words. */
export function meaningOf(meter: Meter): string {
  const { meaningOf: say }: { meaningOf(of: Meter): string } = meterKinds[meter.kind]
  return say(meter)
}
