/** Amounts as people write them, `0.25` or `"0.25"`, and the whole units of a balance that they are. */
import { parseMoney } from 'tollgate/contract'

/** Plain decimal text without exponent; undefined if it is no decimal from 0. */
export function decimalText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? withoutExponent(String(value)) : value
  return typeof text === 'string' && /^\d{1,22}(?:\.\d{1,30})?$/.test(text) ? text : undefined
}

/** JavaScript writes 0.0000001 as `1e-7`. */
function withoutExponent(text: string): string {
  const [, whole, decimals = '', zeros] = /^(\d)(?:\.(\d+))?e-(\d+)$/.exec(text) ?? []
  return whole === undefined ? text : `0.${'0'.repeat(Number(zeros) - 1)}${whole}${decimals}`
}

export type Units = { readonly ok: true; readonly units: number } | { readonly ok: false; readonly fault: string }

/** `fault` goes on after the value: `0.255 has more decimals than …`. `holder`: what counts it. */
export function toUnits(decimal: string, scale: number, holder: string): Units {
  const units = parseMoney(decimal, scale)
  if (units !== undefined) return { ok: true, units }
  const [, decimals = ''] = decimal.split('.')
  if (/[1-9]/.test(decimals.slice(scale))) return { ok: false, fault: `has more decimals than ${holder} keeps (its scale is ${scale})` }
  return { ok: false, fault: `is more than ${holder} can count exactly (its scale is ${scale})` }
}
