/** `take: [requests, { meter: credit, price: 0.25 }]`: one stage over meters, money and leases among them. */
import { compact } from 'tollgate/contract'
import { kindOf, type Meter, type MeterKind } from 'tollgate/engine'
import { defaultHold, type TakeOptions } from 'tollgate/gate'
import { z } from 'zod'
import type { Path } from '../read/config-problem.ts'
import { duration, settings } from '../read/scalars.ts'
import { toKind } from '../shape/meter-shape.ts'
import { needsOfLease, needsOfRow, type Balance } from './amount-needs.ts'
import { checkChargeOn } from './charge-on.ts'
import { toColumn, toPrice, toQuantity, toUsage } from './amounts.ts'
import { meterNamed, type StepContext } from './step-context.ts'
import type { Brought, NeedPlace, StepKind } from './step-kind.ts'
import { checkMeter, needsOfMeter } from './step-meters.ts'
import { checkMoney, payersOf, scaleNamed } from './take-money.ts'
import { placeOfMeter, takeItem, toSettings, type TakeShape } from './take-shape.ts'

const shape = {
  take: z.array(takeItem).min(1).meta({ uniqueItems: true, description: 'One atomic stage over these meters, money and leases among them: all are taken or none is.' }),
  hold: settings({
    for: duration(1).default(defaultHold.holdMs).describe('How long a call may hold what it takes once the gateway has it no longer in hand and nobody settles it.'),
    onExpiry: z.enum(['release', 'charge']).default(defaultHold.onExpiry).describe('What becomes of it then, if the call was sent.'),
  })
    .optional()
    .describe('Of a stage: how long it holds money, leases and the idempotency key.'),
} satisfies z.ZodRawShape

type Stage = readonly TakeShape[]

export const take: StepKind<'take', typeof shape> = {
  key: 'take',
  shape,
  needs: [
    { what: 'account', where: ({ take: stage }, context) => eachTake(stage, (each, at) => needsOfMeter(toSettings(each).meter, placeOfMeter(each, at), context)) },
    { what: 'lease', where: ({ take: stage }, context) => eachTake(stage, (each, at) => [...needsOfSession(each, at, context), ...needsOfLease(toSettings(each), at, context)]) },
    { what: 'row', where: ({ take: stage }, context) => eachTake(stage, (each, at) => [...needsOfResource(each, at, context), ...needsOfRow(toSettings(each), balanceOf(each, context), at)]) },
    { what: 'hold', anywhere: true, where: ({ hold }) => (hold === undefined ? [] : [{ at: ['hold'], fault: 'says how long money, leases or an idempotency key are held, but the route holds none' }]) },
  ],
  brings: [
    { what: 'price', which: ({ take: stage }, context) => payersOf(stage.map(toSettings), context) },
    { what: 'record', which: ({ take: stage }, context) => [...metersOf(stage, context, (kind, meter) => kind.isDurable(meter)), ...reservingMeters(stage)] },
    { what: 'hold', which: ({ take: stage }, context) => [...metersOf(stage, context, (kind) => kind.isHeld), ...reservingMeters(stage)] },
    { what: 'reserve', which: ({ take: stage }) => reservedOf(stage) },
    { what: 'deadline', setting: 'hold', once: 'is said by an earlier step already; a route says once how long it holds' },
  ],
  build({ take: stage, hold }, path, context) {
    const takes = stage.map((each, at): string | TakeOptions => {
      const place = [...path, 'take', at]
      const { meter } = toSettings(each)
      if (stage.findIndex((other) => toSettings(other).meter === meter) !== at) context.report(placeOfMeter(each, place), `"${meter}" is taken twice in one stage`)
      checkMeter(meter, placeOfMeter(each, place), context)
      checkMoney(toSettings(each), stage.map(toSettings), place, context)
      return buildTake(each, place, context)
    })
    return compact({ kind: 'take', take: takes, hold: hold && { holdMs: hold.for, onExpiry: hold.onExpiry } })
  },
}

function buildTake(item: TakeShape, path: Path, context: StepContext): string | TakeOptions {
  if (typeof item === 'string') return item
  const { meter, cost, reserve, limit, price, usage, chargeOn } = item
  if (chargeOn !== undefined) checkChargeOn(chargeOn, [...path, 'chargeOn'], context)
  const balance = balanceOf(item, context)
  return compact({
    meter,
    cost: cost === undefined ? undefined : toQuantity(cost, [...path, 'cost'], context),
    reserve: reserve === undefined ? undefined : toQuantity(reserve, [...path, 'reserve'], context),
    limit: typeof limit === 'object' ? toColumn(limit.column) : limit,
    price: price === undefined ? undefined : toPrice(price, balance, [...path, 'price'], context),
    usage: usage && toUsage(usage, balance ?? { name: meter, scale: 0 }, [...path, 'usage'], context),
    chargeOn,
  })
}

function balanceOf(item: TakeShape, context: StepContext): Balance {
  const { meter: name } = toSettings(item)
  const scale = scaleNamed(name, context)
  return scale === undefined ? undefined : { name, scale }
}

function reservingMeters(stage: Stage): readonly Brought[] {
  return reservedOf(stage).map(({ name }) => ({ name }))
}

function reservedOf(stage: Stage): readonly Brought[] {
  return stage.flatMap((each, at): readonly Brought[] => {
    const { meter: name, reserve } = toSettings(each)
    return reserve === undefined ? [] : [{ name, again: { at: ['take', at, 'reserve'], fault: () => `is said of "${name}" by an earlier step already; a route reserves once of each meter`, byName: true } }]
  })
}

function eachTake(stage: Stage, placesOf: (item: TakeShape, at: Path) => readonly NeedPlace[]): readonly NeedPlace[] {
  return stage.flatMap((each, at) => placesOf(each, ['take', at]))
}

function needsOfResource(item: TakeShape, at: Path, context: StepContext): readonly NeedPlace[] {
  const { meter: name } = toSettings(item)
  return meterNamed(name, context)?.per === 'resource' ? [{ at: placeOfMeter(item, at), fault: `"${name}" counts per resource, but nothing is looked up before` }] : []
}

function needsOfSession(item: TakeShape, at: Path, context: StepContext): readonly NeedPlace[] {
  const { meter: name } = toSettings(item)
  return meterNamed(name, context)?.per === 'lease' ? [{ at: placeOfMeter(item, at), fault: `"${name}" counts per lease, but no lease is at hand` }] : []
}

function metersOf(stage: Stage, context: StepContext, isMeant: (kind: MeterKind<Meter>, meter: Meter) => boolean): readonly Brought[] {
  return stage.flatMap((each) => {
    const { meter: name } = toSettings(each)
    const written = meterNamed(name, context)
    const meter = written && toKind(written)
    return meter !== undefined && isMeant(kindOf(meter), meter) ? [{ name }] : []
  })
}
