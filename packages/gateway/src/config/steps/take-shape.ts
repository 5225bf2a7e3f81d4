/** What a stage takes of one meter, as it is written. */
import { z } from 'zod'
import { excludes, needs, rules } from '../build/schema-rules.ts'
import type { Path } from '../read/config-problem.ts'
import { settings, text } from '../read/scalars.ts'
import { price, quantity, takeLimit, usage } from '../shape/amount-shapes.ts'
import { chargeOn } from './charge-on.ts'

export const takeItem = z.union([
  text,
  settings({
    meter: text,
    cost: quantity.optional().describe('How many. Default 1.'),
    reserve: quantity.optional().describe('Windows and quotas, in place of cost: so many, and one at least, until the answer says what was used.'),
    limit: takeLimit.optional().describe('Where neither key, account nor plan says another. A column that is null: unlimited.'),
    price: price.optional().describe('Balances: what is held, in decimals.'),
    usage: usage.optional().describe('What the answer says was used. Balances: it is charged in the end. Windows and quotas: it is counted in place of what was reserved.'),
    chargeOn: chargeOn.optional(),
  }).meta(rules(excludes('price', 'cost', 'limit', 'reserve'), excludes('reserve', 'cost'), needs('usage', 'price', 'reserve'), needs('reserve', 'usage'), needs('chargeOn', 'price'))),
])

export type TakeShape = z.output<typeof takeItem>
export type TakeSettings = Exclude<TakeShape, string>

export function toSettings(take: TakeShape): TakeSettings {
  return typeof take === 'string' ? { meter: take } : take
}

/** Where the meter's name stands. */
export function placeOfMeter(take: TakeShape, path: Path): Path {
  return typeof take === 'string' ? path : [...path, 'meter']
}
