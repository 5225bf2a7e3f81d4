/** A SQLite database of a size, with a balance for each account. */
import { createSystemClock } from '@tollgate/gateway'
import { createSqliteStore } from 'tollgate/stores/sqlite'
import { fillDatabase, openDatabase, type Size } from '../../size/fill.ts'
import { beginAccount } from './begin-account.ts'

export async function fillSqlite(file: string, size: Size): Promise<void> {
  fillDatabase(file, size)
  const store = createSqliteStore({ database: openDatabase(file), clock: createSystemClock() })
  const subject = await beginAccount(store)
  await store.close()
  const database = openDatabase(file)
  database
    .prepare("INSERT OR IGNORE INTO subjects (subject, record, expires_ms, due_ms) SELECT 'account:account_' || value, record, expires_ms, due_ms FROM generate_series(?, ?), (SELECT record, expires_ms, due_ms FROM subjects WHERE subject = ?)")
    .run(0, size.accounts - 1, subject)
  database.close()
}
