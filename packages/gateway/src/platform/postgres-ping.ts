/** One connection of its own that asks the server what time it is: whether it answers is found out without waiting behind anybody's statement. */
import type { ConnectSql, SqlConnection } from 'tollgate/stores/postgres'
import { afterOnMachine } from './system-clock.ts'

/** A server that is gone without a word may never close a connection. */
const ANSWER_WITHIN_MS = 5_000

export interface PostgresPing {
  /** Epoch ms by the server's clock. Rejects where it does not answer. */
  serverMs(): Promise<number>
  close(): Promise<void>
}

export function createPostgresPing(connect: ConnectSql): PostgresPing {
  let current: Promise<SqlConnection> | undefined
  let isClosed = false

  async function connection(): Promise<SqlConnection> {
    const opening = (current ??= connect('reader'))
    try {
      const opened = await opening
      void opened.lost.then(() => forget(opening))
      return opened
    } catch (error) {
      forget(opening)
      throw error
    }
  }

  function forget(opening: Promise<SqlConnection>): void {
    if (current === opening) current = undefined
  }

  return {
    async serverMs() {
      if (isClosed) throw new Error('closed')
      const opened = await connection()
      const cancel = afterOnMachine(ANSWER_WITHIN_MS, () => void opened.close())
      try {
        const { rows } = await opened.query({ name: 'ping', text: 'select extract(epoch from clock_timestamp()) * 1000 as now_ms' })
        return Number(rows[0]?.['now_ms'])
      } finally {
        cancel()
      }
    },
    async close() {
      isClosed = true
      const closing = current
      current = undefined
      await closing?.then((opened) => opened.close()).catch(() => undefined)
    },
  }
}
