/** What a group writes: each table with one statement, of as many rows as there are. Rows of one table in the order of their keys. */
import type { CallRecord, TakenLease } from '../../../engine/calls/call-record.ts'
import type { ChangedLease } from '../../../engine/group-changes.ts'
import { furtherFootprint } from '../../../engine/footprint.ts'
import type { CallSlots } from '../../../engine/meters/slot-book.ts'
import { namedMovement, type LedgerEntry } from '../../../engine/money/ledger.ts'
import { callDueMs, leaseDueMs } from '../../../engine/state.ts'
import { LOGGED_VALUES, type LoggedValues } from '../../logged-row.ts'
import type { DocumentName, WrittenDocument } from '../group-transaction.ts'
import type { SqlQuery } from './sql-connection.ts'
import { createWrittenTable, embedded, embeddedText } from './written-table.ts'

export interface WrittenSubject {
  readonly subject: string
  readonly record: string
  /** Of the last row of its ledger. */
  readonly number: number
  readonly dueMs: number | undefined
  /** Rounded up, so that it changes rarely; undefined: it stays. */
  readonly expiresMs: number | undefined
}

export interface WrittenEntry {
  readonly entry: LedgerEntry
  /** The entry. */
  readonly json: string
}

export interface NumberedEntry extends WrittenEntry {
  readonly number: number
}

const text = (value: string | undefined): string => (value === undefined ? 'null' : JSON.stringify(value))
const number = (value: number | undefined): string => (value === undefined ? 'null' : String(value))

const subjects = createWrittenTable<WrittenSubject>({
  name: 'subjects',
  keys: 1,
  columns: { subject: 'text', record: 'json', number: 'bigint', due_ms: 'bigint', expires_ms: 'bigint' },
  toJson: (row) => `{"subject":${text(row.subject)},"record":${embedded(row.record)},"number":${row.number},"due_ms":${number(row.dueMs)},"expires_ms":${number(row.expiresMs)}}`,
})

const calls = createWrittenTable<CallRecord>({
  name: 'calls',
  keys: 1,
  columns: { id: 'text', scope: 'text', account: 'text', subjects: 'text[]', state: 'text', created_ms: 'bigint', due_ms: 'bigint', kept_until_ms: 'bigint', json: 'json' },
  toJson: (call) =>
    `{"id":${text(call.id)},"scope":${text(call.claim?.scope)},"account":${text(call.accountId)},"subjects":${JSON.stringify(subjectsOf(call))},"state":"${call.state}",` +
    `"created_ms":${call.createdAtMs},"due_ms":${number(callDueMs(call))},"kept_until_ms":${number(call.ended?.keptUntilMs)},"json":${embedded(JSON.stringify(call))}}`,
})

type LivingLease = ChangedLease & { readonly lease: NonNullable<ChangedLease['lease']> }

const leases = createWrittenTable<LivingLease>({
  name: 'leases',
  keys: 2,
  columns: { api: 'text', id: 'text', account: 'text', state: 'text', created_ms: 'bigint', due_ms: 'bigint', ended_ms: 'bigint', json: 'text' },
  toJson: ({ api, id, accountId, lease }) =>
    JSON.stringify({ api, id, account: accountId, state: lease.state, created_ms: lease.createdAtMs, due_ms: leaseDueMs(lease), ended_ms: lease.endedAtMs, json: JSON.stringify(lease) }),
})

interface SlotRow {
  readonly callId: string
  /** Which of those that the call has. */
  readonly place: number
  readonly taken: TakenLease
  readonly slots: CallSlots
}

const slots = createWrittenTable<SlotRow>({
  name: 'slots',
  keys: 2,
  columns: { call_id: 'text', place: 'integer', subject: 'text', name: 'text', quantity: 'bigint', owner: 'text', deadline_ms: 'bigint', admissions: 'text' },
  toJson: ({ callId, place, taken: { subject, name, quantity }, slots: { owner, deadlineMs, admissions } }) =>
    JSON.stringify({ call_id: callId, place, subject, name, quantity, owner, deadline_ms: deadlineMs, admissions: place === 0 && admissions.length > 0 ? JSON.stringify(admissions) : undefined }),
})

const owners = createWrittenTable<readonly [owner: string, untilMs: number]>({
  name: 'owners',
  keys: 1,
  columns: { owner: 'text', until_ms: 'bigint' },
  toJson: ([owner, untilMs]) => JSON.stringify({ owner, until_ms: untilMs }),
  otherwise: 'on conflict (owner) do update set until_ms = excluded.until_ms',
})

const ledger = createWrittenTable<NumberedEntry>({
  name: 'ledger_new',
  keys: 2,
  columns: { subject: 'text', number: 'bigint', at_ms: 'bigint', name: 'text', call_id: 'text', json: 'json' },
  toJson: (row) => `{"subject":${text(row.entry.subject)},"number":${row.number},"at_ms":${row.entry.atMs},"name":${text(row.entry.name)},"call_id":${text(row.entry.callId)},"json":${embedded(row.json)}}`,
})

