/** Counters on a real server against the naive model of counting, from one gateway and from two that take turns. */
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Counters } from 'tollgate/engine'
import { expectCountsOfModel, expectNeverOver } from '../../packages/tollgate/src/stores/resident/fixtures/count-model.ts'
import { mayUseValkey } from '../servers/valkey.ts'
import { startValkeyBench, type ValkeyBench } from './harness.ts'

describe.skipIf(!mayUseValkey)('counters on a server of Valkey or Redis', () => {
  let bench: ValkeyBench
  beforeAll(async () => {
    bench = await startValkeyBench()
  })
  afterAll(() => bench.stop())

  test('count and decide as the naive model does', () => expectCountsOfModel((clock) => bench.countersOnOneWire(clock)))

  test('count and decide as the naive model does, where two gateways take turns', () => expectCountsOfModel(async (clock) => inTurns(await bench.countersOnOneWire(clock), (one) => bench.againOnOneWire(one, clock))))

  test('never admit more than the limit, however admissions, refusals and returns of two gateways interleave', () => expectNeverOver(async (clock) => inTurns(await bench.countersOnOneWire(clock), (one) => bench.againOnOneWire(one, clock))))
})

async function inTurns<C extends Counters>(first: C, again: (first: C) => Promise<C>): Promise<Counters> {
  const both = [first, await again(first)] as const
  let turn = 0
  const next = (): Counters => both[(turn += 1) % 2] as Counters
  return {
    apply: (commands) => next().apply(commands),
    peek: (takes) => next().peek(takes),
    close: async () => void (await Promise.all(both.map((each) => each.close()))),
  }
}
