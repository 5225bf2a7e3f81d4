/**
 * A SQLite database into a Postgres database: outgrowing one machine. Pages of rows, each in one transaction with how far the copy has come, so that one that was cut off goes on where
 * it stood. The source is only read, and nobody else may write it meanwhile: whoever opens it has its lock.
 */
import type { Clock } from '../../engine/clock.ts'
import { createLedgerCheck } from '../../engine/money/ledger-check.ts'
import type { LedgerEntry } from '../../engine/money/ledger.ts'
import type { CallRecord } from '../../engine/calls/call-record.ts'
import type { Violation } from '../../engine/money/ledger-violation.ts'
import { StoreUnavailableError } from '../../engine/store-error.ts'
import { parseRow } from '../stored-json.ts'
import type { SqlDatabase } from '../resident/sqlite-database.ts'
import { migratePostgres } from '../shared/postgres/migrate-postgres.ts'
import { createPostgresRequests } from '../shared/postgres/postgres-requests.ts'
import type { ConnectSql, SqlConnection, SqlQuery } from '../shared/postgres/sql-connection.ts'
import { createSqlLink } from '../shared/postgres/sql-link.ts'
import { copiedTables, type CopiedTable } from './copied-table.ts'
import { beginCopy, endCopy, progressQuery, type SourceMark, type StepProgress } from './copy-progress.ts'

/** From where to where. */
export interface CopyOptions {
  /** Opened, with the newest schema, by nobody else. */
  readonly source: SqlDatabase
  /** To a database that holds nothing, or a copy of this source that was begun. */
  readonly connect: ConnectSql
  readonly clock: Pick<Clock, 'after' | 'monotonicMs'>
  /** Empties what a copy that was begun has written, and begins anew. Default false. */
  readonly restart?: boolean | undefined
  /** Told after each page. */
  readonly progress?: ((step: CopyStep) => void) | undefined
  /** Rows of a page. Default 1,000. */
  readonly pageRows?: number | undefined
}

/** How far one table has come. */
export interface CopyStep {
  readonly table: CopiedTable['name']
  readonly done: number
  readonly total: number
}

/** What was copied, and what the ledger says on both sides. */
export interface CopyOutcome {
  readonly tables: readonly CopyStep[]
  /** Whether an earlier copy was gone on with. */
  readonly resumed: boolean
  /** Faults that the source's ledger had already; the copy has the same. */
  readonly faults: readonly Violation[]
}

const PAGE_ROWS = 1_000
/** A page is written within this, whatever else the server does. */
const ANSWER_WITHIN_MS = 60_000

/**
 * Copies all but what calls in flight occupy, which no longer are when the source is at rest. Throws a StoreUnavailableError where the database is not empty or does not answer, where the source has
 * changed since a copy was begun, and where both sides do not come to the same in the end.
 *
 * @example
 * // `source`: an open database of libsql; `connect`: connections by `pg`
 * async function outgrow({ source, connect, clock }: CopyOptions): Promise<CopyOutcome> {
 *   return copyToPostgres({ source, connect, clock, progress: ({ table, done, total }) => console.log(table, done, 'of', total) })
 * }
 */
export async function copyToPostgres({ source, connect, clock, restart = false, progress = () => undefined, pageRows = PAGE_ROWS }: CopyOptions): Promise<CopyOutcome> {
  await migratePostgres({ connect })
  const link = createSqlLink({ connect, role: 'migration', clock, answerWithinMs: ANSWER_WITHIN_MS })
  try {
    const connection = await link.connection()
    const mark = markOf(source)
    const stands = await beginCopy(connection, mark, { restart })
    const { prepareDays } = createPostgresRequests(link, link, link)
    const tables: CopyStep[] = []
    for (const table of copiedTables) {
      tables.push(await copyTable({ table, source, connection, mark, stands: stands.get(table.name), prepareDays, progress, pageRows }))
    }
    for (const query of finishing(source)) await connection.query(query)
    await assertSame(connection, tables)
    const faults = await checkedBoth(source, connection, pageRows)
    await connection.query(endCopy)
    return { tables, resumed: stands.size > 0, faults }
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error
    throw new StoreUnavailableError(`the copy stopped: ${error instanceof Error ? error.message : String(error)}; the same command goes on with it`, { cause: error })
  } finally {
    await link.close()
  }
}

/** Every write of a gateway moves one of these. */
function markOf(source: SqlDatabase): SourceMark {
  const one = (sql: string): unknown => Object.values((source.prepare(sql).get() as object | undefined) ?? {})[0] ?? null
  return JSON.stringify(['calls', 'leases', 'ledger', 'requests'].map((table) => one(`SELECT max(seq) FROM ${table}`)).concat([one("SELECT value FROM meta WHERE name = 'high_water_ms'"), one('SELECT count(*) FROM subjects'), one('SELECT sum(version) FROM documents')]))
}

interface TableCopy {
  readonly table: CopiedTable
  readonly source: SqlDatabase
  readonly connection: SqlConnection
  readonly mark: SourceMark
  readonly stands: StepProgress | undefined
  readonly prepareDays: (atMs: readonly number[]) => Promise<void>
  readonly progress: (step: CopyStep) => void
  readonly pageRows: number
}

