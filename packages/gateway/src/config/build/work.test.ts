import { expect, it } from 'vitest'
import { inSlices, wholly, type Work } from './work.ts'

function* counting(steps: number, seen: number[]): Work<string> {
  for (let step = 0; step < steps; step += 1) {
    seen.push(step)
    yield
  }
  return 'done'
}

it('is done in one go where nobody waits', () => {
  const seen: number[] = []
  expect(wholly(counting(3, seen))).toBe('done')
  expect(seen).toEqual([0, 1, 2])
})

it('lets what has come in have its turn, as soon as a slice is over', async () => {
  const seen: number[] = []
  const turns: number[] = []
  let nowMs = 0
  const others = setInterval(() => {}, 1_000)
  const note = (): void => {
    turns.push(seen.length)
    if (seen.length < 9) setImmediate(note)
  }
  setImmediate(note)
  // The clock is asked after each step: two steps make a slice.
  expect(await inSlices(counting(9, seen), () => (nowMs += 2))).toBe('done')
  clearInterval(others)
  expect(turns.length).toBeGreaterThanOrEqual(4)
})

it('an error comes out as it is', async () => {
  function* failing(): Work<string> {
    yield
    throw new Error('no')
  }
  await expect(inSlices(failing())).rejects.toThrow('no')
})
