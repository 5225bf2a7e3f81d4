/** A disk that keeps what was committed and forgets the rest, as a real one does when the process dies: a SQLite database in memory, for one process after the other. */
import { createRequire } from 'node:module'
import type { SqlDatabase } from 'tollgate/stores/sqlite'
import type { Life } from './life.ts'

export interface SimulatedDisk {
  /** For the next process. The one before is dead, or has closed it. */
  open(life: Life): SqlDatabase
  /** What the process that died has begun and not committed never was. */
  forget(): void
  close(): void
}

export interface DiskFaults {
  /** A disk that lies: of so many commits only the last one is kept. Default: 1. */
  readonly keepsEvery?: number
}

type Engine = new (path: string) => SqlDatabase

export function createSimulatedDisk({ keepsEvery = 1 }: DiskFaults = {}): SimulatedDisk {
  const database = new (loadEngine())(':memory:')
  let commits = 0
  let isOpen = false

  /** One that lies leaves its transaction open, and says that it is done. */
  function exec(sql: string): unknown {
    if (sql === 'BEGIN IMMEDIATE' && isOpen) return undefined
    if (sql === 'BEGIN IMMEDIATE') isOpen = true
    if (sql === 'COMMIT') {
      commits += 1
      if (commits % keepsEvery !== 0) return undefined
      isOpen = false
    }
    if (sql === 'ROLLBACK') isOpen = false
    return database.exec(sql)
  }

  return {
    open(life) {
      // Of a process that has closed it in order, also one that lies keeps all.
      if (isOpen) database.exec('COMMIT')
      isOpen = false
      return {
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
      }
    },
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
