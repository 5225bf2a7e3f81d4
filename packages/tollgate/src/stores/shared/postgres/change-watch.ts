/**
 * Tells when documents have changed, whoever changed them: by a notification, whose payload is a number, and each second by asking for that number. Notifications are for these
 * few writes alone, and sent after their commit: a commit that notifies holds a lock that all others of its kind wait for.
 */
import type { Clock } from '../../../engine/clock.ts'
import type { SqlConnection } from './sql-connection.ts'
import type { SqlLink } from './sql-link.ts'

export const CHANNEL = 'tollgate_changes'
const ASK_EVERY_MS = 1_000

export interface ChangeWatchOptions {
  readonly reader: SqlLink
  readonly listener: SqlLink
  readonly clock: Pick<Clock, 'after'>
  /** Each second, beside the question. */
  readonly eachSecond: () => Promise<void>
}

export interface ChangeWatch {
  /** To be told after documents were written here. */
  written(): void
  watch(listen: () => void): () => void
  stop(): void
}

export function createChangeWatch({ reader, listener, clock, eachSecond }: ChangeWatchOptions): ChangeWatch {
  const listeners = new Set<() => void>()
  let known = 0
  let cancel: (() => void) | undefined
  let isStopped = false
  let hearing: SqlConnection | undefined

  function heard(number: number): void {
    // Also a smaller one: the database was restored, or another took its place, and has not all that was told.
    if (!Number.isSafeInteger(number) || number === known) return
    known = number
    for (const listen of listeners) listen()
  }

  async function hear(): Promise<void> {
    const connection = await listener.connection()
    if (connection === hearing) return
    // One that comes late says what was asked for since.
    connection.notified?.((payload) => Number(payload) > known && heard(Number(payload)))
    hearing = connection
    // The next question is asked when this one is answered, so that it must not wait for ever.
    await listener.within(connection, connection.query({ text: `listen ${CHANNEL}` }))
  }

  async function ask(): Promise<void> {
    const [row] = await reader.read({ name: 'tollgate_changes_head', text: "select last from tollgate.heads where name = 'changes'" })
    heard(Number(row?.['last'] ?? 0))
  }

  async function turn(): Promise<void> {
    // Each fails by itself, and the next turn tries again.
    await Promise.allSettled([...(listeners.size > 0 ? [hear(), ask()] : []), eachSecond()])
    later()
  }

  function later(): void {
    if (!isStopped) cancel = clock.after(ASK_EVERY_MS, () => void turn())
  }

  later()
  return {
    written() {
      void ask().then(() => reader.read({ name: 'tollgate_notify', text: 'select pg_notify($1, $2)', values: [CHANNEL, String(known)] })).catch(() => undefined)
    },
    watch(listen) {
      listeners.add(listen)
      void hear().catch(() => undefined)
      return () => void listeners.delete(listen)
    },
    stop() {
      isStopped = true
      cancel?.()
    },
  }
}
