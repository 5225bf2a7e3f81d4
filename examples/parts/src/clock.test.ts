import { expect, test } from 'vitest'
import { createManualClock } from './testing/manual-clock.ts'
import { createStoppableClock } from './clock.ts'

test('a stopped clock runs nothing any more, neither what waits nor what comes', () => {
  const manual = createManualClock(0)
  const clock = createStoppableClock(manual)
  const ran: string[] = []
  clock.after(10, () => ran.push('due before'))
  clock.after(30, () => ran.push('waits'))
  clock.after(5, () => ran.push('cancelled'))()
  manual.advance(20)
  clock.stop()
  clock.after(1, () => ran.push('comes'))
  manual.advance(100)
  expect([ran, manual.pending()]).toEqual([['due before'], 0])
})
