import { describe, expect, it } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { BodyPace } from './body-pace.ts'
import { defaultLimits } from './limits.ts'

function paced(options?: ConstructorParameters<typeof BodyPace>[2]) {
  const clock = createManualClock(0)
  return { clock, pace: new BodyPace({ ...defaultLimits, bodyIdleMs: 30_000, bodyMs: 600_000, bodyBytesPerSecondMin: 500 }, clock, options) }
}

describe('a body', () => {
  it('has twenty seconds before its rate counts, and then a second for each 500 bytes', () => {
    const { clock, pace } = paced()
    expect(pace.patienceMs(0)).toBe(20_000)
    clock.advance(5_000)
    expect(pace.patienceMs(1)).toBe(15_002)
    clock.advance(10_000)
    expect(pace.patienceMs(5_000)).toBe(15_000)
  })

  it('is not waited for longer than between two chunks, however much has come', () => {
    const { pace } = paced()
    expect(pace.patienceMs(10_000_000)).toBe(30_000)
  })

  it('must arrive within its whole time', () => {
    const { clock, pace } = paced({ withinMs: 60_000 })
    pace.patienceMs(0)
    clock.advance(59_000)
    expect(pace.patienceMs(1_000_000)).toBe(1_000)
    clock.advance(1_000)
    expect(pace.patienceMs(2_000_000)).toBe(0)
  })

  it('may come at any rate where that is said', () => {
    const { clock, pace } = paced({ bytesPerSecondMin: 0 })
    pace.patienceMs(0)
    clock.advance(500_000)
    expect(pace.patienceMs(1)).toBe(30_000)
  })

  it('is not blamed for the time in which the service takes nothing', () => {
    const { clock, pace } = paced()
    pace.patienceMs(0)
    clock.advance(10_000)
    pace.rest()
    clock.advance(1_000_000)
    pace.rest()
    expect(pace.patienceMs(0)).toBe(10_000)
  })
})
