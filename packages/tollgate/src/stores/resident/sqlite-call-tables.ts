/** The statements for calls, leases and the ledger, prepared once. Nothing here opens a transaction. */
import type { CallRecord } from '../../engine/calls/call-record.ts'
import type { Lease } from '../../engine/calls/lease.ts'
import type { LedgerEntry, LedgerRow, NamedMovement } from '../../engine/money/ledger.ts'
import type { CallQuery, LeaseQuery, LedgerQuery } from '../../engine/money-commands.ts'
import type { CallRow, LeaseRow, MovementRow } from './disk.ts'
import type { SqlDatabase, SqlValue } from './sqlite-database.ts'
import { parseRow } from './stored-json.ts'

export interface SqliteCallTables {
  /** JSON, as of all that is read here by its key. */
  call(id: string): string | undefined
  callOfScope(scope: string): string | undefined
  writeCall(row: CallRow): void
  deleteCall(id: string): void
  livingCalls(): string[]
  /** At most so many. */
  doneCalls(limit: number): [id: string, scope: string | null][]
  forgettableCalls(nowMs: number, limit: number): string[]
  listCalls(query: CallQuery): CallRecord[]

  lease(api: string, id: string): string | undefined
  leaseOfAccount(accountId: string, id: string): string | undefined
  writeLease(row: LeaseRow): void
  deleteLease(api: string, id: string): void
  livingLeases(): string[]
  /** Tombstones, the oldest first. */
  endedLeases(byMs: number, limit: number): Lease[]
  listLeases(query: LeaseQuery): Lease[]

  /** Under the next number of its subject. */
  appendMovement(row: MovementRow): void
  movement(kind: NamedMovement['kind'], subject: string, name: string, id: string): string | undefined
  listRows(query: LedgerQuery): LedgerRow[]
}

/** One with a value that is undefined is not asked. */
type Condition = readonly [sql: string] | readonly [sql: string, value: SqlValue | readonly SqlValue[] | undefined]
type Json = { readonly json: string }
type NumberedJson = Json & { readonly number: number; readonly seq: number }
type Id = { readonly id: string }

