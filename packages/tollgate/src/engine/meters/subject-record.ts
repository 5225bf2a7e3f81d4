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
  /** Where a state is numbers alone: its form in a packed record. */
  readonly packed?: PackedForm<S>
  /** Whether it still counts where time was set back to the instant. `periodEndsMs`: the ends of all periods that it lies in. Undefined: whatever the time. */
  countsAt?(state: S, atMs: number, periodEndsMs: ReadonlySet<number>): boolean
}

/** How a state lies among the numbers of a packed record. */
export interface PackedForm<S extends RecordState = RecordState> {
  /** What of the state is the meter's, and so the same for all subjects: a number. */
  shapeOf(state: S): number
  /** Puts the rest of it there; returns where the next one begins. */
  write(state: S, numbers: number[], at: number): number
  /** How many numbers lie there. */
  lengthAt(numbers: readonly number[], at: number): number
  read(name: string, shape: number, numbers: readonly number[], at: number): S
  /** As the codec's, of what lies there. */
  expiresAtMs(shape: number, numbers: readonly number[], at: number): number
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
  for (const state of record) if (state.name === name) return state
  return undefined
}

/** A new record with this state in the place of the one of the same name. */
export function withState(record: SubjectRecord, state: RecordState): SubjectRecord {
  for (let at = 0; at < record.length; at += 1) {
    if (record[at]?.name !== state.name) continue
    // By hand: `with` takes several times as long.
    const copy = record.slice()
    copy[at] = state
    return copy
  }
  // Not spread: an array that grows takes room for a dozen more.
  return record.concat([state])
}

export function withoutState(record: SubjectRecord, name: string): SubjectRecord {
  return record.filter((state) => state.name !== name)
}
