/** The statements of the ledger, prepared once. Nothing here opens a transaction. */
import type { LedgerEntry, LedgerRow, NamedMovement } from '../../engine/money/ledger.ts'
import type { LedgerQuery } from '../../engine/money-commands.ts'
import type { MovementRow } from './disk.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { prepareRows } from './sqlite-rows.ts'
import { searchRows } from './sqlite-search.ts'
import { parseRow } from '../stored-json.ts'

export interface SqliteLedger {
  /** Each under the next number of its subject. */
  append(rows: readonly MovementRow[]): void
  /** The transaction in which rows were appended was rolled back. */
  rolledBack(): void
  /** JSON. */
  movement(kind: NamedMovement['kind'], subject: string, name: string, id: string): string | undefined
  list(query: LedgerQuery): LedgerRow[]
}

interface NumberedJson {
  readonly number: number
  readonly seq: number
  readonly json: string
}

/** Last numbers of so many subjects are remembered, some 5 MB. */
const NUMBERS_MAX = 50_000

export function createSqliteLedger(database: SqlDatabase): SqliteLedger {
  const lastNumber = database.prepare('SELECT number FROM ledger WHERE subject = ? ORDER BY seq DESC LIMIT 1')
  const grantRow = database.prepare('SELECT json FROM ledger WHERE subject = ? AND name = ? AND grant_id = ?')
  const debitRow = database.prepare('SELECT json FROM ledger WHERE subject = ? AND name = ? AND debit_id = ?')
  const insert = prepareRows(database, 'INSERT INTO ledger (subject, number, name, call_id, grant_id, debit_id, json) VALUES', 7)
  /** The last one of a subject. Nobody else writes the file. */
  const numbers = new Map<string, number>()

  function nextNumber(subject: string): number {
    const number = 1 + (numbers.get(subject) ?? (lastNumber.get(subject) as { readonly number: number } | undefined)?.number ?? 0)
    numbers.set(subject, number)
    return number
  }

  return {
    append(rows) {
      if (numbers.size >= NUMBERS_MAX) numbers.clear()
      insert(rows.map(([subject, ...rest]) => [subject, nextNumber(subject), ...rest]))
    },
    rolledBack: () => numbers.clear(),
    movement: (kind, subject, name, id) => ((kind === 'grant' ? grantRow : debitRow).get(subject, name, id) as { readonly json: string } | undefined)?.json,
    list: ({ subject, name, callId, after, before, order, limit }) =>
      searchRows<NumberedJson>(database, 'number, seq, json', 'ledger', order === 'newest' ? 'seq DESC' : 'seq', [
        ['subject = ?', subject],
        ['name = ?', name],
        ['call_id = ?', callId],
        ['seq > ?', after],
        ['seq < ?', before],
      ], limit).map(({ number, seq, json }) => ({ number, cursor: seq, ...parseRow<LedgerEntry>(json) })),
  }
}
