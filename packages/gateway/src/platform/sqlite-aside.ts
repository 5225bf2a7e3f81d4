/**
 * The database as a disk for a resident store, in a thread of its own: commits wait for the disk there, and nothing that is served waits with them.
 *
 * If that thread ends before it was told to, what it was writing may be there or not, and memory does not know: all fails from then on, and whoever opened it
 * is told, so that the process ends and the next one begins with what the file has.
 */
import { Worker } from 'node:worker_threads'
import { StoreUnavailableError } from 'tollgate/engine'
import { createRemoteDisk, createSqliteDisk, type Disk, type DiskReply, type SetBack } from 'tollgate/stores/sqlite'
import { openSqliteDatabase, type Migration, type SqliteEngine } from './sqlite-database.ts'

export type ThreadMessage =
  /** Its copy lies beside it by now. */
  | { readonly kind: 'migrating'; readonly change: Migration }
  | { readonly kind: 'opened' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'reply'; readonly reply: DiskReply }

export interface SqliteAsideOptions {
  readonly engine?: SqliteEngine
  readonly setBack?: SetBack | undefined
  readonly migrating: (change: Migration) => void
  /** The thread has ended by itself. */
  readonly died: (error: StoreUnavailableError) => void
  /** Its program. Default: the one beside this file; where the sources run as they are there can be none, and the database is opened in this thread. */
  readonly thread?: URL | undefined
}

/** Rejects with an Error whose message names the file and the mend. */
export function openSqliteAside(file: string, { engine, setBack, migrating, died, thread = ownThread() }: SqliteAsideOptions): Promise<Disk> {
  if (thread === undefined) return Promise.resolve(openHere(file, { engine, setBack, migrating }))
  return new Promise((resolve, reject) => {
    // What this process was started with (a debugger, conditions of imports) is not the thread's.
    const worker = new Worker(thread, { workerData: { file, engine, setBack }, execArgv: [] })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    const disk = createRemoteDisk((request) => worker.postMessage(request))
    let isOpen = false
    let isClosing = false

    function end(why: string): void {
      const error = new StoreUnavailableError(`the thread that writes the database ${file} has ended (${why}); what it was writing may be there or not`)
      disk.lose(error)
      if (!isOpen) reject(error)
      else if (!isClosing) died(error)
      isClosing = true
    }

    worker.on('message', (message: ThreadMessage) => {
      switch (message.kind) {
        case 'migrating':
          return migrating(message.change)
        case 'opened':
          isOpen = true
          return resolve({
            ...disk,
            close(displaced, told) {
              isClosing = true
              disk.close(displaced, told)
            },
          })
        case 'refused':
          reject(new Error(message.message))
          return void worker.terminate()
        case 'reply':
          return disk.receive(message.reply)
      }
    })
    worker.on('error', (error) => end(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => end(`exit ${code}`))
  })
}

function openHere(file: string, { engine, setBack, migrating }: { readonly engine: SqliteEngine | undefined; readonly setBack: SetBack | undefined; readonly migrating: (change: Migration) => void }): Disk {
  const database = openSqliteDatabase(file, { engine, migrating })
  try {
    return createSqliteDisk(database, setBack)
  } catch (error) {
    database.close()
    throw new Error(`the database ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function ownThread(): URL | undefined {
  return import.meta.url.endsWith('.ts') ? undefined : new URL('./sqlite-thread.js', import.meta.url)
}
