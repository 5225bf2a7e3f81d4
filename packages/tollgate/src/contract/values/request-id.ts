import type { RequestIdDeclaration } from '../declare/declaration.ts'

export const REQUEST_ID_HEADER = 'x-request-id'
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
    return prefix + format(random.subarray(0, RANDOM_BYTES))
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
/** 62^22 > 2^128 > 62^21. */
const BASE62_LENGTH = 22

/** The 128-bit number in base 62, always 22 characters: long division over four 32-bit words. */
function formatBase62(random: Uint8Array): string {
  const words = [0, 4, 8, 12].map((at) => (((random[at] ?? 0) * 256 + (random[at + 1] ?? 0)) * 256 + (random[at + 2] ?? 0)) * 256 + (random[at + 3] ?? 0))
  let text = ''
  for (let place = 0; place < BASE62_LENGTH; place++) {
    let remainder = 0
    for (let index = 0; index < words.length; index++) {
      const value = remainder * 0x1_0000_0000 + (words[index] ?? 0)
      words[index] = Math.floor(value / 62)
      remainder = value % 62
    }
    text = BASE62.charAt(remainder) + text
  }
  return text
}