async function copyTable({ table, source, connection, mark, stands, prepareDays, progress, pageRows }: TableCopy): Promise<CopyStep> {
  const total = table.count(source)
  let { after, rows: done, isDone } = stands ?? { after: undefined, rows: 0, isDone: false }
  while (!isDone) {
    const rows = table.read(source, after, pageRows)
    const last = rows.at(-1)
    after = last === undefined ? after : table.keyOf(last)
    done += rows.length
    isDone = rows.length < pageRows
    if (table.instants !== undefined) await prepareDays(table.instants(rows))
    await inOneTransaction(connection, [...(rows.length === 0 ? [] : table.write(rows)), progressQuery(table.name, { after, rows: done, isDone }, mark)])
    progress({ table: table.name, done, total })
  }
  return { table: table.name, done, total }
}

/** One after the other: what follows a statement that failed is not sent. */
async function inOneTransaction(connection: SqlConnection, queries: readonly SqlQuery[]): Promise<void> {
  await connection.query({ text: 'begin' })
  try {
    for (const query of queries) await connection.query(query)
    await connection.query({ text: 'commit' })
  } catch (error) {
    await connection.query({ text: 'rollback' }).catch(() => undefined)
    throw error
  }
}

/** Numbers that go on where the source's stood: of each subject, of the whole ledger, and of time. */
function finishing(source: SqlDatabase): readonly SqlQuery[] {
  const highWater = (source.prepare("SELECT value FROM meta WHERE name = 'high_water_ms'").get() as { readonly value: number } | undefined)?.value ?? 0
  return [
    {
      text: `insert into tollgate.subjects (subject, record, number) select subject, '[1]', max(number) from tollgate.ledger group by subject
on conflict (subject) do update set number = excluded.number, expires_ms = null`,
    },
    { text: "update tollgate.heads set last = coalesce((select max(cursor) from tollgate.ledger), 0) where name = 'ledger'" },
    { text: "update tollgate.heads set last = greatest(last, $1) where name = 'time'", values: [highWater] },
    { text: 'analyze' },
  ]
}

const tableNames: { readonly [name in CopiedTable['name']]: string } = { 'accounts and keys': 'documents', 'counters and balances': 'subjects', calls: 'calls', sessions: 'leases', ledger: 'ledger', 'request log': 'requests' }

async function assertSame(connection: SqlConnection, tables: readonly CopyStep[]): Promise<void> {
  for (const { table, total, done } of tables) {
    const { rows } = await connection.query({ text: `select count(*) as rows from tollgate.${tableNames[table]}` })
    const there = Number(rows[0]?.['rows'])
    // Subjects that only the ledger knows are added, those that say nothing left out, and a request that was logged twice stands once.
    const isExact = table !== 'counters and balances' && table !== 'request log'
    if (done !== total || (isExact && there !== total)) throw new StoreUnavailableError(`${table}: ${total} rows were to be copied, and ${there} are there; begin anew with --restart`)
  }
}

/** The same sums over both. What is wrong in the source is wrong in the copy; anything else is the copy's own fault. */
async function checkedBoth(source: SqlDatabase, connection: SqlConnection, pageRows: number): Promise<readonly Violation[]> {
  const before = await checked(
    (after) => source.prepare('SELECT seq AS cursor, number, json FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?').all(after, pageRows),
    (after) => source.prepare('SELECT id, json FROM calls WHERE id > ? ORDER BY id LIMIT ?').all(after, pageRows),
  )
  const rowsOf = async (text: string, after: unknown): Promise<readonly unknown[]> => (await connection.query({ text, values: [after, pageRows] })).rows
  const copied = await checked(
    (after) => rowsOf('select cursor, number, json from tollgate.ledger where cursor > $1 order by cursor limit $2', after),
    (after) => rowsOf('select id, json from tollgate.calls where id > $1 order by id limit $2', after),
  )
  const known = new Set(before.map(({ message }) => message))
  const fault = copied.find(({ message }) => !known.has(message))
  if (fault !== undefined || copied.length !== before.length) throw new StoreUnavailableError(`the ledger of the copy does not add up as that of the source: ${fault?.message ?? 'a fault of the source is not in it'}; begin anew with --restart`)
  return before
}

interface LedgerLine {
  readonly cursor: number | string
  readonly number: number | string
  readonly json: string
}

type Pages = (after: never) => Promise<readonly unknown[]> | readonly unknown[]

async function checked(ledgerAfter: Pages, callsAfter: Pages): Promise<readonly Violation[]> {
  const check = createLedgerCheck()
  for await (const { cursor, number, json } of linesOf<LedgerLine>(ledgerAfter, 0, ({ cursor: last }) => Number(last))) check.add({ number: Number(number), cursor: Number(cursor), ...parseRow<LedgerEntry>(json) })
  const calls: CallRecord[] = []
  for await (const { json } of linesOf<{ readonly id: string; readonly json: string }>(callsAfter, '', ({ id }) => id)) calls.push(parseRow<CallRecord>(json))
  return check.against(calls)
}

async function* linesOf<Line>(page: Pages, first: unknown, keyOf: (line: Line) => unknown): AsyncGenerator<Line> {
  for (let after = first; ; ) {
    const lines = (await page(after as never)) as readonly Line[]
    yield* lines
    const last = lines.at(-1)
    if (last === undefined) return
    after = keyOf(last)
  }
}
