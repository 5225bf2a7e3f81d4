/** How one request goes at the service. */
import type { Random } from './random.ts'

export interface Conduct {
  /** `fail`, `unavailable`, `refuse`: an answer that says so. `vanish`: the work is done, the connection breaks. `hang`: no answer. `break`: half of one. */
  readonly does: 'answer' | 'fail' | 'unavailable' | 'refuse' | 'vanish' | 'hang' | 'break'
  readonly delayMs: number
  readonly saidUnits: number
  readonly tokens: number
  readonly events: number
  /** A price that comes later. `first`: before the answer. */
  readonly settles: 'charge' | 'release' | 'never'
  readonly settlesFirst: boolean
  /** Undefined: an hour. */
  readonly leaseMs: number | undefined
}

export const plainConduct: Conduct = { does: 'answer', delayMs: 0, saidUnits: 20, tokens: 600, events: 3, settles: 'charge', settlesFirst: false, leaseMs: undefined }

export function randomConduct(random: Random): Conduct {
  const does = random.weighted({ answer: 80, fail: 3, unavailable: 2, refuse: 3, vanish: 4, hang: 2, break: 6 })
  return {
    does,
    delayMs: random.chance(0.5) ? 0 : random.whole(1, random.chance(0.9) ? 60 : 300),
    // Above the hold now and then; and nothing, where the answer says so whole.
    saidUnits: random.whole(does === 'answer' ? 0 : 1, 90),
    tokens: random.whole(1, 3_000),
    events: random.whole(1, 8),
    settles: random.weighted({ charge: 7, release: 2, never: 1 }),
    settlesFirst: random.chance(0.2),
    leaseMs: random.chance(0.7) ? random.whole(300, 2_500) : undefined,
  }
}
