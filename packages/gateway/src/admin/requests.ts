/** The request log: one request explained, and lists by account, entry, API and the caller's own id. */
import { kindOf, type Reading, type RequestRow } from 'tollgate/admission'
import type { Entry } from 'tollgate/contract'
import { z } from 'zod'
import { integer, settings } from '../config/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { notFound, readInput, type AdminRoute } from './admin-route.ts'
import { explainRequest } from './explain-request.ts'
import { instantText } from './fields.ts'
import { requestFilters, toRequestQuery } from './request-filters.ts'
import { shownLimits } from './shown-limits.ts'
import { formatCursor, parseCursor } from './time-cursor.ts'
import { groupings, sumRequests } from './top-requests.ts'

const filters = settings({ ...requestFilters, after: z.string().optional(), limit: integer(1, 1_000).default(50) })

const sums = settings({ ...requestFilters, by: z.enum(groupings).default('account'), limit: integer(1, 1_000).default(20) })

/** What is summed up where it is not said since when. */
const SUMMED_MS = 86_400_000

/** Of one request there are seldom more than three. */
const MOVEMENTS = 100

export const requestRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/v1/requests',
    async handle({ query }, { store, clock }) {
      const input = readInput(filters, query)
      if ('refusal' in input) return input
      const { after, limit, ...asked } = input.value
      const cursor = parseCursor(after)
      if ('refusal' in cursor) return cursor
      const before = cursor.value && { atMs: cursor.value.createdAtMs, requestId: cursor.value.id }
      const rows = await store.requests({ ...toRequestQuery(asked, clock.wallMs()), limit, ...(before !== undefined && { before }) })
      const last = rows.length < limit ? undefined : rows.at(-1)
      return { body: { requests: rows.map(showRequest), ...(last !== undefined && { next: formatCursor({ createdAtMs: last.atMs, id: last.requestId }) }) } }
    },
  },
  {
    method: 'GET',
    path: '/v1/requests/top',
    async handle({ query }, { store, clock }) {
      const input = readInput(sums, query)
      if ('refusal' in input) return input
      const { by, limit, ...asked } = input.value
      const summed = await sumRequests(store, toRequestQuery({ since: { agoMs: SUMMED_MS }, ...asked }, clock.wallMs()), by)
      const { requests, sinceMs, isPart } = summed
      const top = summed.sums.slice(0, limit).map(({ of, durationMs, ...sum }) => ({ of: of ?? null, ...sum, meanMs: Math.round(durationMs / sum.requests) }))
      return { body: { by, requests, ...(sinceMs !== undefined && { since: instantText(sinceMs) }), isPart, groups: summed.sums.length, top } }
    },
  },
  {
    method: 'GET',
    path: '/v1/requests/{id}',
    async handle({ params }, gateway) {
      const id = params['id'] ?? ''
      const row = await gateway.store.request(id)
      if (row === undefined) return notFound('request', id)
      const entry = entryOf(row, gateway)
      const { name: accountName } = (row.accountId === undefined ? undefined : await gateway.directory.account(row.accountId)) ?? {}
      const movements = await gateway.store.ledger({ callId: id, limit: MOVEMENTS })
      const meters = gateway.config().apis.find(({ name }) => name === row.api)?.meters ?? {}
      const scaleOf = (name: string): number | undefined => {
        const meter = Object.hasOwn(meters, name) ? meters[name]?.meter : undefined
        return meter && kindOf(meter).scaleOf(meter)
      }
      const explanation = explainRequest(row, { entry, accountName, movements, scaleOf })
      return { body: { request: showRequest(row), ...(entry !== undefined && { entry: showEntry(entry) }), explanation } }
    },
  },
]

/** The entry as the contract has it now; a reload may have taken it away. */
function entryOf({ api, refusal }: RequestRow, { config }: AdminGateway): Entry | undefined {
  if (refusal === undefined) return undefined
  const { apis, fallback } = config()
  const contract = apis.find(({ name }) => name === api)?.contract ?? fallback
  return contract.entries.get(refusal.entry)
}

function showEntry({ id, code, status, reason, retry, action, description, remedy }: Entry) {
  return { id, code, status, reason, retry, action, description, ...(remedy !== undefined && { remedy }) }
}

export function showRequest({ atMs, meters, ...row }: RequestRow) {
  return { ...row, at: instantText(atMs), meters: meters.map(showReading) }
}

function showReading(reading: Reading) {
  const { name, subject, kind, used, resetAtMs, admitted, retryAtMs } = reading
  return { name, subject, kind, ...shownLimits(reading), used, resetAtMs, admitted, ...(retryAtMs !== undefined && { retryAtMs }) }
}
