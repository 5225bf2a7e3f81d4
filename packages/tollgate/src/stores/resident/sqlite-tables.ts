/** The statements, prepared once, in the terms of the store. Nothing here opens a transaction. */
import type { DeleteCommand, Document, PutCommand } from '../../directory/documents.ts'
import type { ResultOf } from '../store.ts'
import type { RecordRow } from './disk.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { prepareRows } from './sqlite-rows.ts'
import { toDocument } from '../stored-document.ts'
import { toJsonText } from '../../engine/assert-value.ts'

export interface SqliteTables {
  record(subject: string): string | undefined
  /** At most so many. */
  records(limit: number): [subject: string, record: string][]
  writeRecords(rows: readonly RecordRow[]): void
  /** Those with grants that have expired, the earliest first. */
  dueSubjects(nowMs: number, limit: number): string[]
  /** When the first of the others falls due. */
  nextDueMs(nowMs: number): number
  /** Goes on from where it stopped: deletes what has expired among the next `count` subjects. */
  sweepRecords(nowMs: number, count: number): void
  readDocument(collection: string, id: string): Document | undefined
  listDocuments(collection: string, options: { readonly parent?: string | undefined; readonly after?: string | undefined; readonly limit: number }): Document[]
  parents(collection: string, options: { readonly after?: string | undefined; readonly limit: number }): string[]
  put(command: PutCommand): ResultOf['put']
  delete(command: DeleteCommand): ResultOf['delete']
  readHighWaterMs(): number
  writeHighWaterMs(nowMs: number): void
}

interface DocumentRow {
  readonly id: string
  readonly parent: string | null
  readonly version: number
  readonly json: string
}

export function createSqliteTables(database: SqlDatabase): SqliteTables {
  const sql = {
    readRecord: database.prepare('SELECT record FROM subjects WHERE subject = ?'),
    records: database.prepare('SELECT subject, record FROM subjects LIMIT ?'),
    dueSubjects: database.prepare('SELECT subject FROM subjects WHERE due_ms <= ? ORDER BY due_ms LIMIT ?'),
    nextDue: database.prepare('SELECT min(due_ms) AS dueMs FROM subjects WHERE due_ms > ?'),
    deleteRecord: database.prepare('DELETE FROM subjects WHERE subject = ?'),
    sweepEnd: database.prepare('SELECT subject FROM subjects WHERE subject > ? ORDER BY subject LIMIT 1 OFFSET ?'),
    sweep: database.prepare('DELETE FROM subjects WHERE subject > ? AND subject <= ? AND expires_ms <= ?'),
    sweepRest: database.prepare('DELETE FROM subjects WHERE subject > ? AND expires_ms <= ?'),
    readDocument: database.prepare('SELECT id, parent, version, json FROM documents WHERE collection = ? AND id = ?'),
    listDocuments: database.prepare('SELECT id, parent, version, json FROM documents WHERE collection = ? AND id > ? ORDER BY id LIMIT ?'),
    listChildren: database.prepare(
      'SELECT id, parent, version, json FROM documents WHERE collection = ? AND parent = ? AND id > ? ORDER BY id LIMIT ?',
    ),
    // One step of the index each, past all that are of one parent.
    nextParent: database.prepare('SELECT parent FROM documents WHERE collection = ? AND parent > ? ORDER BY parent LIMIT 1'),
    writeDocument: database.prepare('INSERT OR REPLACE INTO documents (collection, id, parent, version, json) VALUES (?, ?, ?, ?, ?)'),
    deleteDocument: database.prepare('DELETE FROM documents WHERE collection = ? AND id = ?'),
    readMeta: database.prepare('SELECT value FROM meta WHERE name = ?'),
    writeMeta: database.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)'),
  }
  const writeRecords = prepareRows(
    database,
    'INSERT INTO subjects (subject, record, expires_ms, due_ms) VALUES',
    4,
    'ON CONFLICT (subject) DO UPDATE SET record = excluded.record, expires_ms = excluded.expires_ms, due_ms = excluded.due_ms',
  )
  let sweptTo = ''

  const readDocument = (collection: string, id: string): Document | undefined => {
    const row = sql.readDocument.get(collection, id) as DocumentRow | undefined
    return row === undefined ? undefined : documentOf(collection, row)
  }

  return {
    record: (subject) => (sql.readRecord.get(subject) as { readonly record: string } | undefined)?.record,
    records: (limit) => (sql.records.all(limit) as { readonly subject: string; readonly record: string }[]).map(({ subject, record }) => [subject, record]),
    writeRecords(rows) {
      writeRecords(rows.filter(hasRecord))
      for (const [subject, record] of rows) if (record === undefined) sql.deleteRecord.run(subject)
    },
    dueSubjects: (nowMs, limit) => (sql.dueSubjects.all(nowMs, limit) as { readonly subject: string }[]).map(({ subject }) => subject),
    nextDueMs: (nowMs) => (sql.nextDue.get(nowMs) as { readonly dueMs: number | null }).dueMs ?? Infinity,
    sweepRecords(nowMs, count) {
      const end = sql.sweepEnd.get(sweptTo, count - 1) as { readonly subject: string } | undefined
      if (end === undefined) sql.sweepRest.run(sweptTo, nowMs)
      else sql.sweep.run(sweptTo, end.subject, nowMs)
      sweptTo = end?.subject ?? ''
    },

    readDocument,
    listDocuments(collection, { parent, after = '', limit }) {
      const rows = parent === undefined ? sql.listDocuments.all(collection, after, limit) : sql.listChildren.all(collection, parent, after, limit)
      return (rows as DocumentRow[]).map((row) => documentOf(collection, row))
    },
    parents(collection, { after = '', limit }) {
      const found: string[] = []
      for (let last = after; found.length < limit; ) {
        const row = sql.nextParent.get(collection, last) as { readonly parent: string } | undefined
        if (row === undefined) break
        last = row.parent
        found.push(last)
      }
      return found
    },
    put({ collection, id, parent, value, expect }) {
      const current = readDocument(collection, id)
      const version = current?.version ?? 0
      if (expect !== undefined && expect !== version) return { written: false, document: current }
      const json = toJsonText(value, `${collection} ${id}`)
      sql.writeDocument.run(collection, id, parent ?? null, version + 1, json)
      return { written: true, document: toDocument(collection, { id, parent, version: version + 1, json }) }
    },
    delete: ({ collection, id }) => ({ deleted: sql.deleteDocument.run(collection, id).changes > 0 }),

    readHighWaterMs: () => (sql.readMeta.get('high_water_ms') as { readonly value: number } | undefined)?.value ?? 0,
    writeHighWaterMs: (nowMs) => void sql.writeMeta.run('high_water_ms', nowMs),
  }
}

const hasRecord = (row: RecordRow): row is RecordRow & readonly [subject: string, record: string, expiresMs: number, dueMs: number | null] => row[1] !== undefined

const documentOf = (collection: string, { parent, ...row }: DocumentRow): Document => toDocument(collection, { ...row, parent: parent ?? undefined })
