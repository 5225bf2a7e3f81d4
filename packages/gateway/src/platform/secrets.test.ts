import { expect, it } from 'vitest'
import { createRandomPool } from './secrets.ts'

it('a pool gives every byte out once, in lots of any size, and asks the system seldom', () => {
  let next = 0
  let asked = 0
  const pool = createRandomPool((count) => {
    asked += 1
    return Uint8Array.from({ length: count }, () => next++ % 251)
  })
  const given = [16, 100, 4_000, 16, 5_000, 1].map(pool)
  expect(given.map(({ length }) => length)).toEqual([16, 100, 4_000, 16, 5_000, 1])
  // 4,000 do not fit behind the first 116: what was left of that lot is thrown away, not given out twice.
  expect(asked).toBe(3)
  expect([given[0]?.[0], given[1]?.[0], given[2]?.[0], given[3]?.[0]]).toEqual([0, 16, 4_096 % 251, (4_096 + 4_000) % 251])
})

it('what was given out does not change when the next lot comes', () => {
  const pool = createRandomPool()
  const first = pool(16)
  const copy = Array.from(first)
  for (let i = 0; i < 1_000; i += 1) pool(16)
  expect(Array.from(first)).toEqual(copy)
})
