/** Two stores over one Postgres database that take turns, against the naive models of counting and of money. */
import type { Store } from 'tollgate/stores'
import { createManualClock } from 'tollgate/testing'
import type { Clock } from 'tollgate/engine'
import { afterAll, beforeAll, test } from 'vitest'
import { expectCountsOfModel, expectNeverOver } from '../../packages/tollgate/src/stores/resident/fixtures/count-model.ts'
import { expectCoinsOfModel, type MoneyWorld } from '../../packages/tollgate/src/stores/resident/fixtures/money-model.ts'
import { NOON } from '../../packages/tollgate/src/testing/paid-call.ts'
import { createStoreTime } from '../../packages/tollgate/src/testing/timed-store.ts'
import { isProving } from '../runs.ts'
import { createPostgresDatabase, type PostgresDatabase } from './stores.ts'

/** Each is some hundred transactions on a disk. */
const examples = { numRuns: isProving ? 300 : 3 }

let database: PostgresDatabase
beforeAll(async () => {
  database = await createPostgresDatabase()
})
afterAll(() => database.close())

async function empty(clock: Clock): Promise<Store> {
  await database.empty()
  return database.fleet(2, clock)
}

test('count and decide as the naive model does', () => expectCountsOfModel(empty, examples))

test('never admit more than the limit, however admissions, refusals and returns interleave', () => expectNeverOver(empty, examples))

test('keep each coin where the naive model keeps it, and the ledger adds up', () => expectCoinsOfModel(createWorld, examples))

async function createWorld(): Promise<MoneyWorld> {
  const time = createStoreTime(createManualClock(NOON))
  const store = time.over(await empty(time.clock))
  // Of a restart nothing is lost, slots neither, which the model forgets.
  return { store: () => store, restart: undefined }
}
