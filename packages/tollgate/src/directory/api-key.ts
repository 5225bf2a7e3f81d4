/**
 * API keys: `prefix`, 32 random characters (190 bits), 6 characters of checksum; all of 0-9 A-Z a-z, so that a double click selects the whole.
 *
 * The checksum lets secret scanners and support recognise a mistyped or truncated key without asking the store. It is no proof of anything:
 * only the hash of the whole secret is. Keys from elsewhere can be imported as they are; these have no checksum.
 */
import type { OwnLimits } from '../engine/meters/own-limit.ts'
import type { ApiKey } from './account.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const RANDOM_CHARS = 32
const CHECKSUM_CHARS = 6
/** The largest multiple of 62 in a byte. Bytes from here on are thrown away: they would favour the first letters. */
const FAIR_BYTES = 248
const MINTED = new RegExp(`^(.*)([0-9A-Za-z]{${RANDOM_CHARS}})([0-9A-Za-z]{${CHECKSUM_CHARS}})$`, 's')

/** A longer secret is never looked up, and so never hashed. */
export const SECRET_CHARS_MAX = 512
/** A shorter one could be guessed. */
const SECRET_CHARS_MIN = 16

/** What a new secret begins with, and where its chance comes from. */
export interface MintOptions {
  /** `cak_`: what every key of the API begins with. */
  readonly prefix: string
  readonly randomBytes: (count: number) => Uint8Array
}

/**
 * A new secret. Show it once; keep only its hash.
 *
 * @example
 * mintKey({ prefix: 'rp_', randomBytes: (count) => new Uint8Array(count).fill(7) }).slice(0, 8) // => 'rp_77777'
 */
export function mintKey({ prefix, randomBytes }: MintOptions): string {
  let random = ''
  // 64 bytes give 32 fair ones at once but for a chance of 1 in 10^20; a source that never gives any is broken.
  for (let tries = 0; random.length < RANDOM_CHARS; tries += 1) {
    if (tries === 8) throw new Error('the random source gives no usable bytes')
    for (const byte of randomBytes(2 * RANDOM_CHARS)) {
      if (byte < FAIR_BYTES && random.length < RANDOM_CHARS) random += ALPHABET.charAt(byte % ALPHABET.length)
    }
  }
  return prefix + random + formatChecksum(prefix + random)
}

/** What the form of a secret tells. No proof of anything. */
export interface ParsedKey {
  readonly prefix: string
  readonly checksumHolds: boolean
}

/**
 * Undefined when the text has not the form of a minted key.
 *
 * @example
 * parseKey('not a key') // => undefined
 */
export function parseKey(secret: string): ParsedKey | undefined {
  const parts = secret.length <= SECRET_CHARS_MAX ? MINTED.exec(secret) : null
  if (parts === null) return undefined
  const [, prefix = '', random = '', checksum = ''] = parts
  return { prefix, checksumHolds: formatChecksum(prefix + random) === checksum }
}

/**
 * Whether `mintKey` can have made this secret. A key that was imported from elsewhere does not, and may be valid all the same.
 *
 * @example
 * const secret = mintKey({ prefix: 'rp_', randomBytes: (count) => new Uint8Array(count).fill(7) })
 * looksMinted(secret, 'rp_') // => true
 * looksMinted(secret.toLowerCase(), 'rp_') // => false
 */
export function looksMinted(secret: string, prefix: string): boolean {
  const parsed = parseKey(secret)
  return parsed !== undefined && parsed.checksumHolds && parsed.prefix === prefix
}

/**
 * What may be shown to recognise a key by: the prefix and four characters, fewer of a short secret.
 *
 * @example
 * formatKeyHint('rp_7Fq2abcdefghijklmnop', 'rp_') // => 'rp_7Fq2'
 */
export function formatKeyHint(secret: string, prefix: string): string {
  const shown = secret.startsWith(prefix) ? prefix.length : 0
  return secret.slice(0, shown + Math.min(4, Math.floor((secret.length - shown) / 4)))
}

/**
 * Under which meters, balances and leases are kept for the key: the same before and after a rotation.
 *
 * @example
 * identityOf({ id: 'key_2', identity: 'key_1' }) // => 'key_1'
 */
export function identityOf({ id, identity = id }: Pick<ApiKey, 'id' | 'identity'>): string {
  return identity
}

/** What a row for a key is made from. Instants are epoch milliseconds. */
export interface ApiKeyOptions {
  readonly id: string
  readonly api: string
  readonly accountId: string
  readonly secret: string
  readonly prefix: string
  readonly sha256Hex: (text: string) => string
  readonly nowMs: number
  readonly userId?: string | undefined
  readonly label?: string
  readonly scopes?: readonly string[]
  readonly limits?: OwnLimits
  readonly expiresAtMs?: number
}

/**
 * The row for a secret, minted or imported. Throws when the secret is too short or too long, without repeating it.
 *
 * @example
 * const secret = mintKey({ prefix: 'rp_', randomBytes })
 * const key = createApiKey({ id: 'key_1', api: 'reports', accountId: 'acme', secret, prefix: 'rp_', sha256Hex, nowMs: Date.now() })
 * await directory.putKey(key)
 * console.log(`Your key, shown this once: ${secret}`)
 */
export function createApiKey({ secret, prefix, sha256Hex, nowMs, scopes = [], ...given }: ApiKeyOptions): ApiKey {
  if (secret.length < SECRET_CHARS_MIN || secret.length > SECRET_CHARS_MAX) {
    throw new RangeError(`a key's secret must have ${SECRET_CHARS_MIN} to ${SECRET_CHARS_MAX} characters, this one has ${secret.length}`)
  }
  return { ...given, hash: sha256Hex(secret), hint: formatKeyHint(secret, prefix), status: 'active', scopes, createdAtMs: nowMs }
}

/** Compares in a time that depends on the lengths alone, so that a hash cannot be found letter by letter. */
export function equalsInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let at = 0; at < a.length; at += 1) difference |= a.charCodeAt(at) ^ (at < b.length ? b.charCodeAt(at) : 0)
  return difference === 0
}

/** CRC-32 in base 62, six characters. */
function formatChecksum(text: string): string {
  let rest = crc32(new TextEncoder().encode(text))
  let checksum = ''
  for (let count = 0; count < CHECKSUM_CHARS; count += 1) {
    checksum = ALPHABET.charAt(rest % ALPHABET.length) + checksum
    rest = Math.floor(rest / ALPHABET.length)
  }
  return checksum
}

/** The CRC-32 of zip and PNG (reflected polynomial 0xEDB88320). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0)
  }
  return ~crc >>> 0
}
