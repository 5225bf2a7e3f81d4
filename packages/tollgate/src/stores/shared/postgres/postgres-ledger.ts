/**
 * The ledger in the order of commits. A counter that all groups would have to wait for is a hot row, and who reads by a number that was taken before the commit misses
 * rows. So groups write their rows without a cursor, and whoever reads first gives one to all that are committed by then; the sweep does so too.
 */
import type { LedgerEntry, LedgerRow } from '../../../engine/money/ledger.ts'
import type { LedgerQuery } from '../../../engine/money-commands.ts'
import { parseRow } from '../../stored-json.ts'
import type { SqlConnection, SqlQuery } from './sql-connection.ts'
import type { SqlLink } from './sql-link.ts'
import { searchQuery } from './search-query.ts'

/** So many rows get theirs in one transaction. */
const AT_ONCE = 20_000

const anyNew: SqlQuery = { name: 'tollgate_ledger_any', text: 'select 1 from tollgate.ledger_new limit 1' }

/** Of one subject a later row never comes first: it has the later instant, or the higher number. */
const MOVE: readonly SqlQuery[] = [
  { name: 'tollgate_ledger_begin', text: 'begin isolation level read committed' },
  { name: 'tollgate_ledger_lock', text: "select last from tollgate.heads where name = 'ledger' for update" },
  {
    name: 'tollgate_ledger_move',
    text: `with next as (select subject, number from tollgate.ledger_new order by at_ms, number, subject limit ${AT_ONCE}),
moved as (delete from tollgate.ledger_new n using next where n.subject = next.subject and n.number = next.number returning n.*)
insert into tollgate.ledger (cursor, subject, number, name, call_id, json)
select (select last from tollgate.heads where name = 'ledger') + row_number() over (order by at_ms, number, subject), subject, number, name, call_id, json from moved`,
  },
  { name: 'tollgate_ledger_head', text: "update tollgate.heads set last = coalesce((select max(cursor) from tollgate.ledger), last) where name = 'ledger'" },
  { name: 'tollgate_commit', text: 'commit' },
]

/** Moves what is committed by now into its order; over a connection that nobody else has a transaction on. */
export async function orderLedger(link: SqlLink, connection: SqlConnection): Promise<void> {
  for (;;) {
    const outcomes = await link.within(connection, Promise.allSettled(MOVE.map((query) => connection.query(query))))
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    const moved = outcomes[2]
    if (moved?.status !== 'fulfilled' || (moved.value.rowCount ?? 0) < AT_ONCE) return
  }
}

export async function hasUnordered(reader: SqlLink): Promise<boolean> {
  return (await reader.read(anyNew)).length > 0
}

export async function listLedger(reader: SqlLink, { subject, name, callId, after, before, order, limit }: LedgerQuery): Promise<readonly LedgerRow[]> {
  const rows = await reader.read(
    searchQuery('cursor, number, json', 'ledger', order === 'newest' ? 'cursor desc' : 'cursor', [['subject =', subject], ['name =', name], ['call_id =', callId], ['cursor >', after], ['cursor <', finite(before)]], limit),
  )
  return rows.map((row) => ({ number: Number(row['number']), cursor: Number(row['cursor']), ...parseRow<LedgerEntry>(row['json'] as string) }))
}

/** Nothing is before or after infinity. */
function finite(value: number | undefined): number | undefined {
  return value === undefined || Number.isFinite(value) ? value : undefined
}
