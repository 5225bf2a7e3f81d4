/** What is copied, table by table: in which order its rows are read of SQLite, and how they stand in Postgres. Texts and JSON are the same in both. */
import type { CallRecord } from '../../engine/calls/call-record.ts'
import type { Lease } from '../../engine/calls/lease-record.ts'
import type { LedgerEntry } from '../../engine/money/ledger.ts'
import { namedMovement } from '../../engine/money/ledger.ts'
import { fromRecordText, toRecordRow } from '../record-text.ts'
import { parseRow } from '../stored-json.ts'
import type { SqlDatabase, SqlValue } from '../resident/sqlite-database.ts'
import type { SqlQuery } from '../shared/postgres/sql-connection.ts'
import { writeStatements as write } from '../shared/postgres/write-statements.ts'

/** A row as SQLite gives it, by column. */
type SourceRow = { readonly [column: string]: SqlValue }

export interface CopiedTable {
  readonly name: 'accounts and keys' | 'counters and balances' | 'calls' | 'sessions' | 'ledger' | 'request log'
  count(source: SqlDatabase): number
  /** Rows after a key in the order of it; the key is that of the last row before, as `keyOf` gave it. */
  read(source: SqlDatabase, after: string | undefined, limit: number): readonly SourceRow[]
  keyOf(row: SourceRow): string
  /** In one transaction. */
  write(rows: readonly SourceRow[]): readonly SqlQuery[]
  /** Of rows of the request log: the instants for which the table needs parts. */
  instants?(rows: readonly SourceRow[]): readonly number[]
}

const bySeq = (table: string, columns: string): Pick<CopiedTable, 'count' | 'read' | 'keyOf'> => ({
  count: countOf(table),
  read: (source, after, limit) => source.prepare(`SELECT seq, ${columns} FROM ${table} WHERE seq > ? ORDER BY seq LIMIT ?`).all(after === undefined ? -1 : Number(after), limit) as SourceRow[],
  keyOf: ({ seq }) => String(seq),
})

export const copiedTables: readonly CopiedTable[] = [
  {
    name: 'accounts and keys',
    count: countOf('documents'),
    read(source, after, limit) {
      const [collection, id] = after === undefined ? ['', ''] : (JSON.parse(after) as [string, string])
      return source.prepare('SELECT collection, id, parent, version, json FROM documents WHERE (collection, id) > (?, ?) ORDER BY collection, id LIMIT ?').all(collection, id, limit) as SourceRow[]
    },
    keyOf: ({ collection, id }) => JSON.stringify([collection, id]),
    write: (rows) => [write.insertDocuments(rows.map(({ collection, id, parent, version, json }) => ({ collection: text(collection), id: text(id), parent: parent === null ? undefined : text(parent), version: Number(version), json: text(json) })))],
  },
  {
    name: 'counters and balances',
    count: countOf('subjects'),
    read: (source, after, limit) => source.prepare('SELECT subject, record FROM subjects WHERE subject > ? ORDER BY subject LIMIT ?').all(after ?? '', limit) as SourceRow[],
    keyOf: ({ subject }) => text(subject),
    // The numbers of the ledger are known when it has been copied.
    write: (rows) => [
      write.insertSubjects(
        rows.flatMap(({ subject, record }) => {
          const [, written, expiresMs, dueMs] = toRecordRow(text(subject), fromRecordText(text(subject), text(record)))
          return written === undefined ? [] : [{ subject: text(subject), record: written, number: 0, dueMs: dueMs ?? undefined, expiresMs: Number.isFinite(expiresMs) ? Math.ceil(expiresMs) : undefined }]
        }),
      ),
    ],
  },
  { ...bySeq('calls', 'json'), name: 'calls', write: (rows) => [write.insertCalls(rows.map(({ json }) => parseRow<CallRecord>(text(json))))] },
  {
    ...bySeq('leases', 'json'),
    name: 'sessions',
    write: (rows) => [
      write.insertLeases(
        rows.map(({ json }) => {
          const lease = parseRow<Lease>(text(json))
          return { api: lease.api, id: lease.id, accountId: lease.accountId, lease }
        }),
      ),
    ],
  },
  {
    ...bySeq('ledger', 'subject, number, name, call_id, json'),
    name: 'ledger',
    write(rows) {
      const named = rows.map(({ json }) => ({ entry: parseRow<LedgerEntry>(text(json)), json: text(json) })).filter(({ entry }) => namedMovement(entry) !== undefined)
      const inOrder: SqlQuery = {
        text: 'insert into tollgate.ledger (cursor, subject, number, name, call_id, json) select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])',
        values: ['seq', 'subject', 'number', 'name', 'call_id', 'json'].map((column) => rows.map((row) => row[column] ?? null)),
      }
      return named.length === 0 ? [inOrder] : [inOrder, write.insertMovements(named)]
    },
  },
  {
    ...bySeq('requests', 'request_id, at_ms, account, entry, client_request_id, json'),
    name: 'request log',
    // Of several under one id and instant the last: a statement writes a row once.
    write: (rows) => [write.insertRequests([...new Map(rows.map((row) => [`${row['at_ms']} ${row['request_id']}`, row])).values()].flatMap((row) => ['request_id', 'at_ms', 'account', 'entry', 'client_request_id', 'json'].map((column) => withoutNul(row[column] ?? null))))],
    instants: (rows) => rows.map(({ at_ms: atMs }) => Number(atMs)),
  },
]

function countOf(table: string): (source: SqlDatabase) => number {
  return (source) => Number((source.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { readonly rows: number | bigint }).rows)
}

function text(value: SqlValue | undefined): string {
  return String(value)
}

/** A text of Postgres holds every character but one. */
function withoutNul(value: SqlValue): SqlValue {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{FFFD}') : value
}
