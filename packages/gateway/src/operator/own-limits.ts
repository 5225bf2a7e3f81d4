/** Limits that an account or a key has of its own: as operators write and read them, against the meters of its API, and as they are kept. */
import { formatMoney } from 'tollgate/contract'
import { kindOf, type OwnLimit, type OwnLimits } from 'tollgate/engine'
import { z } from 'zod'
import { limitUnits } from '../config/kinds/limit-units.ts'
import { ownLimitFault } from '../config/kinds/meter-kinds.ts'
import { allowanceFault } from '../config/build/allowances.ts'
import { quote } from '../config/read/config-problem.ts'
import { decimalText } from '../config/read/decimal.ts'
import { suggestion } from '../config/read/suggestion.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { invalid, type OrRefused } from './reply.ts'

const written = z.union([z.number(), z.string()])

export const ownLimits = z.record(z.string(), written).describe('limits of its own in place of the plan’s, by meter: a whole number, or of money a decimal such as "20.00"')
export const limitsChange = z.record(z.string(), written.nullable()).nullable().optional().describe('limits of its own, by meter; null takes one away, or all')
export const shownOwnLimits = z.record(z.string(), z.union([z.number(), z.string()])).optional().describe('limits of its own in place of the plan’s, by meter; of money a decimal')

/** A merge patch by meter: null takes one away, or all. */
type Change<Limit> = { readonly [meter: string]: Limit | null } | null | undefined

export type LimitsChange = Change<OwnLimit>

/** Whose limits they are. */
type Holder = 'account' | 'key'

/** What is written, as it is kept; the first limit that could not hold is refused. */
export function readLimits(change: Change<number | string>, of: Holder, apiName: string, gateway: Pick<AdminGateway, 'config'>): OrRefused<Change<OwnLimit>> {
  const read: Record<string, OwnLimit | null> = {}
  for (const [name, given] of Object.entries(change ?? {})) {
    const limit: OrRefused<OwnLimit | null> = given === null ? { ok: true, value: null } : readLimit(name, given, of, apiName, gateway)
    if (!limit.ok) return limit
    read[name] = limit.value
  }
  return { ok: true, value: change && read }
}

export function mergeLimits(limits: OwnLimits | undefined, change: Change<OwnLimit>): OwnLimits | undefined {
  if (change === undefined) return limits
  const merged = Object.entries({ ...limits, ...change }).filter((entry): entry is [string, OwnLimit] => entry[1] !== null)
  return change === null || merged.length === 0 ? undefined : Object.fromEntries(merged)
}

function readLimit(name: string, given: number | string, of: Holder, apiName: string, { config }: Pick<AdminGateway, 'config'>): OrRefused<OwnLimit> {
  const meters = config().apis.find((api) => api.name === apiName)?.meters ?? {}
  const { meter, per = 'account' } = (Object.hasOwn(meters, name) ? meters[name] : undefined) ?? {}
  const fails = (issue: string) => invalid(`limits.${name}`, issue)
  if (meter === undefined) return fails(`no meter of ${apiName} is called "${name}"${suggestion(name, Object.keys(meters))}`)
  const fault = ownLimitFault(meter)
  if (fault !== undefined) return fails(`"${name}" ${fault}`)
  if (of === 'key' && per !== 'key' && kindOf(meter).isFunded) return fails(`"${name}" is kept per ${per}, and a key does not say what each period brings to it; give the account its own limit`)
  const scale = kindOf(meter).scaleOf(meter)
  if (scale === undefined) return Number.isSafeInteger(given) && Number(given) >= 0 ? { ok: true, value: Number(given) } : fails(`${quote(given)} must be a whole number from 0`)
  const text = decimalText(given)
  if (text === undefined) return fails(`${quote(given)} must be an amount from 0 without sign and separators, such as "20.00": "${name}" counts money`)
  const { units, fault: ofAmount = allowanceFault(name, meter, units) } = limitUnits(name, meter, text)
  return ofAmount === undefined ? { ok: true, value: { units, scale } } : fails(`${quote(given)} ${ofAmount}`)
}

/** Money as a decimal. */
export function showOwnLimits(limits: OwnLimits | undefined) {
  return limits && Object.fromEntries(Object.entries(limits).map(([meter, limit]) => [meter, typeof limit === 'number' ? limit : formatMoney(limit, limit.scale)]))
}
