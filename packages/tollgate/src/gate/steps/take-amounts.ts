import type { Amount, TakeOptions, UsageRule } from './step-options.ts'
import { isOfBody } from '../price/quantity.ts'
import { toFigures, type Figure } from '../price/usage-figures.ts'

type Fail = (problem: string) => never

/** Numbers of the configuration are whole and not negative; what is divided by is above zero. */
export function checkAmounts({ meter, cost, reserve, limit, price, usage }: TakeOptions, fail: Fail): void {
  const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
  const quantities = [cost, reserve, ...(price?.times ?? [])]
  const amounts: readonly unknown[] = [limit, price?.amount, usage?.perEvent, ...amountsIn(usage?.amounts ?? {}, fail), ...quantities]
  const ofBody = quantities.filter(isOfBody)
  const defaults = ofBody.map((quantity) => quantity.default)
  const divisors = [usage?.per, ...ofBody.map(({ per }) => per)]
  for (const value of [...amounts, ...defaults, ...divisors]) if (typeof value === 'number' && !isWhole(value)) fail(`the take of "${meter}" has ${value}, which is no whole number from 0`)
  if (divisors.includes(0)) fail(`the take of "${meter}" has per: 0`)
}

function amountsIn(amounts: UsageRule['amounts'], fail: Fail): readonly Amount[] {
  const all = (figures: readonly Figure[]): readonly Amount[] => figures.flatMap(({ amount, parts }) => [amount, ...all(parts)])
  try {
    return all(toFigures(amounts))
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}
