/** The thread that owns the database, for `sqlite-aside.ts`: it opens the file, does what it is asked, and ends when the file is closed. */
import { parentPort, workerData } from 'node:worker_threads'
import { createSqliteDisk, serveDisk, type DiskRequest, type SetBack } from 'tollgate/stores/sqlite'
import { openSqliteDatabase, type SqliteEngine } from './sqlite-database.ts'
import type { ThreadMessage } from './sqlite-aside.ts'

interface Input {
  readonly file: string
  readonly engine: SqliteEngine | undefined
  readonly setBack: SetBack | undefined
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const say = (message: ThreadMessage): void => parentPort?.postMessage(message)

try {
  const { file, engine, setBack } = workerData as Input
  const database = openSqliteDatabase(file, { engine, migrating: (change) => say({ kind: 'migrating', change }) })
  try {
    const serve = serveDisk(createSqliteDisk(database, setBack), (reply) => say({ kind: 'reply', reply }))
    parentPort?.on('message', (request: DiskRequest) => {
      serve(request)
      if (request.kind === 'close') parentPort?.close()
    })
    say({ kind: 'opened' })
  } catch (error) {
    database.close()
    throw new Error(`the database ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
} catch (error) {
  say({ kind: 'refused', message: error instanceof Error ? error.message : String(error) })
}
