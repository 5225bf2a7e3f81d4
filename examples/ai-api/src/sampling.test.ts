import { expect, test } from 'vitest'
import { learn, START } from './markov-chain.ts'
import { createRandom } from './random.ts'
import { sample } from './sampling.ts'
import type { Sampling } from './sampling.ts'

const followers = new Map([['often', 8], ['rarely', 1]])
const plain: Sampling = { temperature: 1, topP: 1, frequencyPenalty: 0, presencePenalty: 0 }

function shareOfRare(changes: Partial<Sampling>, used: ReadonlyMap<string, number> = new Map()): number {
  const random = createRandom('test')
  const drawn = Array.from({ length: 2_000 }, () => sample(followers, used, { ...plain, ...changes }, random))
  return drawn.filter((token) => token === 'rarely').length / drawn.length
}

test('a temperature of 1 goes by likelihood, a higher one less, a lower one more', () => {
  expect(shareOfRare({})).toBeCloseTo(1 / 9, 1)
  expect(shareOfRare({ temperature: 2 })).toBeGreaterThan(shareOfRare({}))
  expect(shareOfRare({ temperature: 0.3 })).toBeLessThan(shareOfRare({}))
})

test('a temperature of 0 always takes the likeliest', () => expect(shareOfRare({ temperature: 0 })).toBe(0))

test('top_p leaves the unlikely out', () => {
  expect(shareOfRare({ topP: 0.8 })).toBe(0)
  expect(shareOfRare({ topP: 0 })).toBe(0)
  expect(shareOfRare({ topP: 0.95 })).toBeGreaterThan(0)
})

test('penalties speak against what was used', () => {
  const used = new Map([['often', 2]])
  expect(shareOfRare({}, used)).toBeGreaterThan(shareOfRare({}))
  expect(shareOfRare({ presencePenalty: 2 }, used)).toBeGreaterThan(shareOfRare({}, used))
  expect(shareOfRare({ frequencyPenalty: 2 }, used)).toBeGreaterThan(shareOfRare({ presencePenalty: 2 }, used))
})

test('where nothing can follow, nothing is chosen', () => expect(sample(new Map(), new Map(), plain, createRandom('test'))).toBeUndefined())

test('what follows is what was seen, and what followed two tokens counts for more', () => {
  const chain = learn(['The sea is wide.', 'My sea has ships.'])
  expect([...chain.after(START, START).keys()]).toEqual(['The', 'My'])
  expect(chain.after('The', 'sea')).toEqual(new Map([['is', 4], ['has', 1]]))
  expect(chain.after('x', 'constructor')).toEqual(new Map())
})
