/** The statements for calls and leases, prepared once. Nothing here opens a transaction. */
import type { CallRecord } from '../../engine/calls/call-record.ts'
import type { Lease } from '../../engine/calls/lease-record.ts'
import type { CallQuery, LeaseQuery } from '../../engine/money-commands.ts'
import type { CallName, CallRow, DueRows, LeaseRow } from './disk.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { prepareRows } from './sqlite-rows.ts'
import { searchRows } from './sqlite-search.ts'
import { parseRow } from '../stored-json.ts'

export interface SqliteCallTables {
  /** JSON, as of all that is read here by its key. */
  call(id: string): string | undefined
  callOfScope(scope: string): string | undefined
  /** In this order: one may have the scope that another had. */
  writeCalls(rows: readonly CallRow[]): void
  deleteCall(id: string): void
  /** At most so many; those whose deadlines are farthest away are the ones of callers that still wait. */
  livingCalls(limit: number): string[]
  callNames(after: number, limit: number): { readonly calls: readonly CallName[]; readonly last: number | undefined }
  /** What lives and is past its end, the earliest first. */
  due(nowMs: number, limit: number): Pick<DueRows, 'calls' | 'leases'>
  /** When the first of the others falls due. */
  nextDueMs(nowMs: number): number
  forgettableCalls(nowMs: number, limit: number): string[]
  listCalls(query: CallQuery): CallRecord[]

  lease(api: string, id: string): string | undefined
  leaseOfAccount(accountId: string, id: string): string | undefined
  writeLeases(rows: readonly LeaseRow[]): void
  deleteLease(api: string, id: string): void
  /** Of those that will expire, at most so many. */
  livingLeases(limit: number): string[]
  /** Tombstones, the oldest first. */
  endedLeases(byMs: number, limit: number): Lease[]
  listLeases(query: LeaseQuery): Lease[]
}

type Json = { readonly json: string }
type Id = { readonly id: string }

const earliest = (...rows: readonly unknown[]): number => Math.min(...rows.map((row) => (row as { readonly dueMs: number | null }).dueMs ?? Infinity))

