/** Every store against a naive model of money (`fixtures/money-model.ts`). */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, test } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { NOON } from '../../testing/paid-call.ts'
import { createStoreTime, type TimedStore } from '../../testing/timed-store.ts'
import { expectCoinsOfModel, type MoneyWorld } from './fixtures/money-model.ts'
import { createMemoryStore } from './memory.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createSqliteStore } from './sqlite.ts'

const directory = mkdtempSync(join(tmpdir(), 'tollgate-model-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
let files = 0

type Engine = new (path: string) => SqlDatabase
const require = createRequire(import.meta.url)
const ownEngine = (process as { getBuiltinModule?: (id: string) => unknown }).getBuiltinModule?.('node:sqlite') as { DatabaseSync: Engine } | undefined

/** A store that can lose what is not on disk: the next one opens a copy of the files as they lie there. */
function createSqliteWorld(Database: Engine) {
  return () => {
    let path = ''
    const time = createStoreTime(createManualClock(NOON))
    const open = (): TimedStore => time.over(createSqliteStore({ database: new Database(path), clock: time.clock, recordsMax: 20 }))
    const nextPath = (): string => join(directory, `${(files += 1)}.db`)
    path = nextPath()
    let store = open()
    return {
      store: () => store,
      async restart(crash: boolean) {
        if (!crash) await store.close()
        const from = path
        path = nextPath()
        for (const end of ['', '-wal']) if (existsSync(from + end)) copyFileSync(from + end, path + end)
        if (crash) await store.close()
        store = open()
      },
    }
  }
}

function createMemoryWorld() {
  const time = createStoreTime(createManualClock(NOON))
  const store = time.over(createMemoryStore({ clock: time.clock }))
  return { store: (): TimedStore => store, restart: undefined }
}

const worlds: readonly (readonly [name: string, create: () => MoneyWorld])[] = [
  ['memory', createMemoryWorld],
  ['SQLite (libsql)', createSqliteWorld(require('libsql') as Engine)],
  ...(ownEngine === undefined ? [] : [['SQLite (node:sqlite)', createSqliteWorld(ownEngine.DatabaseSync)] as const]),
]

describe.each(worlds)('a %s store', (_, create) => {
  test('keeps each coin where the naive model keeps it, and its ledger adds up', () => expectCoinsOfModel(create))
})
