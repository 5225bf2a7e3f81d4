/** What all parts of a store have in common: commands in, results out. */
export interface Engine<C> {
  /** Results in the order of the commands; `applyOne` gives them their types. A property, so that no engine is taken for one that knows more commands. */
  readonly apply: (commands: readonly C[]) => Promise<readonly unknown[]>
  /** Writes what is pending, then lets go of everything. */
  close(): Promise<void>
}
