/** What all parts of a store have in common: commands in, results out. */
import type { Awaitable } from './awaitable.ts'

/** An engine takes commands of its kinds. */
export interface Engine<C> {
  /**
   * Results in the order of the commands; `applyOne` gives them their types. At once where nothing has to be on disk before it is told; what fails always rejects.
   * A property, so that no engine is taken for one that knows more commands.
   */
  readonly apply: (commands: readonly C[]) => Awaitable<readonly unknown[]>
  /** Writes what is pending, then lets go of everything. */
  close(): Promise<void>
}
