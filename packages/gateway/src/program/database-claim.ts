/**
 * The name of a database file, owned by one process. SQLite's lock lies on the file itself: where that was deleted or replaced, a second process would
 * find nobody's lock under the same name. So the name is held too, as an abstract socket: the system lets go of it when the process ends, however it ends.
 */
import { realpathSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { codeOf } from '../platform/error-code.ts'
import { sha256Hex } from '../platform/secrets.ts'

/** Resolves to what lets go of it. Rejects with a sentence if another process has it. Does nothing where the system has no such sockets: only Linux has. */
export async function claimDatabase(file: string, platform: NodeJS.Platform = process.platform): Promise<() => void> {
  if (platform !== 'linux') return () => undefined
  const holder = createServer((socket) => socket.destroy())
  try {
    await once(holder.listen(`\0tollgate-database:${sha256Hex(nameOf(file))}`), 'listening')
  } catch (error) {
    const isTaken = codeOf(error) === 'EADDRINUSE'
    // A lock that the system does not give is no reason not to start: SQLite's own stands.
    if (!isTaken) return () => undefined
    throw new Error(`${file}: the database cannot be used: it is owned by another process; stop that one first`, { cause: error })
  }
  holder.unref()
  return () => void holder.close()
}

/** The same for every way to the file, which need not be there yet, nor its directory. */
function nameOf(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    const directory = dirname(file)
    return directory === file ? file : join(nameOf(directory), basename(file))
  }
}
