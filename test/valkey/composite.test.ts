/** The whole store, of counters on a real server and money in memory or in SQLite. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from 'tollgate/engine'
import { createCompositeStore } from 'tollgate/stores/composite'
import { createMemoryStore } from 'tollgate/stores/memory'
import type { Store } from 'tollgate/stores'
import { createSqliteStore } from 'tollgate/stores/sqlite'
import type { ValkeyCounters } from 'tollgate/stores/valkey'
import { storeConformanceCases, type StoreHarness } from 'tollgate/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSqliteDatabase } from '../../packages/gateway/src/platform/sqlite-database.ts'
import { createPostgresDatabase, type PostgresDatabase } from '../postgres/stores.ts'
import { isProving, storeCases } from '../runs.ts'
import { mayUseValkey } from '../servers/valkey.ts'
import { createFleet } from '../shared-store/fleet.ts'
import { startValkeyBench, type ValkeyBench } from './harness.ts'

/** Meters for which the cases reserve. */
const reserved = new Set(['tokens', 'audio', 'calls'])
const keptWithMoney = (meter: string): boolean => reserved.has(meter)
/** What it asks of a reopened store is kept by whoever wrote it: the time of counts is their server's. */
const TIME_CASE = 'the highest instant that a store has seen stays, when time goes back and when it is opened again'

describe.skipIf(!mayUseValkey)('a composite store', () => {
  let bench: ValkeyBench
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-composite-'))
  beforeAll(async () => {
    bench = await startValkeyBench()
  })
  afterAll(async () => {
    await bench.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  describe.runIf(isProving)('of a server of Valkey or Redis, and memory', () => {
    const harness: StoreHarness = { create: async (clock) => createCompositeStore({ counters: await bench.counters(clock), store: createMemoryStore({ clock }), keptWithMoney }) }
    for (const { name, run } of storeConformanceCases) test(name, () => expect(run(harness)).resolves.toBeUndefined())
  })

  describe.runIf(isProving)('of a server of Valkey or Redis, and Postgres, of two gateways that take turns', () => {
    const opened = new Map<Store, readonly ValkeyCounters[]>()
    let database: PostgresDatabase
    beforeAll(async () => {
      database = await createPostgresDatabase()
    })
    async function open(counters: readonly ValkeyCounters[], clock: Clock): Promise<Store> {
      const stores = await Promise.all(counters.map(async (each) => createCompositeStore({ counters: each, store: await database.open({ clock, datedBy: 'clock' }), keptWithMoney })))
      const fleet = createFleet(stores)
      opened.set(fleet, counters)
      return fleet
    }
    async function create(clock: Clock): Promise<Store> {
      await database.empty()
      const first = await bench.counters(clock)
      return open([first, await bench.again(first, clock)], clock)
    }
    const harness: StoreHarness = {
      create,
      reopen: async (closed, clock) => open(await Promise.all((opened.get(closed) ?? []).map((each) => bench.again(each, clock))), clock),
    }
    for (const { name, run } of storeConformanceCases) test(name, () => expect(run(name === TIME_CASE ? { create } : harness)).resolves.toBeUndefined())
  })

  describe('of a server of Valkey or Redis, and SQLite', () => {
    const opened = new Map<Store, { readonly counters: ValkeyCounters; readonly file: string }>()
    const open = (counters: ValkeyCounters, file: string, clock: Clock): Store => {
      const store = createCompositeStore({ counters, store: createSqliteStore({ database: openSqliteDatabase(file), clock }), keptWithMoney })
      opened.set(store, { counters, file })
      return store
    }
    const create = async (clock: Clock): Promise<Store> => open(await bench.counters(clock), join(folder, `${opened.size}.db`), clock)
    const harness: StoreHarness = {
      create,
      async reopen(closed, clock) {
        const { counters, file } = opened.get(closed) as { readonly counters: ValkeyCounters; readonly file: string }
        return open(await bench.again(counters, clock), file, clock)
      },
    }
    const cases = storeCases(storeConformanceCases)
    for (const { name, run } of cases) test(name, () => expect(run(name === TIME_CASE ? { create } : harness)).resolves.toBeUndefined())
  })
})
