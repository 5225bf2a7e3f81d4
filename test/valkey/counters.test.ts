/** What every engine that counts must keep, over a real server. */
import type { Counters } from 'tollgate/engine'
import type { ValkeyCounters } from 'tollgate/stores/valkey'
import { countersConformanceCases, type StoreHarness } from 'tollgate/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mayUseValkey } from '../servers/valkey.ts'
import { startValkeyBench, type ValkeyBench } from './harness.ts'

describe.skipIf(!mayUseValkey)('counters on a server of Valkey or Redis', () => {
  let bench: ValkeyBench
  beforeAll(async () => {
    bench = await startValkeyBench()
  })
  afterAll(() => bench.stop())

  const harness: StoreHarness<Counters> = {
    create: (clock) => bench.counters(clock),
    reopen: (closed, clock) => bench.again(closed as ValkeyCounters, clock),
  }
  for (const { name, run } of countersConformanceCases) test(name, () => expect(run(harness)).resolves.toBeUndefined())
})
