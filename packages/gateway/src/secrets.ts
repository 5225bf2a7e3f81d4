/** Randomness, hashes and comparison of secrets, from Node. */
import { createHash, randomBytes as nodeRandomBytes, timingSafeEqual } from 'node:crypto'

export const randomBytes = (count: number): Uint8Array => nodeRandomBytes(count)

export const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** In a time that depends on neither: both are hashed first. */
export function equalSecrets(one: string, other: string): boolean {
  return timingSafeEqual(createHash('sha256').update(one, 'utf8').digest(), createHash('sha256').update(other, 'utf8').digest())
}
