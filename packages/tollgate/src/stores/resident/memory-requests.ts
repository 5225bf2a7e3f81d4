/** The request log of a store in memory: the newest rows. */
import type { RequestQuery } from '../../journal/journal.ts'
import { matchesRequest, newestFirst, toRequestColumns } from '../../journal/request-match.ts'
import type { RequestRow } from '../../journal/request-row.ts'

export interface MemoryRequests {
  log(row: RequestRow): void
  find(requestId: string): RequestRow | undefined
  /** Newest first. */
  search(query: RequestQuery): readonly RequestRow[]
  /** Returns how many went. */
  prune(beforeMs: number, limit: number): number
}

/** A ring, and nothing beside it: rows are written all the time, and looked for by people. */
export function createMemoryRequests(max: number): MemoryRequests {
  const ring: (RequestRow | undefined)[] = []
  let ringAt = 0

  /** In the order in which they were logged. Of a request that was logged twice, the later row. */
  function rows(): RequestRow[] {
    const logged = [...ring.slice(ringAt), ...ring.slice(0, ringAt)].filter((row) => row !== undefined)
    const last = new Map(logged.map((row) => [row.requestId, row]))
    return logged.filter((row) => last.get(row.requestId) === row)
  }

  return {
    log(row) {
      ring[ringAt] = row
      ringAt = (ringAt + 1) % Math.max(1, max)
    },
    find: (requestId) => rows().findLast((row) => row.requestId === requestId),
    search(query) {
      const { before, limit } = query
      const ordered = newestFirst(rows())
      const at = before === undefined ? -1 : ordered.findIndex(({ requestId }) => requestId === before.requestId)
      const isPast = (row: RequestRow, place: number): boolean => before === undefined || (at === -1 ? row.atMs < before.atMs : place > at)
      return ordered.filter((row, place) => isPast(row, place) && matchesRequest(toRequestColumns(row), query)).slice(0, limit)
    },
    prune(beforeMs, limit) {
      const old = new Set(rows().filter((row) => row.atMs < beforeMs).slice(0, limit).map(({ requestId }) => requestId))
      for (const [at, row] of ring.entries()) if (row !== undefined && old.has(row.requestId)) ring[at] = undefined
      return old.size
    },
  }
}
