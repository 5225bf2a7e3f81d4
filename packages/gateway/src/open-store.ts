/** The store that the configuration asks for, with what only some stores can do. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock, Store } from 'tollgate/admission'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createSqliteStore } from 'tollgate/stores/sqlite'
import type { StoreConfig } from './config/gateway-config.ts'
import { openSqliteDatabase } from './sqlite-database.ts'

export interface OpenStore {
  readonly store: Store
  /** Undefined where the store has no file. */
  readonly backup: ((file: string) => Promise<void>) | undefined
}

/** Throws an Error whose message names the file and the mend. */
export function openStore(config: StoreConfig, clock: Clock, alert: (event: { readonly kind: string; readonly message: string }) => void): OpenStore {
  if (config.kind === 'memory') return { store: createMemoryStore(), backup: undefined }
  makeDirectory(dirname(config.file))
  const database = openSqliteDatabase(config.file)
  try {
    const store = createSqliteStore({ database, clock, alert })
    return { store, backup: (file) => store.backupTo(file) }
  } catch (error) {
    database.close()
    throw new Error(`the database ${config.file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
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