export function createSqliteCallTables(database: SqlDatabase): SqliteCallTables {
  const sql = {
    readCall: database.prepare('SELECT json FROM calls WHERE id = ?'),
    callOfScope: database.prepare('SELECT json FROM calls WHERE scope = ?'),
    deleteCall: database.prepare('DELETE FROM calls WHERE id = ?'),
    livingCalls: database.prepare('SELECT json FROM calls WHERE due_ms IS NOT NULL ORDER BY due_ms DESC LIMIT ?'),
    callNames: database.prepare('SELECT seq, id, scope FROM calls WHERE seq > ? ORDER BY seq LIMIT ?'),
    dueCalls: database.prepare('SELECT id FROM calls WHERE due_ms <= ? ORDER BY due_ms LIMIT ?'),
    dueLeases: database.prepare('SELECT api, id FROM leases WHERE due_ms <= ? ORDER BY due_ms LIMIT ?'),
    nextDueCall: database.prepare('SELECT min(due_ms) AS dueMs FROM calls WHERE due_ms > ?'),
    nextDueLease: database.prepare('SELECT min(due_ms) AS dueMs FROM leases WHERE due_ms > ?'),
    forgettableCalls: database.prepare('SELECT id FROM calls WHERE kept_until_ms <= ? ORDER BY kept_until_ms LIMIT ?'),

    readLease: database.prepare('SELECT json FROM leases WHERE api = ? AND id = ?'),
    leaseOfAccount: database.prepare('SELECT json FROM leases WHERE account = ? AND id = ?'),
    deleteLease: database.prepare('DELETE FROM leases WHERE api = ? AND id = ?'),
    livingLeases: database.prepare('SELECT json FROM leases WHERE due_ms IS NOT NULL ORDER BY due_ms DESC LIMIT ?'),
    endedLeases: database.prepare('SELECT json FROM leases WHERE ended_ms <= ? ORDER BY ended_ms LIMIT ?'),
  }

  const writeCalls = prepareRows(
    database,
    'INSERT INTO calls (id, scope, account, state, created_ms, due_ms, kept_until_ms, json) VALUES',
    8,
    'ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, state = excluded.state, due_ms = excluded.due_ms, kept_until_ms = excluded.kept_until_ms, json = excluded.json',
  )
  const writeLeases = prepareRows(
    database,
    'INSERT INTO leases (api, id, account, state, created_ms, due_ms, ended_ms, json) VALUES',
    8,
    'ON CONFLICT (api, id) DO UPDATE SET state = excluded.state, due_ms = excluded.due_ms, ended_ms = excluded.ended_ms, json = excluded.json',
  )

  const textOf = (row: unknown): string | undefined => (row as Json | undefined)?.json
  const texts = (rows: readonly unknown[]): string[] => (rows as readonly Json[]).map(({ json }) => json)
  const ids = (rows: readonly unknown[]): string[] => (rows as readonly Id[]).map(({ id }) => id)

  return {
    call: (id) => textOf(sql.readCall.get(id)),
    callOfScope: (scope) => textOf(sql.callOfScope.get(scope)),
    writeCalls,
    deleteCall: (id) => void sql.deleteCall.run(id),
    livingCalls: (limit) => texts(sql.livingCalls.all(limit)),
    callNames(after, limit) {
      const rows = sql.callNames.all(after, limit) as readonly (Id & { readonly seq: number; readonly scope: string | null })[]
      return { calls: rows.map(({ id, scope }) => [id, scope]), last: rows.length < limit ? undefined : rows.at(-1)?.seq }
    },
    due: (nowMs, limit) => ({
      calls: ids(sql.dueCalls.all(nowMs, limit)),
      leases: (sql.dueLeases.all(nowMs, limit) as readonly (Id & { readonly api: string })[]).map(({ api, id }) => [api, id]),
    }),
    nextDueMs: (nowMs) => earliest(sql.nextDueCall.get(nowMs), sql.nextDueLease.get(nowMs)),
    forgettableCalls: (nowMs, limit) => ids(sql.forgettableCalls.all(nowMs, limit)),
    listCalls: ({ accountId, state, keyed, beforeMs, before, limit }) =>
      searchRows<Json>(database, 'json', 'calls', 'created_ms DESC, id DESC', [
        ['account = ?', accountId],
        ['state = ?', state],
        // Living calls are few, and have an index of their own; done ones are kept for a day.
        ...(state === undefined || state === 'done' ? [] : [['due_ms IS NOT NULL'] as const]),
        ['created_ms < ?', beforeMs],
        ['(created_ms, id) < (?, ?)', before && [before.createdAtMs, before.id]],
        ...(keyed === undefined ? [] : [[keyed ? 'scope IS NOT NULL' : 'scope IS NULL'] as const]),
      ], limit).map(({ json }) => parseRow<CallRecord>(json)),

    lease: (api, id) => textOf(sql.readLease.get(api, id)),
    leaseOfAccount: (accountId, id) => textOf(sql.leaseOfAccount.get(accountId, id)),
    writeLeases,
    deleteLease: (api, id) => void sql.deleteLease.run(api, id),
    livingLeases: (limit) => texts(sql.livingLeases.all(limit)),
    endedLeases: (byMs, limit) => (sql.endedLeases.all(byMs, limit) as readonly Json[]).map(({ json }) => parseRow<Lease>(json)),
    listLeases: ({ accountId, api, state, before, limit }) =>
      searchRows<Json>(database, 'json', 'leases', 'created_ms DESC, id DESC, api DESC', [
        ['account = ?', accountId],
        ['api = ?', api],
        ['state = ?', state],
        ['(created_ms, id, api) < (?, ?, ?)', before && [before.createdAtMs, before.id, before.api]],
      ], limit).map(({ json }) => parseRow<Lease>(json)),
  }
}
