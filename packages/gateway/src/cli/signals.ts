/**
 * The signals of the process, from its first moment on. Without a handler each of them ends it at once, and between the start of the process and that of
 * the gateway lies the loading of the program and the opening of the database: long enough for a process manager to send one.
 */
import type { EventEmitter } from 'node:events'
import type { CliIo } from './cli-io.ts'

const names = ['SIGHUP', 'SIGTERM', 'SIGINT'] as const
type Signal = (typeof names)[number]

/** Keeps what comes before anybody listens, and hands it on; from then on a signal without a listener is nothing, since the end is near. */
export function holdSignals(process: Pick<EventEmitter, 'on'>, exit: (code: number) => void): CliIo['onSignal'] {
  const listeners = new Map<Signal, () => void>()
  const early = new Set<Signal>()

  for (const name of names) {
    process.on(name, () => {
      const run = listeners.get(name)
      if (run !== undefined) run()
      // Who asks twice for the end wants it now.
      else if (name !== 'SIGHUP' && early.has(name)) exit(1)
      else early.add(name)
    })
  }
  return (name, run) => {
    listeners.set(name, run)
    if (early.delete(name)) run()
    return () => void listeners.delete(name)
  }
}
