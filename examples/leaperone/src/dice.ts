/** Choices that look free and are not: the same seed always chooses the same. Each throw is a hash, so that nothing is ever used up. */
import { createHash } from 'node:crypto'

export interface Dice {
  /** From 0 to `sides - 1`. */
  below(sides: number): number
  /** Throws on an empty list. */
  pick<T>(items: readonly T[]): T
  /** All of them, in an order of its own. */
  shuffle<T>(items: readonly T[]): readonly T[]
}

export function createDice(seed: string): Dice {
  const root = sha256(seed).toString('hex')
  let thrown = 0
  const below: Dice['below'] = (sides) => sha256(`${root} ${thrown++}`).readUInt32LE(0) % sides
  return {
    below,
    pick(items) {
      const item = items[below(items.length)]
      if (item === undefined) throw new TypeError('there is nothing to pick from')
      return item
    },
    shuffle: (items) =>
      items
        .map((item) => ({ item, rank: below(0x1_00_00_00_00) }))
        .toSorted((one, other) => one.rank - other.rank)
        .map(({ item }) => item),
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
