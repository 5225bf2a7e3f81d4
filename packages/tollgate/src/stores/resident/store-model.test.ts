/** Every resident store against a naive model of counting. */
import { createRequire } from 'node:module'
import { describe, test } from 'vitest'
import type { Clock } from '../../engine/clock.ts'
import type { Store } from '../store.ts'
import { expectCountsOfModel, expectNeverOver } from './fixtures/count-model.ts'
import { createMemoryStore } from './memory.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createSqliteStore } from './sqlite.ts'

const require = createRequire(import.meta.url)
const Database = require('libsql') as new (path: string) => SqlDatabase

/** Four subjects in a cache of two: records are read again all the time. */
const stores: readonly (readonly [name: string, create: (clock: Clock) => Store])[] = [
  ['memory', (clock) => createMemoryStore({ clock })],
  ['SQLite', (clock) => createSqliteStore({ database: new Database(':memory:'), clock, recordsMax: 2 })],
]

describe.each(stores)('a %s store', (_, create) => {
  test('counts and decides as the naive model does', () => expectCountsOfModel(create))

  test('never admits more than the limit, however admissions, refusals and returns interleave', () => expectNeverOver(create))
})
