/** All processes of a server: Postgres has one for each connection, and a pause of its first one alone stops nobody. */
import { readdirSync, readFileSync } from 'node:fs'

/** It and its children. */
export function processesOf(pid: number): readonly number[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
  return [pid, ...children.map(Number)]
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^\d+ \(.*\) \S+ (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1])
  } catch {
    // It has ended meanwhile.
    return undefined
  }
}

/** As a machine stands still whose network goes on: connections stay, and nobody answers. */
export function pause(pid: number): () => void {
  const stopped = processesOf(pid)
  for (const each of stopped) process.kill(each, 'SIGSTOP')
  return () => {
    for (const each of stopped) {
      try {
        process.kill(each, 'SIGCONT')
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}
