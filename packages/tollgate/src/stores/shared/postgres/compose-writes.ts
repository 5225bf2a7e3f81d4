/** What a group has decided, as statements: each table one of each kind, rows that are new in the order of their keys, as all insert them. */
import type { CallSlots } from '../../../engine/meters/slot-book.ts'
import { pruneRecord } from '../../../engine/meters/record-codec.ts'
import { emptyRecord } from '../../../engine/meters/subject-record.ts'
import { namedMovement } from '../../../engine/money/ledger.ts'
import { toRecordRow } from '../../record-text.ts'
import { toNameText } from '../document-group.ts'
import type { GroupWrites } from '../group-transaction.ts'
import { toLoggedRows, toLoggedValues } from './logged-values.ts'
import type { SqlQuery } from './sql-connection.ts'
import { leaseText, type StandingRows } from './standing-rows.ts'
import { writeStatements as write, type NumberedEntry, type WrittenSubject } from './write-statements.ts'

type Changed = GroupWrites['changed']
type TakenSlots = readonly (readonly [callId: string, slots: CallSlots])[]

/** Expiry is kept in steps of this: a column of an index that changed with each count would make each count write to the index. */
const EXPIRY_STEP_MS = 3_600_000
const EMPTY_TEXT = '[1]'

export function composeWrites(standing: StandingRows, writes: GroupWrites, nowMs: number): readonly SqlQuery[] {
  const { changed, logged } = writes
  const slots = [...changed.slots].flatMap(([callId, each]) => (each === undefined ? [] : [[callId, each] as const]))
  const owners = [...changed.owners]
  return [
    ...(mustLast(writes) ? [] : [write.unhurried]),
    ...callWrites(standing, changed),
    ...leaseWrites(standing, changed),
    ...of([...changed.slots.keys()].filter((callId) => standing.slots.has(callId)), write.deleteSlots),
    ...of(slots.toSorted(byText(([callId]) => callId)), write.insertSlots),
    ...subjectWrites(standing, changed, slots, nowMs),
    ...of(owners.toSorted(byText(([owner]) => owner)), write.putOwners),
    ...(logged.length > 0 ? [write.insertRequests(toLoggedValues(toLoggedRows(logged)))] : []),
    ...documentWrites(standing, writes),
    write.commit,
  ]
}

/** Counts and heartbeats may be forgotten by a crash of the server; nobody waits for its disk. */
function mustLast({ durable, changed: { calls, leases, ledger } }: GroupWrites): boolean {
  return durable || calls.size + leases.length + ledger.length > 0
}

function callWrites(standing: StandingRows, { calls }: Changed): readonly SqlQuery[] {
  const written = [...calls.values()].flatMap((call) => call ?? [])
  const [old, fresh] = parted(written, ({ id }) => standing.calls.has(id))
  return [
    // First what goes: another may have its scope by now.
    ...of([...calls].flatMap(([id, call]) => (call === undefined ? [id] : [])), write.deleteCalls),
    ...of(old, write.updateCalls),
    ...of(fresh.toSorted(byText(({ id }) => id)), write.insertCalls),
  ]
}

function leaseWrites(standing: StandingRows, { leases }: Changed): readonly SqlQuery[] {
  const written = leases.flatMap(({ lease, ...name }) => (lease === undefined ? [] : [{ ...name, lease }]))
  const [old, fresh] = parted(written, (lease) => standing.leases.has(leaseText(lease)))
  return [...of(leases.filter(({ lease }) => lease === undefined), write.deleteLeases), ...of(old, write.updateLeases), ...of(fresh.toSorted(byText(leaseText)), write.insertLeases)]
}

function subjectWrites(standing: StandingRows, { records, ledger }: Changed, slots: TakenSlots, nowMs: number): readonly SqlQuery[] {
  const numbers = new Map<string, number>()
  const numberOf = (subject: string): number => numbers.get(subject) ?? standing.subjects.get(subject)?.number ?? 0
  const entries = ledger.map((entry): NumberedEntry => {
    const number = numberOf(entry.subject) + 1
    numbers.set(entry.subject, number)
    return { number, entry, json: JSON.stringify(entry) }
  })
  // Whoever takes a slot holds the row of its subject, so that no two of them count the same free one. A row that nobody had yet is made.
  const rowless = slots.flatMap(([, { taken }]) => taken.map(({ subject }) => subject)).filter((subject) => standing.subjects.has(subject) && standing.subjects.get(subject) === undefined)
  const subjects = [...new Set([...records.keys(), ...numbers.keys(), ...rowless])].map((subject): WrittenSubject => {
    const record = pruneRecord(records.get(subject) ?? standing.subjects.get(subject)?.record ?? emptyRecord, nowMs)
    const [, text = EMPTY_TEXT, expiresMs, dueMs] = toRecordRow(subject, record)
    const number = numberOf(subject)
    // The number of its last row of the ledger is kept for ever.
    const mayGo = number === 0 && Number.isFinite(expiresMs)
    return { subject, record: text, number, dueMs: dueMs ?? undefined, expiresMs: mayGo ? stepAfter(Math.max(expiresMs, nowMs)) : undefined }
  })
  const [old, fresh] = parted(subjects, ({ subject }) => standing.subjects.get(subject) !== undefined)
  return [
    ...of(old, write.updateSubjects),
    ...of(fresh.toSorted(byText(({ subject }) => subject)), write.insertSubjects),
    ...of(entries, write.insertLedger),
    ...of(entries.filter(({ entry }) => namedMovement(entry) !== undefined), write.insertMovements),
  ]
}

function documentWrites(standing: StandingRows, { documents, feed }: GroupWrites): readonly SqlQuery[] {
  const [old, fresh] = parted(documents, (document) => standing.documents.has(toNameText(document)))
  const [kept, gone] = parted(old, ({ json }) => json !== undefined)
  return [
    ...of(gone, write.deleteDocuments),
    ...of(kept, write.updateDocuments),
    ...of(fresh.filter(({ json }) => json !== undefined).toSorted(byText(toNameText)), write.insertDocuments),
    ...(feed.length > 0 ? [write.countChanges(feed.length), write.insertChanges(feed)] : []),
  ]
}

const of = <T>(rows: readonly T[], statement: (rows: readonly T[]) => SqlQuery): readonly SqlQuery[] => (rows.length === 0 ? [] : [statement(rows)])

const stepAfter = (ms: number): number => (Math.floor(ms / EXPIRY_STEP_MS) + 1) * EXPIRY_STEP_MS

function byText<T>(textOf: (row: T) => string): (a: T, b: T) => number {
  return (a, b) => (textOf(a) < textOf(b) ? -1 : 1)
}

function parted<T>(rows: readonly T[], isFirst: (row: T) => boolean): readonly [first: readonly T[], second: readonly T[]] {
  return [rows.filter(isFirst), rows.filter((row) => !isFirst(row))]
}
