import { describe, expect, it } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { BodyPatience } from './body-patience.ts'
import { defaultLimits } from './limits.ts'

function patient(options?: ConstructorParameters<typeof BodyPatience>[2]) {
  const clock = createManualClock(0)
  return { clock, patience: new BodyPatience({ ...defaultLimits, bodyIdleMs: 30_000, bodyMs: 600_000, bodyBytesPerSecondMin: 500 }, clock, options) }
}

describe('a body', () => {
  it('has twenty seconds before its rate counts, and then a second for each 500 bytes', () => {
    const { clock, patience } = patient()
    expect(patience.forMs(0)).toBe(20_000)
    clock.advance(5_000)
    expect(patience.forMs(1)).toBe(15_002)
    clock.advance(10_000)
    expect(patience.forMs(5_000)).toBe(15_000)
  })

  it('is not waited for longer than between two chunks, however much has come', () => {
    const { patience } = patient()
    expect(patience.forMs(10_000_000)).toBe(30_000)
  })

  it('must arrive within its whole time', () => {
    const { clock, patience } = patient({ withinMs: 60_000 })
    patience.forMs(0)
    clock.advance(59_000)
    expect(patience.forMs(1_000_000)).toBe(1_000)
    clock.advance(1_000)
    expect(patience.forMs(2_000_000)).toBe(0)
  })

  it('may come at any rate where that is said', () => {
    const { clock, patience } = patient({ bytesPerSecondMin: 0 })
    patience.forMs(0)
    clock.advance(500_000)
    expect(patience.forMs(1)).toBe(30_000)
  })

  it('is not blamed for the time in which the service takes nothing', () => {
    const { clock, patience } = patient()
    patience.forMs(0)
    clock.advance(10_000)
    patience.rest()
    clock.advance(1_000_000)
    patience.rest()
    expect(patience.forMs(0)).toBe(10_000)
  })
})
