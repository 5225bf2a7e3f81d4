import { describe, expect, it } from 'vitest'
import { LearntRest } from './learnt-rest.ts'

describe('how long a connection may rest and be trusted', () => {
  it('is not at all as long as nothing is known', () => {
    expect(new LearntRest().trustedMs(0)).toBe(0)
  })

  it('is half of the longest rest that one was seen to stay open', () => {
    const learnt = new LearntRest()
    learnt.stayedOpen(4_000)
    learnt.stayedOpen(1_000)
    expect(learnt.trustedMs(0)).toBe(2_000)
  })

  it('is not at all where none was seen to rest for half a second: what closes sooner closes whenever it likes', () => {
    const learnt = new LearntRest()
    learnt.stayedOpen(499)
    expect(learnt.trustedMs(0)).toBe(0)
    learnt.stayedOpen(500)
    expect(learnt.trustedMs(0)).toBe(250)
  })

  it('is half of the shortest rest after which one was closed, for a minute', () => {
    const learnt = new LearntRest()
    learnt.stayedOpen(10_000)
    learnt.wasClosed(5_000, 1_000)
    learnt.wasClosed(6_000, 1_000)
    expect([learnt.closes(1_000), learnt.trustedMs(1_000)]).toEqual([true, 2_500])
    expect([learnt.closes(61_000), learnt.trustedMs(61_000)]).toEqual([true, 2_500])
    expect([learnt.closes(61_001), learnt.trustedMs(61_001)]).toEqual([false, 5_000])
  })

  it('is not at all after one was closed at once', () => {
    const learnt = new LearntRest()
    learnt.stayedOpen(10_000)
    learnt.wasClosed(0, 0)
    expect(learnt.trustedMs(0)).toBe(0)
  })
})
