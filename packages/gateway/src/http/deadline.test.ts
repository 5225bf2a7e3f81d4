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

  describe('whose timer fires late, since the process stood still', () => {
    function standStill(meanwhile: (deadline: Deadline) => void) {
      const clock = createManualClock(0)
      let lateMs = 0
      const passedAt: number[] = []
      const deadline = new Deadline({ ...clock, monotonicMs: () => clock.monotonicMs() + lateMs }, () => passedAt.push(clock.monotonicMs()))
      deadline.set(100)
      lateMs = 500
      clock.advance(100)
      expect(passedAt).toEqual([])
      meanwhile(deadline)
      clock.advance(1_000)
      return { passedAt, pending: clock.pending() }
    }

    it('first lets what has come be read', () => {
      expect(standStill((deadline) => deadline.set(200))).toEqual({ passedAt: [300], pending: 0 })
    })

    it('passes a turn later where nothing has come', () => {
      expect(standStill(() => undefined)).toEqual({ passedAt: [101], pending: 0 })
    })

    it('does not pass any more where it was cleared', () => {
      expect(standStill((deadline) => deadline.clear())).toEqual({ passedAt: [], pending: 0 })
    })
  })
})
