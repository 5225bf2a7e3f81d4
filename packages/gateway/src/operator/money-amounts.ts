/** Amounts of money as operators write and read them: decimals in the balance's own unit, such as "12.50". */
import { formatMoney } from 'tollgate/contract'
import { z } from 'zod'
import { decimalText, toUnits } from '../config/read/decimal.ts'
import { quote } from '../config/read/config-problem.ts'
import { invalid, type OrRefused } from './reply.ts'

export const amount = z.union([z.string(), z.number()]).describe('a decimal in the unit of the balance: `12.50`')

/** The whole units of an amount; the refusal says which form is understood. */
export function readUnits(written: string | number, { name, scale }: { readonly name: string; readonly scale: number }): OrRefused<number> {
  const text = decimalText(written)
  if (text === undefined) return invalid('amount', `${quote(written)} must be a decimal from 0 without sign and separators, such as ${formatUnits(1_250, Math.max(scale, 2)).slice(0, 5)}`)
  const read = toUnits(text, scale, `"${name}"`)
  return read.ok ? { ok: true, value: read.units } : invalid('amount', `${quote(written)} ${read.fault}`)
}

/** With all decimals that the scale has: `12.50`. */
export function formatUnits(units: number, scale: number): string {
  return formatMoney({ units, scale }, scale)
}
