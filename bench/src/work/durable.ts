/** Admissions that are on disk before they are answered: SQLite, WAL, synchronous=FULL, four meters in one record per account. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSystemClock } from '@tollgate/gateway'
import type { Take } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import { createSqliteStore, type SqlDatabase } from 'tollgate/stores/sqlite'
import { createSubjects, createTaking } from './meters.ts'
import { createVisits, type CreateWork } from './work.ts'

export interface DurableOptions {
  readonly accounts: number
  /** Admissions that ask in the same turn. */
  readonly group: number
}

/** Of `PRAGMA synchronous`: each commit is on disk before it returns. */
const FULL = 2

/** A batch must not outlast a round by much when each admission is a commit of its own. */
const BATCH_MIN = 16

export function createDurableAdmissions({ accounts, group }: DurableOptions): CreateWork {
  return async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tollgate-bench-'))
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
    const clock = createSystemClock()
    const database = openDatabase(join(directory, 'tollgate.db'))
    const store = createSqliteStore({ database, clock })
    const takesOf = createTaking()
    const subjects = createSubjects(accounts)
    const next = createVisits(accounts)
    const admit = async (takes: readonly Take[]): Promise<void> => {
      const { admitted } = await applyOne(store, { kind: 'admit', takes, durable: true })
      if (!admitted) throw new Error('refused')
    }
    return {
      async check() {
        await admit(takesOf('other'))
        const { synchronous } = database.prepare('PRAGMA synchronous').get() as { readonly synchronous: number }
        if (synchronous !== FULL) throw new Error(`synchronous is ${synchronous}: nothing here would be durable`)
        if (database.prepare('SELECT 1 FROM subjects WHERE subject = ?').get('other') === undefined) throw new Error('an admission was answered that is not in the file')
      },
      async batch() {
        let done = 0
        while (done < Math.max(group, BATCH_MIN)) {
          await Promise.all(Array.from({ length: group }, () => admit(takesOf(subjects[next()] ?? ''))))
          done += group
        }
        return done
      },
      async close() {
        await store.close()
        rmSync(directory, { recursive: true, force: true })
      },
    }
  }
}

/** The engine that the gateway takes: Node's own where there is one, otherwise libsql. */
export function openDatabase(file: string): SqlDatabase {
  const { getBuiltinModule } = process as { readonly getBuiltinModule?: (id: string) => unknown }
  const own = getBuiltinModule?.call(process, 'node:sqlite') as { readonly DatabaseSync: new (path: string) => SqlDatabase } | undefined
  const Database = own?.DatabaseSync ?? (createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase)
  return new Database(file)
}
