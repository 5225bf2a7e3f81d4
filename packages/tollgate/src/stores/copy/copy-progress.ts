/** Where a copy stands, in the database that it fills: a table that is there until the copy is whole. While it is there, no store opens that database. */
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { SqlConnection } from '../shared/postgres/sql-connection.ts'

/** Of a source: what changes when a gateway has run on it since. */
export type SourceMark = string

export interface StepProgress {
  readonly after: string | undefined
  readonly rows: number
  readonly isDone: boolean
}

const TABLE = 'tollgate.copy_under_way'
const FILLED = ['subjects', 'calls', 'leases', 'slots', 'movements', 'ledger_new', 'ledger', 'documents', 'requests']

/** Begins a copy, or goes on with the one that was begun from the same source. Throws a StoreUnavailableError where the database holds something else. */
export async function beginCopy(connection: SqlConnection, source: SourceMark, { restart }: { readonly restart: boolean }): Promise<ReadonlyMap<string, StepProgress>> {
  const [row] = (await connection.query({ text: `select to_regclass('${TABLE}') is not null as there` })).rows
  const isUnderWay = row?.['there'] === true
  if (isUnderWay && !restart) {
    const { rows } = await connection.query({ text: `select step, after, rows, is_done, source from ${TABLE}` })
    const other = rows.find((each) => each['source'] !== source)
    if (other !== undefined) throw new StoreUnavailableError('a copy was begun from another source, or the source has changed since (a gateway ran on it); begin anew with --restart, which empties the database first')
    return new Map(rows.map((each) => [String(each['step']), { after: (each['after'] as string | null) ?? undefined, rows: Number(each['rows']), isDone: each['is_done'] === true }]))
  }
  if (isUnderWay) await empty(connection)
  else await assertEmpty(connection)
  await connection.query({ text: `create table ${TABLE} (step text primary key, after text, rows bigint not null, is_done boolean not null, source text not null)` })
  return new Map()
}

export function progressQuery(step: string, { after, rows, isDone }: StepProgress, source: SourceMark) {
  return {
    text: `insert into ${TABLE} (step, after, rows, is_done, source) values ($1, $2, $3, $4, $5) on conflict (step) do update set after = excluded.after, rows = excluded.rows, is_done = excluded.is_done`,
    values: [step, after ?? null, rows, isDone, source],
  }
}

export const endCopy = { text: `drop table ${TABLE}` }

async function assertEmpty(connection: SqlConnection): Promise<void> {
  for (const table of FILLED) {
    const { rows } = await connection.query({ text: `select 1 from tollgate.${table} limit 1` })
    if (rows.length > 0) throw new StoreUnavailableError(`the database holds something already (${table}); copy into a new one: what two gateways have counted cannot be put together`)
  }
}

/** Only ever of a copy that was begun here. */
async function empty(connection: SqlConnection): Promise<void> {
  for (const text of ['begin', `truncate ${[...FILLED, 'owners', 'changes'].map((table) => `tollgate.${table}`).join(', ')}`, "update tollgate.heads set last = 0 where name in ('ledger', 'time')", `drop table ${TABLE}`, 'commit']) await connection.query({ text })
}
