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

export function createMemoryRequests(max: number): MemoryRequests {
  const rows = new Map<string, RequestRow>()
  /** The same in a ring, by which the oldest is found at once: a map walks over all that was deleted at its front. */
  const ring: RequestRow[] = []
  let ringAt = 0

  return {
    log(row) {
      rows.delete(row.requestId)
      rows.set(row.requestId, row)
      const oldest = ring[ringAt]
      if (oldest !== undefined && rows.get(oldest.requestId) === oldest) rows.delete(oldest.requestId)
      ring[ringAt] = row
      ringAt = (ringAt + 1) % Math.max(1, max)
    },
    find: (requestId) => rows.get(requestId),
    search(query) {
      const { before, limit } = query
      const ordered = newestFirst([...rows.values()])
      const at = before === undefined ? -1 : ordered.findIndex(({ requestId }) => requestId === before.requestId)
      const isPast = (row: RequestRow, place: number): boolean => before === undefined || (at === -1 ? row.atMs < before.atMs : place > at)
      return ordered.filter((row, place) => isPast(row, place) && matchesRequest(toRequestColumns(row), query)).slice(0, limit)
    },
    prune(beforeMs, limit) {
      const old = [...rows.values()].filter((row) => row.atMs < beforeMs).slice(0, limit)
      for (const row of old) rows.delete(row.requestId)
      return old.length
    },
  }
}
