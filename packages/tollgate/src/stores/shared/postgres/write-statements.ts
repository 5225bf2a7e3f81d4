/** What a group writes: each table with one statement, of as many rows as there are. Rows of one table in the order of their keys. */
import type { CallRecord } from '../../../engine/calls/call-record.ts'
import type { ChangedLease } from '../../../engine/group-changes.ts'
import { furtherFootprint } from '../../../engine/footprint.ts'
import type { CallSlots } from '../../../engine/meters/slot-book.ts'
import { namedMovement, type LedgerEntry } from '../../../engine/money/ledger.ts'
import { callDueMs, leaseDueMs } from '../../../engine/state.ts'
import { LOGGED_VALUES, type LoggedValues } from '../../logged-row.ts'
import type { DocumentName, WrittenDocument } from '../group-transaction.ts'
import type { SqlQuery } from './sql-connection.ts'

export interface WrittenSubject {
  readonly subject: string
  readonly record: string
  /** Of the last row of its ledger. */
  readonly number: number
  readonly dueMs: number | undefined
  /** Rounded up, so that it changes rarely; undefined: it stays. */
  readonly expiresMs: number | undefined
}

export interface NumberedEntry {
  readonly number: number
  readonly entry: LedgerEntry
}

type Columns<T> = readonly (readonly [name: string, type: 'text' | 'text[]' | 'bigint' | 'integer', of: (row: T) => unknown])[]

const listOf = <T>(columns: Columns<T>): string => columns.map(([name]) => name).join(', ')
/** Rows as one JSON text: arrays for each column take several times as long to write. */
const recordset = <T>(columns: Columns<T>): string => `json_to_recordset($1::json) as d(${columns.map(([name, type]) => `${name} ${type}`).join(', ')})`

function toJson<T>(columns: Columns<T>, rows: readonly T[]): string {
  const objects = rows.map((row) => {
    const object: { [name: string]: unknown } = {}
    // Undefined is left out, and read as null.
    for (const [name, , of] of columns) object[name] = of(row)
    return object
  })
  return JSON.stringify(objects)
}

/** Fails where one is there already. */
function insert<T>(table: string, columns: Columns<T>, rows: readonly T[], otherwise = ''): SqlQuery {
  return { name: `tollgate_insert_${table}`, text: `insert into tollgate.${table} (${listOf(columns)}) select ${listOf(columns)} from ${recordset(columns)} ${otherwise}`, values: [toJson(columns, rows)] }
}

/** Of rows that are locked. The first `keys` columns say which. */
function update<T>(table: string, columns: Columns<T>, keys: number, rows: readonly T[]): SqlQuery {
  const set = columns.slice(keys).map(([name]) => `${name} = d.${name}`).join(', ')
  const where = columns.slice(0, keys).map(([name]) => `t.${name} = d.${name}`).join(' and ')
  return { name: `tollgate_update_${table}`, text: `update tollgate.${table} t set ${set} from ${recordset(columns)} where ${where}`, values: [toJson(columns, rows)] }
}

const subjects: Columns<WrittenSubject> = [
  ['subject', 'text', ({ subject }) => subject], ['record', 'text', ({ record }) => record], ['number', 'bigint', ({ number }) => number],
  ['due_ms', 'bigint', ({ dueMs }) => dueMs], ['expires_ms', 'bigint', ({ expiresMs }) => expiresMs],
]

const calls: Columns<CallRecord> = [
  ['id', 'text', ({ id }) => id], ['scope', 'text', ({ claim }) => claim?.scope], ['account', 'text', ({ accountId }) => accountId], ['subjects', 'text[]', subjectsOf],
  ['state', 'text', ({ state }) => state], ['created_ms', 'bigint', ({ createdAtMs }) => createdAtMs], ['due_ms', 'bigint', callDueMs], ['kept_until_ms', 'bigint', ({ ended }) => ended?.keptUntilMs],
  ['json', 'text', (call) => JSON.stringify(call)],
]

type LivingLease = ChangedLease & { readonly lease: NonNullable<ChangedLease['lease']> }

const leases: Columns<LivingLease> = [
  ['api', 'text', ({ api }) => api], ['id', 'text', ({ id }) => id], ['account', 'text', ({ accountId }) => accountId], ['state', 'text', ({ lease }) => lease.state],
  ['created_ms', 'bigint', ({ lease }) => lease.createdAtMs], ['due_ms', 'bigint', ({ lease }) => leaseDueMs(lease)], ['ended_ms', 'bigint', ({ lease }) => lease.endedAtMs], ['json', 'text', ({ lease }) => JSON.stringify(lease)],
]

interface SlotRow {
  readonly callId: string
  readonly place: number
  readonly slots: CallSlots
}

const slots: Columns<SlotRow> = [
  ['call_id', 'text', ({ callId }) => callId], ['place', 'integer', ({ place }) => place],
  ['subject', 'text', ({ slots: { taken }, place }) => taken[place]?.subject], ['name', 'text', ({ slots: { taken }, place }) => taken[place]?.name], ['quantity', 'bigint', ({ slots: { taken }, place }) => taken[place]?.quantity],
  ['owner', 'text', ({ slots: { owner } }) => owner], ['deadline_ms', 'bigint', ({ slots: { deadlineMs } }) => deadlineMs],
  ['admissions', 'text', ({ slots: { admissions }, place }) => (place === 0 && admissions.length > 0 ? JSON.stringify(admissions) : undefined)],
]

const owners: Columns<readonly [owner: string, untilMs: number]> = [['owner', 'text', ([owner]) => owner], ['until_ms', 'bigint', ([, untilMs]) => untilMs]]