export function createSqliteCallTables(database: SqlDatabase): SqliteCallTables {
  const sql = {
    readCall: database.prepare('SELECT json FROM calls WHERE id = ?'),
    callOfScope: database.prepare('SELECT json FROM calls WHERE scope = ?'),
    writeCall: database.prepare(
      `INSERT INTO calls (id, scope, account, state, created_ms, due_ms, kept_until_ms, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, state = excluded.state, due_ms = excluded.due_ms, kept_until_ms = excluded.kept_until_ms, json = excluded.json`,
    ),
    deleteCall: database.prepare('DELETE FROM calls WHERE id = ?'),
    livingCalls: database.prepare('SELECT json FROM calls WHERE due_ms IS NOT NULL'),
    doneCalls: database.prepare('SELECT id, scope FROM calls WHERE due_ms IS NULL LIMIT ?'),
    forgettableCalls: database.prepare('SELECT id FROM calls WHERE kept_until_ms <= ? ORDER BY kept_until_ms LIMIT ?'),

    readLease: database.prepare('SELECT json FROM leases WHERE api = ? AND id = ?'),
    leaseOfAccount: database.prepare('SELECT json FROM leases WHERE account = ? AND id = ?'),
    writeLease: database.prepare(
      `INSERT INTO leases (api, id, account, state, created_ms, due_ms, ended_ms, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (api, id) DO UPDATE SET state = excluded.state, due_ms = excluded.due_ms, ended_ms = excluded.ended_ms, json = excluded.json`,
    ),
    deleteLease: database.prepare('DELETE FROM leases WHERE api = ? AND id = ?'),
    livingLeases: database.prepare('SELECT json FROM leases WHERE ended_ms IS NULL'),
    endedLeases: database.prepare('SELECT json FROM leases WHERE ended_ms <= ? ORDER BY ended_ms LIMIT ?'),

    appendMovement: database.prepare(
      `INSERT INTO ledger (subject, number, name, call_id, grant_id, debit_id, json)
       VALUES (?, 1 + coalesce((SELECT number FROM ledger WHERE subject = ? ORDER BY seq DESC LIMIT 1), 0), ?, ?, ?, ?, ?)`,
    ),
    grantRow: database.prepare('SELECT json FROM ledger WHERE subject = ? AND name = ? AND grant_id = ?'),
    debitRow: database.prepare('SELECT json FROM ledger WHERE subject = ? AND name = ? AND debit_id = ?'),
  }

  function search<R>(columns: string, table: string, order: string, conditions: readonly Condition[], limit: number): R[] {
    const asked = conditions.filter((condition) => condition.length === 1 || condition[1] !== undefined)
    const where = asked.length === 0 ? '' : `WHERE ${asked.map(([text]) => text).join(' AND ')}`
    const values = asked.flatMap(([, value]) => value ?? [])
    // Searches are rare and of many forms: prepared as they come.
    return database.prepare(`SELECT ${columns} FROM ${table} ${where} ORDER BY ${order} LIMIT ?`).all(...values, limit) as R[]
  }

  const textOf = (row: unknown): string | undefined => (row as Json | undefined)?.json
  const texts = (rows: readonly unknown[]): string[] => (rows as readonly Json[]).map(({ json }) => json)
  const ids = (rows: readonly unknown[]): string[] => (rows as readonly Id[]).map(({ id }) => id)

  return {
    call: (id) => textOf(sql.readCall.get(id)),
    callOfScope: (scope) => textOf(sql.callOfScope.get(scope)),
    writeCall: (row) => void sql.writeCall.run(...row),
    deleteCall: (id) => void sql.deleteCall.run(id),
    livingCalls: () => texts(sql.livingCalls.all()),
    doneCalls: (limit) => (sql.doneCalls.all(limit) as readonly (Id & { readonly scope: string | null })[]).map(({ id, scope }) => [id, scope]),
    forgettableCalls: (nowMs, limit) => ids(sql.forgettableCalls.all(nowMs, limit)),
    listCalls: ({ accountId, state, keyed, beforeMs, before, limit }) =>
      search<Json>('json', 'calls', 'created_ms DESC, id DESC', [
        ['account = ?', accountId],
        ['state = ?', state],
        // Living calls are few, and have an index of their own; done ones are kept for a day.
        ...(state === undefined || state === 'done' ? [] : [['due_ms IS NOT NULL'] as const]),
        ['created_ms < ?', beforeMs],
        ['(created_ms, id) < (?, ?)', before && [before.createdAtMs, before.id]],
        ...(keyed === undefined ? [] : [[keyed ? 'scope IS NOT NULL' : 'scope IS NULL'] as const]),
      ], limit).map((row) => parse<CallRecord>(row)),

    lease: (api, id) => textOf(sql.readLease.get(api, id)),
    leaseOfAccount: (accountId, id) => textOf(sql.leaseOfAccount.get(accountId, id)),
    writeLease: (row) => void sql.writeLease.run(...row),
    deleteLease: (api, id) => void sql.deleteLease.run(api, id),
    livingLeases: () => texts(sql.livingLeases.all()),
    endedLeases: (byMs, limit) => (sql.endedLeases.all(byMs, limit) as readonly Json[]).map((row) => parse<Lease>(row)),
    listLeases: ({ accountId, api, state, before, limit }) =>
      search<Json>('json', 'leases', 'created_ms DESC, id DESC, api DESC', [
        ['account = ?', accountId],
        ['api = ?', api],
        ['state = ?', state],
        ['(created_ms, id, api) < (?, ?, ?)', before && [before.createdAtMs, before.id, before.api]],
      ], limit).map((row) => parse<Lease>(row)),

    appendMovement: ([subject, ...rest]) => void sql.appendMovement.run(subject, subject, ...rest),
    movement: (kind, subject, name, id) => textOf((kind === 'grant' ? sql.grantRow : sql.debitRow).get(subject, name, id)),
    listRows: ({ subject, name, callId, after, before, order, limit }) =>
      search<NumberedJson>('number, seq, json', 'ledger', order === 'newest' ? 'seq DESC' : 'seq', [
        ['subject = ?', subject],
        ['name = ?', name],
        ['call_id = ?', callId],
        ['seq > ?', after],
        ['seq < ?', before],
      ], limit).map((row) => ({ number: row.number, cursor: row.seq, ...parse<LedgerEntry>(row) })),
  }
}

/** We wrote it; what does not parse was damaged since. */
function parse<T>({ json }: Json): T {
  return parseRow<T>(json)
}
