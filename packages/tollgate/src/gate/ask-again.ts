/** What is asked a second time, since the store could not say what became of the first time. */
import { StoreUnavailableError } from '../engine/store-error.ts'
import type { Engine } from '../engine/engine.ts'
import { applyOne, type Command, type ResultOf } from '../stores/store.ts'

/**
 * For commands that have a name, of which the same again is done once: admissions of a call, claims, dispatches, settlements, and what a service asks about
 * its call and its leases. Asked once more at most. If that
 * fails too, nobody knows what the first has done, whatever is known of the second.
 */
export async function applyNamed<C extends Command>(engine: Pick<Engine<C>, 'apply'>, command: C): Promise<ResultOf[C['kind']]> {
  try {
    return await applyOne(engine, command)
  } catch (error) {
    if (!mayHaveHappened(error)) throw error
    return applyOne(engine, command).catch(() => Promise.reject(error))
  }
}

export function mayHaveHappened(error: unknown): boolean {
  return error instanceof StoreUnavailableError && error.applied === 'unknown'
}
