import { isMoney, type Money } from '../declare/facts.ts'

/** More digits behind the point than a safe integer has would be a mistake. */
const SCALE_MAX = 15

export function isExactMoney(value: unknown): value is Money {
  return isMoney(value) && Number.isSafeInteger(value.units) && Number.isInteger(value.scale) && value.scale >= 0 && value.scale <= SCALE_MAX
}

/**
 * Exact decimal text: `{ units: 5, scale: 3 }` is `0.005`; with `decimalsMin` 2, `{ units: 50, scale: 0 }` is `50.00`.
 *
 * @example
 * formatMoney({ units: 5_050, scale: 2 }) // => '50.5'
 * formatMoney({ units: 5_050, scale: 2 }, 2) // => '50.50'
 */
export function formatMoney({ units, scale }: Money, decimalsMin = 0): string {
  const digits = String(Math.abs(units)).padStart(scale + 1, '0')
  const point = digits.length - scale
  const decimals = digits.slice(point).replace(/0+$/, '').padEnd(decimalsMin, '0')
  return `${units < 0 ? '-' : ''}${digits.slice(0, point)}${decimals === '' ? '' : `.${decimals}`}`
}

/**
 * `0.25` with scale 2 is 25 units. Undefined when the text is no plain decimal, is finer than the scale (`0.255`; zeros at the end do not count), or is
 * too large to be exact.
 *
 * @example
 * parseMoney('0.25', 2) // => 25
 * parseMoney('0.255', 2) // => undefined
 */
export function parseMoney(text: string, scale: number): number | undefined {
  const [, whole = '', decimals = ''] = /^(\d{1,16})(?:\.(\d{1,30}))?$/.exec(text) ?? []
  if (whole === '' || /[1-9]/.test(decimals.slice(scale))) return undefined
  const units = Number(whole + decimals.slice(0, scale).padEnd(scale, '0'))
  return Number.isSafeInteger(units) ? units : undefined
}

/** The JSON number nearest to the amount. Going through the decimal text avoids the noise of a division. */
export function toMajorUnits(money: Money): number {
  return Number(formatMoney(money))
}

/** A number that is already in major units, with at least two decimals: 50.5 is `50.50`. */
export function formatMajorUnits(amount: number): string {
  const text = String(amount)
  if (text.includes('e')) return withoutExponent(text)
  const point = text.indexOf('.')
  return point === -1 ? `${text}.00` : text.padEnd(point + 3, '0')
}

/** `1e-7` is `0.0000001`, `1e+21` a one with 21 zeros. */
function withoutExponent(text: string): string {
  const [, sign = '', whole = '', decimals = '', exponent = '0'] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? []
  const shift = Number(exponent)
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${whole}${decimals}`
  return `${sign}${whole}${decimals.padEnd(shift, '0')}.00`
}
