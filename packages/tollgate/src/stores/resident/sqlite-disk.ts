/** One SQLite file as the disk of a resident store: every statement of it runs here, in the thread that has the database. */
import { toUnavailable } from './disk-error.ts'
import type { Disk, DiskAnswers, DiskContents, DiskGroup, DiskOutcome, DiskQuestion, DocumentResult, Loaded, Wanted } from './disk.ts'
import { createSqliteCallTables, type SqliteCallTables } from './sqlite-call-tables.ts'
import { assertWhole, CHECKED_BYTES_MAX, damageOf } from './sqlite-check.ts'
import { keysOfNames } from './call-names.ts'
import { hashesOf } from './name-filter.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createSqliteLedger, type SqliteLedger } from './sqlite-ledger.ts'
import { createSqliteRequests, type SqliteRequests } from './sqlite-requests.ts'
import { closeDatabase, prepareDatabase, renewLog, rollback } from './sqlite-schema.ts'
import { createSqliteTables, type SqliteTables } from './sqlite-tables.ts'
import { setTimeBack, type SetBack } from './sqlite-time.ts'
import { createWalk } from './sqlite-walk.ts'

/**
 * A SQLite file as a disk, which tells at once. Throws a StoreUnavailableError if the database cannot be ours, or is seen to be damaged.
 *
 * @param database Open, and used by nobody else: the disk closes it.
 * @param setBack Forgets that a later time than this was ever seen.
 * @param checkedBytesMax A file of at most so many bytes is looked through first; a larger one is asked to `walk`. Default: 64 MiB.
 *
 * @example
 * function open(database: SqlDatabase): Disk {
 *   return createSqliteDisk(database)
 * }
 */
export function createSqliteDisk(database: SqlDatabase, setBack?: SetBack, checkedBytesMax = CHECKED_BYTES_MAX): Disk {
  prepareDatabase(database)
  assertWhole(database, checkedBytesMax)
  const tables = createSqliteTables(database)
  const callTables = createSqliteCallTables(database)
  const ledger = createSqliteLedger(database)
  const walk = createWalk(database)
  const requests = createSqliteRequests(database)
  if (setBack !== undefined) setTimeBack(database, tables, setBack)

  function transact(group: DiskGroup): readonly DocumentResult[] {
    database.exec('BEGIN IMMEDIATE')
    try {
      const documents = writeGroup(group, tables, callTables, ledger, requests)
      database.exec('COMMIT')
      return documents
    } catch (error) {
      rollback(database)
      ledger.rolledBack()
      throw error
    }
  }

  const answers: { readonly [K in DiskQuestion['kind']]: (question: Extract<DiskQuestion, { readonly kind: K }>) => DiskAnswers[K] } = {
    open: (question) => contentsOf(question, tables, callTables),
    load: ({ wanted }) => load(wanted, tables, callTables, ledger),
    due: ({ nowMs, endedByMs, limit }) => ({
      ...callTables.due(nowMs, limit),
      subjects: tables.dueSubjects(nowMs, limit),
      forgettable: callTables.forgettableCalls(nowMs, limit),
      ended: callTables.endedLeases(endedByMs, limit),
      nextMs: Math.min(tables.nextDueMs(nowMs), callTables.nextDueMs(nowMs)),
    }),
    'call-names'({ after, limit }) {
      const { calls, last } = callTables.callNames(after, limit)
      return { hashes: hashesOf(keysOfNames(calls)), last }
    },
    document: ({ collection, id }) => tables.readDocument(collection, id),
    documents: ({ collection, page }) => tables.listDocuments(collection, page),
    parents: ({ collection, page }) => tables.parents(collection, page),
    request: ({ id }) => requests.read(id),
    requests: ({ query }) => requests.list(query),
    prune: ({ beforeMs, limit }) => requests.prune(beforeMs, limit),
    calls: ({ query }) => callTables.listCalls(query),
    leases: ({ query }) => callTables.listLeases(query),
    ledger: ({ query }) => ledger.list(query),
    checkpoint: () => void database.prepare('PRAGMA wal_checkpoint(PASSIVE)').all(),
    backup: ({ path }) => void database.prepare('VACUUM INTO ?').run(path),
    damage: ({ table }) => damageOf(database, table),
    walk: ({ from, limit }) => walk(from, limit),
    'renew-log': () => renewLog(database),
  }

  return {
    write: (group, told) => told(outcomeOf('the store cannot write', () => transact(group))),
    ask(question, told) {
      // That question and answer are of one kind is in the type of the table, and lost at the index.
      const answer = answers[question.kind] as unknown as (asked: typeof question) => DiskAnswers[(typeof question)['kind']]
      told(outcomeOf(question.kind === 'backup' ? `the backup to ${question.path} failed` : 'the store cannot read', () => answer(question)))
    },
    close(displaced, told) {
      closeDatabase(database, displaced)
      told()
    },
  }
}

function outcomeOf<T>(what: string, run: () => T): DiskOutcome<T> {
  try {
    return { kind: 'done', value: run() }
  } catch (error) {
    return { kind: 'failed', error: toUnavailable(what, error) }
  }
}

function writeGroup(group: DiskGroup, tables: SqliteTables, callTables: SqliteCallTables, ledger: SqliteLedger, requests: SqliteRequests): readonly DocumentResult[] {
  tables.writeRecords(group.records)
  for (const id of group.goneCalls) callTables.deleteCall(id)
  callTables.writeCalls(group.calls)
  for (const [api, id] of group.goneLeases) callTables.deleteLease(api, id)
  callTables.writeLeases(group.leases)
  ledger.append(group.movements)
  const documents = group.documents.map((command) => (command.kind === 'put' ? tables.put(command) : tables.delete(command)))
  requests.insert(group.requests)
  if (group.highWaterMs !== undefined) tables.writeHighWaterMs(group.highWaterMs)
  if (group.sweep !== undefined) tables.sweepRecords(group.sweep.nowMs, group.sweep.subjects)
  return documents
}

function contentsOf({ recordsMax, livingMax, namesMax }: Extract<DiskQuestion, { readonly kind: 'open' }>, tables: SqliteTables, callTables: SqliteCallTables): DiskContents {
  const records = tables.records(recordsMax + 1)
  const { calls: callNames } = callTables.callNames(0, namesMax + 1)
  return {
    highWaterMs: tables.readHighWaterMs(),
    records: records.slice(0, recordsMax),
    hasAllRecords: records.length <= recordsMax,
    calls: callTables.livingCalls(livingMax),
    leases: callTables.livingLeases(livingMax),
    callNames: callNames.length > namesMax ? undefined : callNames,
  }
}

function load(wanted: Wanted, tables: SqliteTables, callTables: SqliteCallTables, ledger: SqliteLedger): Loaded {
  return {
    subjects: wanted.subjects.map(tables.record),
    calls: wanted.calls.map(callTables.call),
    scopes: wanted.scopes.map(callTables.callOfScope),
    leases: wanted.leases.map((lease) => callTables.lease(...lease)),
    accountLeases: wanted.accountLeases.map((lease) => callTables.leaseOfAccount(...lease)),
    movements: wanted.movements.map((movement) => ledger.movement(...movement)),
  }
}
