/** Figures of engines that are asked over a network: how often, how long it took, and which answer. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { EngineState } from '../health/engine-state.ts'

/** Seconds: on one machine a tenth of a millisecond, across a region some. */
const ROUND_TRIP_BUCKETS = [0.0002, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

export interface RoundTrip {
  readonly durationMs: number
  readonly failed: boolean
}

/** Told of each statement or command that an engine was asked. */
export interface EngineHeard {
  postgres(trip: RoundTrip): void
  valkey(trip: RoundTrip): void
}

export function createEngineMetrics(registry: Registry, states: () => readonly EngineState[], gateways: () => number): EngineHeard {
  const registers = [registry]
  const trips = new Histogram({ name: 'tollgate_engine_round_trip_duration_seconds', help: 'How long an engine took to answer a statement or command.', labelNames: ['engine'], buckets: ROUND_TRIP_BUCKETS, registers })
  const failures = new Counter({ name: 'tollgate_engine_failures_total', help: 'Statements and commands that failed, or were not answered.', labelNames: ['engine'], registers })
  void new Gauge({
    name: 'tollgate_engine_up',
    help: 'Whether an engine answers: 1 or 0, as /readyz tells.',
    labelNames: ['engine'],
    registers,
    aggregator: 'min',
    collect() {
      for (const { engine, isUp } of states()) this.set({ engine }, isUp ? 1 : 0)
    },
  })
  void new Gauge({
    name: 'tollgate_gateways',
    help: 'Gateways that share the store, as this one sees them.',
    registers,
    aggregator: 'max',
    collect() {
      this.set(gateways())
    },
  })
  const heardOf = (engine: string) => ({ durationMs, failed }: RoundTrip): void => {
    trips.observe({ engine }, durationMs / 1_000)
    if (failed) failures.inc({ engine })
  }
  return { postgres: heardOf('postgres'), valkey: heardOf('valkey') }
}
