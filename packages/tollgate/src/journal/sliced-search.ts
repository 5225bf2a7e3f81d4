/** Looks through the request log for what no store has an index of. */
import type { RequestQuery } from './journal.ts'
import { matchesRequest, toRequestColumns } from './request-match.ts'
import type { RequestRow } from './request-row.ts'

/** So many rows are looked through in one go; fewer at first. */
const SLICE_ROWS = 1_000
const SLICE_FACTOR = 4

/**
 * What has a column of its own is found by an index, and so are failures: `search` does that. The rest is looked for in the rows, in slices between which others get their
 * turn: of a million rows that takes some seconds, and holds up nobody.
 */
export async function searchInSlices(query: RequestQuery, search: (query: RequestQuery) => Promise<readonly RequestRow[]>, nextTurn: () => Promise<void>): Promise<readonly RequestRow[]> {
  const { api, route, reason, status, limit } = query
  if (api === undefined && route === undefined && reason === undefined && status === undefined) return search(query)
  const found: RequestRow[] = []
  let before = query.before
  // Mostly the first ones are what is meant.
  for (let rows = Math.min(SLICE_ROWS, SLICE_FACTOR * limit); ; rows = Math.min(SLICE_ROWS, SLICE_FACTOR * rows)) {
    const slice = await search({ ...query, before, limit: rows })
    found.push(...slice.filter((row) => matchesRequest(toRequestColumns(row), query)))
    before = slice.at(-1)
    if (before === undefined || found.length >= limit || slice.length < rows) return found.slice(0, limit)
    await nextTurn()
  }
}
