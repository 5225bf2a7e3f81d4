/** Whole lists of the admin API, page by page, so that none of them must fit into one answer. */
import type { ShownCall } from '../admin/calls.ts'
import type { ShownRow } from '../admin/ledger.ts'
import type { AdminClient } from './admin-client.ts'
import { queryOf } from './admin-command.ts'

const PAGE_ROWS = '1000'

/** In the order in which the money moved, from after row `after` on. */
export async function* ledgerPages(client: AdminClient, filters: { readonly [name: string]: string | undefined }, after = '0'): AsyncGenerator<readonly ShownRow[]> {
  let cursor: string | undefined = after
  do {
    const query = queryOf({ ...filters, order: 'oldest', after: cursor, limit: PAGE_ROWS })
    const page = (await client.ask('GET', `/v1/ledger${query}`)) as { readonly rows: readonly ShownRow[]; readonly next?: string }
    yield page.rows
    cursor = page.next
  } while (cursor !== undefined)
}

export async function* callPages(client: AdminClient): AsyncGenerator<readonly ShownCall[]> {
  let cursor: string | undefined
  do {
    const query = queryOf({ after: cursor, limit: PAGE_ROWS })
    const page = (await client.ask('GET', `/v1/calls${query}`)) as { readonly calls: readonly ShownCall[]; readonly next?: string }
    yield page.calls
    cursor = page.next
  } while (cursor !== undefined)
}
