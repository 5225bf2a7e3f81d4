/** Randomness, hashes and comparison of secrets, from Node. */
import { createHash, hash, randomBytes as nodeRandomBytes, timingSafeEqual } from 'node:crypto'

export const randomBytes = (count: number): Uint8Array => nodeRandomBytes(count)

const POOL_BYTES = 4_096

/**
 * The same for ids, which every request needs: many at a time from the system, since asking it costs more than all else that an id does. No byte
 * is given out twice. Secrets are not made from it, so that none ever lies in memory before it is needed.
 */
export function createRandomPool(fill: (count: number) => Uint8Array = randomBytes): (count: number) => Uint8Array {
  let pool = new Uint8Array(0)
  let taken = 0
  return (count) => {
    if (count > POOL_BYTES) return fill(count)
    if (taken + count > pool.length) {
      pool = Uint8Array.from(fill(POOL_BYTES))
      taken = 0
    }
    taken += count
    return pool.subarray(taken - count, taken)
  }
}

/** In one call, at half the cost of an object for each hash. */
export const sha256Hex = (text: string): string => hash('sha256', text, 'hex')

/** In a time that depends on neither: both are hashed first. */
export function equalSecrets(one: string, other: string): boolean {
  return timingSafeEqual(createHash('sha256').update(one, 'utf8').digest(), createHash('sha256').update(other, 'utf8').digest())
}
