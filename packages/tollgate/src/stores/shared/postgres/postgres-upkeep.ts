/** What a sweep does beside its decisions: rows that say nothing any more are deleted, the ledger is put into its order, the time that was seen is kept. */
import { hasUnordered, orderLedger } from './postgres-ledger.ts'
import type { PostgresTime } from './postgres-time.ts'
import { asUnavailable, type SqlLink } from './sql-link.ts'

export interface PostgresUpkeepOptions {
  readonly reader: SqlLink
  /** No transaction but those of upkeep is on it. */
  readonly alone: SqlLink
  readonly time: PostgresTime
}

export interface PostgresUpkeep {
  tidy(limit: number): Promise<void>
  /** When the first thing falls due; Infinity: nothing does. */
  nextDueMs(): Promise<number>
  orderLedger(): Promise<void>
  keepTime(): Promise<void>
}

/** Lines of the feed that are kept: who is farther behind drops all that it has. */
const CHANGES_KEPT = 10_000
/** Heartbeats of gateways that are gone for so long say nothing. */
const OWNERS_KEPT_MS = 3_600_000

/** It is done another time: whatever of it was done is as good as before. */
const unavailable = (error: unknown): Promise<never> => Promise.reject(asUnavailable('the store cannot tidy up', error))

export function createPostgresUpkeep({ reader, alone, time }: PostgresUpkeepOptions): PostgresUpkeep {
  let ordering: Promise<void> | undefined
  let nextOrdering: Promise<void> | undefined
  let keptMs = 0

  async function run(text: string, values: readonly unknown[]): Promise<void> {
    const connection = await alone.connection()
    await alone.within(connection, connection.query({ text, values })).catch(unavailable)
  }

  async function order(): Promise<void> {
    if (await hasUnordered(reader)) await orderLedger(alone, await alone.connection()).catch(unavailable)
  }

  /** One that is under way may have begun before the last commit that its asker knows of; all who ask meanwhile share the next one. */
  function orderOnce(): Promise<void> {
    if (ordering === undefined) return (ordering = order().finally(() => (ordering = undefined)))
    return (nextOrdering ??= ordering
      .catch(() => undefined)
      .then(() => {
        nextOrdering = undefined
        return orderOnce()
      }))
  }

  return {
    async tidy(limit) {
      const nowMs = time.highWaterMs()
      await run('delete from tollgate.subjects where subject in (select subject from tollgate.subjects where expires_ms <= $1 order by expires_ms limit $2 for update skip locked)', [nowMs, limit])
      await run('delete from tollgate.slots where (call_id, place) in (select call_id, place from tollgate.slots where deadline_ms <= $1 order by deadline_ms limit $2 for update skip locked)', [nowMs, limit])
      await run('delete from tollgate.owners where until_ms < $1', [nowMs - OWNERS_KEPT_MS])
      await orderOnce()
      await run("delete from tollgate.changes where cursor <= (select last from tollgate.heads where name = 'changes') - $1", [CHANGES_KEPT])
    },
    async nextDueMs() {
      const rows = await reader.read({
        name: 'tollgate_next_due',
        text: '(select min(due_ms) as due_ms from tollgate.calls where due_ms is not null) union all (select min(due_ms) from tollgate.leases where due_ms is not null) union all (select min(due_ms) from tollgate.subjects where due_ms is not null)',
      })
      return Math.min(...rows.map((row) => (row['due_ms'] === null ? Infinity : Number(row['due_ms']))))
    },
    orderLedger: orderOnce,
    async keepTime() {
      const highMs = time.highWaterMs()
      if (highMs <= keptMs) return
      await run("update tollgate.heads set last = $1 where name = 'time' and last < $1", [highMs])
      keptMs = highMs
    },
  }
}
