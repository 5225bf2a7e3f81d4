/**
 * All counters of one subject, kept together: one look-up and one row, however many meters an account has.
 *
 * A meter whose kind changed under its name (a window that became a quota) starts afresh: the configuration refuses such a change without a
 * named migration, so a state of another kind can only be a leftover.
 */

/** What one meter keeps for a subject. Only its codec knows more of it. */
export interface RecordState {
  readonly kind: string
  readonly name: string
}

/** All counters, money and leases of one subject. */
export type SubjectRecord = readonly RecordState[]

/** Of a subject for which nothing counts. */
export const emptyRecord: SubjectRecord = []

/** How states of one kind are kept, and how long they say something. All functions are pure. */
export interface StateCodec<S extends RecordState = RecordState> {
  readonly kind: S['kind']
  /** The state without name and kind, for the record. */
  toFields(state: S): readonly (string | number)[]
  /** Undefined when the fields are no state of this kind. */
  fromFields(name: string, fields: readonly (string | number)[]): S | undefined
  /** From when on the state says nothing any more. */
  expiresAtMs(state: S): number
  /** When time alone changes it, if it does. */
  dueMs?(state: S): number | undefined
  /** Whether it still counts where time was set back to the instant. `periodEndsMs`: the ends of all periods that it lies in. Undefined: whatever the time. */
  countsAt?(state: S, atMs: number, periodEndsMs: ReadonlySet<number>): boolean
}

/** The state of this name, if it is of the codec's kind. */
export function stateIn<S extends RecordState>(record: SubjectRecord, name: string, codec: StateCodec<S>): S | undefined {
  const state = findState(record, name)
  return state !== undefined && isOf(state, codec) ? state : undefined
}

/** All states of the codec's kind. */
export function statesIn<S extends RecordState>(record: SubjectRecord, codec: StateCodec<S>): readonly S[] {
  return record.filter((state): state is S => isOf(state, codec))
}

function isOf<S extends RecordState>(state: RecordState, { kind }: StateCodec<S>): state is S {
  return state.kind === kind
}

export function findState(record: SubjectRecord, name: string): RecordState | undefined {
  return record.find((candidate) => candidate.name === name)
}

/** A new record with this state in the place of the one of the same name. */
export function withState(record: SubjectRecord, state: RecordState): SubjectRecord {
  const at = record.findIndex((candidate) => candidate.name === state.name)
  // Not spread: an array that grows takes room for a dozen more.
  return at === -1 ? record.concat([state]) : record.with(at, state)
}

export function withoutState(record: SubjectRecord, name: string): SubjectRecord {
  return record.filter((state) => state.name !== name)
}
