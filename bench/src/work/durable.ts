/** Admissions that are on disk before they are answered: SQLite, WAL, synchronous=FULL, four meters and a debit in one record per account. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSystemClock } from '@tollgate/gateway'
import { applyOne } from 'tollgate/stores'
import { createSqliteStore, prepareSqliteDatabase, type SqlDatabase } from 'tollgate/stores/sqlite'
import { createSubjects, createTaking } from './meters.ts'
import { createVisits, type CreateWork } from './work.ts'

export interface DurableOptions {
  readonly accounts: number
  /** Admissions that ask in the same turn. */
  readonly group: number
}

/** Of `PRAGMA synchronous`: each commit is on disk before it returns. */
const FULL = 2

/** Never used up. */
const MUCH = 1_000_000_000

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
    await Promise.all([...subjects, 'other'].map((subject) => applyOne(store, { kind: 'grant', subject, name: 'credit', scale: 2, grantId: 'g', units: MUCH, reason: 'bench' })))
    let debits = 0
    /** Both in one command list: one group, one record. */
    const admit = async (subject: string): Promise<void> => {
      const [{ admitted }, { debited }] = await Promise.all([
        applyOne(store, { kind: 'admit', takes: takesOf(subject), durable: true }),
        applyOne(store, { kind: 'debit', subject, name: 'credit', scale: 2, debitId: `d${(debits += 1)}`, units: 5, reason: 'bench' }),
      ])
      if (!admitted || !debited) throw new Error('refused')
    }
    return {
      async check() {
        await admit('other')
        const { synchronous } = database.prepare('PRAGMA synchronous').get() as { readonly synchronous: number }
        if (synchronous !== FULL) throw new Error(`synchronous is ${synchronous}: nothing here would be durable`)
        if (database.prepare('SELECT 1 FROM subjects WHERE subject = ?').get('other') === undefined) throw new Error('an admission was answered that is not in the file')
      },
      async batch() {
        let done = 0
        while (done < Math.max(group, BATCH_MIN)) {
          await Promise.all(Array.from({ length: group }, () => admit(subjects[next()] ?? '')))
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

/** About what the store writes of an account with these meters. */
const RECORD_BYTES = 160

/** What the disk and its driver allow: one record of the same size for each admission, in the same groups, and nothing decided. */
export function createBareWrites(accounts: number, group: number): CreateWork {
  return async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tollgate-bench-'))
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
    const database = openDatabase(join(directory, 'bare.db'))
    prepareSqliteDatabase(database)
    database.exec('CREATE TABLE bare (subject TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID')
    const write = database.prepare('INSERT INTO bare VALUES (?, ?) ON CONFLICT DO UPDATE SET record = excluded.record')
    const subjects = createSubjects(accounts)
    const next = createVisits(accounts)
    let written = 0
    return {
      async check() {
        const { synchronous } = database.prepare('PRAGMA synchronous').get() as { readonly synchronous: number }
        if (synchronous !== FULL) throw new Error(`synchronous is ${synchronous}: nothing here would be durable`)
      },
      async batch() {
        database.exec('BEGIN IMMEDIATE')
        for (let count = 0; count < group; count += 1) write.run(subjects[next()] ?? '', String((written += 1)).padEnd(RECORD_BYTES, '.'))
        database.exec('COMMIT')
        return group
      },
      async close() {
        database.close()
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
