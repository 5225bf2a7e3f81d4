/** The scalars that every part of the configuration shares, and the object that refuses unknown settings. */
import { compact } from 'tollgate/contract'
import { networkFault } from 'tollgate/gate'
import { z } from 'zod'
import { decimalText } from './decimal.ts'
import { decimalNumber, digits, durationFrom, network, sizeFrom } from './patterns.ts'
import { parseDuration, parseSize } from './units.ts'

/** An object of known settings. An unknown one is refused; the message lists those that there are, for `shape-problem.ts` to suggest from. */
export function settings<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined),
  })
}

/** Exactly one of these settings is written. */
export const onlyOne = (keys: readonly string[]) => (value: object) => Object.keys(value).filter((key) => keys.includes(key)).length === 1

export const text = z.string().min(1, 'must not be empty')

export const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is not a header name')

/** What APIs, upstreams, meters and plans are called. */
export const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must begin with a letter and have only letters, digits, - and _ (64 at most)')

/** `10.0.0.0/8`, `2001:db8::/32`, or one address. */
export const ipNetwork = z
  .string()
  .superRefine((written, context) => {
    const fault = networkFault(written)
    if (fault !== undefined) context.addIssue(fault)
  })
  .meta({ pattern: network })

/** A whole number. Digits in a string count too: a placeholder can only give a string. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER) {
  const range = most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`
  const inRange = (value: number) => Number.isSafeInteger(value) && value >= least && value <= most
  return z
    .union([z.number(), z.string()])
    .transform((value, context) => {
      const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
      if (typeof number === 'number' && inRange(number)) return number
      context.addIssue(`must be ${range}`)
      return z.NEVER
    })
    .meta({ anyOf: [compact({ type: 'integer', minimum: least, maximum: most === Number.MAX_SAFE_INTEGER ? undefined : most }), { type: 'string', pattern: digits }] })
}

/** Of a meter: a whole number; of one that counts money a decimal, which stays text unless it is whole. */
export function limit() {
  return z
    .union([z.number(), z.string()])
    .transform((value, context) => {
      const written = decimalText(value)
      const whole = written !== undefined && /^\d{1,16}$/.test(written) ? Number(written) : undefined
      if (whole !== undefined && Number.isSafeInteger(whole)) return whole
      if (written !== undefined && /^\d{1,15}\.\d{1,9}$/.test(written)) return written
      context.addIssue('must be a whole number from 0, or of money an amount such as 20.00')
      return z.NEVER
    })
    .meta({ anyOf: [{ type: 'number', minimum: 0 }, { type: 'string', pattern: decimalNumber }] })
}

/** Of a meter, by a plan. The word must be written: what is left out is forgotten more often than meant. */
export const planLimit = z.union([z.literal('unlimited'), limit()])

/** Milliseconds, written `60s`. */
export function duration(leastMs: number) {
  return quantity(parseDuration, leastMs, 'a duration with its unit: 250ms, 60s, 5m, 24h, 30d').meta({ pattern: durationFrom(leastMs) })
}

/** Bytes, written `64KiB`. */
export function size(leastBytes: number) {
  return quantity(parseSize, leastBytes, 'a size with its unit: 512B, 64KiB, 1MiB, 10MB').meta({ pattern: sizeFrom(leastBytes) })
}

function quantity(parse: (text: string) => number | undefined, least: number, what: string) {
  return z.string(`must be ${what}`).transform((written, context) => {
    const value = parse(written)
    if (value !== undefined && value >= least) return value
    context.addIssue(value === undefined ? `must be ${what}` : `is too small`)
    return z.NEVER
  })
}
