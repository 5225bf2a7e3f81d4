import { describe, expect, it } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { Deadline } from './deadline.ts'

function watch() {
  const clock = createManualClock(0)
  const passedAt: number[] = []
  const deadline = new Deadline(clock, () => passedAt.push(clock.monotonicMs()))
  return { clock, passedAt, deadline }
}

describe('a deadline', () => {
  it('passes once, when it is due', () => {
    const { clock, passedAt, deadline } = watch()
    deadline.set(100)
    clock.advance(1_000)
    expect(passedAt).toEqual([100])
  })

  it('moves on with each sign of life, on one timer', () => {
    const { clock, passedAt, deadline } = watch()
    for (let at = 0; at < 10; at += 1) {
      deadline.set(100)
      expect(clock.pending()).toBe(1)
      clock.advance(60)
    }
    expect(passedAt).toEqual([])
    clock.advance(1_000)
    expect(passedAt).toEqual([640])
  })

  it('can be drawn nearer', () => {
    const { clock, passedAt, deadline } = watch()
    deadline.set(1_000)
    deadline.set(10)
    clock.advance(2_000)
    expect(passedAt).toEqual([10])
    expect(clock.pending()).toBe(0)
  })

  it('leaves no timer when it is cleared', () => {
    const { clock, passedAt, deadline } = watch()
    deadline.set(100)
    deadline.clear()
    expect(clock.pending()).toBe(0)
    clock.advance(1_000)
    expect(passedAt).toEqual([])
  })
})
