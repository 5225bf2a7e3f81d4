/** `multipleOf` as people write numbers: 19.99 is a multiple of 0.01, though neither is a binary fraction. */

export function isMultiple(value: number, of: number): boolean {
  if (!Number.isFinite(value)) return false
  if (Number.isSafeInteger(value) && Number.isSafeInteger(of)) return value % of === 0
  const one = toDecimal(value)
  const other = toDecimal(of)
  const exponent = Math.min(one.exponent, other.exponent)
  return scaled(one, exponent) % scaled(other, exponent) === 0n
}

interface Decimal {
  readonly digits: bigint
  /** Of ten. */
  readonly exponent: number
}

/** The shortest decimal that is this number, which is the one that was written. */
function toDecimal(value: number): Decimal {
  const [, whole = '0', fraction = '', exponent = '0'] = /^(-?\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? []
  return { digits: BigInt(`${whole}${fraction}`), exponent: Number(exponent) - fraction.length }
}

/** Exponents of numbers lie within some three hundred, so no figure is longer than seven hundred digits. */
function scaled({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to)
}