const movements = createWrittenTable<WrittenEntry>({
  name: 'movements',
  keys: 4,
  columns: { subject: 'text', name: 'text', kind: 'text', id: 'text', json: 'json' },
  toJson: ({ entry, json }) => `{"subject":${text(entry.subject)},"name":${text(entry.name)},"kind":"${entry.kind}","id":${text(namedMovement(entry)?.id)},"json":${embedded(json)}}`,
})

const documents = createWrittenTable<WrittenDocument>({
  name: 'documents',
  keys: 2,
  columns: { collection: 'text', id: 'text', parent: 'text', version: 'bigint', json: 'text' },
  toJson: (row) => JSON.stringify(row),
})

export const writeStatements = {
  commit: { name: 'tollgate_commit', text: 'commit' },
  /** Whoever is told of it may see it forgotten by a crash of the server, some tenths of a second at most. */
  unhurried: { name: 'tollgate_unhurried', text: 'set local synchronous_commit = off' },
  insertSubjects: (rows: readonly WrittenSubject[]) => subjects.insert(rows),
  updateSubjects: (rows: readonly WrittenSubject[]) => subjects.update(rows),
  deleteCalls: (ids: readonly string[]): SqlQuery => ({ name: 'tollgate_delete_calls', text: 'delete from tollgate.calls where id = any($1::text[])', values: [ids] }),
  insertCalls: (rows: readonly CallRecord[]) => calls.insert(rows),
  updateCalls: (rows: readonly CallRecord[]) => calls.update(rows),
  deleteLeases: (names: readonly Pick<ChangedLease, 'api' | 'id'>[]): SqlQuery => ({
    name: 'tollgate_delete_leases',
    text: 'delete from tollgate.leases where (api, id) in (select * from unnest($1::text[], $2::text[]))',
    values: [names.map(({ api }) => api), names.map(({ id }) => id)],
  }),
  insertLeases: (rows: readonly LivingLease[]) => leases.insert(rows),
  updateLeases: (rows: readonly LivingLease[]) => leases.update(rows),
  deleteSlots: (callIds: readonly string[]): SqlQuery => ({ name: 'tollgate_delete_slots', text: 'delete from tollgate.slots where call_id = any($1::text[])', values: [callIds] }),
  insertSlots: (taken: readonly (readonly [callId: string, slots: CallSlots])[]) => slots.insert(taken.flatMap(([callId, each]) => each.taken.map((one, place) => ({ callId, place, taken: one, slots: each })))),
  putOwners: (rows: readonly (readonly [owner: string, untilMs: number])[]) => owners.insert(rows),
  insertLedger: (rows: readonly NumberedEntry[]) => ledger.insert(rows),
  insertMovements: (rows: readonly WrittenEntry[]) => movements.insert(rows),
  deleteDocuments: (names: readonly DocumentName[]): SqlQuery => ({
    name: 'tollgate_delete_documents',
    text: 'delete from tollgate.documents where (collection, id) in (select * from unnest($1::text[], $2::text[]))',
    values: [names.map(({ collection }) => collection), names.map(({ id }) => id)],
  }),
  insertDocuments: (rows: readonly WrittenDocument[]) => documents.insert(rows),
  updateDocuments: (rows: readonly WrittenDocument[]) => documents.update(rows),
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
select request_id, at_ms, account, entry, client_request_id, ${embeddedText('d.json')}, (select floor(extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000) + place
from json_to_recordset($1::json) as d(request_id text, at_ms bigint, account text, entry text, client_request_id text, json json, place bigint)
on conflict (request_id, at_ms) do update set json = excluded.json, entry = excluded.entry`,
    values: [requestsJson(values)],
  }),
}

/** What a call holds is in the records of these. */
function subjectsOf(call: CallRecord): readonly string[] {
  return furtherFootprint([{ of: 'call', id: call.id, found: call }]).flatMap((key) => (key.of === 'subject' ? [key.subject] : []))
}

function requestsJson(values: LoggedValues): string {
  const rows: string[] = []
  for (let at = 0; at < values.length; at += LOGGED_VALUES) {
    const [requestId, atMs, account, entry, clientRequestId, json] = values.slice(at, at + LOGGED_VALUES)
    rows.push(`{"request_id":${logText(requestId)},"at_ms":${atMs},"account":${logText(account)},"entry":${logText(entry)},"client_request_id":${logText(clientRequestId)},"json":${embedded(String(json))},"place":${rows.length}}`)
  }
  return `[${rows.join(',')}]`
}

/** A text of Postgres holds every character but one, and none that is half a one. What a caller sent is logged all the same. */
function logText(value: LoggedValues[number] | undefined): string {
  return typeof value === 'string' ? JSON.stringify(value.replaceAll(/[\0\p{Surrogate}]/gu, '\u{FFFD}')) : 'null'
}
