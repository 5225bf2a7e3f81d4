import { expect, test } from 'vitest'
import { createManualClock } from './manual-clock.ts'

test('runs what falls due in order, each at its own instant, also what is started on the way', () => {
  const clock = createManualClock(1_000)
  const seen: (readonly [string, number])[] = []
  const note = (name: string) => () => void seen.push([name, clock.wallMs()])
  clock.after(20, note('late'))
  clock.after(10, () => {
    note('early')()
    clock.after(5, note('chained'))
  })
  clock.after(10, note('early too'))
  const cancel = clock.after(10, note('cancelled'))
  cancel()
  clock.advance(19)
  expect(seen).toEqual([['early', 1_010], ['early too', 1_010], ['chained', 1_015]])
  expect([clock.wallMs(), clock.monotonicMs(), clock.pending()]).toEqual([1_019, 19, 1])
})

test('does not go back', () => {
  expect(() => createManualClock(0).advance(-1)).toThrow(RangeError)
})
