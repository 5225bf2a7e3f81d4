/** What happens to gateways and engines while they work. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Outage } from '../chaos/counts.ts'
import type { Random } from '../chaos/random.ts'
import type { SharedWorld } from './shared-world.ts'

export type FaultName = 'gateway' | 'postgres' | 'counters' | 'postgresWay' | 'countersWay' | 'allWays'

/** So long after a server is back, or its way, a gateway may go on without it. */
const BACK_MS = 4_000

export interface Faults {
  readonly outages: readonly Outage[]
  readonly done: Readonly<Record<FaultName, number>>
  /** One of them, and that all is up again. */
  next(): Promise<void>
  strike(name: FaultName): Promise<void>
}

export function createFaults(world: SharedWorld, random: Random): Faults {
  const outages: Outage[] = []
  const done = { gateway: 0, postgres: 0, counters: 0, postgresWay: 0, countersWay: 0, allWays: 0 }
  const hasCounters = world.counters !== undefined
  /** Where counters are in Postgres nothing is admitted without them, as this shop declares it; otherwise gateways count by themselves. */
  const whileAway = hasCounters ? 'local' : 'none'

  async function away(counts: Outage['counts'], work: () => Promise<unknown>): Promise<void> {
    const fromMs = Date.now()
    await work()
    outages.push({ fromMs, untilMs: Date.now() + BACK_MS, counts })
  }

  const strikes: { readonly [name in FaultName]: () => Promise<unknown> } = {
    async gateway() {
      const gateway = random.oneOf(world.gateways)
      await gateway.kill()
      // The others go on without it for a while.
      await pause(random.whole(0, 400))
      await gateway.start()
    },
    postgres: () =>
      away(hasCounters ? ['tail', 'none'] : ['tail', whileAway], async () => {
        await world.postgres.kill('SIGKILL')
        await pause(random.whole(0, 300))
        await world.postgres.restart()
      }),
    counters: () =>
      away(world.engines === 'Postgres and forgetting counters' ? ['all', 'local'] : ['local'], async () => {
        await world.counters?.kill('SIGKILL')
        await pause(random.whole(0, 300))
        await world.counters?.restart()
      }),
    postgresWay: async () => random.oneOf(world.gateways).postgres.cut(),
    countersWay: () => away(['local'], async () => random.oneOf(world.gateways).counters?.cut()),
    allWays: () =>
      away(hasCounters ? ['local'] : ['none'], async () => {
        for (const { postgres, counters } of world.gateways) {
          postgres.cut()
          counters?.cut()
        }
      }),
  }

  async function strike(name: FaultName): Promise<void> {
    await strikes[name]()
    done[name] += 1
  }

  return {
    outages,
    done,
    strike,
    next: () => strike(random.weighted({ gateway: 6, postgres: 3, counters: hasCounters ? 2 : 0, postgresWay: 6, countersWay: hasCounters ? 3 : 0, allWays: 1 })),
  }
}
