import { dirname, join, parse } from 'node:path'
import type { StoreConfig } from '../engine-config.ts'

/** Beside the database: `data/tollgate.db` has `data/tollgate.admin-token`. */
export function tokenFile(store: StoreConfig, configFile: string | undefined): string | undefined {
  const beside = store.kind === 'sqlite' ? store.file : configFile
  return beside && join(dirname(beside), `${parse(beside).name}.admin-token`)
}
