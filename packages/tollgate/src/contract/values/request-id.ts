import type { RequestIdDeclaration } from '../declare/declaration.ts'

const RANDOM_BYTES = 16

const formats: { readonly [format in RequestIdDeclaration['format']]: (random: Uint8Array) => string } = {
  uuid: formatUuid,
  hex: (random) => toHex(random),
  base62: formatBase62,
}

/** A minter of ids from 16 random bytes each. Without a declaration: `req_` and base62. */
export function createRequestIdMinter(declaration: RequestIdDeclaration = { format: 'base62', prefix: 'req_' }): (random: Uint8Array) => string {
  const format = formats[declaration.format]
  const prefix = declaration.prefix ?? ''
  return (random) => {
    if (random.length < RANDOM_BYTES) throw new RangeError(`a request id needs ${RANDOM_BYTES} random bytes, not ${random.length}`)
    return prefix + format(random.length === RANDOM_BYTES ? random : random.subarray(0, RANDOM_BYTES))
  }
}

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export function toHex(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) hex += hexPairs[byte]
  return hex
}

/** RFC 9562 version 4: six of the 128 bits are fixed. */
function formatUuid(random: Uint8Array): string {
  const bytes = Uint8Array.from(random)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = toHex(bytes)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Of two digits of base 62, by their number. */
const base62Pairs = Array.from(BASE62, (high) => Array.from(BASE62, (low) => high + low)).flat()
/** Four digits at a time: with a word of 28 bits behind it, what is left of a division by it is still exact. */
const FOUR_DIGITS = 62 ** 4
const WORD = 2 ** 28

/** The 128-bit number in base 62: 62^22 > 2^128 > 62^21, so always 22 characters. Long division over words of 28 bits. */
function formatBase62(random: Uint8Array): string {
  const byte = (at: number): number => random[at] ?? 0
  // Half bytes stand where a word begins or ends within one.
  const words = [
    byte(0) * 2 ** 8 + byte(1),
    byte(2) * 2 ** 20 + byte(3) * 2 ** 12 + byte(4) * 2 ** 4 + (byte(5) >> 4),
    (byte(5) & 15) * 2 ** 24 + byte(6) * 2 ** 16 + byte(7) * 2 ** 8 + byte(8),
    byte(9) * 2 ** 20 + byte(10) * 2 ** 12 + byte(11) * 2 ** 4 + (byte(12) >> 4),
    (byte(12) & 15) * 2 ** 24 + byte(13) * 2 ** 16 + byte(14) * 2 ** 8 + byte(15),
  ]
  let text = ''
  for (let digits = 4; digits <= 20; digits += 4) {
    const four = divide(words, FOUR_DIGITS)
    const high = Math.floor(four / 3_844)
    text = (base62Pairs[high] ?? '') + (base62Pairs[four - high * 3_844] ?? '') + text
  }
  // Two digits are left: the number is below 62^22.
  return (base62Pairs[words.at(-1) ?? 0] ?? '') + text
}

/** In place; returns what is left. */
function divide(words: number[], by: number): number {
  let rest = 0
  for (let at = 0; at < words.length; at += 1) {
    const value = rest * WORD + (words[at] ?? 0)
    const quotient = Math.floor(value / by)
    words[at] = quotient
    rest = value - quotient * by
  }
  return rest
}
