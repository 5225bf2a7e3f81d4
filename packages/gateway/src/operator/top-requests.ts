/** Who, or what, makes the most of the requests: the log of some time, summed up. */
import { pagesOf } from 'tollgate/engine'
import type { Journal, RequestQuery, RequestRow } from 'tollgate/journal'

export const groupings = ['account', 'key', 'user', 'address', 'api', 'route', 'entry', 'reason', 'status', 'plan'] as const
export type Grouping = (typeof groupings)[number]

export interface RequestSum {
  /** Undefined: requests of nobody, by no route, without refusal. */
  readonly of: string | undefined
  requests: number
  /** Ended by a refusal that is the caller's. */
  refused: number
  /** 5xx. */
  failed: number
  durationMs: number
  bytesOut: number
}

export interface RequestSums {
  readonly sums: readonly RequestSum[]
  readonly requests: number
  /** The oldest row that was looked at. */
  readonly sinceMs: number | undefined
  /** There are older ones which were asked for too. */
  readonly isPart: boolean
}

const PAGE_ROWS = 1_000
/** Some seconds of reading. */
const ROWS_MAX = 200_000

const valueOf: { readonly [by in Grouping]: (row: RequestRow) => string | undefined } = {
  account: (row) => row.accountId,
  key: (row) => row.keyId,
  user: (row) => (row.userId === undefined ? undefined : `${row.accountId}:${row.userId}`),
  address: (row) => row.remoteAddress,
  api: (row) => row.api,
  route: (row) => row.route,
  entry: (row) => row.refusal?.entry,
  reason: (row) => row.refusal?.reason,
  status: (row) => String(row.status),
  plan: (row) => row.plan,
}

/** The greatest first. Reads in pages, between which requests are served. */
export async function sumRequests(store: Pick<Journal, 'requests'>, query: Omit<RequestQuery, 'limit'>, by: Grouping, rowsMax = ROWS_MAX): Promise<RequestSums> {
  const sums = new Map<string | undefined, RequestSum>()
  let requests = 0
  let last: RequestRow | undefined
  let isPart = false
  for await (const page of pagesOf<RequestRow>((from) => store.requests({ ...query, ...from }), PAGE_ROWS)) {
    for (const row of page) add(row, valueOf[by](row))
    requests += page.length
    last = page.at(-1)
    isPart = requests >= rowsMax && page.length === PAGE_ROWS
    if (isPart) break
  }
  return { sums: [...sums.values()].toSorted((a, b) => b.requests - a.requests), requests, sinceMs: last?.atMs, isPart }

  function add({ status, refusal, durationMs, bytesOut }: RequestRow, of: string | undefined): void {
    const sum = sums.get(of) ?? { of, requests: 0, refused: 0, failed: 0, durationMs: 0, bytesOut: 0 }
    sums.set(of, sum)
    sum.requests += 1
    if (status >= 500) sum.failed += 1
    else if (refusal !== undefined) sum.refused += 1
    sum.durationMs += durationMs
    sum.bytesOut += bytesOut
  }
}
