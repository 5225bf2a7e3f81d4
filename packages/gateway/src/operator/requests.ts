/** The request log: one request explained, and lists by account, entry, API and the caller's own id. */
import { kindOf } from 'tollgate/engine'
import type { RequestRow } from 'tollgate/journal'
import { compact, type Entry } from 'tollgate/contract'
import { z } from 'zod'
import { settings } from '../config/read/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { explainRequest, subjects } from './explain-request.ts'
import { instantOf, instantTextOf, limitOf, nextOf, nextPage } from './fields.ts'
import { operation } from './operation.ts'
import { done, notFound } from './reply.ts'
import { requestFilters, toRequestQuery } from './request-filters.ts'
import { shownRequest, showRequest } from './shown-request.ts'
import { formatCursor, timeCursor } from './time-cursor.ts'
import { groupings, sumRequests } from './top-requests.ts'

/** What is summed up where it is not said since when. */
const SUMMED_MS = 86_400_000

/** Of one request there are seldom more than three. */
const MOVEMENTS = 100

const grouping = z.enum(groupings)

const shownSum = z.object({
  of: z.string().nullable().describe('whom or what; null: nobody, no route, no refusal'),
  requests: z.number().describe('how many'),
  refused: z.number().describe('how many were refused because of the caller'),
  failed: z.number().describe('how many ended with 5xx'),
  bytesOut: z.number().describe('of all answers'),
  meanMs: z.number().describe('how long one took, on average'),
})

const shownEntry = z.object({
  id: z.string().describe('in the contract'),
  code: z.union([z.string(), z.number()]).describe('on the wire'),
  status: z.number().describe('of HTTP'),
  reason: z.string().describe('what it stands for'),
  retry: z.string().describe('whether a client may repeat'),
  action: z.string().describe('what a person should do'),
  description: z.string().describe('what it means'),
  remedy: z.string().optional().describe('what helps'),
})

export const requestOperations = [
  operation({
    name: 'requests.list',
    method: 'GET',
    path: '/v1/requests',
    words: 'the request log',
    may: 'read',
    input: { query: settings({ ...requestFilters, after: timeCursor.optional(), limit: limitOf(50) }) },
    output: z.object({ requests: z.array(shownRequest).describe('the newest first'), ...nextPage }),
    async handle({ query: { after, limit, ...asked } }, { store, clock }) {
      const before = after && { atMs: after.createdAtMs, requestId: after.id }
      const rows = await store.requests(compact({ ...toRequestQuery(asked, clock.wallMs()), limit, before }))
      return done({ requests: rows.map(showRequest), next: nextOf(rows, limit, ({ atMs, requestId }) => formatCursor({ createdAtMs: atMs, id: requestId })) })
    },
  }),
  operation({
    name: 'requests.top',
    method: 'GET',
    path: '/v1/requests/top',
    words: 'who, or what, makes the most of the requests: the log of some time, summed up',
    may: 'read',
    input: { query: settings({ ...requestFilters, by: grouping.default('account').describe('what is summed up'), limit: limitOf(20) }) },
    output: z.object({
      by: grouping.describe('what is summed up'),
      requests: z.number().describe('how many were looked at'),
      since: instantOf('the oldest of them').optional(),
      isPart: z.boolean().describe('there are older ones, which are not summed up'),
      groups: z.number().describe('how many sums there are'),
      top: z.array(shownSum).describe('the greatest first'),
    }),
    async handle({ query: { by, limit, ...asked } }, { store, clock }) {
      const since = asked.since ?? { kind: 'span', ms: SUMMED_MS }
      const { sums, requests, sinceMs, isPart } = await sumRequests(store, toRequestQuery({ ...asked, since }, clock.wallMs()), by)
      const top = sums.slice(0, limit).map(({ of, durationMs, ...sum }) => ({ of: of ?? null, ...sum, meanMs: Math.round(durationMs / sum.requests) }))
      return done({ by, requests, since: instantTextOf(sinceMs), isPart, groups: sums.length, top })
    },
  }),
  operation({
    name: 'requests.show',
    method: 'GET',
    path: '/v1/requests/{id}',
    words: 'one request explained: who, what was decided and why, what to do',
    may: 'read',
    input: { params: z.object({ id: z.string().describe('the request, by its id') }) },
    output: z.object({
      request: shownRequest.describe('its row of the log'),
      entry: shownEntry.optional().describe('what refused it, as the contract has it now'),
      explanation: z
        .array(z.object({ about: z.enum(subjects).describe('what it tells'), sentences: z.array(z.string()).describe('in plain words') }))
        .describe('paragraph by paragraph'),
    }),
    async handle({ params: { id } }, gateway) {
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
      return done({ request: showRequest(row), entry: entry && showEntry(entry), explanation: explainRequest(row, { entry, accountName, movements, scaleOf }) })
    },
  }),
] as const

/** The entry as the contract has it now; a reload may have taken it away. */
function entryOf({ api, refusal }: RequestRow, { config }: AdminGateway): Entry | undefined {
  if (refusal === undefined) return undefined
  const { apis, fallback } = config()
  const contract = apis.find(({ name }) => name === api)?.contract ?? fallback
  return contract.entries.get(refusal.entry)
}

function showEntry({ id, code, status, reason, retry, action, description, remedy }: Entry) {
  return { id, code, status, reason, retry, action, description, remedy }
}
