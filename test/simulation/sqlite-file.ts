/** A SQLite database in memory as a disk: what the product writes is SQL here too, and a process can die between two statements of a transaction. */
import { createRequire } from 'node:module'
import { createSqliteDisk, type SqlDatabase } from 'tollgate/stores/sqlite'
import type { SimulatedDisk } from './disk.ts'

type Engine = new (path: string) => SqlDatabase

export function createSqliteFile(): SimulatedDisk {
  const database = new (loadEngine())(':memory:')
  let isOpen = false

  function exec(sql: string): unknown {
    if (sql === 'BEGIN IMMEDIATE') isOpen = true
    if (sql === 'COMMIT' || sql === 'ROLLBACK') isOpen = false
    return database.exec(sql)
  }

  return {
    open: (life) =>
      createSqliteDisk({
        exec(sql) {
          life.reach(`disk: ${sql}`)
          const done = exec(sql)
          if (sql === 'COMMIT') life.reach('disk: told')
          return done
        },
        prepare(sql) {
          life.assertAlive()
          const statement = database.prepare(sql)
          return {
            run: (...values) => (life.assertAlive(), statement.run(...values)),
            get: (...values) => (life.assertAlive(), statement.get(...values)),
            all: (...values) => (life.assertAlive(), statement.all(...values)),
          }
        },
        close: () => undefined,
      }),
    forget() {
      if (isOpen) exec('ROLLBACK')
    },
    close: () => void database.close(),
  }
}

function loadEngine(): Engine {
  const { getBuiltinModule } = process as { readonly getBuiltinModule?: (id: string) => unknown }
  const own = getBuiltinModule?.call(process, 'node:sqlite') as { readonly DatabaseSync: Engine } | undefined
  return own?.DatabaseSync ?? (createRequire(import.meta.url)('libsql') as Engine)
}
