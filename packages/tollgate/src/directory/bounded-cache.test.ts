import { expect, test } from 'vitest'
import { createBoundedCache } from './bounded-cache.ts'

test('holds at most its bound and forgets what was not used', () => {
  const cache = createBoundedCache<number>(10)
  cache.set('kept', -1)
  for (let number = 0; number < 100; number += 1) {
    cache.set(`k${number}`, number)
    expect(cache.get('kept')).toBe(-1)
  }
  const held = Array.from({ length: 100 }, (_, number) => cache.get(`k${number}`)).filter((value) => value !== undefined)
  expect(held.length).toBeLessThanOrEqual(10)
})

test('a new value replaces an aged one, and a deleted one does not come back', () => {
  const cache = createBoundedCache<number>(4)
  cache.set('a', 1)
  cache.set('b', 1)
  cache.set('a', 2)
  expect(cache.get('a')).toBe(2)
  cache.delete('a')
  expect(cache.get('a')).toBeUndefined()
})

test('a bound without room is an error', () => {
  expect(() => createBoundedCache(1)).toThrow(RangeError)
})