const ledger: Columns<NumberedEntry> = [
  ['subject', 'text', ({ entry }) => entry.subject], ['number', 'bigint', ({ number }) => number], ['at_ms', 'bigint', ({ entry }) => entry.atMs], ['name', 'text', ({ entry }) => entry.name],
  ['call_id', 'text', ({ entry }) => entry.callId], ['json', 'text', ({ entry }) => JSON.stringify(entry)],
]

const movements: Columns<LedgerEntry> = [
  ['subject', 'text', ({ subject }) => subject], ['name', 'text', ({ name }) => name], ['kind', 'text', ({ kind }) => kind], ['id', 'text', (entry) => namedMovement(entry)?.id], ['json', 'text', (entry) => JSON.stringify(entry)],
]

const documents: Columns<WrittenDocument> = [
  ['collection', 'text', ({ collection }) => collection], ['id', 'text', ({ id }) => id], ['parent', 'text', ({ parent }) => parent], ['version', 'bigint', ({ version }) => version], ['json', 'text', ({ json }) => json],
]

export const writeStatements = {
  commit: { name: 'tollgate_commit', text: 'commit' },
  /** Whoever is told of it may see it forgotten by a crash of the server, some tenths of a second at most. */
  unhurried: { name: 'tollgate_unhurried', text: 'set local synchronous_commit = off' },
  insertSubjects: (rows: readonly WrittenSubject[]) => insert('subjects', subjects, rows),
  updateSubjects: (rows: readonly WrittenSubject[]) => update('subjects', subjects, 1, rows),
  deleteCalls: (ids: readonly string[]): SqlQuery => ({ name: 'tollgate_delete_calls', text: 'delete from tollgate.calls where id = any($1::text[])', values: [ids] }),
  insertCalls: (rows: readonly CallRecord[]) => insert('calls', calls, rows),
  updateCalls: (rows: readonly CallRecord[]) => update('calls', calls, 1, rows),
  deleteLeases: (names: readonly Pick<ChangedLease, 'api' | 'id'>[]): SqlQuery => ({
    name: 'tollgate_delete_leases',
    text: 'delete from tollgate.leases where (api, id) in (select * from unnest($1::text[], $2::text[]))',
    values: [names.map(({ api }) => api), names.map(({ id }) => id)],
  }),
  insertLeases: (rows: readonly LivingLease[]) => insert('leases', leases, rows),
  updateLeases: (rows: readonly LivingLease[]) => update('leases', leases, 2, rows),
  deleteSlots: (callIds: readonly string[]): SqlQuery => ({ name: 'tollgate_delete_slots', text: 'delete from tollgate.slots where call_id = any($1::text[])', values: [callIds] }),
  insertSlots: (taken: readonly (readonly [callId: string, slots: CallSlots])[]) => insert('slots', slots, taken.flatMap(([callId, each]) => each.taken.map((_, place) => ({ callId, place, slots: each })))),
  putOwners: (rows: readonly (readonly [owner: string, untilMs: number])[]) => insert('owners', owners, rows, 'on conflict (owner) do update set until_ms = excluded.until_ms'),
  insertLedger: (rows: readonly NumberedEntry[]) => insert('ledger_new', ledger, rows),
  insertMovements: (rows: readonly LedgerEntry[]) => insert('movements', movements, rows),
  deleteDocuments: (names: readonly DocumentName[]): SqlQuery => ({
    name: 'tollgate_delete_documents',
    text: 'delete from tollgate.documents where (collection, id) in (select * from unnest($1::text[], $2::text[]))',
    values: [names.map(({ collection }) => collection), names.map(({ id }) => id)],
  }),
  insertDocuments: (rows: readonly WrittenDocument[]) => insert('documents', documents, rows),
  updateDocuments: (rows: readonly WrittenDocument[]) => update('documents', documents, 2, rows),
  /** One after the other, so that their numbers are in the order of commits: such writes are rare. */
  countChanges: (count: number): SqlQuery => ({ name: 'tollgate_count_changes', text: "update tollgate.heads set last = last + $1 where name = 'changes' returning last", values: [count] }),
  insertChanges: (feed: readonly DocumentName[]): SqlQuery => ({
    name: 'tollgate_insert_changes',
    text: `insert into tollgate.changes (cursor, collection, id)
select (select last from tollgate.heads where name = 'changes') - $3::bigint + d.place, d.collection, d.id from unnest($1::text[], $2::text[]) with ordinality as d(collection, id, place)`,
    values: [feed.map(({ collection }) => collection), feed.map(({ id }) => id), feed.length],
  }),
  /** Of one instant they are in the order in which the server was given them, whoever gave them. The same again changes nothing. */
  insertRequests: (values: LoggedValues): SqlQuery => ({
    name: 'tollgate_insert_requests',
    text: `insert into tollgate.requests (request_id, at_ms, account, entry, client_request_id, json, logged)
select request_id, at_ms, account, entry, client_request_id, json, (select floor(extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000) + place
from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[]) with ordinality as d(request_id, at_ms, account, entry, client_request_id, json, place)
on conflict (request_id, at_ms) do update set json = excluded.json, entry = excluded.entry`,
    values: Array.from({ length: LOGGED_VALUES }, (_, column) => values.filter((__, at) => at % LOGGED_VALUES === column)),
  }),
}

/** What a call holds is in the records of these. */
function subjectsOf(call: CallRecord): readonly string[] {
  return furtherFootprint([{ of: 'call', id: call.id, found: call }]).flatMap((key) => (key.of === 'subject' ? [key.subject] : []))
}
