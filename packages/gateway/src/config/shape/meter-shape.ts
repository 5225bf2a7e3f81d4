/** A meter: what it counts or holds, and for whom. Its kinds say what each of them adds (`kinds/`). */
import type { Meter } from 'tollgate/engine'
import { z } from 'zod'
import { limitUnits } from '../kinds/limit-units.ts'
import { meterKinds, type KindName } from '../kinds/meter-kinds.ts'
import { countingSettings, inHeaders, type AnySettings, type SharedSetting } from '../kinds/meter-settings.ts'
import { digits } from '../read/patterns.ts'
import { integer, limit, onlyOne, settings } from '../read/scalars.ts'
import { exactlyOne, excludes, has, implies, needs, rules, where } from '../build/schema-rules.ts'
import type { Together } from './together.ts'

const names = Object.keys(meterKinds) as readonly KindName[]
const kinds: readonly { readonly name: KindName; readonly kind: AnySettings }[] = names.map((name) => ({ name, kind: meterKinds[name] }))

/** What each kind has of its own, in one group. */
const own: Together<(typeof meterKinds)[KindName]['own']> = Object.assign({}, ...kinds.map(({ kind }) => kind.own))

const pers = ['account', 'user', 'key', 'ip', 'resource', 'lease'] as const

const fields = settings({
  ...own,
  per: z.enum(pers).describe('resource: what the last lookup found, shared by all callers. lease: the session that a lease step before it found.'),
  ipv6Prefix: integer(1, 128).optional().describe('Per ip: an IPv6 address counts for its network of so many bits. Default: 64.'),
  limit: limit().optional().describe('Where neither key, account, plan nor the step says another.'),
  ...countingSettings,
  inHeaders,
})

const counting = 'belongs to windows and quotas'

/** What is wrong with a setting of some kinds at another kind. */
const sharedFaults: { readonly [setting in SharedSetting]: string } = {
  counts: counting,
  uncountOn: `${counting}; money and leases are given back by the end of their call`,
  limit: 'does not belong to a balance; of money there is what is granted',
}
const shared = Object.keys(sharedFaults) as readonly SharedSetting[]

const ownersOf = (setting: SharedSetting): readonly KindName[] => kinds.flatMap(({ name, kind }) => (kind.takes.includes(setting) ? [name] : []))
const notPer = (setting: string, others: readonly string[]) => ({ dependentSchemas: { [setting]: { properties: { per: { not: { enum: others } } } } } })

const whatThereIs = kinds.map(({ name, kind: { what } }) => `${name} (${what})`)

export const meter = fields
  .superRefine((value, context) => {
    const written: { readonly [setting: string]: unknown } = value
    const issue = (at: string, message: string): void => context.addIssue({ code: 'custom', path: [at], message })
    if (!onlyOne(names)(value)) context.addIssue(`must have exactly one of ${whatThereIs.slice(0, -1).join(', ')} or ${whatThereIs.at(-1)}`)
    const isOf = kindOfShape(value)
    for (const { name, kind } of kinds) {
      const others = Object.keys(kind.own).filter((setting) => setting !== name && isOf !== undefined && isOf !== name && written[setting] !== undefined)
      for (const setting of others) issue(setting, `belongs to a ${name}`)
      if (isOf !== name) continue
      for (const { at, fault, holds } of kind.checks) if (!holds(written)) issue(at, fault)
      for (const setting of shared) if (written[setting] !== undefined && !kind.takes.includes(setting)) issue(setting, sharedFaults[setting])
      if (kind.per !== undefined && !kind.per.only.includes(value.per)) issue('per', kind.per.fault)
    }
    const fault = value.limit === undefined || isOf === undefined ? undefined : limitUnits(undefined, toKind(value), value.limit).fault
    if (fault !== undefined) issue('limit', fault)
    if (value.per === 'lease' && value.lease !== undefined && value.lease !== 'slot') issue('per', `must not be lease: what occupies a ${value.lease} outlives it; write lease: slot for calls in flight, or another per`)
    if (value.ipv6Prefix !== undefined && value.per !== 'ip') issue('ipv6Prefix', 'belongs to a meter per ip')
  })
  .meta(
    rules(
      exactlyOne(names),
      ...kinds.flatMap(({ kind }) => kind.rules),
      ...(['counts', 'uncountOn'] as const).map((setting) => needs(setting, ...ownersOf(setting))),
      ...kinds.flatMap(({ name, kind: { takes } }) => (takes.includes('limit') ? [] : [excludes(name, 'limit')])),
      ...kinds.flatMap(({ name, kind: { per } }) => (per === undefined ? [] : [notPer(name, pers.filter((each) => !per.only.includes(each)))])),
      implies({ not: { anyOf: kinds.flatMap(({ name, kind }) => (kind.isMoney === true ? [has(name)] : [])) } }, { properties: { limit: { anyOf: [{ type: 'integer' }, { type: 'string', pattern: digits }] } } }),
      notPer('ipv6Prefix', pers.filter((each) => each !== 'ip')),
      where('per', 'lease', { properties: { lease: { const: 'slot' } } }),
    ),
  )

export type MeterShape = z.output<typeof fields>

/** What a written meter is; one that is of no kind has been reported. */
export function toKind(shape: MeterShape): Meter {
  const of: { toMeter(written: MeterShape): Meter } = meterKinds[kindOfShape(shape) ?? 'window']
  return of.toMeter(shape)
}

/** Undefined: it is written as of none, or of several. */
export function kindOfShape(shape: { readonly [kind in KindName]?: unknown }): KindName | undefined {
  return names.find((name) => shape[name] !== undefined)
}
