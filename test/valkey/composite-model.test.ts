/** Two composite stores that take turns, each with its own connections to one server of Valkey or Redis and one of Postgres, against the naive models of counting and of money. */
import { createCompositeStore } from 'tollgate/stores/composite'
import type { Store } from 'tollgate/stores'
import type { Clock } from 'tollgate/engine'
import { createManualClock } from 'tollgate/testing'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { expectCountsOfModel, expectNeverOver } from '../../packages/tollgate/src/stores/resident/fixtures/count-model.ts'
import { expectCoinsOfModel } from '../../packages/tollgate/src/stores/resident/fixtures/money-model.ts'
import { NOON } from '../../packages/tollgate/src/testing/paid-call.ts'
import { createStoreTime } from '../../packages/tollgate/src/testing/timed-store.ts'
import { createPostgresDatabase, type PostgresDatabase } from '../postgres/stores.ts'
import { isProving } from '../runs.ts'
import { mayUseValkey } from '../servers/valkey.ts'
import { createFleet } from '../shared-store/fleet.ts'
import { startValkeyBench, type ValkeyBench } from './harness.ts'

/** Each is some hundred transactions. */
const examples = { numRuns: isProving ? 300 : 3 }

describe.skipIf(!mayUseValkey)('two composite stores', () => {
  let bench: ValkeyBench
  let database: PostgresDatabase
  beforeAll(async () => {
    bench = await startValkeyBench()
    database = await createPostgresDatabase()
  })
  afterAll(async () => {
    await bench.stop()
    await database.close()
  })

  async function empty(clock: Clock): Promise<Store> {
    await database.empty()
    const first = await bench.countersOnOneWire(clock)
    const both = [first, await bench.againOnOneWire(first, clock)]
    return createFleet(await Promise.all(both.map(async (counters) => createCompositeStore({ counters, store: await database.open({ clock, datedBy: 'clock' }) }))))
  }

  test('count and decide as the naive model does', () => expectCountsOfModel(empty, examples))

  test('never admit more than the limit, however admissions, refusals and returns interleave', () => expectNeverOver(empty, examples))

  test('keep each coin where the naive model keeps it, with slots beside it, and the ledger adds up', () =>
    expectCoinsOfModel(async () => {
      const time = createStoreTime(createManualClock(NOON))
      const store = time.over(await empty(time.clock))
      return { store: () => store, restart: undefined }
    }, examples))
})
