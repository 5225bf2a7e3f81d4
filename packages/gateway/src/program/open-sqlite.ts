/** The store in a SQLite file of this machine, with what only a file has. */
import { closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from 'tollgate/engine'
import { createResidentStore, openingQuestion, type Disk, type DiskContents, type ResidentStore } from 'tollgate/stores/sqlite'
import type { Alerts } from '../platform/alerts.ts'
import { fileFault } from '../config/read/files.ts'
import type { OpenStore, OpenStoreOptions } from './opened-store.ts'
import { startDatabaseWalk } from './database-walk.ts'
import { watchDatabase, type DatabaseWatch } from './database-watch.ts'
import { silentLog } from '../platform/log.ts'
import { openSqliteAside } from '../platform/sqlite-aside.ts'
import type { Migration } from '../platform/sqlite-database.ts'

/** Rejects with an Error whose message names the file and the mend. */
export async function openSqlite(file: string, clock: Clock, alert: Alerts['raise'], { observer, log = silentLog, setBack, died, damaged, thread }: OpenStoreOptions): Promise<OpenStore> {
  makeDirectory(dirname(file))
  const beganMs = clock.monotonicMs()
  let migration: Migration | undefined
  const disk = await openSqliteAside(file, {
    setBack,
    thread,
    migrating(change) {
      migration = change
      log.info('the schema of the database is being changed; the copy is the database as it was', { database: file, ...change })
    },
    died(error) {
      alert({ kind: 'store', message: error.message })
      died?.(error)
    },
  })
  if (migration !== undefined) log.info('the schema of the database was changed', { database: file, ...migration, durationMs: Math.round(clock.monotonicMs() - beganMs) })
  let watched: DatabaseWatch | undefined
  const store = createResidentStore(disk, await contentsOf(disk, file), { clock, alert, observer, displaced: () => watched?.displaced() })
  return {
    store,
    backup: (to) => backUp(store, to),
    damage: store.damage,
    engines: [],
    watch() {
      const watch = watchDatabase({ file, clock, alert, renewLog: store.renewLog })
      watched = watch
      const stopWalk = startDatabaseWalk({ store, file, clock, alert, damaged })
      return () => {
        stopWalk()
        watch.stop()
      }
    },
  }
}

function contentsOf(disk: Disk, file: string): Promise<DiskContents> {
  return new Promise((resolve, reject) =>
    disk.ask(openingQuestion(), (outcome) => {
      if (outcome.kind === 'done') resolve(outcome.value)
      else disk.close(false, () => reject(new Error(`the database ${file}: ${outcome.error.message}`, { cause: outcome.error })))
    }),
  )
}

/** Made by us first, so that nobody else may read it; SQLite writes into a file that is empty. Never over a file that is there. */
async function backUp(store: ResidentStore, file: string): Promise<void> {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    throw new Error(`${file}: ${existsSync(dirname(file)) ? fileFault(error) : `there is no directory ${dirname(file)}; create it first`}`, { cause: error })
  }
  try {
    await store.backupTo(file)
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  }
}

/** The last directory of the path may be missing; if more is, it is a slip, and the opening says so. */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory)
  } catch {
    // It is there already, or the opening of the database will say what is wrong with it.
  }
}
