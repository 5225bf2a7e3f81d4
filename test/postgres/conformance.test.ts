/** What every store must keep, of several writers of one Postgres database, each command by the next of them; and of one alone. */
import { storeConformanceCases, type StoreHarness } from 'tollgate/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isProving } from '../runs.ts'
import { createPostgresDatabase, type PostgresDatabase } from './stores.ts'

let database: PostgresDatabase
beforeAll(async () => {
  database = await createPostgresDatabase()
})
afterAll(() => database.close())

describe.each(isProving ? [1, 3] : [2])('of %i writers', (writers) => {
  const harness: StoreHarness = {
    async create(clock) {
      await database.empty()
      return database.fleet(writers, clock)
    },
    reopen: (_closed, clock) => database.fleet(writers, clock),
  }

  for (const { name, run } of storeConformanceCases) test(name, () => expect(run(harness)).resolves.toBeUndefined())
})
