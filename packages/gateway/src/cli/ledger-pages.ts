/** Whole lists of the admin API, page by page, so that none of them must fit into one answer. */
import type { ReplyOf } from '../operator/operation-call.ts'
import type { Session } from './admin-command.ts'

export type ShownMovement = ReplyOf<'ledger.list'>['rows'][number]
export type ShownCounter = ReplyOf<'spending.list'>['counters'][number]
export type ShownCall = ReplyOf<'calls.list'>['calls'][number]

const PAGE_ROWS = '1000'

/** In the order in which the money moved, from after row `after` on. */
export async function* ledgerPages(session: Pick<Session, 'call'>, filters: { readonly account?: string | undefined; readonly meter?: string | undefined }, after = '0'): AsyncGenerator<readonly ShownMovement[]> {
  let cursor: string | undefined = after
  do {
    const page: ReplyOf<'ledger.list'> = await session.call('ledger.list', { query: { ...filters, order: 'oldest', after: cursor, limit: PAGE_ROWS } })
    yield page.rows
    cursor = page.next
  } while (cursor !== undefined)
}

export async function* callPages(session: Pick<Session, 'call'>): AsyncGenerator<readonly ShownCall[]> {
  let cursor: string | undefined
  do {
    const page: ReplyOf<'calls.list'> = await session.call('calls.list', { query: { after: cursor, limit: PAGE_ROWS } })
    yield page.calls
    cursor = page.next
  } while (cursor !== undefined)
}

export async function* spendingPages(session: Pick<Session, 'call'>): AsyncGenerator<ReplyOf<'spending.list'>> {
  let cursor: string | undefined
  do {
    const page: ReplyOf<'spending.list'> = await session.call('spending.list', { query: { after: cursor, limit: PAGE_ROWS } })
    yield page
    cursor = page.next
  } while (cursor !== undefined)
}
