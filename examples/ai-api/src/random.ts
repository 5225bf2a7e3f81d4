/** Chance that can be repeated: the same seed, the same numbers. */
import { createHash } from 'node:crypto'

/** Numbers from 0 up to 1 (mulberry32). Good enough for taste, not for secrets. */
export function createRandom(...seed: readonly (string | number)[]): () => number {
  let state = createHash('sha256').update(JSON.stringify(seed)).digest().readUInt32LE(0)
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Undefined only for an empty list. */
export function pick<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)]
}
